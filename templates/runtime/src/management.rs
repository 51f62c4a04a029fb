//! What those who run the server ask it: whether it lives, whether it can work, and how it is.

use std::sync::Arc;
#[cfg(feature = "management-port")]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::database::Database;
#[cfg(feature = "metrics")]
use super::metrics::{self, Metrics};
#[cfg(feature = "shared")]
use super::shared::Redis;

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is known of the server as a whole; copies of it are one.
#[derive(Debug, Clone)]
pub struct Management(Arc<Known>);

#[derive(Debug)]
struct Known {
    database: Arc<Database>,
    begun: Instant,
    stop: CancellationToken,
    connections: AtomicUsize,
    /// It is asked on a port of its own.
    #[cfg(feature = "management-port")]
    apart: AtomicBool,
    #[cfg(feature = "metrics")]
    metrics: Arc<Metrics>,
    #[cfg(feature = "shared")]
    redis: Arc<Redis>,
}

/// A connection that is open until this is dropped.
#[derive(Debug)]
pub struct Connected(Management);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Management {
    /// A server that begins now and takes no requests from `stop` on.
    pub fn new(
        database: Arc<Database>,
        stop: CancellationToken,
        #[cfg(feature = "metrics")] metrics: Arc<Metrics>,
        #[cfg(feature = "shared")] redis: Arc<Redis>,
    ) -> Self {
        Self(Arc::new(Known {
            database,
            begun: Instant::now(),
            stop,
            connections: AtomicUsize::new(0),
            #[cfg(feature = "management-port")]
            apart: AtomicBool::new(false),
            #[cfg(feature = "metrics")]
            metrics,
            #[cfg(feature = "shared")]
            redis,
        }))
    }

    /// Counts a client's connection.
    pub fn connects(&self) -> Connected {
        self.0.connections.fetch_add(1, Ordering::Relaxed);
        Connected(self.clone())
    }

    /// What is counted.
    #[cfg(all(feature = "auth", feature = "metrics"))]
    pub fn metrics(&self) -> Arc<Metrics> {
        Arc::clone(&self.0.metrics)
    }

    /// `/livez`, `/readyz` and `/health`, and `/metrics` where there is something to tell.
    pub fn routes(&self) -> Router {
        let routes = Router::new();
        #[cfg(feature = "metrics")]
        let routes = routes.route("/metrics", get(metrics));
        routes
            // Whoever reads this has seen that the process answers.
            .route("/livez", get(|| async { "ok\n" }))
            .route("/readyz", get(ready))
            .route("/health", get(health))
            .with_state(self.clone())
    }

    /// Answers on an address of its own until the process ends, and nowhere else: to whoever reaches
    /// it, under whatever name.
    ///
    /// # Errors
    /// The address cannot be listened on.
    #[cfg(feature = "management-port")]
    pub async fn listen(&self, bind: std::net::SocketAddr) -> std::io::Result<()> {
        let listener = tokio::net::TcpListener::bind(bind)
            .await
            .map_err(|error| std::io::Error::new(error.kind(), format!("{bind}: {error}")))?;
        tracing::info!("management at http://{}", listener.local_addr()?);
        self.0.apart.store(true, Ordering::Relaxed);
        let routes = self.routes();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(())
    }

    /// Whether it is asked on a port of its own.
    #[cfg(feature = "management-port")]
    pub fn is_apart(&self) -> bool {
        self.0.apart.load(Ordering::Relaxed)
    }

    async fn database_answers(&self) -> bool {
        matches!(tokio::time::timeout(PATIENCE, self.0.database.ping()).await, Ok(Ok(())))
    }

    /// Whether requests should come, and in a word why not.
    fn status(&self, database: bool) -> (StatusCode, &'static str) {
        match (self.0.stop.is_cancelled(), database) {
            (true, _) => (StatusCode::SERVICE_UNAVAILABLE, "stopping"),
            (false, false) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            (false, true) => (StatusCode::OK, "ok"),
        }
    }
}

/// 200 while the database answers and the server does not stop, else 503.
async fn ready(State(management): State<Management>) -> (StatusCode, String) {
    let (code, word) = management.status(management.database_answers().await);
    (code, format!("{word}\n"))
}

/// The same with what there is to know, as JSON.
async fn health(State(management): State<Management>) -> impl IntoResponse {
    let database = management.database_answers().await;
    let (code, status) = management.status(database);
    let now = DateTime::<Utc>::from(SystemTime::now());
    let known = json!({
        "status": status,
        "timestamp": now.to_rfc3339_opts(SecondsFormat::Millis, true),
        "uptime_seconds": management.0.begun.elapsed().as_secs(),
        "connections": management.0.connections.load(Ordering::Relaxed),
        "database": if database { "ok" } else { "unavailable" },
    });
    #[cfg(all(feature = "breaker", any(feature = "mysql", feature = "postgres")))]
    let known = {
        let mut known = known;
        known["breaker"] = management.0.database.breaker().state().name().into();
        known
    };
    #[cfg(feature = "shared")]
    let known = {
        let mut known = known;
        known["shared"] = if management.0.redis.is_there() { "ok" } else { "unavailable" }.into();
        known
    };
    #[cfg(feature = "metrics")]
    let known = {
        let mut known = known;
        known["memory_bytes"] = metrics::Process::now().map(|process| process.memory).into();
        known
    };
    (code, [(CONTENT_TYPE, "application/json")], known.to_string())
}

/// What Prometheus scrapes.
#[cfg(feature = "metrics")]
async fn metrics(State(management): State<Management>) -> impl IntoResponse {
    let connections = management.0.connections.load(Ordering::Relaxed);
    match management.0.metrics.text(connections) {
        Ok(text) => (StatusCode::OK, [(CONTENT_TYPE, metrics::CONTENT_TYPE)], text),
        Err(error) => {
            let plain = [(CONTENT_TYPE, "text/plain")];
            (StatusCode::INTERNAL_SERVER_ERROR, plain, format!("{error}\n"))
        }
    }
}
