//! MCP over streamable HTTP: stateless, with JSON answers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::serve::ListenerExt;
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::database::Database;

/// How to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Host names that requests may name, beside those of this machine: a guard against DNS
    /// rebinding.
    pub allowed_hosts: Vec<String>,
    /// Origins that browsers may call from; none by default.
    pub allowed_origins: Vec<String>,
    /// The largest request, in bytes.
    pub max_request_bytes: usize,
    /// How long one request may take.
    pub request_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            max_request_bytes: 1024 * 1024,
            request_timeout: Duration::from_secs(60),
        }
    }
}

/// The routes: `/mcp` and `/health`.
pub fn router<S: ServerHandler + Clone>(
    server: S,
    database: Arc<Database>,
    options: &Options,
    stop: CancellationToken,
) -> Router {
    let own = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let hosts = own.into_iter().chain(options.allowed_hosts.iter().cloned());
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_allowed_hosts(hosts)
        .with_allowed_origins(options.allowed_origins.clone())
        .enforce_origin_validation()
        .with_max_request_body_bytes(options.max_request_bytes)
        .with_cancellation_token(stop);
    let service = StreamableHttpService::new(
        move || Ok(server.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    let timeout = options.request_timeout;
    let limited =
        axum::middleware::from_fn(move |request, next: axum::middleware::Next| async move {
            match tokio::time::timeout(timeout, next.run(request)).await {
                Ok(response) => response,
                Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
            }
        });
    Router::new()
        .nest_service("/mcp", service)
        .route("/health", get(health).with_state(database))
        .layer(limited)
}

/// 200 while the database answers, 503 while it does not.
async fn health(State(database): State<Arc<Database>>) -> impl IntoResponse {
    match database.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database is away\n"),
    }
}

/// Serves until `stop`, and then until the requests that are under way are answered.
///
/// # Errors
/// The listener failed.
pub async fn serve<S: ServerHandler + Clone>(
    server: S,
    database: Arc<Database>,
    bind: SocketAddr,
    options: &Options,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let listener = TcpListener::bind(bind).await?;
    tracing::info!("serving http://{}/mcp", listener.local_addr()?);
    // Without it a small answer waits 40 ms for the client's acknowledgement.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection without TCP_NODELAY");
        }
    });
    // Requests that are under way end; only streams are cut.
    let streams = CancellationToken::new();
    let router = router(server, database, options, streams.clone());
    let stopped = async move {
        stop.cancelled().await;
        streams.cancel();
    };
    axum::serve(listener, router).with_graceful_shutdown(stopped).await
}

/// Ends with SIGTERM or Ctrl-C.
pub async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
