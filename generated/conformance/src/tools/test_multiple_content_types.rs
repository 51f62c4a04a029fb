//! The tool `test_multiple_content_types`.

use std::time::Duration;

use rmcp::model::ContentBlock;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, template, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"SELECT data, json_object('test', 'data', 'value', 123) AS document
FROM media WHERE name = 'pixel'";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let fields = input::Fields::of(arguments, input::Unknown::Refuse);
        fields.finish(|| Some(Self {}))
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
    /// Column `data`.
    #[serde(skip)]
    pub data: value::Bytes,
    /// Column `document`.
    pub document: serde_json::Value,
}

impl AnswerRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            data: decode::bytes(row, 0)?,
            document: decode::json_object(row, 1)?,
        })
    }
}

/// Block 3: its text.
static BLOCK_3_TEXT: template::Template = template::Template::new("{{ document }}");

/// What stands in the place of the text.
fn blocks(output: &Output) -> Result<Vec<ContentBlock>, Failure> {
    Ok(
        Vec::from([
            ContentBlock::text("Multiple content types test:"),
            answer::image(&output.answer.data.0, "image/png"),
            ContentBlock::resource(
                answer::resource_text(
                    "test://mixed-content-resource",
                    "application/json",
                    BLOCK_3_TEXT.render(&output.answer)?,
                ),
            ),
            ContentBlock::resource_link(
                rmcp::model::Resource::new("test://static-text", "static_text")
                    .with_mime_type("text/plain"),
            ),
        ]),
    )
}

/// Answers with blocks of several kinds.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::blocks(&output, blocks(&output))
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, _params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL);
    let mut session = shared.database.read(TIMEOUT).await?;
    let answer = session.one(statement, AnswerRow::decode).await?;
    Ok(Output { answer })
}
