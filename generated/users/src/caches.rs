//! What tools have answered, kept for a while.

use std::sync::Arc;
use std::time::Duration;

use crate::runtime::cache::Cache;

/// The answers of each tool that keeps some.
#[derive(Debug)]
pub struct Caches {
    /// Answers of `query_users`.
    pub query_users: Arc<Cache>,
}

impl Caches {
    /// Those of a server that has answered nothing yet.
    pub fn empty() -> Self {
        Self {
            query_users: Cache::new("query_users", Duration::from_secs(300), 1000),
        }
    }

    /// All of them.
    pub fn all(&self) -> Vec<Arc<Cache>> {
        vec![Arc::clone(& self.query_users)]
    }
}
