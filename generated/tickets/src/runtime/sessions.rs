//! Sessions, for clients of the older revisions that must be asked something while they wait.
//!
//! A client that begins with `initialize` gets one, up to a number; everything else is served without,
//! as before: the revisions from 2026-07-28 on have no sessions, and a call needs none.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::SessionManager as _;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{RoleServer, ServerHandler};
use tokio_util::sync::CancellationToken;

use super::jsonrpc;

/// The header that names a session.
pub const HEADER: &str = "mcp-session-id";

/// Whether the client hears what is no answer to its request: over HTTP that comes on a session alone,
/// in the revisions that have them.
pub fn hears(context: &RequestContext<RoleServer>) -> bool {
    let http = context.extensions.get::<axum::http::request::Parts>();
    http.is_none_or(|request| request.headers.contains_key(HEADER))
}

/// How long a session lives that nobody uses. Clients do not begin anew when theirs is gone, so that it
/// outlives a person's lunch.
const IDLE: Duration = Duration::from_secs(3600);

/// How long a session is left alone before it makes room for another one.
const YOUNG: Duration = Duration::from_secs(60);

/// When a client that found no place may try again, in seconds.
const RETRY_AFTER: &str = "30";

/// MCP over HTTP with sessions for those who need one.
pub struct Sessions<S> {
    without: StreamableHttpService<S, NeverSessionManager>,
    with: StreamableHttpService<S, LocalSessionManager>,
    open: Arc<Open>,
    /// One client at a time is let in, so that the number holds.
    door: tokio::sync::Mutex<()>,
    most: usize,
    stop: CancellationToken,
}

/// The sessions that there are.
struct Open {
    manager: Arc<LocalSessionManager>,
    sessions: Mutex<HashMap<String, Session>>,
    idle: Duration,
}

/// What is known of a session.
struct Session {
    usage: Arc<Mutex<Usage>>,
    /// Its requests end with it.
    ended: Ended,
    /// Who began it: nobody else may use it.
    owner: Option<serde_json::Value>,
}

/// How a session is used.
struct Usage {
    /// Requests that are under way, and streams that wait for what the server has to say.
    busy: usize,
    last: Instant,
}

/// Says that a session is used, until it is dropped.
struct Using(Arc<Mutex<Usage>>);

impl Drop for Using {
    fn drop(&mut self) {
        let mut usage = lock(&self.0);
        usage.busy -= 1;
        usage.last = Instant::now();
    }
}

/// Stands in a request of a session: cancelled when the session ends.
#[derive(Debug, Clone, Default)]
pub struct Ended(pub CancellationToken);

impl Session {
    /// How long nobody used it; none while somebody does.
    fn unused(&self) -> Option<Duration> {
        let usage = lock(&self.usage);
        (usage.busy == 0).then(|| usage.last.elapsed())
    }

    fn used(&self) -> Using {
        lock(&self.usage).busy += 1;
        Using(Arc::clone(&self.usage))
    }
}

impl Open {
    /// Ends sessions that nobody used for this long, at most so many, the longest unused first.
    async fn end_unused(&self, unused: Duration, most: usize) {
        let mut old: Vec<(Duration, String)> = lock(&self.sessions)
            .iter()
            .filter_map(|(name, session)| Some((session.unused()?, name.clone())))
            .filter(|(since, _)| *since >= unused)
            .collect();
        old.sort_unstable_by_key(|(since, _)| std::cmp::Reverse(*since));
        for (_, name) in old.into_iter().take(most) {
            self.end(&name).await;
        }
    }

    async fn end(&self, name: &str) {
        if let Some(session) = lock(&self.sessions).remove(name) {
            session.ended.0.cancel();
        }
        if let Err(error) = self.manager.close_session(&name.into()).await {
            tracing::debug!(%error, "a session did not end as it should");
        }
    }
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

    /// The same, with sessions that live so long without being used.
    pub fn with_idle(
        server: S,
        config: StreamableHttpServerConfig,
        stop: CancellationToken,
        most: usize,
        idle: Duration,
    ) -> Self {
        let mut manager = LocalSessionManager::default();
        // An open stream is a use as well, which it does not see.
        manager.session_config.keep_alive = None;
        // Empty events at the beginning of a stream are what many clients cannot read.
        manager.session_config.sse_retry = None;
        let manager = Arc::new(manager);
        let factory = move || Ok(server.clone());
        let never = Arc::new(NeverSessionManager::default());
        let config = config.with_sse_retry(None);
        let without = StreamableHttpService::new(factory.clone(), never, config.clone());
        let config = config.with_legacy_session_mode(true);
        let with = StreamableHttpService::new(factory, Arc::clone(&manager), config);
        let open = Arc::new(Open { manager, sessions: Mutex::default(), idle });
        let sweeping = sweep(Arc::downgrade(&open), idle, stop.clone());
        tokio::spawn(sweeping);
        Self { without, with, open, door: tokio::sync::Mutex::default(), most, stop }
    }

    /// How many sessions there are.
    pub async fn count(&self) -> usize {
        self.open.manager.sessions.read().await.len()
    }

    /// Answers a request.
    pub async fn handle(&self, mut request: Request) -> Response {
        if self.most == 0 {
            return self.without.handle(request).await.map(Body::new);
        }
        if let Some(name) = request.headers().get(HEADER) {
            let name = name.to_str().unwrap_or_default().to_owned();
            let Some((using, ended)) = self.found(&name, &request) else {
                return (StatusCode::NOT_FOUND, "there is no such session\n").into_response();
            };
            request.extensions_mut().insert(ended);
            return self.on_session(&name, using, request).await;
        }
        if request.method() != Method::POST {
            return self.with.handle(request).await.map(Body::new);
        }
        let (parts, body) = request.into_parts();
        let Ok(body) = to_bytes(body, self.with.config.max_request_body_bytes).await else {
            return (StatusCode::PAYLOAD_TOO_LARGE, "the request is too large\n").into_response();
        };
        let begins = jsonrpc::is_of("initialize", &body);
        let request = Request::from_parts(parts, Body::from(body));
        match begins {
            true => self.begin(request).await,
            false => self.without.handle(request).await.map(Body::new),
        }
    }

    /// The session of this name, if there is one and it is the client's.
    fn found(&self, name: &str, _request: &Request) -> Option<(Using, Ended)> {
        let sessions = lock(&self.open.sessions);
        let session = sessions.get(name)?;
        if session.owner != client(_request) {
            return None;
        }
        session.unused().is_none_or(|unused| unused < self.open.idle).then_some(())?;
        Some((session.used(), session.ended.clone()))
    }

    async fn on_session(&self, name: &str, using: Using, request: Request) -> Response {
        if request.method() == Method::DELETE {
            // Its statements end now, and not when it has been given time to answer.
            self.open.end(name).await;
            return StatusCode::NO_CONTENT.into_response();
        }
        let waits = request.method() == Method::GET;
        let response = self.with.handle(request).await.map(Body::new);
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
            return response;
        }
        // The session is used as long as the stream is there.
        response.map(|body| {
            let chunks = body.into_data_stream().inspect(move |_| {
                let _ = &using;
            });
            match waits {
                // When the server stops, nothing comes any more.
                true => Body::from_stream(chunks.take_until(self.stop.clone().cancelled_owned())),
                false => Body::from_stream(chunks),
            }
        })
    }

    async fn begin(&self, mut request: Request) -> Response {
        let _door = self.door.lock().await;
        if self.count().await >= self.most {
            self.open.end_unused(YOUNG.min(self.open.idle), 1).await;
        }
        if self.count().await >= self.most {
            tracing::warn!("no client is let in: there are {} sessions", self.most);
            let later = [(header::RETRY_AFTER, RETRY_AFTER)];
            let full = "there are too many sessions; try again later\n";
            return (StatusCode::SERVICE_UNAVAILABLE, later, full).into_response();
        }
        let ended = Ended::default();
        request.extensions_mut().insert(ended.clone());
        let owner = client(&request);
        let response = self.with.handle(request).await.map(Body::new);
        if let Some(name) = response.headers().get(HEADER).and_then(|name| name.to_str().ok()) {
            let usage = Arc::new(Mutex::new(Usage { busy: 0, last: Instant::now() }));
            let session = Session {
                usage,
                ended,
                owner,
            };
            lock(&self.open.sessions).insert(name.to_owned(), session);
        }
        response
    }
}

/// Ends sessions that nobody uses, until the server stops.
async fn sweep(open: Weak<Open>, idle: Duration, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(idle / 4) => {}
            () = stop.cancelled() => return,
        }
        let Some(open) = open.upgrade() else { return };
        open.end_unused(idle, usize::MAX).await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who sends a request.
fn client(request: &Request) -> Option<serde_json::Value> {
    let caller = request.extensions().get::<Arc<super::auth::Caller>>()?;
    Some(caller.identity())
}
