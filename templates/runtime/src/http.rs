//! MCP over streamable HTTP, with JSON answers where there is no session.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rmcp::ServerHandler;
use rmcp::transport::StreamableHttpServerConfig;
#[cfg(not(feature = "sessions"))]
use rmcp::transport::StreamableHttpService;
#[cfg(not(feature = "sessions"))]
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::cors::{AllowHeaders, CorsLayer};

use super::database::Database;
#[cfg(feature = "sessions")]
use super::sessions::Sessions;

/// How to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Host names that requests may name, beside those of this machine: a guard against DNS
    /// rebinding.
    pub allowed_hosts: Vec<String>,
    /// Origins that browsers may call from.
    pub allowed_origins: Vec<String>,
    /// The largest request, in bytes.
    pub max_request_bytes: usize,
    /// How long a request may take: its headers to come, and then the rest of it.
    pub request_timeout: Duration,
}

/// How long requests that are under way may take to end after a stop.
const GRACE: Duration = Duration::from_secs(30);

/// The routes: `/mcp` and `/health`.
pub fn router<S: ServerHandler + Clone>(
    server: S,
    database: Arc<Database>,
    options: &Options,
    #[cfg(feature = "sessions")] stop: CancellationToken,
) -> Router {
    let own = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let hosts = own.into_iter().chain(options.allowed_hosts.iter().cloned());
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_allowed_hosts(hosts)
        .with_allowed_origins(options.allowed_origins.clone())
        .enforce_origin_validation()
        .with_max_request_body_bytes(options.max_request_bytes);
    #[cfg(not(feature = "sessions"))]
    let mcp = Router::new().route_service(
        "/mcp",
        StreamableHttpService::new(
            move || Ok(server.clone()),
            Arc::new(NeverSessionManager::default()),
            config,
        ),
    );
    #[cfg(feature = "sessions")]
    let mcp = {
        let sessions = Arc::new(Sessions::new(server, config, stop));
        let answer = move |request: axum::extract::Request| {
            let sessions = Arc::clone(&sessions);
            async move { sessions.handle(request).await }
        };
        Router::new().route("/mcp", axum::routing::any(answer))
    };
    let timeout = options.request_timeout;
    let limited =
        axum::middleware::from_fn(move |request, next: axum::middleware::Next| async move {
            match tokio::time::timeout(timeout, next.run(request)).await {
                Ok(response) => response,
                // Not 408, which invites clients to send the same request again.
                Err(_) => {
                    (StatusCode::GATEWAY_TIMEOUT, "the request took too long\n").into_response()
                }
            }
        });
    let origins: Vec<HeaderValue> =
        options.allowed_origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    #[cfg(not(feature = "sessions"))]
    let methods = [Method::POST];
    #[cfg(feature = "sessions")]
    let methods = [Method::POST, Method::GET, Method::DELETE];
    let cors = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods(methods)
        .allow_headers(AllowHeaders::mirror_request());
    #[cfg(feature = "sessions")]
    let cors = cors.expose_headers([axum::http::HeaderName::from_static(super::sessions::HEADER)]);
    mcp.layer(cors).route("/health", get(health).with_state(database)).layer(limited)
}

/// 200 while the database answers, 503 while it does not.
async fn health(State(database): State<Arc<Database>>) -> impl IntoResponse {
    match database.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database is away\n"),
    }
}

/// Serves until `stop`, and then until the requests that are under way are answered, for at most
/// 30 seconds.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve<S: ServerHandler + Clone>(
    server: S,
    database: Arc<Database>,
    bind: SocketAddr,
    options: &Options,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let listener = TcpListener::bind(bind)
        .await
        .map_err(|error| std::io::Error::new(error.kind(), format!("{bind}: {error}")))?;
    tracing::info!("serving http://{}/mcp", listener.local_addr()?);
    #[cfg(not(feature = "sessions"))]
    let router = router(server, database, options);
    #[cfg(feature = "sessions")]
    let router = router(server, database, options, stop.clone());
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Most often there are too many open files: it passes when some are closed.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        // Without it a small answer waits 40 ms for the client's acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection without TCP_NODELAY");
        }
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(options.request_timeout)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(GRACE, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    Ok(())
}
