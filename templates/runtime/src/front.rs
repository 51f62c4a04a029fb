//! What stands in front of the protocol over HTTP: who may ask, how much and for how long. What is
//! wrong with a request is said as JSON-RPC says it, and a call that takes long gives signs of life.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "retry-after")]
use axum::body::HttpBody as _;
use axum::body::{Body, BodyDataStream, Bytes, to_bytes};
use axum::extract::{Request, State};
#[cfg(all(feature = "retry-after", not(feature = "sessions")))]
use axum::http::header::RETRY_AFTER;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HOST, ORIGIN};
#[cfg(feature = "sessions")]
use axum::http::header::{ALLOW, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, stream};
use rmcp::model::{ErrorCode, JsonRpcError, RequestId};
use serde_json::Value;
#[cfg(feature = "sessions")]
use tokio::sync::Semaphore;

use super::jsonrpc::{self, Came};
#[cfg(feature = "sessions")]
use super::places::until_end;
use super::room::Room;

/// Who may ask, how much and for how long.
#[derive(Debug, Clone)]
pub struct Front {
    /// What the server may be called.
    pub hosts: Allowed,
    /// Where browsers may call from.
    pub origins: Allowed,
    /// Room for large requests.
    pub room: Room,
    /// How long the rest of a request may take to come, and then how long its answer.
    pub timeout: Duration,
    /// How long a call may be silent.
    pub keep_alive: Duration,
    /// Streams that end when the client wants it: calls find places beside them.
    #[cfg(feature = "sessions")]
    pub streams: Arc<Semaphore>,
    /// Proxies whose word is taken for where a request comes from.
    #[cfg(feature = "address")]
    pub proxies: super::address::Proxies,
    /// Whether there are sessions.
    #[cfg(feature = "sessions")]
    pub sessions: bool,
    /// Lets callers in.
    #[cfg(feature = "auth")]
    pub gate: super::gate::Gate,
    /// Has a line for each call.
    #[cfg(feature = "audit")]
    pub audit: Arc<super::audit::Audit>,
}

/// Where requests may go to, or come from: this machine, and what is named.
#[derive(Debug, Clone)]
pub struct Allowed(Arc<[String]>);

impl Allowed {
    /// This machine and these; `*` is everything.
    pub fn new(named: &[String]) -> Self {
        let named = named.iter().map(|name| name.trim().trim_end_matches('/'));
        // A variable that is set to nothing names nothing.
        let named = named.filter(|name| !name.is_empty());
        Self(named.map(str::to_ascii_lowercase).collect())
    }

    /// Whether a page of this origin may call: `https://app.example`.
    pub fn origin(&self, origin: &HeaderValue) -> bool {
        origin.to_str().is_ok_and(|origin| {
            let origin = origin.to_ascii_lowercase();
            let here = origin.split_once("://").is_some_and(|(_, at)| is_here(without_port(at)));
            here || self.names(&origin)
        })
    }

    /// Whether the server may be called this: `mcp.example`, with any port, or with one.
    fn host(&self, host: &HeaderValue) -> bool {
        host.to_str().is_ok_and(|host| {
            let host = host.to_ascii_lowercase();
            let name = without_port(&host);
            is_here(name) || self.names(&host) || self.names(name)
        })
    }

    fn names(&self, name: &str) -> bool {
        self.0.iter().any(|named| named == "*" || named == name)
    }
}

fn is_here(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Answers a request, with the help of what stands behind.
pub async fn answer(State(front): State<Front>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    #[cfg(feature = "address")]
    front.proxies.look(&mut parts);
    if [HOST, ORIGIN].iter().any(|name| parts.headers.get_all(name).iter().count() > 1) {
        let message = "a request has one host and one origin at most";
        return refused(StatusCode::BAD_REQUEST, None, message);
    }
    if parts.headers.get(HOST).is_some_and(|host| !front.hosts.host(host)) {
        return refused(StatusCode::FORBIDDEN, None, "this server does not have this name");
    }
    if parts.headers.get(ORIGIN).is_some_and(|origin| !front.origins.origin(origin)) {
        let message = "this origin may not call this server";
        return refused(StatusCode::FORBIDDEN, None, message);
    }
    // Whoever has no token yet must find out where there is one.
    #[cfg(feature = "auth")]
    if parts.uri.path().starts_with(super::gate::METADATA) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    #[cfg(feature = "auth")]
    if let Err(response) = front.gate.admit(&mut parts).await {
        #[cfg(feature = "audit")]
        front.audit.refused(&parts, response.status());
        return response;
    }
    if parts.method != Method::POST {
        #[cfg(feature = "auth")]
        if let Some(response) = front.gate.refusal(&parts, b"{}", None) {
            return response;
        }
        #[cfg(feature = "sessions")]
        if parts.method == Method::GET {
            // What a client of the transport before this one must hear to go on to it.
            if front.sessions && !parts.headers.contains_key(super::sessions::HEADER) {
                let why = "a stream of events needs a session: begin with `initialize`";
                let mut response = refused(StatusCode::METHOD_NOT_ALLOWED, None, why);
                let allowed = HeaderValue::from_static("POST, GET, DELETE");
                response.headers_mut().insert(ALLOW, allowed);
                return response;
            }
            if accepts(&parts.headers, "text/event-stream") {
                parts.headers.insert(ACCEPT, BOTH);
            }
            let answer = next.run(Request::from_parts(parts, body));
            return worded(front.stream(answer, None).await, None).await;
        }
        return worded(next.run(Request::from_parts(parts, body)).await, None).await;
    }
    if !is(&parts.headers, "application/json") {
        let message = "Content-Type must be application/json";
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, None, message);
    }
    let streams = accepts(&parts.headers, "text/event-stream");
    if accepts(&parts.headers, "application/json") {
        parts.headers.insert(ACCEPT, BOTH);
    }
    let (bytes, room) = match front.room.whole(body, front.timeout).await {
        Ok(whole) => whole,
        Err(response) => return response,
    };
    let mut answer: Answer = match jsonrpc::look(&bytes) {
        Ok(Came::One(id)) => front.begin(parts, bytes, id, next),
        Ok(Came::Batch(messages)) => Box::pin(front.clone().batch(parts, messages, next)),
        Err(error) => return json(StatusCode::BAD_REQUEST, &error),
    };
    if room.is_some() {
        answer = Box::pin(async move {
            let _room = room;
            answer.await
        });
    }
    match streams {
        true => kept_alive(answer, front.keep_alive).await,
        false => whole(answer, front.timeout).await,
    }
}

/// What the protocol wants its clients to take.
const BOTH: HeaderValue = HeaderValue::from_static("application/json, text/event-stream");

/// What is on its way.
type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

impl Front {
    fn begin(&self, mut parts: Parts, bytes: Bytes, id: Option<RequestId>, next: Next) -> Answer {
        #[cfg(feature = "audit")]
        if let Some(call) = self.audit.came(&mut parts, &bytes) {
            let answer = self.begin(parts, bytes, id, next);
            return Box::pin(async move {
                let answer = answer.await;
                call.answered(&answer);
                answer
            });
        }
        #[cfg(feature = "auth")]
        if let Some(response) = self.gate.refusal(&parts, &bytes, id.as_ref()) {
            return Box::pin(std::future::ready(response));
        }
        let bytes = match jsonrpc::mended(&bytes) {
            Ok(mended) => mended.map_or(bytes, Bytes::from),
            Err(error) => {
                return Box::pin(std::future::ready(json(StatusCode::BAD_REQUEST, &error)));
            }
        };
        // It is not what came.
        parts.headers.remove(CONTENT_LENGTH);
        let timeout = self.timeout;
        #[cfg(feature = "sessions")]
        let listens = jsonrpc::is_of("subscriptions/listen", &bytes).then(|| self.clone());
        let request = Request::from_parts(parts, Body::from(bytes));
        let answer = next.run(request);
        #[cfg(feature = "sessions")]
        let answer = {
            let id = id.clone();
            async move {
                match listens {
                    Some(front) => front.stream(answer, id).await,
                    None => answer.await,
                }
            }
        };
        Box::pin(async move {
            match tokio::time::timeout(timeout, answer).await {
                #[cfg(not(feature = "retry-after"))]
                Ok(answer) => worded(answer, id).await,
                #[cfg(feature = "retry-after")]
                Ok(answer) => hinted(worded(answer, id).await).await,
                // Not 408, which invites clients to send the same request again.
                Err(_) => refused(StatusCode::GATEWAY_TIMEOUT, id, "the request took too long"),
            }
        })
    }

    /// An answer that may be a stream which ends when the client wants it, if there is room for one more.
    #[cfg(feature = "sessions")]
    async fn stream(
        &self,
        answer: impl Future<Output = Response>,
        id: Option<RequestId>,
    ) -> Response {
        let Ok(place) = Arc::clone(&self.streams).try_acquire_owned() else {
            tracing::warn!("a stream of events is refused: half of the connections are some");
            let why = "there are too many streams of events; try again later";
            let mut response = refused(StatusCode::SERVICE_UNAVAILABLE, id, why);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("30"));
            return response;
        };
        answer.await.map(|body| until_end(body, move || drop(place)))
    }

    /// Answers the messages of a batch in their order, in one list.
    async fn batch(self, parts: Parts, messages: Vec<Value>, next: Next) -> Response {
        let revision = parts.headers.get("mcp-protocol-version");
        let knows = revision.is_none_or(|revision| *revision <= *"2025-03-26");
        if !knows || messages.len() > jsonrpc::BATCH {
            return json(StatusCode::BAD_REQUEST, &jsonrpc::no_batch());
        }
        let mut answers = Vec::new();
        for message in messages {
            let begins = message["method"] == "initialize";
            let bytes = Bytes::from(message.to_string());
            let parts = parts.clone();
            match jsonrpc::look(&bytes) {
                // It would open a session of which nobody hears.
                Ok(Came::One(id)) if begins => {
                    let why = "`initialize` is no part of a batch";
                    let error = jsonrpc::error(id, ErrorCode::INVALID_REQUEST, why);
                    answers.extend(serde_json::to_value(error));
                }
                Ok(Came::One(id)) => {
                    answers.extend(last(self.begin(parts, bytes, id, next.clone()).await).await);
                }
                Ok(Came::Batch(_)) => answers.extend(serde_json::to_value(jsonrpc::unread(None))),
                Err(error) => answers.extend(serde_json::to_value(error)),
            }
        }
        match answers.is_empty() {
            true => StatusCode::ACCEPTED.into_response(),
            false => json(StatusCode::OK, &answers),
        }
    }
}

/// An answer as JSON-RPC: what the transport has to say for itself comes as plain text.
async fn worded(answer: Response, id: Option<RequestId>) -> Response {
    let status = answer.status();
    if is(answer.headers(), "application/json")
        || !(status.is_client_error() || status.is_server_error())
    {
        return answer;
    }
    // The body has been found to be JSON; that it is no message of the protocol comes as 415.
    if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return json(StatusCode::BAD_REQUEST, &jsonrpc::unread(id));
    }
    let (mut parts, body) = answer.into_parts();
    let text = to_bytes(body, WORDS).await.unwrap_or_default();
    let said = refused(status, id, &String::from_utf8_lossy(&text));
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.extend(said.headers().clone());
    Response::from_parts(parts, said.into_body())
}

/// An answer with `Retry-After` where it says when to ask again: proxies and HTTP clients know that.
#[cfg(feature = "retry-after")]
async fn hinted(answer: Response) -> Response {
    // Refusals are short, and nothing else is looked at.
    let short = answer.body().size_hint().exact().is_some_and(|length| length <= WORDS as u64);
    if !short || !is(answer.headers(), "application/json") {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let bytes = to_bytes(body, WORDS).await.unwrap_or_default();
    if let Some(seconds) = jsonrpc::retry_after(&bytes) {
        parts.headers.insert(RETRY_AFTER, seconds.into());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// The most that the transport says for itself, in bytes.
const WORDS: usize = 4096;

/// The answer at once where that can be, else a stream that begins with a sign of life, gives more of
/// them, and ends with the answer. Whoever closes the connection drops it, and with it the call.
async fn kept_alive(mut answer: Answer, every: Duration) -> Response {
    tokio::select! {
        answer = &mut answer => answer,
        () = tokio::time::sleep(every) => stream_of(answer, every),
    }
}

/// The answer for a client that takes JSON alone: the last message where it is a stream, whatever is
/// told before, and no sign of life.
async fn whole(answer: Answer, timeout: Duration) -> Response {
    let answer = answer.await;
    if !is(answer.headers(), "text/event-stream") {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let stream = Response::from_parts(parts.clone(), body);
    let Ok(last) = tokio::time::timeout(timeout, last(stream)).await else {
        return refused(StatusCode::GATEWAY_TIMEOUT, None, "the request took too long");
    };
    let said = json(parts.status, &last);
    parts.headers.extend(said.headers().clone());
    Response::from_parts(parts, said.into_body())
}

fn stream_of(answer: Answer, every: Duration) -> Response {
    enum State {
        Waiting(Answer),
        Passing(BodyDataStream),
        Done,
    }
    const ALIVE: Bytes = Bytes::from_static(b": the call goes on\n\n");
    let rest = stream::unfold(State::Waiting(answer), move |mut state| async move {
        loop {
            state = match state {
                State::Waiting(mut answer) => tokio::select! {
                    response = &mut answer => {
                        if is(response.headers(), "text/event-stream") {
                            State::Passing(response.into_body().into_data_stream())
                        } else {
                            let body = to_bytes(response.into_body(), usize::MAX).await;
                            let body = body.ok().filter(|body| !body.is_empty())?;
                            let event = [b"data: ", &*body, b"\n\n"].concat();
                            return Some((Ok(Bytes::from(event)), State::Done));
                        }
                    }
                    () = tokio::time::sleep(every) => {
                        return Some((Ok(ALIVE), State::Waiting(answer)));
                    }
                },
                State::Passing(mut chunks) => {
                    return chunks.next().await.map(|chunk| (chunk, State::Passing(chunks)));
                }
                State::Done => return None,
            }
        }
    });
    let events = stream::once(std::future::ready(Ok(ALIVE))).chain(rest);
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-cache")];
    // A proxy that gathers them gives no sign of life.
    let unbuffered = [("X-Accel-Buffering", "no")];
    (headers, unbuffered, Body::from_stream(events)).into_response()
}

/// The response in an answer, which is the last message of a stream.
async fn last(answer: Response) -> Option<Value> {
    let events = is(answer.headers(), "text/event-stream");
    let body = to_bytes(answer.into_body(), usize::MAX).await.ok()?;
    if !events {
        return serde_json::from_slice(&body).ok();
    }
    let text = String::from_utf8_lossy(&body);
    text.lines().rev().find_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok())
}

/// Whether a client takes content of this type: what it says, or anything where it says nothing.
fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let kind = media_type.split('/').next().unwrap_or_default();
    let matches = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        let named = essence == media_type || essence == "*/*" || essence == format!("{kind}/*");
        let weight = parts.find_map(|param| param.strip_prefix("q=")?.parse::<f32>().ok());
        named && weight.is_none_or(|weight| weight > 0.0)
    };
    let ranges = headers.get_all(ACCEPT).iter();
    !headers.contains_key(ACCEPT)
        || ranges
            .filter_map(|ranges| ranges.to_str().ok())
            .flat_map(|all| all.split(','))
            .any(matches)
}

/// Whether the content is of this type, whatever its parameters.
fn is(headers: &HeaderMap, media_type: &str) -> bool {
    let declared = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    declared.is_some_and(|declared| {
        let essence = declared.split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case(media_type)
    })
}

/// A refusal as JSON-RPC.
pub fn refused(status: StatusCode, id: Option<RequestId>, message: &str) -> Response {
    let code = match status.is_server_error() {
        true => ErrorCode::INTERNAL_ERROR,
        false => ErrorCode::INVALID_REQUEST,
    };
    json::<JsonRpcError>(status, &jsonrpc::error(id, code, message))
}

/// A body of JSON.
pub fn json<T: serde::Serialize>(status: StatusCode, body: &T) -> Response {
    let body = serde_json::to_vec(body).unwrap_or_default();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}
