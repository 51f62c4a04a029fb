//! The tool `close_period`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, retry};
use crate::server::Shared;
use crate::types;

/// The statement of `open`.
const OPEN_SQL: &str = "SELECT id, starts_on FROM periods WHERE code = ? AND closed_at IS NULL FOR UPDATE";

/// The statement of `earlier`.
const EARLIER_SQL: &str = "SELECT COUNT(*) AS periods FROM periods WHERE starts_on < ? AND closed_at IS NULL HAVING COUNT(*) = 0";

/// The statement of `drafts`.
const DRAFTS_SQL: &str = "SELECT COUNT(*) AS entries FROM entries WHERE period_id = ? AND status = 'draft' HAVING COUNT(*) = 0";

/// The statement of `closed`.
const CLOSED_SQL: &str = "UPDATE periods SET closed_at = CURRENT_TIMESTAMP WHERE id = ?";

/// The statement of `result`.
const RESULT_SQL: &str = "SELECT id, code, starts_on, ends_on, closed_at FROM periods WHERE id = ?";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// A month.
    pub period: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let period = fields.required("period", |input| Ok(types::period(input)?.value));
        fields.finish(|| Some(Self { period: period? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `open` answered.
    pub open: OpenRow,
    /// What the step `earlier` answered.
    pub earlier: EarlierRow,
    /// What the step `drafts` answered.
    pub drafts: DraftsRow,
    /// What the step `closed` answered.
    pub closed: u64,
    /// What the step `result` answered.
    pub result: ResultRow,
}

/// A row of the step `open`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenRow {
    /// Column `id`.
    pub id: i64,
    /// Column `starts_on`.
    pub starts_on: chrono::NaiveDate,
}

impl OpenRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            starts_on: decode::date(row, 1)?,
        })
    }
}

/// A row of the step `earlier`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EarlierRow {
    /// Open ones; none.
    pub periods: i64,
}

impl EarlierRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            periods: decode::integer(row, 0)?,
        })
    }
}

/// A row of the step `drafts`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DraftsRow {
    /// Drafts left; none.
    pub entries: i64,
}

impl DraftsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            entries: decode::integer(row, 0)?,
        })
    }
}

/// A row of the step `result`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResultRow {
    /// Column `id`.
    pub id: i64,
    /// Column `code`.
    pub code: String,
    /// Column `starts_on`.
    pub starts_on: chrono::NaiveDate,
    /// Column `ends_on`.
    pub ends_on: chrono::NaiveDate,
    /// Column `closed_at`.
    pub closed_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl ResultRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            code: decode::text(row, 1)?,
            starts_on: decode::date(row, 2)?,
            ends_on: decode::date(row, 3)?,
            closed_at: decode::optional(row, 4, decode::date_time)?,
        })
    }
}

/// Close a month in which no draft is left, after the months before it.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = retry::transaction(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::RecordNotFound,
                        "There is no such open period, an earlier one is open, or drafts are left",
                        &["Look at ledger://periods", "Find drafts with list_entries"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::Deadlock,
                        "An entry came in between",
                        &["Try again"],
                    )
            })?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(
    shared: &Shared,
    params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let mut session = shared
        .database
        .write_at(left, crate::runtime::database::Isolation::Serializable)
        .await?;
    let open = session
        .one(sqlx::query(OPEN_SQL).bind(params.period.as_str()), OpenRow::decode)
        .await?;
    progress::step(1, 5, "open");
    let earlier = session
        .one(sqlx::query(EARLIER_SQL).bind(open.starts_on), EarlierRow::decode)
        .await?;
    progress::step(2, 5, "earlier");
    let drafts = session
        .one(sqlx::query(DRAFTS_SQL).bind(open.id), DraftsRow::decode)
        .await?;
    progress::step(3, 5, "drafts");
    let closed = session.affected(sqlx::query(CLOSED_SQL).bind(open.id)).await?;
    progress::step(4, 5, "closed");
    let result = session
        .one(sqlx::query(RESULT_SQL).bind(open.id), ResultRow::decode)
        .await?;
    progress::step(5, 5, "result");
    session.commit().await?;
    Ok(Output {
        open,
        earlier,
        drafts,
        closed,
        result,
    })
}
