//! The tool `test_streaming_elicitation`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, template};
use crate::server::Shared;

/// The statement.
const SQL: &str = "SELECT 'It went on.' AS text";

/// What a person is asked before the call.
static CONFIRM: template::Template = template::Template::new("Shall it go on?");

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

/// The text of the answer.
static TEXT: template::Template = template::Template::new("{{ answer.text }}");

/// What a person is asked before a call with these arguments.
pub fn question(arguments: input::Arguments) -> Result<String, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    CONFIRM.render(&params)
}

/// Asks a person, which a client must be able to.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::rendered(&output, &TEXT)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, _params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL);
    let mut session = shared.database.read(TIMEOUT).await?;
    let answer = session.one(statement, AnswerRow::decode).await?;
    Ok(Output { answer })
}
