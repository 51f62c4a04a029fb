//! Each tool at the edges of what it takes.

mod test_simple_text;
mod test_image_content;
mod test_audio_content;
mod test_embedded_resource;
mod test_multiple_content_types;
mod test_error_handling;
mod test_elicitation;
mod test_missing_capability;
mod test_streaming_elicitation;
mod test_input_required_result_request_state;
mod test_input_required_result_tampered_state;
mod test_input_required_result_elicitation;
mod test_input_required_result_multi_round;
mod test_elicitation_sep1034_defaults;
mod test_elicitation_sep1330_enums;
mod test_tool_with_progress;
mod test_tool_with_logging;
mod test_header;
mod test_logging_tool;
