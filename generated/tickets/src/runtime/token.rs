//! What bearer tokens say, and how those who vouch for them are asked. No token is written to a log,
//! and no sentence about one holds anything of it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::{Response, StatusCode};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Url};
use rustls::{ClientConfig, RootCertStore};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::claims::{Claims, Refused};

/// How long an issuer may take to answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The longest token, in bytes.
const LONGEST: usize = 16 * 1024;

/// The largest answer of an issuer, in bytes.
const LARGEST: usize = 1024 * 1024;

/// Whether this can be a bearer token at all (RFC 6750), so that nothing else is worked on.
pub(super) fn look(token: &str) -> Result<(), Refused> {
    if token.len() > LONGEST {
        return Err(Refused::Invalid("the token is too long"));
    }
    let text = token.trim_end_matches('=');
    let taken = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    match !text.is_empty() && text.bytes().all(taken) {
        true => Ok(()),
        false => Err(Refused::Invalid("this is no bearer token")),
    }
}

/// Whether a token is good now, as far as it says when: both clocks may be wrong by the skew.
pub(super) fn timely(claims: &Claims, skew: Duration) -> Result<(), Refused> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let skew = skew.as_secs_f64();
    if moment(claims, "exp")?.is_some_and(|exp| exp + skew <= now) {
        return Err(Refused::Invalid("the token has expired"));
    }
    if moment(claims, "nbf")?.is_some_and(|nbf| nbf > now + skew) {
        return Err(Refused::Invalid("the token is not good yet"));
    }
    if moment(claims, "iat")?.is_some_and(|iat| iat > now + skew) {
        return Err(Refused::Invalid("the token was issued in the future"));
    }
    Ok(())
}

/// A moment that a token tells, in seconds since 1970.
fn moment(claims: &Claims, name: &str) -> Result<Option<f64>, Refused> {
    let told = |value: &Value| value.as_f64().ok_or(Refused::Invalid("a time is no number"));
    claims.get(name).map(told).transpose()
}

/// Whether whoever holds the token may use it here, and with nothing but the token.
pub(super) fn is_for(claims: &Claims, audience: &str) -> Result<(), Refused> {
    let named = match claims.get("aud") {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(several)) => several.iter().any(|one| one == audience),
        _ => false,
    };
    if !named {
        return Err(Refused::Invalid("the token is not for this server"));
    }
    // RFC 7800: whoever stole such a token could use it where nobody asks for the key.
    if claims.contains_key("cnf") {
        return Err(Refused::Invalid("the token is bound to a key, and no bearer token"));
    }
    Ok(())
}

/// The URL of somebody who vouches for tokens.
///
/// # Errors
/// It is no https URL (http only for this machine), or it holds a name or a password.
pub(super) fn url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("{text:?} is no URL: {error}"))?;
    if url.scheme() != "https" && !(url.scheme() == "http" && is_here(&url)) {
        return Err(format!("{text:?} must be an https URL (http is for this machine only)"));
    }
    match url.username().is_empty() && url.password().is_none() {
        true => Ok(url),
        false => Err("a URL must not hold a name or a password".to_owned()),
    }
}

fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

/// A client for the server of this URL. It follows no redirect: an answer comes from where the
/// question went, or there is none.
///
/// # Errors
/// TLS cannot be set up.
pub(super) fn client(url: &Url) -> Result<Client, String> {
    let mut client = Client::builder()
        .tls_backend_preconfigured(tls()?)
        .redirect(Policy::none())
        .timeout(PATIENCE)
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));
    // What is not encrypted does not leave this machine, whatever proxy there is.
    if url.scheme() == "http" {
        client = client.no_proxy();
    }
    client.build().map_err(|error| reason(&error))
}

/// TLS that trusts whom the system trusts, and in an image without certificates whom Mozilla trusts.
pub(super) fn tls() -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = rustls::crypto::ring::default_provider();
    let config = ClientConfig::builder_with_provider(provider.into());
    let config = config.with_safe_default_protocol_versions().map_err(|error| reason(&error))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Asks, and takes no answer that is too large or too late.
pub(super) async fn ask(request: RequestBuilder) -> Result<Response<Vec<u8>>, String> {
    let reason = |error: reqwest::Error| reason(&error.without_url());
    let mut response = request.send().await.map_err(reason)?;
    let mut answer = Response::new(Vec::new());
    *answer.status_mut() = response.status();
    answer.headers_mut().clone_from(response.headers());
    while let Some(chunk) = response.chunk().await.map_err(reason)? {
        if chunk.len() > LARGEST - answer.body().len() {
            return Err(format!("it answers more than {LARGEST} bytes"));
        }
        answer.body_mut().extend_from_slice(&chunk);
    }
    Ok(answer)
}

/// What an answer says that says yes.
pub(super) fn said<T: DeserializeOwned>(answer: &Response<Vec<u8>>) -> Result<T, String> {
    if answer.status() != StatusCode::OK {
        return Err(format!("it answers {}", answer.status()));
    }
    // What could not be read is not shown: it may say something of a token.
    serde_json::from_slice(answer.body()).map_err(|_| "it answers what cannot be read".to_owned())
}

/// An error with what led to it.
fn reason(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
