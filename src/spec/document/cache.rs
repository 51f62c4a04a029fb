//! Answers that a server keeps.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Duration;

/// How long the server keeps the answers of a tool that only reads.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    /// How long an answer is kept.
    pub ttl: Duration,
    /// Who may get it. Default `client` where callers are known, else `shared`.
    pub scope: Option<KeptFor>,
    /// Most answers that are kept. Default 1000.
    #[schemars(range(min = 1, max = 100_000))]
    pub maximum: Option<u32>,
}

/// Who may get an answer that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeptFor {
    /// Everybody who asks the same.
    Shared,
    /// The client who asked, and nobody else.
    Client,
}
