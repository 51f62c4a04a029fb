//! The tool `test_input_required_result_multi_round`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, ask, decode, input, template};
use crate::server::Shared;

/// The statement.
const SQL: &str = "SELECT ?1 || ' likes ' || ?2 AS text";

/// What a person is asked for where the client leaves it out.
pub const FORMS: &[ask::Form] = &[
    ask::Form {
        name: "step1",
        message: "Step 1: What is your name?",
        schema: r#"{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}"#,
        params: &["name"],
    },
    ask::Form {
        name: "step2",
        message: "Step 2: What is your favorite color?",
        schema: r#"{"type":"object","properties":{"color":{"type":"string"}},"required":["color"]}"#,
        params: &["color"],
    },
];

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `name`.
    pub name: String,
    /// `color`.
    pub color: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let name = fields.required("name", |input| Ok(input.text()?.value));
        let color = fields.required("color", |input| Ok(input.text()?.value));
        fields.finish(|| Some(Self { name: name?, color: color? }))
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
    pub text: Option<String>,
}

impl AnswerRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            text: decode::optional(row, 0, decode::text)?,
        })
    }
}

/// The text of the answer.
static TEXT: template::Template = template::Template::new("{{ answer.text }}");

/// Asks a person for one thing after the other.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::rendered(&output, &TEXT)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL)
        .bind(params.name.as_str())
        .bind(params.color.as_str());
    let mut session = shared.database.read(TIMEOUT).await?;
    let answer = session.one(statement, AnswerRow::decode).await?;
    Ok(Output { answer })
}
