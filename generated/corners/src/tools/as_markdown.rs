//! The tool `as_markdown`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, table};
use crate::server::Shared;

/// The statement.
const SQL: &str = r#"SELECT id, type AS "table", extra, hour FROM things ORDER BY id LIMIT ?1"#;

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `most`.
    pub most: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let most = fields
            .or("most", json!(3), |input| Ok(input.integer()?.value));
        fields.finish(|| Some(Self { most: most? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub row: Vec<RowRow>,
    /// Number of rows in this answer.
    pub count: usize,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowRow {
    /// Column `id`.
    pub id: i64,
    /// Column `table`.
    pub table: String,
    /// Column `extra`.
    pub extra: Option<serde_json::Value>,
    /// Column `hour`.
    pub hour: Option<chrono::NaiveTime>,
}

impl RowRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            table: decode::text(row, 1)?,
            extra: decode::optional(row, 2, decode::json)?,
            hour: decode::optional(row, 3, decode::time)?,
        })
    }
}

/// Rows as a table of Markdown, and what else there is as JSON.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::table(&output, "row", &["id", "table", "extra", "hour"], table::markdown)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(params.most);
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, RowRow::decode);
    let row = progress::rows(reading).await?;
    Ok(Output { count: row.len(), row })
}
