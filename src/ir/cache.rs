//! Answers that a server keeps.

use std::time::Duration;

use super::Server;

/// How the answers of a tool are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cache {
    /// How long.
    pub ttl: Duration,
    /// Whether each client has answers of its own; callers are known then.
    pub per_client: bool,
    /// Most answers.
    pub maximum: u32,
}

impl Server {
    /// Whether answers of a tool are kept.
    #[must_use]
    pub fn caches(&self) -> bool {
        self.tools.iter().any(|tool| tool.cache.is_some())
    }
}
