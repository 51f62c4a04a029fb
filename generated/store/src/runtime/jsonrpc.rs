//! Messages before the protocol reads them: what is said of bytes that are none.

use std::borrow::Cow;

use rmcp::model::{
    ClientCapabilities, ClientJsonRpcMessage, ClientRequest, ErrorCode, ErrorData, Implementation,
    InitializeRequestParams, InitializeResultMethod, JsonRpcError, RequestId,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

/// What came.
#[derive(Debug)]
pub enum Came {
    /// A message, and the id of it if it is a request.
    One(Option<RequestId>),
    /// Several in one, as revisions up to 2025-03-26 have it.
    Batch(Vec<Value>),
}

/// The members that every message has.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    jsonrpc: Value,
    #[serde(default, deserialize_with = "given")]
    id: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    method: Option<Value>,
}

/// A value that is there, `null` among them.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Looks at a message from outside.
///
/// # Errors
/// The error response for bytes that are no message.
pub fn look(bytes: &[u8]) -> Result<Came, Box<JsonRpcError>> {
    if values(bytes) > VALUES {
        let message = format!("a message holds at most {VALUES} values");
        return Err(error(None, ErrorCode::INVALID_REQUEST, message));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| error(None, ErrorCode::PARSE_ERROR, "the message is not UTF-8"))?;
    if text.trim_start().starts_with('[') {
        return match serde_json::from_str(text) {
            Ok(Value::Array(messages)) if !messages.is_empty() => Ok(Came::Batch(messages)),
            Ok(_) => Err(error(None, ErrorCode::INVALID_REQUEST, "a batch holds messages")),
            Err(unread) => Err(not_json(&unread)),
        };
    }
    let envelope: Envelope =
        serde_json::from_str(text).map_err(|unread| match unread.is_data() {
            true => error(None, ErrorCode::INVALID_REQUEST, "a message is a JSON object"),
            false => not_json(&unread),
        })?;
    let id = match envelope.id {
        None => None,
        Some(id) => Some(serde_json::from_value::<RequestId>(id).map_err(|_| {
            error(None, ErrorCode::INVALID_REQUEST, "an id is a text or an integer")
        })?),
    };
    // Without a method it answers a request of the server: its id is none of a request to answer.
    let id = envelope.method.is_some().then_some(id).flatten();
    let wrong = |what| Err(error(id.clone(), ErrorCode::INVALID_REQUEST, what));
    if envelope.jsonrpc != "2.0" {
        return wrong("a message says \"jsonrpc\": \"2.0\"");
    }
    match envelope.method {
        Some(method) if !method.is_string() => wrong("a method is a text"),
        _ => Ok(Came::One(id)),
    }
}

/// In how many seconds an answer says that the same request may work.
pub fn retry_after(bytes: &[u8]) -> Option<u64> {
    let answer: Value = serde_json::from_slice(bytes).ok()?;
    let refusal = match answer["result"]["isError"] == true {
        true => &answer["result"]["structuredContent"],
        false => &answer["error"]["data"],
    };
    refusal["retry_after"].as_u64()
}

/// An `initialize` that cannot be read as it came, mended: who a client is may be unknown, and what
/// cannot be read of what it can do, it cannot do. No client is lost over that. None for all other
/// messages.
///
/// # Errors
/// The error response to an `initialize` that names no revision.
pub fn mended(bytes: &[u8]) -> Result<Option<Vec<u8>>, Box<JsonRpcError>> {
    #[derive(Deserialize)]
    struct Initialize {
        id: RequestId,
        #[serde(rename = "method")]
        _method: InitializeResultMethod,
    }
    let Ok(Initialize { id, .. }) = serde_json::from_slice(bytes) else { return Ok(None) };
    if let Ok(ClientJsonRpcMessage::Request(request)) = serde_json::from_slice(bytes)
        && matches!(request.request, ClientRequest::InitializeRequest(_))
    {
        return Ok(None);
    }
    let unread = || {
        let message = "the params of initialize cannot be read";
        error(Some(id), ErrorCode::INVALID_PARAMS, message)
    };
    let Ok(mut message) = serde_json::from_slice::<Value>(bytes) else { return Err(unread()) };
    // From 2026-07-28 on there is no such method, whatever its params are.
    if !message["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"].is_null() {
        return Ok(None);
    }
    let mut params = Value::Object(members(&mut message["params"]));
    let mut capabilities = Value::Object(members(&mut params["capabilities"]));
    for name in ["experimental", "extensions"] {
        if let Some(Value::Object(named)) = capabilities.get_mut(name) {
            named.retain(|_, settings| settings.is_object());
        }
    }
    params["capabilities"] = readable::<ClientCapabilities>(&mut capabilities, &json!({}));
    let unknown = json!({ "name": "unknown", "version": "0" });
    params["clientInfo"] = readable::<Implementation>(&mut params["clientInfo"], &unknown);
    params["_meta"] = Value::Object(members(&mut params["_meta"]));
    if InitializeRequestParams::deserialize(&params).is_err() {
        return Err(unread());
    }
    message["params"] = params;
    Ok(Some(message.to_string().into_bytes()))
}

/// The members of an object; of anything else, none.
fn members(value: &mut Value) -> Map<String, Value> {
    match value.take() {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// What a `T` must have, and of what is given each member with which it can be read.
fn readable<T: DeserializeOwned>(given: &mut Value, must: &Value) -> Value {
    let mut whole = must.clone();
    for (name, value) in members(given) {
        let mut alone = must.clone();
        alone[&name] = value;
        if T::deserialize(&alone).is_ok() {
            whole[&name] = alone[&name].take();
        }
    }
    whole
}

/// The most values of a message, each item of a list and each member of an object among them: what is
/// read of one takes a hundred times the memory of its text.
const VALUES: usize = 100_000;

/// How many values a message holds, if it is JSON; a bound of it else.
pub fn values(bytes: &[u8]) -> usize {
    let (mut values, mut in_text, mut escaped) = (1, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' | b',' if !in_text => values += 1,
            _ => {}
        }
    }
    values
}

/// Whether a message is one of this method.
pub fn is_of(method: &str, bytes: &[u8]) -> bool {
    /// What is looked at of a message.
    #[derive(Deserialize)]
    struct Message<'m> {
        #[serde(borrow)]
        method: Option<Cow<'m, str>>,
    }
    serde_json::from_slice::<Message<'_>>(bytes)
        .is_ok_and(|message| message.method.as_deref() == Some(method))
}

/// The most messages of a batch.
pub const BATCH: usize = 100;

/// The error response to a batch that is not taken: it is too long, or of a revision without them.
pub fn no_batch() -> Box<JsonRpcError> {
    let message = format!(
        "batches are taken of at most {BATCH} messages, and up to revision 2025-03-26; send one \
         message at a time"
    );
    error(None, ErrorCode::INVALID_REQUEST, message)
}

/// The error response to bytes that a message cannot be read from, though they look like one.
pub fn unread(id: Option<RequestId>) -> Box<JsonRpcError> {
    error(id, ErrorCode::INVALID_REQUEST, "the message cannot be read")
}

fn not_json(unread: &serde_json::Error) -> Box<JsonRpcError> {
    // The reader's own words may quote what came; its place does not.
    let (line, column) = (unread.line(), unread.column());
    let message = format!("the message is not JSON, at line {line} column {column}");
    error(None, ErrorCode::PARSE_ERROR, message)
}

/// An error response. Without an id it has none, as MCP has it since 2025-11-25.
pub fn error(
    id: Option<RequestId>,
    code: ErrorCode,
    message: impl Into<String>,
) -> Box<JsonRpcError> {
    Box::new(JsonRpcError::new(id, ErrorData::new(code, message.into(), None)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::mended;

    #[test]
    fn what_can_be_read_of_a_client_is_kept() {
        let client = |params| {
            let message =
                json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params });
            let mended = mended(message.to_string().as_bytes()).expect("it names a revision");
            mended.map(|bytes| {
                serde_json::from_slice::<Value>(&bytes).expect("JSON")["params"].take()
            })
        };
        let given = client(json!({
            "protocolVersion": "2025-11-25",
            "capabilities": {
                "experimental": { "a": true, "b": { "c": 1 } }, "sampling": true, "elicitation": {},
            },
            "clientInfo": { "name": "t", "title": "T", "icons": 5 },
        }));
        let kept = json!({
            "protocolVersion": "2025-11-25",
            "capabilities": { "experimental": { "b": { "c": 1 } }, "elicitation": {} },
            "clientInfo": { "name": "t", "version": "0", "title": "T" },
            "_meta": {},
        });
        assert_eq!(given, Some(kept.clone()));
        assert_eq!(client(kept), None);
    }
}
