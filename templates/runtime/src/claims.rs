//! What is known of callers.

/// What a verified token says.
#[cfg(feature = "auth-token")]
pub type Claims = serde_json::Map<String, serde_json::Value>;

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is no good: a sentence for the client, without anything of the token.
    Invalid(&'static str),
    /// Nobody can tell now: the issuer does not answer.
    Unavailable,
}
