//! The tool `test_header`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input};
use crate::server::Shared;

/// The statement.
const SQL: &str = "SELECT ?1 AS region";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `region`.
    pub region: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let region = fields.required("region", |input| Ok(input.text()?.value));
        fields.finish(|| Some(Self { region: region? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub answer: AnswerRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerRow {
    /// Column `region`.
    pub region: Option<String>,
}

impl AnswerRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            region: decode::optional(row, 0, decode::text)?,
        })
    }
}

/// Takes a value from a header as well.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(params.region.as_str());
    let mut session = shared.database.read(TIMEOUT).await?;
    let answer = session.one(statement, AnswerRow::decode).await?;
    Ok(Output { answer })
}
