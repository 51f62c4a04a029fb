//! The tool `block`.

use std::time::Duration;

use rmcp::model::ContentBlock;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = "SELECT x'89504e47' AS data, self FROM things WHERE id = ?1";

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
    /// The record.
    pub row: RowRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowRow {
    /// Column `data`.
    #[serde(skip)]
    pub data: value::Bytes,
    /// Column `self`.
    #[serde(rename = "self")]
    pub self_: String,
}

impl RowRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            data: decode::bytes(row, 0)?,
            self_: decode::text(row, 1)?,
        })
    }
}

/// What stands in the place of the text.
fn blocks(output: &Output) -> Result<Vec<ContentBlock>, Failure> {
    Ok(
        Vec::from([
            answer::image(&output.row.data.0, "image/png"),
            ContentBlock::resource_link(
                rmcp::model::Resource::new("corners://fixed", "fixed")
                    .with_description("All of them."),
            ),
        ]),
    )
}

/// One row, and a column of which nobody knows more.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::blocks(&output, blocks(&output))
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(params.id);
    let mut session = shared.database.read(TIMEOUT).await?;
    let row = session.one(statement, RowRow::decode).await?;
    Ok(Output { row })
}
