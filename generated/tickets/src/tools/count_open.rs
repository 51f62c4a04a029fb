//! The tool `count_open`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, auth, decode, input, progress};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"SELECT a.name AS agent,
  (SELECT COUNT(*) FROM open_tickets o WHERE o.tenant_id = a.tenant_id AND o.agent_id = a.id) AS tickets
FROM agents a
WHERE a.tenant_id = ?1
ORDER BY a.name";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// The caller's claim `tenant`.
    pub tenant: String,
}

impl Params {
    /// Reads the arguments, and what the caller's token or key says.
    pub fn read(
        caller: &auth::Caller,
        arguments: input::Arguments,
    ) -> Result<Self, Failure> {
        let fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let tenant = caller.claim("tenant", |input| Ok(input.text()?.value))?;
        fields.finish(|| Some(Self { tenant })).map_err(input::refuse)
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub agents: Vec<AgentsRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentsRow {
    /// Column `agent`.
    pub agent: String,
    /// Column `tickets`.
    pub tickets: i64,
}

impl AgentsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            agent: decode::text(row, 0)?,
            tickets: decode::integer(row, 1)?,
        })
    }
}

/// How many tickets each agent has that are not closed.
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
    let statement = sqlx::query(SQL).bind(params.tenant.as_str());
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, AgentsRow::decode);
    let agents = progress::rows(reading).await?;
    Ok(Output { agents })
}
