//! The tool `post_entry`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, retry, value};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `period`.
const PERIOD_SQL: &str = r"SELECT id, code FROM periods
WHERE ? BETWEEN starts_on AND ends_on AND closed_at IS NULL
LOCK IN SHARE MODE";

/// The statement of `entry`.
const ENTRY_SQL: &str = r"INSERT INTO entries (period_id, entry_date, description, reference, metadata)
VALUES (?, ?, ?, ?, ?)";

/// The statement of `postings`.
const POSTINGS_SQL: &str = r"INSERT INTO postings (entry_id, line, account, debit, credit, memo)
SELECT ?, l.line, l.account, COALESCE(l.debit, 0), COALESCE(l.credit, 0), l.memo
FROM JSON_TABLE(?, '$[*]' COLUMNS (
    line FOR ORDINALITY,
    account INT UNSIGNED PATH '$.account',
    debit DECIMAL(19, 4) PATH '$.debit',
    credit DECIMAL(19, 4) PATH '$.credit',
    memo VARCHAR(200) PATH '$.memo'
)) AS l";

/// The statement of `posted`.
const POSTED_SQL: &str = "UPDATE entries SET status = 'posted', posted_at = CURRENT_TIMESTAMP(6) WHERE id = ?";

/// The statement of `result`.
const RESULT_SQL: &str = r"SELECT id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total
FROM journal WHERE id = ?";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// A day in an open period.
    pub day: chrono::NaiveDate,
    /// `description`.
    pub description: String,
    /// Number of the voucher.
    pub reference: Option<String>,
    /// `lines`.
    pub lines: Vec<types::Line>,
    /// Labels of an entry.
    pub labels: types::Labels,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let day = fields
            .required(
                "day",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let description = fields
            .required(
                "description",
                |input| Ok(input.text()?.min_length(3)?.max_length(200)?.value),
            );
        let reference = fields
            .nullable_or(
                "reference",
                json!(null),
                |input| Ok(input.text()?.min_length(1)?.max_length(40)?.value),
            );
        let lines = fields
            .required(
                "lines",
                |input| Ok(
                    input
                        .array(|input| Ok(types::line(input)?.value))?
                        .min_items(2)?
                        .max_items(100)?
                        .value,
                ),
            );
        let labels = fields
            .or("labels", json!({}), |input| Ok(types::labels(input)?.value));
        fields
            .finish(|| Some(Self {
                day: day?,
                description: description?,
                reference: reference?,
                lines: lines?,
                labels: labels?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `period` answered.
    pub period: PeriodRow,
    /// What the step `entry` answered.
    pub entry: u64,
    /// What the step `postings` answered.
    pub postings: u64,
    /// What the step `posted` answered.
    pub posted: u64,
    /// What the step `result` answered.
    pub result: rows::Entry,
}

/// A row of the step `period`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeriodRow {
    /// Column `id`.
    pub id: i64,
    /// Column `code`.
    pub code: String,
}

impl PeriodRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            code: decode::text(row, 1)?,
        })
    }
}

/// Post an entry with all its lines, or nothing. Debits must equal credits, in one currency.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = retry::transaction(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::RecordNotFound,
                        "There is no open period for this day",
                        &["Look at ledger://periods", "Open one with open_period"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::CheckViolation,
                        "The entry does not balance, a line has not exactly one side, or an account is closed",
                        &["Make debits and credits equal"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::ForeignKeyViolation,
                        "There is no such account",
                        &["Find it with list_accounts"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::UniqueConstraintViolation,
                        "There is an entry with this reference",
                        &["Find it with list_entries"],
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
    let mut session = shared.database.write(left).await?;
    let period = session
        .one(sqlx::query(PERIOD_SQL).bind(params.day), PeriodRow::decode)
        .await?;
    progress::step(1, 5, "period");
    let entry = session
        .last_insert_id(
            sqlx::query(ENTRY_SQL)
                .bind(period.id)
                .bind(params.day)
                .bind(params.description.as_str())
                .bind(params.reference.as_deref())
                .bind(value::json_text(&params.labels)?),
        )
        .await?;
    progress::step(2, 5, "entry");
    let postings = session
        .affected(
            sqlx::query(POSTINGS_SQL).bind(entry).bind(value::json_text(&params.lines)?),
        )
        .await?;
    progress::step(3, 5, "postings");
    let posted = session.affected(sqlx::query(POSTED_SQL).bind(entry)).await?;
    progress::step(4, 5, "posted");
    let result = session
        .one(
            sqlx::query(RESULT_SQL).bind(entry),
            |row| rows::Entry::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    progress::step(5, 5, "result");
    session.commit().await?;
    Ok(Output {
        period,
        entry,
        postings,
        posted,
        result,
    })
}
