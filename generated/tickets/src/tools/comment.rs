//! The tool `comment`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, auth, input};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"INSERT INTO comments (tenant_id, ticket_id, author, body)
SELECT ?1, id, ?2, ?3 FROM tickets WHERE id = ?4 AND tenant_id = ?1";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// The caller's claim `tenant`.
    pub tenant: String,
    /// The caller's claim `sub`.
    pub author: String,
    /// `id`.
    pub id: i64,
    /// `body`.
    pub body: String,
}

impl Params {
    /// Reads the arguments, and what the caller's token or key says.
    pub fn read(
        caller: &auth::Caller,
        arguments: input::Arguments,
    ) -> Result<Self, Failure> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let tenant = caller.claim("tenant", |input| Ok(input.text()?.value))?;
        let author = caller.claim("sub", |input| Ok(input.text()?.value))?;
        let id = fields.required("id", |input| Ok(input.integer()?.minimum(1)?.value));
        let body = fields
            .required(
                "body",
                |input| Ok(input.text()?.min_length(1)?.max_length(2000)?.value),
            );
        fields
            .finish(|| Some(Self {
                tenant,
                author,
                id: id?,
                body: body?,
            }))
            .map_err(input::refuse)
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// Number of rows changed.
    pub affected: u64,
}

/// Say something about a ticket. The author is whoever calls.
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
        .bind(params.author.as_str())
        .bind(params.body.as_str())
        .bind(params.id);
    let mut session = shared.database.write(TIMEOUT).await?;
    let affected = session.affected(statement).await?;
    session.commit().await?;
    Ok(Output { affected })
}
