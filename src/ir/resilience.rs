//! What a server does when its database fails.

use std::time::Duration;

/// When a call is run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Never.
    Never,
    /// Where another transaction came between, and the database undid this one.
    Conflicts,
    /// Wherever nothing of it was kept.
    Safe(Retry),
}

/// How often a call is run, and how long it waits before it is run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// How often it is run at most; 2 or more in a [`Repeat::Safe`].
    pub attempts: u32,
    /// The longest pause before the second run.
    pub backoff: Duration,
    /// The longest pause of all; no less than `backoff`.
    pub maximum: Duration,
}

/// When calls fail at once because the database is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breaker {
    /// Connections in a row that do not come about before it opens.
    pub failures: u32,
    /// How long it stays open before the database is looked at again.
    pub open: Duration,
}
