//! The prompts, and which of them a name means.

use rmcp::model::GetPromptResult;

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod test_simple_prompt;
pub mod test_prompt_with_arguments;
pub mod test_prompt_with_embedded_resource;
pub mod test_prompt_with_image;
pub mod test_input_required_result_prompt;

/// What a person is asked for where the client leaves it out.
pub fn forms(name: &str) -> &'static [crate::runtime::ask::Form] {
    match name {
        "test_input_required_result_prompt" => {
            self::test_input_required_result_prompt::FORMS
        }
        _ => &[],
    }
}

/// Gets a prompt; none when there is no prompt of this name.
pub async fn get(
    shared: &Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<Result<GetPromptResult, Failure>> {
    Some(
        match name {
            "test_simple_prompt" => {
                self::test_simple_prompt::get(shared, arguments).await
            }
            "test_prompt_with_arguments" => {
                self::test_prompt_with_arguments::get(shared, arguments).await
            }
            "test_prompt_with_embedded_resource" => {
                self::test_prompt_with_embedded_resource::get(shared, arguments).await
            }
            "test_prompt_with_image" => {
                self::test_prompt_with_image::get(shared, arguments).await
            }
            "test_input_required_result_prompt" => {
                self::test_input_required_result_prompt::get(shared, arguments).await
            }
            _ => return None,
        },
    )
}
