//! The prompt `answer_ticket`.

use std::time::Duration;

use rmcp::model::{GetPromptResult, PromptMessage};
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{auth, decode, input, template};
use crate::server::Shared;

/// The statement of `ticket`.
const TICKET_SQL: &str = "SELECT subject FROM tickets WHERE id = ?1 AND tenant_id = ?2";

/// The statement of `comments`.
const COMMENTS_SQL: &str = "SELECT author, body FROM comments WHERE ticket_id = ?1 AND tenant_id = ?2 ORDER BY id";

/// Message 1.
static MESSAGE_1: template::Template = template::Template::new(
    r#"{% if ticket %}Draft an answer from {{ me }} to "{{ ticket.subject }}".
{% for comment in comments %}{{ comment.author }}: {{ comment.body }}
{% endfor %}{% else %}There is no ticket {{ id }}.{% endif %}
"#,
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// `id`.
    pub id: i64,
    /// The caller's claim `tenant`.
    pub tenant: String,
    /// The caller's claim `sub`.
    pub me: String,
}

impl Params {
    /// Reads the arguments, and what the caller's token or key says.
    pub fn read(
        caller: &auth::Caller,
        arguments: input::Arguments,
    ) -> Result<Self, Failure> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let tenant = caller.claim("tenant", |input| Ok(input.text()?.value))?;
        let me = caller.claim("sub", |input| Ok(input.text()?.value))?;
        let id = fields.required("id", |input| Ok(input.integer()?.value));
        fields.finish(|| Some(Self { id: id?, tenant, me })).map_err(input::refuse)
    }
}

/// A row of `ticket`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TicketRow {
    /// Column `subject`.
    pub subject: String,
}

impl TicketRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            subject: decode::text(row, 0)?,
        })
    }
}

/// A row of `comments`.
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

/// What the messages can name.
#[derive(Debug, Serialize)]
struct Variables<'a> {
    /// The arguments.
    #[serde(flatten)]
    params: &'a Params,
    /// What `ticket` answered.
    ticket: Option<TicketRow>,
    /// What `comments` answered.
    comments: Vec<CommentsRow>,
}

/// Draft an answer to a ticket.
pub async fn get(
    shared: &Shared,
    caller: &auth::Caller,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(caller, arguments)?;
    let mut session = shared.database.read(TIMEOUT).await?;
    let ticket = session
        .optional(
            sqlx::query(TICKET_SQL).bind(params.id).bind(params.tenant.as_str()),
            TicketRow::decode,
        )
        .await?;
    let comments = session
        .many(
            sqlx::query(COMMENTS_SQL).bind(params.id).bind(params.tenant.as_str()),
            CommentsRow::decode,
        )
        .await?;
    let variables = Variables {
        params: &params,
        ticket,
        comments,
    };
    let messages = Vec::from([
        PromptMessage::new_text(rmcp::model::Role::User, MESSAGE_1.render(&variables)?),
    ]);
    Ok(GetPromptResult::new(messages).with_description("Draft an answer to a ticket."))
}
