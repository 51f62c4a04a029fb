//! The prompt `cursor`.

use std::time::Duration;

use rmcp::model::{ContentBlock, GetPromptResult, PromptMessage};
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{decode, input, template};
use crate::server::Shared;
use crate::types;

/// The statement of `params`.
const PARAMS_SQL: &str = "SELECT self FROM things ORDER BY id";

/// The statement of `variables`.
const VARIABLES_SQL: &str = "SELECT COUNT(*) AS n FROM things";

/// Message 1.
static MESSAGE_1: template::Template = template::Template::new(
    "{{ variables }} things for {{ who }}: {% for row in params %}{{ row.self }} {% endfor %}",
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// `who`.
    pub who: Option<types::Odd>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let who = fields.optional("who", |input| Ok(types::odd(input)?.value));
        fields.finish(|| Some(Self { who: who? }))
    }
}

/// A row of `params`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParamsRow {
    /// Column `self`.
    #[serde(rename = "self")]
    pub self_: String,
}

impl ParamsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            self_: decode::text(row, 0)?,
        })
    }
}

/// What the messages can name.
#[derive(Debug, Serialize)]
struct Variables<'a> {
    /// The arguments.
    #[serde(flatten)]
    params: &'a Params,
    /// What `params` answered.
    #[serde(rename = "params")]
    params_: Vec<ParamsRow>,
    /// What `variables` answered.
    variables: i64,
}

/// cursor.
pub async fn get(
    shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let mut session = shared.database.read(TIMEOUT).await?;
    let params_ = session.many(sqlx::query(PARAMS_SQL), ParamsRow::decode).await?;
    let variables = session
        .one(sqlx::query(VARIABLES_SQL), |row| decode::integer(row, 0))
        .await?;
    let variables = Variables {
        params: &params,
        params_,
        variables,
    };
    let messages = Vec::from([
        PromptMessage::new_text(
            rmcp::model::Role::Assistant,
            MESSAGE_1.render(&variables)?,
        ),
        PromptMessage::new(
            rmcp::model::Role::User,
            ContentBlock::resource(crate::resources::answer::contents()),
        ),
    ]);
    Ok(GetPromptResult::new(messages))
}
