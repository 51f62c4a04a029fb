//! The prompt `test_prompt_with_arguments`.

use rmcp::model::{GetPromptResult, PromptMessage};
use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{input, template};
use crate::server::Shared;

/// Message 1.
static MESSAGE_1: template::Template = template::Template::new(
    "Prompt with arguments: arg1='{{ arg1 }}', arg2='{{ arg2 }}'",
);

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// First test argument.
    pub arg1: String,
    /// Second test argument.
    pub arg2: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let arg1 = fields.required("arg1", |input| Ok(input.text()?.value));
        let arg2 = fields.required("arg2", |input| Ok(input.text()?.value));
        fields.finish(|| Some(Self { arg1: arg1?, arg2: arg2? }))
    }
}

/// A prompt with two arguments.
pub async fn get(
    _shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let variables = &params;
    let messages = Vec::from([
        PromptMessage::new_text(rmcp::model::Role::User, MESSAGE_1.render(variables)?),
    ]);
    Ok(GetPromptResult::new(messages).with_description("A prompt with two arguments."))
}
