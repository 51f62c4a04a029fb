//! Keys that are handed to clients. The server knows their digests alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

#[cfg(feature = "claims")]
use super::claims::Claims;
use super::claims::Refused;

/// A key of a client. A client may have several: the next one is there before the last one goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Whose it is.
    pub client: String,
    /// SHA-256 of the key, hexadecimal. Keys are long and random: no slow digest is needed.
    sha256: Digest,
    /// What its owner may do.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// What else is known of its owner.
    #[cfg(feature = "claims")]
    #[serde(default, skip_serializing_if = "Claims::is_empty")]
    pub claims: Claims,
    /// When it ends; without, never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<DateTime<Utc>>,
}

/// A digest, hexadecimal in JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Digest([u8; 32]);

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || "a SHA-256 has 64 hexadecimal digits".to_owned();
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong());
        }
        let mut digest = [0; 32];
        for (byte, at) in digest.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(digest))
    }
}

impl From<Digest> for String {
    fn from(Digest(digest): Digest) -> Self {
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The keys in a variable of the environment; none when it is not set.
///
/// # Errors
/// It holds no list of keys. What it holds is not said.
pub fn from_environment(variable: &str) -> Result<Option<Vec<Key>>, String> {
    let Ok(text) = std::env::var(variable) else { return Ok(None) };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let keys = serde_json::from_str(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let form = r#"[{"client":"…","sha256":"…","scopes":["…"]}]"#;
        format!("{variable} holds no keys at line {line} column {column}: they look like {form}")
    })?;
    #[cfg(feature = "claims")]
    let keys = named(keys);
    Ok(Some(keys))
}

/// Keys that claim to be their owners', as tokens do.
#[cfg(feature = "claims")]
fn named(mut keys: Vec<Key>) -> Vec<Key> {
    for key in &mut keys {
        for name in NAMES {
            key.claims.insert(name.to_owned(), key.client.clone().into());
        }
    }
    keys
}

/// The claims that are the owner's name.
#[cfg(feature = "claims")]
const NAMES: [&str; 2] = ["sub", "client_id"];

/// A claim as the command line has it: `tenant=acme`.
///
/// # Errors
/// It is none, or one that the owner's name says.
#[cfg(feature = "claims")]
pub fn claim(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, _)) if NAMES.contains(&name) => Err(format!("`{name}` is the client's name")),
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("a claim looks like tenant=acme".to_owned()),
    }
}

/// The entry of a key that a client shows; none when nobody has it.
///
/// # Errors
/// The key has ended.
pub fn find<'k>(keys: &'k [Key], shown: &str) -> Result<Option<&'k Key>, Refused> {
    let digest = Sha256::digest(shown.as_bytes());
    // All of them are compared, whether one was found or not: time says nothing.
    let mut found = None;
    for key in keys {
        if bool::from(key.sha256.0.ct_eq(digest.as_slice())) {
            found = Some(key);
        }
    }
    match found {
        Some(key) if key.expires.is_some_and(|end| end <= Utc::now()) => {
            Err(Refused::Invalid("the key has expired"))
        }
        found => Ok(found),
    }
}

/// A new key, and the entry by which a server knows it.
#[cfg(not(feature = "claims"))]
pub fn mint(client: String, scopes: Vec<String>, expires: Option<DateTime<Utc>>) -> (String, Key) {
    let shown = URL_SAFE_NO_PAD.encode(super::secret::random::<32>());
    let sha256 = Digest(Sha256::digest(shown.as_bytes()).into());
    (shown, Key { client, sha256, scopes, expires })
}

/// A new key, and the entry by which a server knows it.
#[cfg(feature = "claims")]
pub fn mint(
    client: String,
    scopes: Vec<String>,
    claims: Vec<(String, String)>,
    expires: Option<DateTime<Utc>>,
) -> (String, Key) {
    let shown = URL_SAFE_NO_PAD.encode(super::secret::random::<32>());
    let sha256 = Digest(Sha256::digest(shown.as_bytes()).into());
    let claims = claims.into_iter().map(|(name, value)| (name, value.into())).collect();
    (shown, Key { client, sha256, scopes, claims, expires })
}
