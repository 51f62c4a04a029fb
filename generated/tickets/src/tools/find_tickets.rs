//! The tool `find_tickets`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, auth, input, progress, sql};
use crate::server::Shared;
use crate::{rows, types};

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT t.id, t.subject, t.state, a.name AS agent
FROM tickets t
LEFT JOIN agents a ON a.id = t.agent_id AND a.tenant_id = t.tenant_id
WHERE t.tenant_id = ?1
  ",
        ),
        sql::Part::Clause(0, "AND t.subject LIKE '%' || ?2 || '%'"),
        sql::Part::Clause(1, r"
  AND t.state = ?3"),
        sql::Part::Clause(2, r"
  AND a.name = ?4"),
        sql::Part::Text(r"
ORDER BY t.id"),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// The caller's claim `tenant`.
    pub tenant: String,
    /// A part of the subject.
    pub text: Option<String>,
    /// Whether somebody must do something.
    pub state: Option<types::State>,
    /// Name of the agent.
    pub agent: Option<String>,
}

impl Params {
    /// Reads the arguments, and what the caller's token or key says.
    pub fn read(
        caller: &auth::Caller,
        arguments: input::Arguments,
    ) -> Result<Self, Failure> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let tenant = caller.claim("tenant", |input| Ok(input.text()?.value))?;
        let text = fields
            .optional("text", |input| Ok(input.text()?.max_length(100)?.value));
        let state = fields.optional("state", |input| Ok(types::state(input)?.value));
        let agent = fields
            .optional("agent", |input| Ok(input.text()?.max_length(100)?.value));
        fields
            .finish(|| Some(Self {
                tenant,
                text: text?,
                state: state?,
                agent: agent?,
            }))
            .map_err(input::refuse)
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub tickets: Vec<rows::Ticket>,
    /// Number of rows in this answer.
    pub count: usize,
}

/// Find tickets by their subject, state or agent.
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
    let statement = sqlx::query(
            SQL
                .with(
                    &[
                        params.text.is_some(),
                        params.state.is_some(),
                        params.agent.is_some(),
                    ],
                ),
        )
        .bind(params.tenant.as_str())
        .bind(params.text.as_deref())
        .bind(params.state.map(types::State::as_str))
        .bind(params.agent.as_deref());
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, |row| rows::Ticket::decode(row, [0, 1, 2, 3]));
    let tickets = progress::rows(reading).await?;
    Ok(Output {
        count: tickets.len(),
        tickets,
    })
}
