//! The prompt `test_prompt_with_image`.

use rmcp::model::{GetPromptResult, PromptMessage};
use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, template};
use crate::server::Shared;

/// Message 2.
static MESSAGE_2: template::Template = template::Template::new(
    "Please analyze the image above.",
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

/// A prompt with an image.
pub async fn get(
    _shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let variables = &params;
    let messages = Vec::from([
        PromptMessage::new(
            rmcp::model::Role::User,
            answer::image(
                include_bytes!("../../files/conformance_pixel.png"),
                "image/png",
            ),
        ),
        PromptMessage::new_text(rmcp::model::Role::User, MESSAGE_2.render(variables)?),
    ]);
    Ok(GetPromptResult::new(messages).with_description("A prompt with an image."))
}
