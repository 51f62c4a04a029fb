//! The tool `test_elicitation_sep1034_defaults`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, ask, decode, input};
use crate::server::Shared;

/// The statement.
const SQL: &str = "SELECT ?1 AS name, ?2 AS age, ?3 AS score, ?4 AS status, ?5 AS verified";

/// What a person is asked for where the client leaves it out.
pub const FORMS: &[ask::Form] = &[
    ask::Form {
        name: "person",
        message: "Who is it?",
        schema: r#"{"type":"object","properties":{"name":{"type":"string","default":"John Doe"},"age":{"type":"integer","default":30},"score":{"type":"number","default":95.5},"status":{"type":"string","enum":["active","inactive","pending"],"default":"active"},"verified":{"type":"boolean","default":true}}}"#,
        params: &["name", "age", "score", "status", "verified"],
    },
];

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `name`.
    pub name: String,
    /// `age`.
    pub age: i64,
    /// `score`.
    pub score: f64,
    /// `status`.
    pub status: Status,
    /// `verified`.
    pub verified: bool,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let name = fields
            .or("name", json!("John Doe"), |input| Ok(input.text()?.value));
        let age = fields.or("age", json!(30), |input| Ok(input.integer()?.value));
        let score = fields
            .or("score", json!(95.5), |input| Ok(input.number()?.value));
        let status = fields
            .or(
                "status",
                json!("active"),
                |input| Ok(input.choice(&Status::ALL)?.value),
            );
        let verified = fields
            .or("verified", json!(true), |input| Ok(input.boolean()?.value));
        fields
            .finish(|| Some(Self {
                name: name?,
                age: age?,
                score: score?,
                status: status?,
                verified: verified?,
            }))
    }
}

/// `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Status {
    /// `active`.
    #[serde(rename = "active")]
    Active,
    /// `inactive`.
    #[serde(rename = "inactive")]
    Inactive,
    /// `pending`.
    #[serde(rename = "pending")]
    Pending,
}

impl Status {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 3] = [
        ("active", Self::Active),
        ("inactive", Self::Inactive),
        ("pending", Self::Pending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Pending => "pending",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub person: PersonRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PersonRow {
    /// Column `name`.
    pub name: Option<String>,
    /// Column `age`.
    pub age: Option<i64>,
    /// Column `score`.
    pub score: Option<f64>,
    /// Column `status`.
    pub status: Option<String>,
    /// Column `verified`.
    pub verified: Option<bool>,
}

impl PersonRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            name: decode::optional(row, 0, decode::text)?,
            age: decode::optional(row, 1, decode::integer)?,
            score: decode::optional(row, 2, decode::number)?,
            status: decode::optional(row, 3, decode::text)?,
            verified: decode::optional(row, 4, decode::boolean)?,
        })
    }
}

/// Asks a person for values that have defaults.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL)
        .bind(params.name.as_str())
        .bind(params.age)
        .bind(params.score)
        .bind(params.status.as_str())
        .bind(params.verified);
    let mut session = shared.database.read(TIMEOUT).await?;
    let person = session.one(statement, PersonRow::decode).await?;
    Ok(Output { person })
}
