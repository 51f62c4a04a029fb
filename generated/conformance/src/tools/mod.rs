//! The tools, and which of them a call means.

use crate::runtime::answer;
use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod test_simple_text;
pub mod test_image_content;
pub mod test_audio_content;
pub mod test_embedded_resource;
pub mod test_multiple_content_types;
pub mod test_error_handling;
pub mod test_elicitation;
pub mod test_missing_capability;
pub mod test_streaming_elicitation;
pub mod test_input_required_result_request_state;
pub mod test_input_required_result_tampered_state;
pub mod test_input_required_result_elicitation;
pub mod test_input_required_result_multi_round;
pub mod test_elicitation_sep1034_defaults;
pub mod test_elicitation_sep1330_enums;
pub mod test_tool_with_progress;
pub mod test_tool_with_logging;
pub mod test_header;
pub mod test_logging_tool;

/// What a person is asked before a call; none when the tool asks nothing.
pub fn question(
    name: &str,
    arguments: Option<&crate::runtime::input::Arguments>,
) -> Option<Result<String, Failure>> {
    let question = match name {
        "test_elicitation" => self::test_elicitation::question,
        "test_missing_capability" => self::test_missing_capability::question,
        "test_streaming_elicitation" => self::test_streaming_elicitation::question,
        "test_input_required_result_request_state" => {
            self::test_input_required_result_request_state::question
        }
        "test_input_required_result_tampered_state" => {
            self::test_input_required_result_tampered_state::question
        }
        _ => return None,
    };
    Some(question(arguments.cloned().unwrap_or_default()))
}

/// What a person is asked for where the client leaves it out.
pub fn forms(name: &str) -> &'static [crate::runtime::ask::Form] {
    match name {
        "test_input_required_result_elicitation" => {
            self::test_input_required_result_elicitation::FORMS
        }
        "test_input_required_result_multi_round" => {
            self::test_input_required_result_multi_round::FORMS
        }
        "test_elicitation_sep1034_defaults" => {
            self::test_elicitation_sep1034_defaults::FORMS
        }
        "test_elicitation_sep1330_enums" => self::test_elicitation_sep1330_enums::FORMS,
        _ => &[],
    }
}

/// The call of a tool; none when there is no tool of this name.
pub fn call<'c>(
    shared: &'c Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<answer::Call<'c>> {
    Some(
        match name {
            "test_simple_text" => self::test_simple_text::call(shared, arguments),
            "test_image_content" => self::test_image_content::call(shared, arguments),
            "test_audio_content" => self::test_audio_content::call(shared, arguments),
            "test_embedded_resource" => {
                self::test_embedded_resource::call(shared, arguments)
            }
            "test_multiple_content_types" => {
                self::test_multiple_content_types::call(shared, arguments)
            }
            "test_error_handling" => self::test_error_handling::call(shared, arguments),
            "test_elicitation" => self::test_elicitation::call(shared, arguments),
            "test_missing_capability" => {
                self::test_missing_capability::call(shared, arguments)
            }
            "test_streaming_elicitation" => {
                self::test_streaming_elicitation::call(shared, arguments)
            }
            "test_input_required_result_request_state" => {
                self::test_input_required_result_request_state::call(shared, arguments)
            }
            "test_input_required_result_tampered_state" => {
                self::test_input_required_result_tampered_state::call(shared, arguments)
            }
            "test_input_required_result_elicitation" => {
                self::test_input_required_result_elicitation::call(shared, arguments)
            }
            "test_input_required_result_multi_round" => {
                self::test_input_required_result_multi_round::call(shared, arguments)
            }
            "test_elicitation_sep1034_defaults" => {
                self::test_elicitation_sep1034_defaults::call(shared, arguments)
            }
            "test_elicitation_sep1330_enums" => {
                self::test_elicitation_sep1330_enums::call(shared, arguments)
            }
            "test_tool_with_progress" => {
                self::test_tool_with_progress::call(shared, arguments)
            }
            "test_tool_with_logging" => {
                self::test_tool_with_logging::call(shared, arguments)
            }
            "test_header" => self::test_header::call(shared, arguments),
            "test_logging_tool" => self::test_logging_tool::call(shared, arguments),
            _ => return None,
        },
    )
}
