//! The tool `get_ticket`.

use std::time::Duration;

use serde::Serialize;

use crate::rows;
use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, auth, decode, input, progress};
use crate::server::Shared;

/// The statement of `ticket`.
const TICKET_SQL: &str = r"SELECT t.id, t.subject, t.state, a.name AS agent
FROM tickets t
LEFT JOIN agents a ON a.id = t.agent_id AND a.tenant_id = t.tenant_id
WHERE t.id = ?1 AND t.tenant_id = ?2";

/// The statement of `comments`.
const COMMENTS_SQL: &str = "SELECT author, body FROM comments WHERE ticket_id = ?1 AND tenant_id = ?2 ORDER BY id";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// The caller's claim `tenant`.
    pub tenant: String,
    /// `id`.
    pub id: i64,
}

impl Params {
    /// Reads the arguments, and what the caller's token or key says.
    pub fn read(
        caller: &auth::Caller,
        arguments: input::Arguments,
    ) -> Result<Self, Failure> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let tenant = caller.claim("tenant", |input| Ok(input.text()?.value))?;
        let id = fields.required("id", |input| Ok(input.integer()?.minimum(1)?.value));
        fields.finish(|| Some(Self { tenant, id: id? })).map_err(input::refuse)
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `ticket` answered.
    pub ticket: rows::Ticket,
    /// What the step `comments` answered.
    pub comments: Vec<CommentsRow>,
}

/// A row of the step `comments`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CommentsRow {
    /// Column `author`.
    pub author: String,
    /// Column `body`.
    pub body: String,
}

impl CommentsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            author: decode::text(row, 0)?,
            body: decode::text(row, 1)?,
        })
    }
}

/// One ticket with its comments.
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
    let mut session = shared.database.snapshot(TIMEOUT).await?;
    let ticket = session
        .one(
            sqlx::query(TICKET_SQL).bind(params.id).bind(params.tenant.as_str()),
            |row| rows::Ticket::decode(row, [0, 1, 2, 3]),
        )
        .await?;
    progress::step(1, 2, "ticket");
    let comments = session
        .many(
            sqlx::query(COMMENTS_SQL).bind(ticket.id).bind(params.tenant.as_str()),
            CommentsRow::decode,
        )
        .await?;
    progress::step(2, 2, "comments");
    session.commit().await?;
    Ok(Output { ticket, comments })
}
