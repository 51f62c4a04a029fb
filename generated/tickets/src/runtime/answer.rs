//! Results as the protocol has them.

use std::pin::Pin;

use rmcp::model::CallToolResult;
use rmcp::model::ContentBlock;
use rmcp::model::ErrorData;
use rmcp::model::ResourceContents;
use serde::Serialize;

use super::failure::Failure;

/// A tool call that runs when it is awaited. It has a place of its own in memory: what a server with
/// many tools may have to hold would not fit on the stack.
pub type Call<'c> = Pin<Box<dyn Future<Output = Result<CallToolResult, Failure>> + Send + 'c>>;

/// The result of a tool call: the structured content, and the same as JSON text.
pub fn json<T: Serialize>(output: &T) -> Result<CallToolResult, Failure> {
    let text = serde_json::to_string(output).map_err(|error| Failure::unknown(&error))?;
    with_text(output, text)
}

/// The result of a tool call with a text of its own.
pub fn with_text<T: Serialize>(output: &T, text: String) -> Result<CallToolResult, Failure> {
    let structured = serde_json::to_value(output).map_err(|error| Failure::unknown(&error))?;
    Ok(with_content(structured, vec![ContentBlock::text(text)]))
}

fn with_content(structured: serde_json::Value, content: Vec<ContentBlock>) -> CallToolResult {
    let mut result = CallToolResult::success(content);
    result.structured_content = Some(structured);
    result
}

/// Whether a request is of a revision without a handshake: each says for itself what it needs.
pub fn is_stateless(context: &rmcp::service::RequestContext<rmcp::RoleServer>) -> bool {
    context.protocol_version() >= Some(rmcp::model::ProtocolVersion::V_2026_07_28)
}

/// Says in a result which server answered. Clients of revisions with a handshake know it from there.
pub fn sign(
    meta: &mut Option<rmcp::model::MetaObject>,
    context: &rmcp::service::RequestContext<rmcp::RoleServer>,
    server: &serde_json::Value,
) {
    if is_stateless(context) {
        meta.get_or_insert_default().0.insert(SERVER.to_owned(), server.clone());
    }
}

/// Where results say which server answered.
const SERVER: &str = "io.modelcontextprotocol/serverInfo";

/// The error for a name that nothing has.
pub fn unknown(kind: &str, name: &str) -> ErrorData {
    let shown: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
    ErrorData::invalid_params(format!("there is no {kind} `{shown}`"), None)
}

/// The error for a URI that no resource has.
pub fn no_resource() -> Failure {
    Failure::new(super::failure::Kind::RecordNotFound, "There is no resource with this URI.")
}

/// The error of a resource that cannot be read; it says which one was asked for.
pub fn not_read(failure: Failure, uri: &str) -> ErrorData {
    let mut error = ErrorData::from(failure);
    if let Some(data) = &mut error.data {
        data["uri"] = uri.into();
    }
    error
}

/// The contents of a resource that is text.
pub fn resource_text(uri: &str, mime_type: &str, text: impl Into<String>) -> ResourceContents {
    ResourceContents::text(text, uri).with_mime_type(mime_type)
}

/// The contents of a resource as JSON.
pub fn resource_json<T: Serialize>(
    uri: &str,
    mime_type: &str,
    value: &T,
) -> Result<ResourceContents, Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::unknown(&error))?;
    Ok(resource_text(uri, mime_type, text))
}

/// Values of a completion, and whether there are more.
pub type Completions = (Vec<String>, bool);

/// Most values that a completion has.
pub const COMPLETIONS: usize = rmcp::model::CompletionInfo::MAX_VALUES;

/// The result of a completion.
pub fn completed((values, more): Completions) -> Result<rmcp::model::CompleteResult, Failure> {
    let info = rmcp::model::CompletionInfo::with_pagination(values, None, more);
    let info = info.map_err(|error| Failure::unknown(&error))?;
    Ok(rmcp::model::CompleteResult::new(info))
}
