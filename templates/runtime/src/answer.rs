//! Results as the protocol has them.

#[cfg(feature = "tools")]
use std::pin::Pin;

#[cfg(any(feature = "audio", feature = "image", feature = "resource-blob"))]
use base64::Engine as _;
#[cfg(feature = "tools")]
use rmcp::model::CallToolResult;
#[cfg(any(feature = "audio", feature = "image", feature = "tools"))]
use rmcp::model::ContentBlock;
use rmcp::model::ErrorData;
#[cfg(any(feature = "resource-blob", feature = "resource-text"))]
use rmcp::model::ResourceContents;
#[cfg(any(feature = "tools", feature = "resource-json"))]
use serde::Serialize;

#[cfg(any(feature = "tools", feature = "resources"))]
use super::failure::Failure;

/// A tool call that runs when it is awaited. It has a place of its own in memory: what a server with
/// many tools may have to hold would not fit on the stack.
#[cfg(feature = "tools")]
pub type Call<'c> = Pin<Box<dyn Future<Output = Result<CallToolResult, Failure>> + Send + 'c>>;

/// The result of a tool call: the structured content, and the same as JSON text.
#[cfg(feature = "json-answer")]
pub fn json<T: Serialize>(output: &T) -> Result<CallToolResult, Failure> {
    let text = serde_json::to_string(output).map_err(|error| Failure::unknown(&error))?;
    with_text(output, text)
}

/// The result of a tool call with a text of its own.
#[cfg(feature = "json-answer")]
pub fn with_text<T: Serialize>(output: &T, text: String) -> Result<CallToolResult, Failure> {
    let structured = serde_json::to_value(output).map_err(|error| Failure::unknown(&error))?;
    Ok(with_content(structured, vec![ContentBlock::text(text)]))
}

#[cfg(feature = "tools")]
fn with_content(structured: serde_json::Value, content: Vec<ContentBlock>) -> CallToolResult {
    let mut result = CallToolResult::success(content);
    result.structured_content = Some(structured);
    result
}

/// The result of a tool call whose text is a template, or JSON where the template fails: what was
/// written is written, and the client must hear of it.
#[cfg(feature = "text-answer")]
pub fn rendered<T: Serialize>(
    output: &T,
    template: &super::template::Template,
) -> Result<CallToolResult, Failure> {
    match template.render(output) {
        Ok(text) => with_text(output, text),
        Err(_) => json(output),
    }
}

/// The result of a tool call whose rows are a table. What else it holds is a second text, as JSON.
#[cfg(feature = "table-answer")]
pub fn table<T: Serialize>(
    output: &T,
    member: &str,
    columns: &[&str],
    write: fn(&[&str], &[serde_json::Value]) -> String,
) -> Result<CallToolResult, Failure> {
    use serde_json::Value;
    let structured = serde_json::to_value(output).map_err(|error| Failure::unknown(&error))?;
    let text = match &structured[member] {
        Value::Array(rows) => write(columns, rows),
        Value::Null => write(columns, &[]),
        row => write(columns, std::slice::from_ref(row)),
    };
    let others = structured.as_object().into_iter().flatten().filter(|(name, _)| *name != member);
    let others: serde_json::Map<String, Value> =
        others.map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut content = vec![ContentBlock::text(text)];
    if !others.is_empty() {
        content.push(ContentBlock::text(Value::Object(others).to_string()));
    }
    Ok(with_content(structured, content))
}

/// The result of a tool call with blocks of its own, or as JSON where there is none of them, or one
/// cannot be made.
#[cfg(feature = "block-answer")]
pub fn blocks<T: Serialize>(
    output: &T,
    blocks: Result<Vec<ContentBlock>, Failure>,
) -> Result<CallToolResult, Failure> {
    match blocks {
        Ok(blocks) if !blocks.is_empty() => {
            let structured =
                serde_json::to_value(output).map_err(|error| Failure::unknown(&error))?;
            Ok(with_content(structured, blocks))
        }
        Ok(_) | Err(_) => json(output),
    }
}

/// A block, with whom it is for and how much it matters.
#[cfg(feature = "annotated")]
pub fn annotated(
    mut block: ContentBlock,
    audience: &[rmcp::model::Role],
    priority: Option<f32>,
) -> ContentBlock {
    let mut annotations = rmcp::model::Annotations::default();
    if !audience.is_empty() {
        annotations = annotations.with_audience(audience.to_vec());
    }
    if let Some(priority) = priority {
        annotations = annotations.with_priority(priority);
    }
    let place = match &mut block {
        ContentBlock::Text(text) => &mut text.annotations,
        ContentBlock::Image(image) => &mut image.annotations,
        ContentBlock::Audio(audio) => &mut audio.annotations,
        ContentBlock::Resource(resource) => &mut resource.annotations,
        ContentBlock::ResourceLink(link) => &mut link.annotations,
        _ => return block,
    };
    *place = Some(annotations);
    block
}

/// Whether a request is of a revision without a handshake: each says for itself what it needs.
#[cfg(feature = "signed")]
pub fn is_stateless(context: &rmcp::service::RequestContext<rmcp::RoleServer>) -> bool {
    context.protocol_version() >= Some(rmcp::model::ProtocolVersion::V_2026_07_28)
}

/// Says in a result which server answered. Clients of revisions with a handshake know it from there.
#[cfg(feature = "signed")]
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
#[cfg(feature = "signed")]
const SERVER: &str = "io.modelcontextprotocol/serverInfo";

/// The error for a name that nothing has.
pub fn unknown(kind: &str, name: &str) -> ErrorData {
    let shown: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
    ErrorData::invalid_params(format!("there is no {kind} `{shown}`"), None)
}

/// The error for a URI that no resource has.
#[cfg(feature = "resources")]
pub fn no_resource() -> Failure {
    Failure::new(super::failure::Kind::RecordNotFound, "There is no resource with this URI.")
}

/// The error of a resource that cannot be read; it says which one was asked for.
#[cfg(feature = "resources")]
pub fn not_read(failure: Failure, uri: &str) -> ErrorData {
    let mut error = ErrorData::from(failure);
    if let Some(data) = &mut error.data {
        data["uri"] = uri.into();
    }
    error
}

/// The contents of a resource that is text.
#[cfg(feature = "resource-text")]
pub fn resource_text(uri: &str, mime_type: &str, text: impl Into<String>) -> ResourceContents {
    ResourceContents::text(text, uri).with_mime_type(mime_type)
}

/// The contents of a resource as JSON.
#[cfg(feature = "resource-json")]
pub fn resource_json<T: Serialize>(
    uri: &str,
    mime_type: &str,
    value: &T,
) -> Result<ResourceContents, Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::unknown(&error))?;
    Ok(resource_text(uri, mime_type, text))
}

/// The contents of a resource that is bytes.
#[cfg(feature = "resource-blob")]
pub fn resource_blob(uri: &str, mime_type: &str, bytes: &[u8]) -> ResourceContents {
    let blob = base64::engine::general_purpose::STANDARD.encode(bytes);
    ResourceContents::blob(blob, uri).with_mime_type(mime_type)
}

/// An image.
#[cfg(feature = "image")]
pub fn image(bytes: &[u8], mime_type: &str) -> ContentBlock {
    ContentBlock::image(base64::engine::general_purpose::STANDARD.encode(bytes), mime_type)
}

/// A sound.
#[cfg(feature = "audio")]
pub fn audio(bytes: &[u8], mime_type: &str) -> ContentBlock {
    ContentBlock::audio(base64::engine::general_purpose::STANDARD.encode(bytes), mime_type)
}

/// Values of a completion, and whether there are more.
#[cfg(feature = "completions")]
pub type Completions = (Vec<String>, bool);

/// Most values that a completion has.
#[cfg(feature = "completions")]
pub const COMPLETIONS: usize = rmcp::model::CompletionInfo::MAX_VALUES;

/// The values that begin with what was typed so far, upper or lower case.
#[cfg(feature = "choice-completions")]
pub fn starting_with(values: &[&str], prefix: &str) -> Completions {
    let prefix = prefix.to_lowercase();
    let mut fitting: Vec<String> = values
        .iter()
        .filter(|value| value.to_lowercase().starts_with(&prefix))
        .map(|&value| value.to_owned())
        .collect();
    let more = fitting.len() > COMPLETIONS;
    fitting.truncate(COMPLETIONS);
    (fitting, more)
}

/// The result of a completion.
#[cfg(feature = "completions")]
pub fn completed((values, more): Completions) -> Result<rmcp::model::CompleteResult, Failure> {
    let info = rmcp::model::CompletionInfo::with_pagination(values, None, more);
    let info = info.map_err(|error| Failure::unknown(&error))?;
    Ok(rmcp::model::CompleteResult::new(info))
}
