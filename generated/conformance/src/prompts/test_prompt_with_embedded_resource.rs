//! The prompt `test_prompt_with_embedded_resource`.

use rmcp::model::{ContentBlock, GetPromptResult, PromptMessage};
use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{input, template};
use crate::server::Shared;

/// Message 2.
static MESSAGE_2: template::Template = template::Template::new(
    "Please process the embedded resource above, {{ resourceUri }}.",
);

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// URI of the resource to embed.
    #[serde(rename = "resourceUri")]
    pub resource_uri: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let resource_uri = fields
            .required("resourceUri", |input| Ok(input.text()?.value));
        fields
            .finish(|| Some(Self {
                resource_uri: resource_uri?,
            }))
    }
}

/// A prompt that embeds a resource.
pub async fn get(
    _shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let variables = &params;
    let messages = Vec::from([
        PromptMessage::new(
            rmcp::model::Role::User,
            ContentBlock::resource(crate::resources::static_text::contents()),
        ),
        PromptMessage::new_text(rmcp::model::Role::User, MESSAGE_2.render(variables)?),
    ]);
    Ok(
        GetPromptResult::new(messages)
            .with_description("A prompt that embeds a resource."),
    )
}
