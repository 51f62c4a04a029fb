//! Results as the protocol has them.

use rmcp::model::{CallToolResult, ContentBlock};
use serde::Serialize;
#[cfg(feature = "resources")]
use rmcp::model::{ReadResourceResult, ResourceContents};

use super::failure::Failure;

/// The result of a tool call: the structured content, and the same as JSON text.
#[cfg(feature = "json-answer")]
pub fn json<T: Serialize>(output: &T) -> Result<CallToolResult, Failure> {
    let text = serde_json::to_string(output).map_err(|error| Failure::unknown(&error))?;
    with_text(output, text)
}

/// The result of a tool call with a text of its own.
pub fn with_text<T: Serialize>(output: &T, text: String) -> Result<CallToolResult, Failure> {
    let structured = serde_json::to_value(output).map_err(|error| Failure::unknown(&error))?;
    let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
    result.structured_content = Some(structured);
    Ok(result)
}

/// The contents of a resource that is text.
#[cfg(feature = "resource-text")]
pub fn resource_text(uri: &str, mime_type: &str, text: impl Into<String>) -> ReadResourceResult {
    ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(mime_type)])
}

/// The contents of a resource as JSON.
#[cfg(feature = "resource-json")]
pub fn resource_json<T: Serialize>(uri: &str, mime_type: &str, value: &T) -> Result<ReadResourceResult, Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::unknown(&error))?;
    Ok(resource_text(uri, mime_type, text))
}

/// The contents of a resource that is bytes.
#[cfg(feature = "resource-blob")]
pub fn resource_blob(uri: &str, mime_type: &str, bytes: &[u8]) -> ReadResourceResult {
    use base64::Engine as _;
    let blob = base64::engine::general_purpose::STANDARD.encode(bytes);
    ReadResourceResult::new(vec![ResourceContents::blob(blob, uri).with_mime_type(mime_type)])
}
