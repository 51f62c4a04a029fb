//! The tool `hire_agent`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, auth, decode, input};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"INSERT INTO agents (tenant_id, name) VALUES (?1, ?2)
ON CONFLICT (tenant_id, name) DO UPDATE SET name = excluded.name
RETURNING id, name";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// The caller's claim `tenant`.
    pub tenant: String,
    /// `name`.
    pub name: String,
}

impl Params {
    /// Reads the arguments, and what the caller's token or key says.
    pub fn read(
        caller: &auth::Caller,
        arguments: input::Arguments,
    ) -> Result<Self, Failure> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let tenant = caller.claim("tenant", |input| Ok(input.text()?.value))?;
        let name = fields
            .required(
                "name",
                |input| Ok(input.text()?.min_length(1)?.max_length(100)?.value),
            );
        fields.finish(|| Some(Self { tenant, name: name? })).map_err(input::refuse)
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub agent: AgentRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentRow {
    /// Column `id`.
    pub id: i64,
    /// Column `name`.
    pub name: String,
}

impl AgentRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            name: decode::text(row, 1)?,
        })
    }
}

/// Add an agent, or do nothing when there is one of that name.
pub fn call<'c>(
    shared: &'c Shared,
    caller: &'c auth::Caller,
    arguments: input::Arguments,
) -> answer::Call<'c> {
    Box::pin(async move {
        let params = Params::read(caller, arguments)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL)
        .bind(params.tenant.as_str())
        .bind(params.name.as_str());
    let mut session = shared.database.write(TIMEOUT).await?;
    let agent = session.one(statement, AgentRow::decode).await?;
    session.commit().await?;
    Ok(Output { agent })
}
