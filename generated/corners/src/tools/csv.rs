//! The tool `csv`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, table};
use crate::server::Shared;

/// The statement.
const SQL: &str = "SELECT self FROM things WHERE id = ?1";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `id`.
    pub id: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.required("id", |input| Ok(input.integer()?.value));
        fields.finish(|| Some(Self { id: id? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record, where there is one.
    pub markdown: Option<MarkdownRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarkdownRow {
    /// Column `self`.
    #[serde(rename = "self")]
    pub self_: String,
}

impl MarkdownRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            self_: decode::text(row, 0)?,
        })
    }
}

/// One row as a table.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::table(&output, "markdown", &["self"], table::csv)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(params.id);
    let mut session = shared.database.read(TIMEOUT).await?;
    let markdown = session.optional(statement, MarkdownRow::decode).await?;
    Ok(Output { markdown })
}
