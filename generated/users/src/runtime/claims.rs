//! What is known of callers.

use serde_json::Value;

/// What a verified token says.
pub type Claims = serde_json::Map<String, Value>;

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is no good: a sentence for the client, without anything of the token.
    Invalid(&'static str),
    /// Nobody can tell now: the issuer does not answer.
    Unavailable,
}
