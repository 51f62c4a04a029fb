//! What a server does when its database fails.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Duration;

/// How often a call is run, where it is safe to run it again, and how long it waits before.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// How often it is run at most, the first time among them; 1 is never again. Default 3.
    #[schemars(range(min = 1, max = 10))]
    pub attempts: Option<u32>,
    /// The longest pause before the second run; it doubles from one to the next. Default `50ms`.
    pub backoff: Option<Duration>,
    /// The longest pause of all. Default `1s`.
    pub maximum: Option<Duration>,
}

/// When calls fail at once because the database is away.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Breaker {
    /// Connections in a row that do not come about before it opens. Default 5.
    #[schemars(range(min = 1, max = 1000))]
    pub failures: Option<u32>,
    /// How long it stays open before the database is looked at again. Default `10s`.
    pub open: Option<Duration>,
}
