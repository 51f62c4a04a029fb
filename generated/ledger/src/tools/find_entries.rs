//! The tool `find_entries`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, sql};
use crate::server::Shared;
use crate::types;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT e.id, e.entry_date, e.description, e.status,
       GROUP_CONCAT(p.account ORDER BY p.line SEPARATOR ', ') AS accounts
FROM entries AS e LEFT JOIN postings AS p ON p.entry_id = e.id
WHERE e.id IN (",
        ),
        sql::Part::List(0),
        sql::Part::Text(
            r")
GROUP BY e.id, e.entry_date, e.description, e.status
ORDER BY e.id",
        ),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `ids`.
    pub ids: Vec<u64>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let ids = fields
            .required(
                "ids",
                |input| Ok(
                    input
                        .array(|input| Ok(types::entry_id(input)?.value))?
                        .min_items(1)?
                        .max_items(100)?
                        .unique_items()?
                        .value,
                ),
            );
        fields.finish(|| Some(Self { ids: ids? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub entries: Vec<EntriesRow>,
    /// Number of rows in this answer.
    pub count: usize,
    /// The argument `ids`.
    pub asked_for: Vec<u64>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntriesRow {
    /// Column `id`.
    pub id: u64,
    /// Column `entry_date`.
    pub entry_date: chrono::NaiveDate,
    /// Column `description`.
    pub description: String,
    /// Column `status`.
    pub status: types::EntryStatus,
    /// Numbers, in the order of the lines.
    pub accounts: Option<String>,
}

impl EntriesRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::unsigned(row, 0)?,
            entry_date: decode::date(row, 1)?,
            description: decode::text(row, 2)?,
            status: decode::choice(row, 3, &types::EntryStatus::ALL)?,
            accounts: decode::optional(row, 4, decode::text)?,
        })
    }
}

/// Look several entries up at once, with the accounts that they touch.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = {
        let mut statement = sqlx::query(SQL.with_lists(&[], &[params.ids.len()]));
        statement = sql::bind_list(statement, params.ids.iter().copied());
        statement
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, EntriesRow::decode);
    let entries = progress::rows(reading).await?;
    Ok(Output {
        count: entries.len(),
        entries,
        asked_for: params.ids.clone(),
    })
}
