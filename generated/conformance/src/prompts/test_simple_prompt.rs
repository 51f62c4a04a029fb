//! The prompt `test_simple_prompt`.

use rmcp::model::{GetPromptResult, PromptMessage};
use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{input, template};
use crate::server::Shared;

/// Message 1.
static MESSAGE_1: template::Template = template::Template::new(
    "This is a simple prompt for testing.",
);

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let fields = input::Fields::of(arguments, input::Unknown::Refuse);
        fields.finish(|| Some(Self {}))
    }
}

/// A prompt without arguments.
pub async fn get(
    _shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let variables = &params;
    let messages = Vec::from([
        PromptMessage::new_text(rmcp::model::Role::User, MESSAGE_1.render(variables)?),
    ]);
    Ok(GetPromptResult::new(messages).with_description("A prompt without arguments."))
}
