//! The tool `get_entry`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, progress};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `entry`.
const ENTRY_SQL: &str = r"SELECT id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total
FROM journal WHERE id = ?";

/// The statement of `lines`.
const LINES_SQL: &str = r"SELECT p.id, p.line, p.account, a.name, p.debit, p.credit, p.memo
FROM postings AS p JOIN accounts AS a ON a.number = p.account
WHERE p.entry_id = ?
ORDER BY p.line";

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
    /// What the step `entry` answered.
    pub entry: rows::Entry,
    /// What the step `lines` answered.
    pub lines: Vec<rows::Posting>,
}

/// One entry with its lines.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params)
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::RecordNotFound,
                        "There is no such entry",
                        &["Find it with list_entries"],
                    )
            })?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let mut session = shared.database.snapshot(TIMEOUT).await?;
    let entry = session
        .one(
            sqlx::query(ENTRY_SQL).bind(params.id),
            |row| rows::Entry::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    progress::step(1, 2, "entry");
    let lines = session
        .many(
            sqlx::query(LINES_SQL).bind(entry.id),
            |row| rows::Posting::decode(row, [0, 1, 2, 3, 4, 5, 6]),
        )
        .await?;
    progress::step(2, 2, "lines");
    session.commit().await?;
    Ok(Output { entry, lines })
}
