//! The prompt `test_input_required_result_prompt`.

use rmcp::model::{GetPromptResult, PromptMessage};
use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{ask, input, template};
use crate::server::Shared;

/// Message 1.
static MESSAGE_1: template::Template = template::Template::new(
    "The context is {{ context }}.",
);

/// What a person is asked for where the client leaves it out.
pub const FORMS: &[ask::Form] = &[
    ask::Form {
        name: "user_context",
        message: "What context should the prompt use?",
        schema: r#"{"type":"object","properties":{"context":{"type":"string"}},"required":["context"]}"#,
        params: &["context"],
    },
];

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// `context`.
    pub context: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let context = fields.required("context", |input| Ok(input.text()?.value));
        fields.finish(|| Some(Self { context: context? }))
    }
}

/// A prompt that asks a person for what it is about.
pub async fn get(
    _shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let variables = &params;
    let messages = Vec::from([
        PromptMessage::new_text(rmcp::model::Role::User, MESSAGE_1.render(variables)?),
    ]);
    Ok(
        GetPromptResult::new(messages)
            .with_description("A prompt that asks a person for what it is about."),
    )
}
