//! The tool `open_ticket`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, auth, decode, input};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"INSERT INTO tickets (tenant_id, subject) VALUES (?1, ?2)
RETURNING id, subject, state, NULL AS agent";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// The caller's claim `tenant`.
    pub tenant: String,
    /// `subject`.
    pub subject: String,
}

impl Params {
    /// Reads the arguments, and what the caller's token or key says.
    pub fn read(
        caller: &auth::Caller,
        arguments: input::Arguments,
    ) -> Result<Self, Failure> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let tenant = caller.claim("tenant", |input| Ok(input.text()?.value))?;
        let subject = fields
            .required(
                "subject",
                |input| Ok(input.text()?.min_length(3)?.max_length(200)?.value),
            );
        fields.finish(|| Some(Self { tenant, subject: subject? })).map_err(input::refuse)
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub ticket: TicketRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TicketRow {
    /// Column `id`.
    pub id: i64,
    /// Column `subject`.
    pub subject: String,
    /// Column `state`.
    pub state: types::State,
    /// Column `agent`.
    pub agent: Option<String>,
}

impl TicketRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            subject: decode::text(row, 1)?,
            state: decode::choice(row, 2, &types::State::ALL)?,
            agent: decode::optional(row, 3, decode::text)?,
        })
    }
}

/// Open a ticket.
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
        .bind(params.subject.as_str());
    let mut session = shared.database.write(TIMEOUT).await?;
    let ticket = session.one(statement, TicketRow::decode).await?;
    session.commit().await?;
    Ok(Output { ticket })
}
