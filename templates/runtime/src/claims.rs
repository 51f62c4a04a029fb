//! What is known of callers.

#[cfg(feature = "claims")]
use super::auth::{Caller, Rules};
#[cfg(feature = "claims")]
use super::failure::{Failure, Kind};
#[cfg(feature = "claims")]
use super::input::{Input, Read};

/// What a verified token says.
#[cfg(any(feature = "auth-token", feature = "claims"))]
pub type Claims = serde_json::Map<String, serde_json::Value>;

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is no good: a sentence for the client, without anything of the token.
    Invalid(&'static str),
    /// Nobody can tell now: the issuer does not answer.
    Unavailable,
}

/// The variable that says what `development` claims.
#[cfg(feature = "claims")]
const DEVELOPMENT: &str = "DEVELOPMENT_CLAIMS";

#[cfg(feature = "claims")]
impl Caller {
    /// A claim of the caller, read like an argument.
    ///
    /// # Errors
    /// The caller does not have it, or it is of another kind. What it is instead is not said.
    pub fn claim<T>(&self, name: &str, read: impl FnOnce(Input) -> Read<T>) -> Result<T, Failure> {
        let denied = |why: String| Failure::new(Kind::PermissionDenied, why);
        let missing = || match self.develops {
            true => denied(format!(
                "This needs the claim `{name}` of the caller: in development, start the server with \
                 {DEVELOPMENT}={{\"{name}\": …}}."
            )),
            false => denied(format!(
                "This needs the claim `{name}`, which the caller's key or token does not have."
            )),
        };
        let value = self.claims.get(name).filter(|value| !value.is_null()).ok_or_else(missing)?;
        read(Input::of(name, value.clone())).map_err(|_| {
            denied(format!("The claim `{name}` of the caller is not of the kind that this needs."))
        })
    }

    /// The same caller with what the environment says in the place of a token.
    pub(super) fn developing(mut self, rules: &Rules) -> Result<Self, String> {
        self.develops = true;
        let said = std::env::var(DEVELOPMENT).unwrap_or_default();
        if said.trim().is_empty() {
            return Ok(self);
        }
        let said: Claims = serde_json::from_str(&said)
            .map_err(|error| format!("{DEVELOPMENT} holds no JSON object: {error}"))?;
        self.set_claims(rules, &said);
        Ok(self)
    }
}
