//! The tool `post_draft`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, retry};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `draft`.
const DRAFT_SQL: &str = "SELECT id FROM entries WHERE id = ? AND status = 'draft' FOR UPDATE";

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
    /// Id of an entry.
    pub id: u64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.required("id", |input| Ok(types::entry_id(input)?.value));
        fields.finish(|| Some(Self { id: id? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `draft` answered.
    pub draft: DraftRow,
    /// What the step `posted` answered.
    pub posted: u64,
    /// What the step `result` answered.
    pub result: rows::Entry,
}

/// A row of the step `draft`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DraftRow {
    /// Column `id`.
    pub id: u64,
}

impl DraftRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::unsigned(row, 0)?,
        })
    }
}

/// Post a draft that balances.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = retry::transaction(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::RecordNotFound,
                        "There is no such draft",
                        &["Find it with list_entries"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::CheckViolation,
                        "The draft does not balance, or its period is closed",
                        &["Look at it with get_entry"],
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
    let draft = session
        .one(sqlx::query(DRAFT_SQL).bind(params.id), DraftRow::decode)
        .await?;
    progress::step(1, 3, "draft");
    let posted = session.affected(sqlx::query(POSTED_SQL).bind(draft.id)).await?;
    progress::step(2, 3, "posted");
    let result = session
        .one(
            sqlx::query(RESULT_SQL).bind(draft.id),
            |row| rows::Entry::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    progress::step(3, 3, "result");
    session.commit().await?;
    Ok(Output { draft, posted, result })
}
