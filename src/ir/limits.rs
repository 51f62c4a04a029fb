//! How much clients may ask.

use std::time::Duration;

use super::{Server, Tool};

/// How many requests are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests in a period, one after the other.
    pub requests: u32,
    /// The period.
    pub per: Duration,
    /// Requests that may come at once.
    pub burst: u32,
    /// Who or what has a limit of its own.
    pub key: RateKey,
    /// Whether requests are let through while Redis does not answer.
    pub open: bool,
}

/// Who or what has a limit of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateKey {
    /// A caller who is known; the address of one who is not.
    Client,
    /// The address that a request comes from.
    Address,
    /// The tool that is called.
    Tool,
}

/// How many calls of a tool may run at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    /// So many.
    pub calls: u32,
    /// Whether each replica holds the number by itself while Redis does not answer.
    pub open: bool,
}

impl Server {
    /// Every limit of requests: the server's and those of tools.
    pub fn rates(&self) -> impl Iterator<Item = &Rate> {
        self.rate_limit.iter().chain(self.tools.iter().filter_map(|tool| tool.rate_limit.as_ref()))
    }

    /// The limits that a call of a tool falls under.
    pub fn rates_of<'s>(&'s self, tool: &'s Tool) -> impl Iterator<Item = &'s Rate> {
        self.rate_limit.iter().chain(&tool.rate_limit)
    }

    /// Whether requests are counted.
    #[must_use]
    pub fn counts_requests(&self) -> bool {
        self.rates().next().is_some()
    }

    /// Whether the calls of a tool that run are counted.
    #[must_use]
    pub fn counts_calls(&self) -> bool {
        self.tools.iter().any(|tool| tool.concurrency.is_some())
    }

    /// Whether anything of the server is limited.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.counts_requests() || self.counts_calls()
    }

    /// Whether requests are counted by where they come from.
    #[must_use]
    pub fn counts_by_address(&self) -> bool {
        self.rates().any(|rate| rate.key != RateKey::Tool)
    }

    /// Whether an error of a tool can say when to call again.
    #[must_use]
    pub fn says_when(&self, tool: &Tool) -> bool {
        // Where confirmations are shared, Redis may be away.
        let asks = self.shared && tool.confirm.is_some();
        asks || self.rate_limit.is_some() || tool.is_limited() || self.database.breaker.is_some()
    }

    /// Whether it must be known where a request comes from.
    #[must_use]
    pub fn sees_addresses(&self) -> bool {
        self.audit.is_some() || self.counts_by_address()
    }
}

impl Tool {
    /// Whether calls can be refused because there are too many of them.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.rate_limit.is_some() || self.concurrency.is_some()
    }
}
