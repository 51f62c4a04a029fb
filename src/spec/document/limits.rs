//! How much clients may ask, and what replicas share.

use schemars::JsonSchema;
use serde::Deserialize;

/// Where replicas share what they count and keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Shared {
    /// The Redis that `REDIS_URL` names.
    Redis,
}

/// How many requests are answered: of the server, or calls of a tool.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Requests in a period, one after the other. Default 100.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub requests: Option<u32>,
    /// The period. Default `minute`.
    pub per: Option<Period>,
    /// Requests that may come at once. Default a fifth of `requests`.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub burst: Option<u32>,
    /// Who or what has a limit of its own. Default `client` where callers are known, else `address`.
    pub key: Option<LimitKey>,
    /// What becomes of requests while Redis does not answer. Default `closed`. With `shared` only.
    pub on_error: Option<OnError>,
}

/// A period of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "they say what they are")]
pub enum Period {
    Second,
    Minute,
    Hour,
}

/// Who or what has a limit of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LimitKey {
    /// A caller who is known; the address of one who is not.
    Client,
    /// The address that a request comes from.
    Address,
    /// The tool that is called, whoever calls it.
    Tool,
}

/// What becomes of requests while Redis does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnError {
    /// They are let through.
    Open,
    /// They are refused.
    Closed,
}

/// How many calls of a tool may run at the same time: a number, or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Concurrency {
    /// So many.
    Calls(#[schemars(range(min = 1, max = 10_000))] u32),
    /// With what is done while Redis does not answer.
    Shape(ConcurrencyShape),
}

/// So many, and what is done while Redis does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcurrencyShape {
    /// So many.
    #[schemars(range(min = 1, max = 10_000))]
    pub calls: u32,
    /// `closed` (default) refuses calls while Redis does not answer; `open` has each replica hold the
    /// number by itself. With `shared` only.
    pub on_error: Option<OnError>,
}
