//! What each request has around it: an end before its time, and a place in the log.

use std::time::Instant;

use axum::http::request::Parts;
use rmcp::RoleServer;
use rmcp::model::ErrorData;
use rmcp::service::RequestContext;
use tracing::Instrument as _;
use tracing::field::Empty;

/// The type of the error that a cancelled request comes to. Its client does not wait for it.
pub const CANCELLED: &str = "CANCELLED";

/// Answers a request, unless it is cancelled: then the answer is dropped, which stops its statement
/// and rolls back. Every line that is logged meanwhile says which request it belongs to, and in which
/// trace: the `traceparent` of its `_meta`, or of the HTTP request.
///
/// # Errors
/// The request was cancelled.
pub async fn request<T>(
    context: &RequestContext<RoleServer>,
    method: &'static str,
    name: &str,
    answer: impl Future<Output = T>,
) -> Result<T, ErrorData> {
    // On the heap: what waits for a database is large, and is moved a few times on its way.
    let answer = Box::pin(answer);
    let name: String = name.chars().take(128).collect();
    let span = tracing::info_span!("request", method, of = ?name, traceparent = Empty);
    if let Some(trace) = traceparent(context) {
        span.record("traceparent", trace);
    }
    let parts = context.extensions.get::<Parts>();
    let ended = parts.and_then(|parts| parts.extensions.get::<super::sessions::Ended>()).cloned();
    let ended = ended.unwrap_or_default();
    async {
        let cancelled = async {
            tokio::select! {
                () = context.ct.cancelled() => {}
                () = ended.0.cancelled() => {}
            }
        };
        let begun = Instant::now();
        let (answer, end) = tokio::select! {
            answer = answer => (Ok(answer), "answered"),
            () = cancelled => (Err(self::cancelled()), "cancelled"),
        };
        tracing::debug!(milliseconds = begun.elapsed().as_millis(), "{end}");
        answer
    }
    .instrument(span)
    .await
}

/// What a cancelled request is answered with.
pub fn cancelled() -> ErrorData {
    let kind = serde_json::json!({ "type": CANCELLED });
    ErrorData::internal_error("the request was cancelled", Some(kind))
}

/// How long an answer waits for a client that is slow to hear what was said before it.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(1);

/// Runs a call, and beside it what tells the client of it: no transaction waits for a client.
pub async fn telling<T>(call: impl Future<Output = T>, tell: impl Future<Output = ()>) -> T {
    let mut call = std::pin::pin!(call);
    let mut tell = std::pin::pin!(tell);
    let answer = tokio::select! {
        answer = &mut call => answer,
        () = &mut tell => return call.await,
    };
    let _ = tokio::time::timeout(PATIENCE, tell).await;
    answer
}

/// The `traceparent` of a request: that of its `_meta`, or of the HTTP request.
pub fn traceparent(context: &RequestContext<RoleServer>) -> Option<&str> {
    let parts = context.extensions.get::<Parts>();
    let header = parts.and_then(|parts| parts.headers.get("traceparent")?.to_str().ok());
    context.meta.get_traceparent().or(header).filter(|it| is_trace(it))
}

/// Whether it is what W3C Trace Context calls a `traceparent`: nothing else of a client's goes into
/// the log like this.
fn is_trace(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let hexadecimal = |part: &&str| part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    parts.iter().map(|part| part.len()).eq([2, 32, 16, 2]) && parts.iter().all(hexadecimal)
}

#[cfg(test)]
mod tests {
    use super::is_trace;

    #[test]
    fn only_a_traceparent_is_one() {
        assert!(is_trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        for text in ["", "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a\n-b-c-d"] {
            assert!(!is_trace(text), "{text:?}");
        }
    }
}
