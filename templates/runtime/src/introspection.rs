//! Tokens that say nothing by themselves: whoever gave them out is asked what they are (RFC 7662).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::{Serializer, byte_serialize};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Url};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::claims::{Claims, Refused};
use super::token;

/// Who is asked about tokens, and as whom.
pub struct Settings {
    /// Where the questions go.
    pub url: String,
    /// Who asks.
    pub client_id: String,
    /// What shows that it is them.
    pub client_secret: String,
    /// For whom tokens must be: what this server is called. An answer that does not say for whom a
    /// token is says no: the token may have been given out for anybody.
    pub audience: String,
    /// How long an answer is good, and with it a token that was revoked; zero is not at all.
    pub cache: Duration,
}

/// Somebody who knows tokens.
pub struct Introspection {
    url: Url,
    client: Client,
    authorization: HeaderValue,
    audience: String,
    cache: Duration,
    known: Mutex<HashMap<[u8; 32], Known>>,
    asking: Semaphore,
}

impl fmt::Debug for Introspection {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspection").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

/// What was answered, and until when that is good.
struct Known {
    claims: Claims,
    until: Instant,
}

/// The most answers that are remembered.
const MOST: usize = 1024;

/// The most questions that are open at one time: made-up tokens, each of which is one, neither flood who
/// is asked nor take all connections to them. Who comes then waits, and no longer than for an answer.
const OPEN: usize = 32;

/// By how much clocks may be wrong. It was the other clock that found the token active.
const SKEW: Duration = Duration::from_secs(30);

impl Introspection {
    /// Somebody who is asked when a token comes.
    ///
    /// # Errors
    /// The URL is no https URL (http only for loopback).
    pub fn new(settings: Settings) -> Result<Self, String> {
        let url = token::url(&settings.url)?;
        let client = token::client(&url)?;
        // RFC 6749, 2.3.1: both are encoded as in a form, so that the first colon is the one between.
        let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let both = [encoded(&settings.client_id), encoded(&settings.client_secret)].join(":");
        let authorization = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(both)));
        let mut authorization = authorization.map_err(|error| error.to_string())?;
        authorization.set_sensitive(true);
        let Settings { audience, cache, .. } = settings;
        let (known, asking) = (Mutex::default(), Semaphore::new(OPEN));
        Ok(Self { url, client, authorization, audience, cache, known, asking })
    }

    /// What is said of a token, if it is good, and for this server.
    ///
    /// # Errors
    /// It is not, or nobody can tell.
    pub async fn claims(&self, token: &str) -> Result<Claims, Refused> {
        token::look(token)?;
        let digest: [u8; 32] = Sha256::digest(token).into();
        if let Some(claims) = self.remembered(&digest) {
            return Ok(claims);
        }
        let begun = Instant::now();
        let Ok(Ok(_open)) = timeout(token::PATIENCE, self.asking.acquire()).await else {
            tracing::warn!("{OPEN} questions about tokens are open: {} is slow", self.url);
            return Err(Refused::Unavailable);
        };
        // Somebody else may have asked meanwhile.
        if let Some(claims) = self.remembered(&digest) {
            return Ok(claims);
        }
        let now = Instant::now();
        let left = token::PATIENCE.saturating_sub(begun.elapsed());
        let asked = timeout(left, self.ask(token)).await;
        let claims = asked.unwrap_or_else(|_| Err("it does not answer in time".to_owned()));
        let claims = claims.map_err(|reason| {
            tracing::warn!("{} cannot be asked about tokens: {reason}", self.url);
            Refused::Unavailable
        })?;
        if claims.get("active") != Some(&Value::Bool(true)) {
            return Err(Refused::Invalid("the token is not active"));
        }
        token::timely(&claims, SKEW)?;
        token::is_for(&claims, &self.audience)?;
        self.remember(digest, &claims, now);
        Ok(claims)
    }

    fn remembered(&self, digest: &[u8; 32]) -> Option<Claims> {
        let now = Instant::now();
        self.known().get(digest).filter(|known| now < known.until).map(|known| known.claims.clone())
    }

    async fn ask(&self, token: &str) -> Result<Claims, String> {
        let form = Serializer::new(String::new())
            .append_pair("token", token)
            .append_pair("token_type_hint", "access_token")
            .finish();
        let request = self
            .client
            .post(self.url.clone())
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, self.authorization.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        token::said(&token::ask(request).await?)
    }

    /// Remembers what was answered, for as long as that is good and never longer than the token. The
    /// token itself is not kept.
    fn remember(&self, digest: [u8; 32], claims: &Claims, now: Instant) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let left = claims.get("exp").and_then(Value::as_f64);
        let left = left.map(|exp| (exp - since.as_secs_f64()).max(0.0));
        let left = left.and_then(|left| Duration::try_from_secs_f64(left).ok());
        let until = now + left.map_or(self.cache, |left| left.min(self.cache));
        if until <= now {
            return;
        }
        let mut known = self.known();
        if known.len() >= MOST {
            known.retain(|_, known| now < known.until);
        }
        // What is still too much is what would be forgotten next.
        if known.len() >= MOST
            && let Some(next) =
                known.iter().min_by_key(|(_, known)| known.until).map(|(key, _)| *key)
        {
            known.remove(&next);
        }
        known.insert(digest, Known { claims: claims.clone(), until });
    }

    fn known(&self) -> MutexGuard<'_, HashMap<[u8; 32], Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
