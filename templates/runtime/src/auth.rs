//! Who calls, and what they may do.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use rmcp::RoleServer;
use rmcp::model::ErrorData;
use rmcp::service::RequestContext;
#[cfg(any(feature = "auth-jwt", feature = "auth-introspection", feature = "elicit"))]
use serde_json::Value;

#[cfg(any(feature = "auth-token", feature = "claims"))]
use super::claims::Claims;
use super::claims::Refused;
use super::failure::{Failure, Kind};
#[cfg(feature = "auth-introspection")]
use super::introspection::{self, Introspection};
#[cfg(feature = "auth-jwt")]
use super::jwt::{self, Issuer};
#[cfg(feature = "auth-keys")]
use super::keys::{self, Key};

/// What a request asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// To be known, and to have these scopes, all of them.
    Scopes(&'static [&'static str]),
}

/// A scope that the server knows.
#[derive(Debug)]
pub struct Scope {
    /// Its name.
    pub name: &'static str,
    /// Other scopes that whoever has it has as well.
    pub includes: &'static [&'static str],
}

/// What the spec says of callers. A text may be a variable of the environment, `${OIDC_ISSUER}`; a way
/// to know callers whose variable is not set is off.
#[derive(Debug)]
pub struct Rules {
    /// Every scope.
    pub scopes: &'static [Scope],
    /// What a method asks of its caller for a name or a URI.
    pub needs: fn(method: &str, subject: &str) -> Needs,
    /// The claims that something asks for.
    #[cfg(feature = "claims")]
    pub claims: &'static [&'static str],
    /// The variable with the digests of API keys.
    #[cfg(feature = "auth-keys")]
    pub api_keys: &'static str,
    /// Tokens that an issuer signs.
    #[cfg(feature = "auth-jwt")]
    pub jwt: Jwt,
    /// Tokens that only their issuer can read.
    #[cfg(feature = "auth-introspection")]
    pub introspection: Asked,
}

/// Tokens that an issuer signs.
#[cfg(feature = "auth-jwt")]
#[derive(Debug)]
pub struct Jwt {
    /// Who issues them.
    pub issuer: &'static str,
    /// Whom they are for.
    pub audience: &'static str,
    /// How they may be signed.
    pub algorithms: &'static [&'static str],
    /// How much clocks may differ.
    pub skew: std::time::Duration,
}

/// Tokens that only their issuer can read.
#[cfg(feature = "auth-introspection")]
#[derive(Debug)]
pub struct Asked {
    /// Who issues them.
    pub issuer: &'static str,
    /// Where they are asked about.
    pub url: &'static str,
    /// Who this server is to the issuer.
    pub client_id: &'static str,
    /// Its secret.
    pub client_secret: &'static str,
    /// Whom they are for.
    pub audience: &'static str,
    /// How long an answer holds.
    pub cache: std::time::Duration,
}

/// Who calls.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// Its name; none for a caller who is not known.
    client: Option<String>,
    scopes: BTreeSet<&'static str>,
    /// When it must show something new, in seconds since 1970.
    expires: Option<i64>,
    /// What its key or token says, of what something asks for.
    #[cfg(feature = "claims")]
    pub(super) claims: Claims,
    /// Whether it is taken for `development`, whose claims the environment says.
    #[cfg(feature = "claims")]
    pub(super) develops: bool,
}

impl Caller {
    /// A caller of this name with these scopes.
    pub fn new(rules: &Rules, client: impl Into<String>, granted: &[&str]) -> Self {
        let has = |scope: &str| {
            granted.iter().any(|granted| {
                let all = granted
                    .strip_suffix('*')
                    .filter(|start| start.is_empty() || start.ends_with(':'));
                *granted == scope || all.is_some_and(|start| scope.starts_with(start))
            })
        };
        let mut scopes = BTreeSet::new();
        for scope in rules.scopes.iter().filter(|scope| has(scope.name)) {
            scopes.insert(scope.name);
            scopes.extend(scope.includes);
        }
        Self {
            client: Some(client.into()),
            scopes,
            expires: None,
            #[cfg(feature = "claims")]
            claims: Claims::new(),
            #[cfg(feature = "claims")]
            develops: false,
        }
    }

    /// Takes over what its key or token says, of what something asks for.
    #[cfg(feature = "claims")]
    pub fn set_claims(&mut self, rules: &Rules, said: &Claims) {
        let asked = rules.claims.iter().filter_map(|name| said.get_key_value(*name));
        self.claims = asked.map(|(name, value)| (name.clone(), value.clone())).collect();
    }

    /// Who a token speaks of.
    #[cfg(any(feature = "auth-jwt", feature = "auth-introspection"))]
    fn of_claims(rules: &Rules, claims: &Claims, skew: i64) -> Result<Self, Refused> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let client = ["sub", "client_id", "azp"].into_iter().find_map(text);
        let client = client.ok_or(Refused::Invalid("the token does not say whose it is"))?;
        let client = client.to_owned();
        let granted: Vec<String> = match claims.get("scope").or_else(|| claims.get("scp")) {
            Some(Value::String(scopes)) => scopes.split(' ').map(str::to_owned).collect(),
            Some(Value::Array(scopes)) => {
                scopes.iter().filter_map(Value::as_str).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        let granted: Vec<&str> = granted.iter().map(String::as_str).collect();
        let mut caller = Self::new(rules, client, &granted);
        #[cfg(feature = "claims")]
        caller.set_claims(rules, claims);
        let expires = claims.get("exp").and_then(Value::as_f64);
        #[expect(clippy::cast_possible_truncation, reason = "a second more or less")]
        let expires = expires.map(|end| (end as i64).saturating_add(skew));
        caller.expires = expires;
        Ok(caller)
    }

    /// Who it is to what is one caller's alone: its name, and what its claims bind.
    #[cfg(all(feature = "sessions", feature = "claims"))]
    pub fn identity(&self) -> Value {
        serde_json::json!([self.client, self.claims])
    }

    /// Who it is to what is one caller's alone.
    #[cfg(all(feature = "sessions", not(feature = "claims")))]
    pub fn identity(&self) -> Value {
        serde_json::json!(self.client)
    }

    /// Its name; none for a caller who is not known.
    pub fn client(&self) -> Option<&str> {
        self.client.as_deref()
    }

    /// Whether the caller has what is needed.
    ///
    /// # Errors
    /// What is missing.
    pub fn has(&self, needs: Needs) -> Result<(), Missing> {
        let Needs::Scopes(needed) = needs else { return Ok(()) };
        let expired = self.expires.is_some_and(|end| end <= chrono::Utc::now().timestamp());
        if self.client.is_none() || expired {
            return Err(Missing::Identity(needed));
        }
        match needed.iter().all(|scope| self.scopes.contains(scope)) {
            true => Ok(()),
            false => Err(Missing::Scopes(needed)),
        }
    }

    /// Those of a list that the caller may use.
    pub fn visible<T: Clone>(&self, items: &[T], needs: impl Fn(&T) -> Needs) -> Vec<T> {
        items.iter().filter(|item| self.has(needs(item)).is_ok()).cloned().collect()
    }
}

/// What a caller does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// A name. Beside it these scopes will be needed.
    Identity(&'static [&'static str]),
    /// One of these scopes.
    Scopes(&'static [&'static str]),
}

impl From<Missing> for Failure {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::Identity(_) => Self::new(
                Kind::Unauthenticated,
                "This server must know who calls: show a key or a token that it takes.",
            ),
            Missing::Scopes(scopes) => {
                let scopes = scopes.join(" ");
                let message =
                    format!("The caller may not do this: it needs the scopes `{scopes}`.");
                Self::new(Kind::PermissionDenied, message)
            }
        }
    }
}

impl From<Missing> for ErrorData {
    fn from(missing: Missing) -> Self {
        let failure = Failure::from(missing);
        let data = serde_json::json!({
            "type": failure.kind, "retryable": false, "request_id": failure.request_id,
        });
        Self::invalid_request(failure.message, Some(data))
    }
}

/// The caller of a request: the one that the server is for, or whoever the HTTP request names.
pub fn caller(context: &RequestContext<RoleServer>, own: &Option<Arc<Caller>>) -> Arc<Caller> {
    let named = || context.extensions.get::<Parts>()?.extensions.get::<Arc<Caller>>();
    own.as_ref().or_else(named).cloned().unwrap_or_default()
}

/// What an answer of a person is good for, with who asked for it: for nobody else.
#[cfg(feature = "elicit")]
pub fn about(what: Value, context: &RequestContext<RoleServer>) -> Value {
    serde_json::json!([what, caller(context, &None).identity()])
}

/// Knows callers.
#[derive(Debug)]
pub struct Auth {
    /// What the spec says of them.
    pub rules: &'static Rules,
    #[cfg(feature = "auth-keys")]
    keys: Option<Vec<Key>>,
    #[cfg(feature = "auth-jwt")]
    issuer: Option<Issuer>,
    #[cfg(feature = "auth-introspection")]
    introspection: Option<Introspection>,
    /// Where clients get tokens.
    issuers: Vec<String>,
    /// Whoever calls where nothing is set up.
    development: Option<Arc<Caller>>,
}

impl Auth {
    /// Knows callers in every way that the environment sets up. A build for development takes
    /// everybody for `development`, who may do everything, where none is set up.
    ///
    /// # Errors
    /// Something that is set up cannot be, or nothing is.
    pub fn from_environment(rules: &'static Rules) -> Result<Self, String> {
        let mut set_up = false;
        #[cfg(feature = "auth-keys")]
        let keys = keys::from_environment(rules.api_keys)?;
        #[cfg(feature = "auth-keys")]
        {
            set_up |= keys.is_some();
        }
        #[cfg(any(feature = "auth-jwt", feature = "auth-introspection"))]
        let mut issuers = Vec::new();
        #[cfg(not(any(feature = "auth-jwt", feature = "auth-introspection")))]
        let issuers = Vec::new();
        #[cfg(feature = "auth-jwt")]
        let issuer = match settings([rules.jwt.issuer, rules.jwt.audience])? {
            Some([issuer, audience]) => {
                issuers.push(issuer.clone());
                let Jwt { algorithms, skew, .. } = rules.jwt;
                Some(Issuer::new(jwt::Settings { issuer, audience, algorithms, skew })?)
            }
            None => None,
        };
        #[cfg(feature = "auth-jwt")]
        {
            set_up |= issuer.is_some();
        }
        #[cfg(feature = "auth-introspection")]
        let introspection = {
            let asked = &rules.introspection;
            let texts =
                [asked.issuer, asked.url, asked.client_id, asked.client_secret, asked.audience];
            match settings(texts)? {
                Some([issuer, url, client_id, client_secret, audience]) => {
                    if !issuers.contains(&issuer) {
                        issuers.push(issuer);
                    }
                    let cache = asked.cache;
                    Some(Introspection::new(introspection::Settings {
                        url,
                        client_id,
                        client_secret,
                        audience,
                        cache,
                    })?)
                }
                None => None,
            }
        };
        #[cfg(feature = "auth-introspection")]
        {
            set_up |= introspection.is_some();
        }
        let development = match (set_up, cfg!(debug_assertions)) {
            (true, _) => None,
            (false, true) => {
                tracing::warn!(
                    "nothing says how callers are known: this build for development \
                                takes everybody for `development`, who may do everything"
                );
                let caller = Caller::new(rules, "development", &["*"]);
                #[cfg(feature = "claims")]
                let caller = caller.developing(rules)?;
                Some(Arc::new(caller))
            }
            (false, false) => return Err(NOTHING.to_owned()),
        };
        Ok(Self {
            rules,
            #[cfg(feature = "auth-keys")]
            keys,
            #[cfg(feature = "auth-jwt")]
            issuer,
            #[cfg(feature = "auth-introspection")]
            introspection,
            issuers,
            development,
        })
    }

    /// Whether everybody is taken for `development`.
    pub fn is_development(&self) -> bool {
        self.development.is_some()
    }

    /// Where clients get tokens.
    pub fn issuers(&self) -> &[String] {
        &self.issuers
    }

    /// The caller of an HTTP request.
    ///
    /// # Errors
    /// What the request shows is not taken.
    pub async fn of_request(&self, headers: &HeaderMap) -> Result<Arc<Caller>, Refused> {
        if let Some(development) = &self.development {
            return Ok(Arc::clone(development));
        }
        let mut shown = headers.get_all(AUTHORIZATION).iter().map(|header| {
            let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
        });
        match (shown.next(), shown.next()) {
            #[cfg(feature = "auth-keys")]
            (None, _) if headers.contains_key("x-api-key") => {
                let key = headers.get("x-api-key").and_then(|key| key.to_str().ok());
                self.of_token(key.unwrap_or_default()).await.map(Arc::new)
            }
            (None, _) => Ok(Arc::default()),
            (Some(Some(token)), None) => self.of_token(token).await.map(Arc::new),
            _ => Err(Refused::Invalid("Authorization holds no bearer token")),
        }
    }

    /// The caller over stdio: whoever has the key or the token in `ACCESS_TOKEN`.
    ///
    /// # Errors
    /// It is not taken, or there is none.
    pub async fn of_environment(&self) -> Result<Arc<Caller>, String> {
        if let Some(development) = &self.development {
            return Ok(Arc::clone(development));
        }
        let token = std::env::var("ACCESS_TOKEN").ok().filter(|token| !token.is_empty());
        let Some(token) = token else {
            let open = (self.rules.needs)("initialize", "") == Needs::Nothing;
            return match open {
                true => Ok(Arc::default()),
                false => Err("ACCESS_TOKEN is not set: it says who calls over stdio".to_owned()),
            };
        };
        self.of_token(&token).await.map(Arc::new).map_err(|refused| match refused {
            Refused::Invalid(why) => format!("ACCESS_TOKEN is not taken: {why}"),
            Refused::Unavailable => {
                "ACCESS_TOKEN cannot be looked at: its issuer does not answer".to_owned()
            }
        })
    }

    /// The caller who has a key or a token.
    async fn of_token(&self, token: &str) -> Result<Caller, Refused> {
        #[cfg(feature = "auth-keys")]
        if let Some(key) = keys::find(self.keys.as_deref().unwrap_or_default(), token)? {
            let granted: Vec<&str> = key.scopes.iter().map(String::as_str).collect();
            let mut caller = Caller::new(self.rules, &key.client, &granted);
            caller.expires = key.expires.map(|end| end.timestamp());
            #[cfg(feature = "claims")]
            caller.set_claims(self.rules, &key.claims);
            return Ok(caller);
        }
        #[cfg(feature = "auth-jwt")]
        if let Some(issuer) = self.issuer.as_ref().filter(|_| token.split('.').count() == 3) {
            let skew = i64::try_from(self.rules.jwt.skew.as_secs()).unwrap_or(0);
            return Caller::of_claims(self.rules, &issuer.claims(token).await?, skew);
        }
        #[cfg(feature = "auth-introspection")]
        if let Some(introspection) = &self.introspection {
            return Caller::of_claims(self.rules, &introspection.claims(token).await?, 0);
        }
        Err(Refused::Invalid("the key or the token is not known"))
    }
}

/// Why a server for production does not start.
const NOTHING: &str = "nothing says how callers are known: set one of the variables of `auth`, as the \
                       README says";

/// The values of settings that go together: texts, or the variables that they name; none when the
/// variables are not set.
///
/// # Errors
/// Some of the variables are set, and others are not.
#[cfg(any(feature = "auth-jwt", feature = "auth-introspection"))]
fn settings<const N: usize>(texts: [&str; N]) -> Result<Option<[String; N]>, String> {
    let variable = |text: &str| text.strip_prefix("${")?.strip_suffix('}').map(str::to_owned);
    let values = texts.map(|text| match variable(text) {
        Some(name) => std::env::var(name).ok().filter(|value| !value.trim().is_empty()),
        None => Some(text.to_owned()),
    });
    let both = || texts.iter().zip(&values);
    let set = both().any(|(text, value)| variable(text).is_some() && value.is_some());
    match both().find(|(_, value)| value.is_none()) {
        None => Ok(Some(values.map(Option::unwrap_or_default))),
        Some((text, _)) if set => {
            let name = variable(text).unwrap_or_default();
            Err(format!("{name} is not set, and others that go with it are"))
        }
        Some(_) => Ok(None),
    }
}
