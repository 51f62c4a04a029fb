//! The tool `rows`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, value};
use crate::server::Shared;

/// The statement of `session`.
const SESSION_SQL: &str = "SELECT id, type, moment, token FROM things WHERE id = ?1";

/// The statement of `output`.
const OUTPUT_SQL: &str = "SELECT id FROM things WHERE type = ?1 AND moment IS ?2";

/// The statement of `shared`.
const SHARED_SQL: &str = "SELECT self FROM things WHERE id = ?1";

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
    /// What the step `session` answered.
    pub session: SessionRow,
    /// What the step `output` answered.
    pub output: Vec<OutputRow>,
    /// What the step `shared` answered.
    pub shared: Option<SharedRow>,
}

/// A row of the step `session`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SessionRow {
    /// Column `id`.
    pub id: i64,
    /// Column `type`.
    #[serde(rename = "type")]
    pub type_: String,
    /// Column `moment`.
    pub moment: Option<chrono::DateTime<chrono::Utc>>,
    /// Column `token`.
    pub token: Option<String>,
}

impl SessionRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            type_: decode::text(row, 1)?,
            moment: decode::optional(row, 2, decode::date_time)?,
            token: decode::optional(row, 3, decode::uuid)?,
        })
    }
}

/// A row of the step `output`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutputRow {
    /// Column `id`.
    pub id: i64,
}

impl OutputRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
        })
    }
}

/// A row of the step `shared`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SharedRow {
    /// Column `self`.
    #[serde(rename = "self")]
    pub self_: String,
}

impl SharedRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            self_: decode::text(row, 0)?,
        })
    }
}

/// Steps named like variables of a handler.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let mut session = shared.database.snapshot(TIMEOUT).await?;
    let session_ = session
        .one(sqlx::query(SESSION_SQL).bind(params.id), SessionRow::decode)
        .await?;
    progress::step(1, 3, "session");
    let output_ = session
        .many(
            sqlx::query(OUTPUT_SQL)
                .bind(session_.type_.as_str())
                .bind(session_.moment.map(value::moment_text)),
            OutputRow::decode,
        )
        .await?;
    progress::step(2, 3, "output");
    let shared_ = session
        .optional(sqlx::query(SHARED_SQL).bind(session_.id), SharedRow::decode)
        .await?;
    progress::step(3, 3, "shared");
    session.commit().await?;
    Ok(Output {
        session: session_,
        output: output_,
        shared: shared_,
    })
}
