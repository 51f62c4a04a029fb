//! The tool `reverse_entry`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, retry};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `original`.
const ORIGINAL_SQL: &str = "SELECT id, description FROM entries WHERE id = ? AND status = 'posted' FOR UPDATE";

/// The statement of `period`.
const PERIOD_SQL: &str = r"SELECT id, code FROM periods
WHERE ? BETWEEN starts_on AND ends_on AND closed_at IS NULL
LOCK IN SHARE MODE";

/// The statement of `entry`.
const ENTRY_SQL: &str = r"INSERT INTO entries (period_id, entry_date, description, reverses_id, metadata)
VALUES (?, ?, LEFT(CONCAT('Reversal: ', ?), 200), ?, JSON_OBJECT())";

/// The statement of `postings`.
const POSTINGS_SQL: &str = r"INSERT INTO postings (entry_id, line, account, debit, credit, memo)
SELECT ?, line, account, credit, debit, memo FROM postings WHERE entry_id = ?";

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
    /// A day in an open period.
    pub day: chrono::NaiveDate,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.required("id", |input| Ok(types::entry_id(input)?.value));
        let day = fields
            .required(
                "day",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        fields.finish(|| Some(Self { id: id?, day: day? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `original` answered.
    pub original: OriginalRow,
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

/// A row of the step `original`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OriginalRow {
    /// Column `id`.
    pub id: u64,
    /// Column `description`.
    pub description: String,
}

impl OriginalRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::unsigned(row, 0)?,
            description: decode::text(row, 1)?,
        })
    }
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

/// Take a posted entry back with one whose debits and credits are exchanged.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = retry::transaction(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::RecordNotFound,
                        "There is no such posted entry, or no open period for this day",
                        &["Look at it with get_entry", "Look at ledger://periods"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::UniqueConstraintViolation,
                        "The entry was reversed before",
                        &[],
                    )
                    .worded(
                        crate::runtime::failure::Kind::CheckViolation,
                        "An account of the entry is closed",
                        &[],
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
    let original = session
        .one(sqlx::query(ORIGINAL_SQL).bind(params.id), OriginalRow::decode)
        .await?;
    progress::step(1, 6, "original");
    let period = session
        .one(sqlx::query(PERIOD_SQL).bind(params.day), PeriodRow::decode)
        .await?;
    progress::step(2, 6, "period");
    let entry = session
        .last_insert_id(
            sqlx::query(ENTRY_SQL)
                .bind(period.id)
                .bind(params.day)
                .bind(original.description.as_str())
                .bind(original.id),
        )
        .await?;
    progress::step(3, 6, "entry");
    let postings = session
        .affected(sqlx::query(POSTINGS_SQL).bind(entry).bind(original.id))
        .await?;
    progress::step(4, 6, "postings");
    let posted = session.affected(sqlx::query(POSTED_SQL).bind(entry)).await?;
    progress::step(5, 6, "posted");
    let result = session
        .one(
            sqlx::query(RESULT_SQL).bind(entry),
            |row| rows::Entry::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    progress::step(6, 6, "result");
    session.commit().await?;
    Ok(Output {
        original,
        period,
        entry,
        postings,
        posted,
        result,
    })
}
