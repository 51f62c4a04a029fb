//! Who may call.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Duration;

/// Who may call: at least one of `api_keys`, `jwt` and `introspection`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// Every scope, with what it lets its owner do.
    #[serde(default)]
    pub scopes: IndexMap<String, Scope>,
    /// Keys that are handed to clients.
    pub api_keys: Option<ApiKeys>,
    /// Tokens that an issuer signs, as OpenID Connect has them.
    pub jwt: Option<Jwt>,
    /// Tokens that only their issuer can read (RFC 7662).
    pub introspection: Option<Introspection>,
}

/// What a scope lets its owner do: a text, or more.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Scope {
    /// What it lets its owner do.
    Text(String),
    /// With other scopes in it.
    Shape(ScopeShape),
}

/// A scope with others in it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeShape {
    /// What it lets its owner do.
    pub description: String,
    /// Scopes that whoever has this one has as well.
    #[schemars(length(min = 1))]
    pub includes: Vec<String>,
}

/// Keys that are handed to clients. Their digests stand in a variable of the environment.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiKeys {
    /// The variable: a list of clients, as `key` of the generated server prints them.
    pub env: String,
}

/// Tokens that an issuer signs. A text may be a variable of the environment, `${OIDC_ISSUER}`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Jwt {
    /// Who issues them: a URL, under which its metadata lie.
    pub issuer: String,
    /// Whom they are for: what `aud` must name (RFC 8707).
    pub audience: String,
    /// How they may be signed. Default `[RS256, ES256]`.
    #[schemars(length(min = 1))]
    pub algorithms: Option<Vec<Algorithm>>,
    /// How much clocks may differ. Default `30s`.
    pub skew: Option<Duration>,
}

/// How a token may be signed: never with a secret that two sides know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "RFC 7518 and RFC 8037 say what they are")]
pub enum Algorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    EdDSA,
}

/// Tokens that only their issuer can read. A text may be a variable of the environment.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Introspection {
    /// Who issues them, for clients that look for it.
    pub issuer: String,
    /// Where they are asked about: a URL.
    pub url: String,
    /// Who this server is to the issuer.
    pub client_id: String,
    /// Its secret: a variable of the environment.
    pub client_secret: String,
    /// Whom tokens are for: what `aud` must name.
    pub audience: String,
    /// How long an answer holds. Default: it is asked for each request, so that a token that was
    /// revoked is of no use at once.
    pub cache: Option<Duration>,
}
