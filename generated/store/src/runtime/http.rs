//! MCP over streamable HTTP, with JSON answers where there is no session.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Method;
use axum::http::header::{CONNECTION, HeaderValue};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rmcp::ServerHandler;
use rmcp::transport::StreamableHttpServerConfig;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::address::{Address, Proxies};
use super::front::{self, Allowed, Front};
use super::management::Management;
use super::places::{self, Places};
use super::room::Room;
use super::sessions::Sessions;

/// How to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Host names that requests may name, beside those of this machine: a guard against DNS
    /// rebinding. `*` is all of them.
    pub allowed_hosts: Vec<String>,
    /// Origins that browsers may call from, beside those of this machine. `*` is all of them.
    pub allowed_origins: Vec<String>,
    /// The largest request, in bytes.
    pub max_request_bytes: usize,
    /// How long a request may take: to come, and then to be answered.
    pub request_timeout: Duration,
    /// How long a call may be silent before it gives a sign of life.
    pub keep_alive: Duration,
    /// Connections at one time. Who comes then gets the place of one that waits for no answer, or waits.
    /// Half of them may be streams of events.
    pub max_connections: usize,
    /// Proxies whose word is taken for where a request comes from.
    pub trusted_proxies: Proxies,
    /// Has a line for each call.
    pub audit: Arc<super::audit::Audit>,
    /// Sessions at one time, for clients of revisions before 2026-07-28.
    pub max_sessions: usize,
}

/// How long after a stop connections are taken, and those that are open may ask once more: who has not
/// heard of it yet is answered, and told that the connection ends.
const LAME: Duration = Duration::from_millis(500);

/// The routes: `/mcp`, and those for whoever runs the server.
pub fn router<S: ServerHandler + Clone>(
    server: S,
    management: &Management,
    options: &Options,
    stop: CancellationToken,
) -> Router {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(options.max_request_bytes)
        .with_sse_keep_alive(Some(options.keep_alive))
        // The front looks at them, before it reads what comes.
        .disable_allowed_hosts();
    let mcp = {
        let sessions = Arc::new(Sessions::new(server, config, stop, options.max_sessions));
        let answer = move |request: axum::extract::Request| {
            let sessions = Arc::clone(&sessions);
            async move { sessions.handle(request).await }
        };
        Router::new().route("/mcp", axum::routing::any(answer))
    };
    let front = Front {
        hosts: Allowed::new(&options.allowed_hosts),
        origins: Allowed::new(&options.allowed_origins),
        room: Room::new(options.max_request_bytes),
        timeout: options.request_timeout,
        keep_alive: options.keep_alive,
        proxies: options.trusted_proxies.clone(),
        streams: Arc::new(Semaphore::new((options.max_connections / 2).max(1))),
        sessions: options.max_sessions > 0,
        audit: Arc::clone(&options.audit),
    };
    let origins = front.origins.clone();
    let methods = [Method::POST, Method::GET, Method::DELETE];
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| origins.origin(origin)))
        .allow_methods(methods)
        .allow_headers(AllowHeaders::mirror_request());
    let cors = cors.expose_headers([
        axum::http::HeaderName::from_static(super::sessions::HEADER),
    ]);
    // What is at no path of these is not found, whatever is asked there.
    let router = mcp
        .route_layer(axum::middleware::from_fn_with_state(front, front::answer))
        .route_layer(cors);
    if management.is_apart() {
        return router;
    }
    router.merge(management.routes())
}

/// Ends when nothing new is taken any more.
async fn lame(stop: CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(LAME).await;
}

/// How long the head of a request may take to come, and a connection may be idle.
const IDLE: Duration = Duration::from_secs(30);

/// Serves until `stop`, and then until the requests that are under way are answered, for at most as
/// long as a request may take.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve<S: ServerHandler + Clone>(
    server: S,
    management: &Management,
    bind: SocketAddr,
    options: &Options,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let max_connections = places::possible(options.max_connections);
    let options = &Options { max_connections, ..options.clone() };
    let listener = TcpListener::bind(bind)
        .await
        .map_err(|error| std::io::Error::new(error.kind(), format!("{bind}: {error}")))?;
    tracing::info!("serving http://{}/mcp", listener.local_addr()?);
    let router = router(
        server,
        management,
        options,
        stop.clone(),
    );
    let mut places = Places::new(options.max_connections);
    let mut closed = pin!(lame(stop.clone()));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut closed => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Most often there are too many open files: it passes when some are closed.
                tracing::warn!(%error, "a connection could not be accepted");
                let closed = places.make_room();
                let wait = if closed { 5 } else { 100 };
                tokio::time::sleep(Duration::from_millis(wait)).await;
                continue;
            }
        };
        // Whoever is gone already asks nothing.
        let Ok(peer) = stream.peer_addr() else { continue };
        // Without it a small answer waits 40 ms for the client's acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection without TCP_NODELAY");
        }
        let place = tokio::select! {
            place = places.take() => place,
            () = &mut closed => break,
        };
        let (service, asking) = (TowerToHyperService::new(router.clone()), Arc::clone(&place));
        let (ends, stop) = (stop.clone(), stop.clone());
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let (asking, ends) = (Arc::clone(&asking), ends.clone());
            let request = {
                let mut request = request;
                request.extensions_mut().insert(Address::of_peer(peer));
                request
            };
            let answer = service.call(request.map(|body| asking.asks(Body::new(body))));
            async move {
                let mut answer = answer.await?.map(|body| asking.answered(body));
                if ends.is_cancelled() {
                    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, std::convert::Infallible>(answer)
            }
        });
        let head = options.request_timeout.min(IDLE);
        let connected = management.connects();
        tokio::spawn(async move {
            let _connected = connected;
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(head)
                .serve_connection(TokioIo::new(stream), service);
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => Some(ended),
                () = place.taken_away() => None,
                () = lame(stop.clone()) => None,
            };
            let ended = match ended {
                Some(ended) => ended,
                None => {
                    connection.as_mut().graceful_shutdown();
                    tokio::select! {
                        ended = connection => ended,
                        () = place.lost() => Ok(()),
                        () = place.quiet(), if stop.is_cancelled() => Ok(()),
                    }
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(options.request_timeout, places.empty()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    Ok(())
}
