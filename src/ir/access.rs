//! Who may call what.

use std::time::Duration;

/// How callers are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auth {
    /// Every scope, in the order of the spec.
    pub scopes: Vec<Scope>,
    /// The variable that holds the digests of API keys.
    pub api_keys: Option<String>,
    /// Tokens that an issuer signs.
    pub jwt: Option<Jwt>,
    /// Tokens that only their issuer can read.
    pub introspection: Option<Introspection>,
}

impl Auth {
    /// The variables of the environment that set up how callers are known.
    #[must_use]
    pub fn variables(&self) -> Vec<&str> {
        let jwt = self.jwt.iter().flat_map(|jwt| [&jwt.issuer, &jwt.audience]);
        let introspection = self.introspection.iter().flat_map(|asked| {
            [&asked.issuer, &asked.url, &asked.client_id, &asked.client_secret, &asked.audience]
        });
        let texts = jwt.chain(introspection);
        let named = texts.filter_map(|text| text.strip_prefix("${")?.strip_suffix('}'));
        let mut variables: Vec<&str> = Vec::new();
        for variable in self.api_keys.as_deref().into_iter().chain(named) {
            if !variables.contains(&variable) {
                variables.push(variable);
            }
        }
        variables
    }
}

/// A scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Its name.
    pub name: String,
    /// What it lets its owner do.
    pub description: String,
    /// Every other scope that is in it, directly or by others.
    pub includes: Vec<String>,
}

/// Tokens that an issuer signs. Texts may be a variable of the environment, `${OIDC_ISSUER}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jwt {
    /// Who issues them.
    pub issuer: String,
    /// Whom they are for.
    pub audience: String,
    /// How they may be signed, by the names of RFC 7518.
    pub algorithms: Vec<String>,
    /// How much clocks may differ.
    pub skew: Duration,
}

/// Tokens that only their issuer can read. Texts may be a variable of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introspection {
    /// Who issues them.
    pub issuer: String,
    /// Where they are asked about.
    pub url: String,
    /// Who the server is to the issuer.
    pub client_id: String,
    /// Its secret; always a variable.
    pub client_secret: String,
    /// Whom they are for.
    pub audience: String,
    /// How long an answer holds; zero: for one request.
    pub cache: Duration,
}

/// What a tool, a resource or a prompt asks of its callers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Nothing. So it is in a server without `auth`, too.
    Public,
    /// To be known, and to have these scopes, all of them.
    Scopes(Vec<String>),
}
