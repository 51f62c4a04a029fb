//! The tool `nothing`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input};
use crate::server::Shared;

/// The statement.
const SQL: &str = "SELECT id FROM things ORDER BY id";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let fields = input::Fields::of(arguments, input::Unknown::Ignore);
        fields.finish(|| Some(Self {}))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub things: Vec<ThingsRow>,
    /// Whether rows were left out because the result was too large.
    pub truncated: bool,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThingsRow {
    /// Column `id`.
    pub id: i64,
}

impl ThingsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
        })
    }
}

/// A tool without arguments that ignores what comes.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, _params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL);
    let mut session = shared.database.read(TIMEOUT).await?;
    let (things, truncated) = session
        .bounded(statement, 2, usize::MAX, ThingsRow::decode)
        .await?;
    Ok(Output { things, truncated })
}
