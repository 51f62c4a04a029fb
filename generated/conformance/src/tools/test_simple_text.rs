//! The tool `test_simple_text`.

use std::time::Duration;

use rmcp::model::ContentBlock;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, template};
use crate::server::Shared;

/// The statement.
const SQL: &str = "SELECT 'This is a simple text response for testing.' AS text";

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
    /// Column `text`.
    pub text: String,
}

impl AnswerRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            text: decode::text(row, 0)?,
        })
    }
}

/// Block 1: its text.
static BLOCK_1_TEXT: template::Template = template::Template::new("{{ answer.text }}");

/// What stands in the place of the text.
fn blocks(output: &Output) -> Result<Vec<ContentBlock>, Failure> {
    Ok(Vec::from([ContentBlock::text(BLOCK_1_TEXT.render(output)?)]))
}

/// Answers with a text.
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
