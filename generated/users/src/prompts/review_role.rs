//! The prompt `review_role`.

use std::time::Duration;

use rmcp::model::{GetPromptResult, PromptMessage};
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{decode, input, template};
use crate::server::Shared;
use crate::types;

/// The statement of `holders`.
const HOLDERS_SQL: &str = "SELECT name, email FROM users WHERE role = ?1 AND active ORDER BY name";

/// Message 1.
static MESSAGE_1: template::Template = template::Template::new(
    r"These people hold the role {{ role }}:
{% for h in holders %}- {{ h.name }} <{{ h.email }}>
{% endfor %}
Who should lose it, and why?
",
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// What the user may do.
    pub role: types::Role,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let role = fields.required("role", |input| Ok(types::role(input)?.value));
        fields.finish(|| Some(Self { role: role? }))
    }
}

/// A row of `holders`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HoldersRow {
    /// Column `name`.
    pub name: String,
    /// Column `email`.
    pub email: String,
}

impl HoldersRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            name: decode::text(row, 0)?,
            email: decode::text(row, 1)?,
        })
    }
}

/// What the messages can name.
#[derive(Debug, Serialize)]
struct Variables<'a> {
    /// The arguments.
    #[serde(flatten)]
    params: &'a Params,
    /// What `holders` answered.
    holders: Vec<HoldersRow>,
}

/// Ask for a review of everyone who holds a role.
pub async fn get(
    shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let mut session = shared.database.read(TIMEOUT).await?;
    let holders = session
        .many(sqlx::query(HOLDERS_SQL).bind(params.role.as_str()), HoldersRow::decode)
        .await?;
    let variables = Variables {
        params: &params,
        holders,
    };
    let messages = Vec::from([
        PromptMessage::new_text(rmcp::model::Role::User, MESSAGE_1.render(&variables)?),
    ]);
    Ok(
        GetPromptResult::new(messages)
            .with_description("Ask for a review of everyone who holds a role."),
    )
}
