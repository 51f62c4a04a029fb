//! The tool `add_to_segments`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, retry};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"UPDATE customers
SET segments = ARRAY (SELECT DISTINCT s FROM unnest(segments || $1::text[]) AS s ORDER BY s)
WHERE id = ANY ($2::text[]::uuid[])
RETURNING id, name, segments";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often the statements run where nothing of them was kept.
const RETRY: retry::Policy = retry::Policy {
    attempts: 3,
    backoff: Duration::from_millis(50),
    maximum: Duration::from_secs(1),
};

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `ids`.
    pub ids: Vec<String>,
    /// `segments`.
    pub segments: Vec<String>,
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
                        .array(|input| Ok(input.parsed("a UUID", format::uuid)?.value))?
                        .min_items(1)?
                        .max_items(100)?
                        .value,
                ),
            );
        let segments = fields
            .required(
                "segments",
                |input| Ok(
                    input
                        .array(|input| Ok(types::tag(input)?.value))?
                        .min_items(1)?
                        .max_items(10)?
                        .value,
                ),
            );
        fields
            .finish(|| Some(Self {
                ids: ids?,
                segments: segments?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub customers: Vec<CustomersRow>,
    /// Number of rows in this answer.
    pub count: usize,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CustomersRow {
    /// Column `id`.
    pub id: String,
    /// Column `name`.
    pub name: String,
    /// Column `segments`.
    pub segments: Vec<Option<String>>,
}

impl CustomersRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            name: decode::text(row, 1)?,
            segments: decode::array(row, 2, decode::text)?,
        })
    }
}

/// Put customers into segments; who is in one already stays there.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = RETRY.run(TIMEOUT, |left| run(shared, &params, left)).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(
    shared: &Shared,
    params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL)
        .bind(params.segments.as_slice())
        .bind(params.ids.as_slice());
    let mut session = shared.database.write(left).await?;
    let reading = session.many(statement, CustomersRow::decode);
    let customers = progress::rows(reading).await?;
    session.commit().await?;
    Ok(Output {
        count: customers.len(),
        customers,
    })
}
