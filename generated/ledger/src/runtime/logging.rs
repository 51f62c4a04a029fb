//! Logs: to stderr, because stdout belongs to the protocol over stdio.

use tracing_subscriber::EnvFilter;

/// Starts logging; `RUST_LOG` sets the level, `info` is the default.
pub fn start() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,rmcp=warn,sqlx=warn"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    lines.init();
}
