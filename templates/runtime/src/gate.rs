//! Callers over HTTP: who is let in, and what those hear who are not. It is what OAuth asks of a
//! protected resource (RFC 6750, RFC 9728).

use std::sync::Arc;

use axum::http::header::{HOST, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use rmcp::model::RequestId;
use serde_json::{Value, json};

use super::auth::{Auth, Caller, Missing};
use super::claims::Refused;
use super::front::refused;
use super::jsonrpc;
#[cfg(feature = "metrics")]
use super::metrics::Metrics;

/// Where the metadata lie; the path of the resource may follow.
pub const METADATA: &str = "/.well-known/oauth-protected-resource";

/// Lets callers in.
#[derive(Debug, Clone)]
pub struct Gate {
    auth: Arc<Auth>,
    /// Where the server is for its clients, `https://mcp.example`; where requests say when it is none.
    public_url: Option<Arc<str>>,
    #[cfg(feature = "metrics")]
    metrics: Arc<Metrics>,
}

impl Gate {
    /// Lets in whom `auth` knows.
    #[cfg(not(feature = "metrics"))]
    pub fn new(auth: Arc<Auth>, public_url: Option<&str>) -> Self {
        Self { auth, public_url: public_url.map(|url| url.trim_end_matches('/').into()) }
    }

    /// Lets in whom `auth` knows, and counts who is not.
    #[cfg(feature = "metrics")]
    pub fn new(auth: Arc<Auth>, public_url: Option<&str>, metrics: Arc<Metrics>) -> Self {
        let public_url = public_url.map(|url| url.trim_end_matches('/').into());
        Self { auth, public_url, metrics }
    }

    /// Finds out who sends a request, and notes it there.
    ///
    /// # Errors
    /// The response to what is not taken.
    pub async fn admit(&self, parts: &mut Parts) -> Result<(), Response> {
        match self.auth.of_request(&parts.headers).await {
            Ok(caller) => {
                parts.extensions.insert(caller);
                Ok(())
            }
            Err(Refused::Invalid(why)) => {
                tracing::info!(why, "a caller is not let in");
                #[cfg(feature = "metrics")]
                self.metrics.refused("", "", "UNAUTHENTICATED");
                let mut response = refused(StatusCode::UNAUTHORIZED, None, why);
                let error = format!("error=\"invalid_token\", error_description=\"{why}\"");
                self.challenge(&mut response, &parts.headers, &[&error]);
                Err(response)
            }
            Err(Refused::Unavailable) => {
                let why = "the issuer of the token does not answer; try again in a moment";
                #[cfg(feature = "metrics")]
                self.metrics.refused("", "", "CONNECTION_ERROR");
                let mut response = refused(StatusCode::SERVICE_UNAVAILABLE, None, why);
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
                Err(response)
            }
        }
    }

    /// The response to a message whose sender may not send it.
    pub fn refusal(&self, parts: &Parts, bytes: &[u8], id: Option<&RequestId>) -> Option<Response> {
        let caller = parts.extensions.get::<Arc<Caller>>().cloned().unwrap_or_default();
        let asked = jsonrpc::asked(bytes);
        let needs = asked.iter().map(|(method, subject)| (self.auth.rules.needs)(method, subject));
        let missing = needs.filter_map(|needs| caller.has(needs).err()).next()?;
        #[cfg(feature = "metrics")]
        if let [(method, subject), ..] = asked.as_slice() {
            let kind = match missing {
                Missing::Identity(_) => "UNAUTHENTICATED",
                Missing::Scopes(_) => "PERMISSION_DENIED",
            };
            self.metrics.refused(method, subject, kind);
        }
        let (status, error, scopes, why) = match missing {
            Missing::Identity(scopes) => {
                (StatusCode::UNAUTHORIZED, "", scopes, "the request does not say who calls")
            }
            Missing::Scopes(scopes) => {
                let error = "error=\"insufficient_scope\"";
                (
                    StatusCode::FORBIDDEN,
                    error,
                    scopes,
                    "the caller does not have every scope that this needs",
                )
            }
        };
        let mut response = refused(status, id.cloned(), why);
        let scope = format!("scope=\"{}\"", scopes.join(" "));
        let scope = if scopes.is_empty() { "" } else { &scope };
        self.challenge(&mut response, &parts.headers, &[error, scope]);
        Some(response)
    }

    fn challenge(&self, response: &mut Response, headers: &HeaderMap, params: &[&str]) {
        let metadata = match (self.auth.issuers(), self.base(headers)) {
            ([], _) | (_, None) => String::new(),
            (_, Some(base)) => format!("resource_metadata=\"{base}{METADATA}/mcp\""),
        };
        let params = [metadata.as_str()].into_iter().chain(params.iter().copied());
        let params: Vec<&str> = params.filter(|param| !param.is_empty()).collect();
        let value = format!("Bearer {}", params.join(", "));
        if let Ok(value) = HeaderValue::from_str(value.trim_end()) {
            response.headers_mut().insert(WWW_AUTHENTICATE, value);
        }
    }

    /// The metadata of the resource; none where no issuer hands out tokens for it.
    pub fn metadata(&self, headers: &HeaderMap) -> Option<Value> {
        let issuers = self.auth.issuers();
        let base = self.base(headers).filter(|_| !issuers.is_empty())?;
        let scopes: Vec<&str> = self.auth.rules.scopes.iter().map(|scope| scope.name).collect();
        Some(json!({
            "resource": format!("{base}/mcp"),
            "authorization_servers": issuers,
            "scopes_supported": scopes,
            "bearer_methods_supported": ["header"],
        }))
    }

    fn base(&self, headers: &HeaderMap) -> Option<String> {
        if let Some(url) = &self.public_url {
            return Some(url.to_string());
        }
        // The front took this host.
        let host = headers.get(HOST)?.to_str().ok()?;
        Some(format!("http://{host}"))
    }
}
