//! Sessions, for clients of the older revisions that must be asked something while they wait.
//!
//! A client that begins with `initialize` gets one, up to a number; everything else is served without,
//! as before: the revisions from 2026-07-28 on have no sessions, and a call needs none.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{RoleServer, ServerHandler};
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// The header that names a session.
pub const HEADER: &str = "mcp-session-id";

/// Whether the client hears what is no answer to its request: over HTTP that comes on a session alone,
/// in the revisions that have them.
pub fn hears(context: &RequestContext<RoleServer>) -> bool {
    let http = context.extensions.get::<axum::http::request::Parts>();
    http.is_none_or(|request| request.headers.contains_key(HEADER))
}

/// How long a session lives without a message.
const IDLE: Duration = Duration::from_secs(300);

/// When a client that found no place may try again, in seconds.
const RETRY_AFTER: &str = "30";

/// MCP over HTTP with sessions for those who need one.
pub struct Sessions<S> {
    without: StreamableHttpService<S, NeverSessionManager>,
    with: StreamableHttpService<S, LocalSessionManager>,
    open: Arc<LocalSessionManager>,
    /// One client at a time is let in, so that the number holds.
    door: Mutex<()>,
    most: usize,
    stop: CancellationToken,
    /// Who began which session: nobody else may use it.
    owners: Mutex<HashMap<String, Option<String>>>,
}

impl<S: ServerHandler + Clone> Sessions<S> {
    /// Serves with this configuration, and with so many sessions at a time, each of them some 50 KB;
    /// with none of them, clients that begin with `initialize` are served without one as well. At
    /// `stop`, streams that answer no call end.
    pub fn new(
        server: S,
        config: StreamableHttpServerConfig,
        stop: CancellationToken,
        most: usize,
    ) -> Self {
        Self::with_idle(server, config, stop, most, IDLE)
    }

    /// The same, with sessions that live so long without a message.
    pub fn with_idle(
        server: S,
        config: StreamableHttpServerConfig,
        stop: CancellationToken,
        most: usize,
        idle: Duration,
    ) -> Self {
        let mut open = LocalSessionManager::default();
        open.session_config.keep_alive = Some(idle);
        let open = Arc::new(open);
        let factory = move || Ok(server.clone());
        let never = Arc::new(NeverSessionManager::default());
        let without = StreamableHttpService::new(factory.clone(), never, config.clone());
        let config = config.with_legacy_session_mode(true);
        let with = StreamableHttpService::new(factory, Arc::clone(&open), config);
        Self {
            without,
            with,
            open,
            door: Mutex::new(()),
            most,
            stop,
            owners: Mutex::default(),
        }
    }

    /// How many sessions there are.
    pub async fn count(&self) -> usize {
        self.open.sessions.read().await.len()
    }

    /// Answers a request.
    pub async fn handle(&self, request: Request) -> Response {
        if self.most == 0 {
            return self.without.handle(request).await.map(Body::new);
        }
        let named = request.headers().get(HEADER).is_some_and(|name| name.to_str().is_ok());
        if named && !self.owned(request.headers(), client(&request)).await {
            return (StatusCode::NOT_FOUND, "there is no such session\n").into_response();
        }
        if request.method() == Method::GET {
            // It waits for what the server has to say; when that stops, nothing comes any more.
            let stopped = self.stop.clone().cancelled_owned();
            let response = self.with.handle(request).await;
            return response.map(|body| {
                Body::from_stream(Body::new(body).into_data_stream().take_until(stopped))
            });
        }
        if request.method() == Method::DELETE {
            let mut response = self.with.handle(request).await.map(Body::new);
            // Some clients take 202 for a failure, and say so.
            if response.status() == StatusCode::ACCEPTED {
                *response.status_mut() = StatusCode::NO_CONTENT;
            }
            return response;
        }
        if named {
            return self.with.handle(request).await.map(Body::new);
        }
        let (parts, body) = request.into_parts();
        let Ok(body) = to_bytes(body, self.with.config.max_request_body_bytes).await else {
            return (StatusCode::PAYLOAD_TOO_LARGE, "the request is too large\n").into_response();
        };
        let begins = begins_session(&body);
        let request = Request::from_parts(parts, Body::from(body));
        if !begins {
            return self.without.handle(request).await.map(Body::new);
        }
        let _door = self.door.lock().await;
        if self.count().await >= self.most {
            tracing::warn!("no client is let in: there are {} sessions", self.most);
            let later = [(header::RETRY_AFTER, RETRY_AFTER)];
            let full = "there are too many sessions; try again later\n";
            return (StatusCode::SERVICE_UNAVAILABLE, later, full).into_response();
        }
        let owner = client(&request);
        let response = self.with.handle(request).await.map(Body::new);
        if let Some(session) = response.headers().get(HEADER).and_then(|id| id.to_str().ok()) {
            let open = self.open.sessions.read().await;
            let mut owners = self.owners.lock().await;
            owners.retain(|id, _| open.contains_key(id.as_str()));
            owners.insert(session.to_owned(), owner);
        }
        response
    }

    /// Whether the session that a request names was begun by whoever sends it.
    async fn owned(&self, headers: &HeaderMap, client: Option<String>) -> bool {
        let session = headers.get(HEADER).and_then(|id| id.to_str().ok());
        let owners = self.owners.lock().await;
        session.and_then(|id| owners.get(id)).is_none_or(|owner| *owner == client)
    }
}

/// Who sends a request.
fn client(request: &Request) -> Option<String> {
    let caller = request.extensions().get::<Arc<super::auth::Caller>>()?;
    caller.client().map(str::to_owned)
}

/// Whether a message is one of `initialize`.
fn begins_session(body: &Bytes) -> bool {
    /// What is looked at of a message.
    #[derive(Deserialize)]
    struct Message<'m> {
        #[serde(borrow)]
        method: Option<Cow<'m, str>>,
    }
    serde_json::from_slice::<Message<'_>>(body)
        .is_ok_and(|message| message.method.as_deref() == Some("initialize"))
}
