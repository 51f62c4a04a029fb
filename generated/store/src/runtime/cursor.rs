//! Cursors of pages: opaque, signed, and good for one question only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde_json::Value;
use sha2::Sha256;

use super::failure::{Failure, Kind};
pub use super::position::Position;

/// Signs cursors.
pub struct Signer {
    key: Vec<u8>,
}

impl std::fmt::Debug for Signer {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

impl Signer {
    /// Signs with `MCPGEN_SECRET`. Without it the key is random: cursors then end with the process,
    /// and replicas do not know each other's.
    pub fn from_environment() -> Self {
        match std::env::var("MCPGEN_SECRET") {
            Ok(secret) if !secret.is_empty() => Self { key: secret.into_bytes() },
            Ok(_) | Err(_) => {
                tracing::warn!("MCPGEN_SECRET is not set: cursors are good for this process only");
                let mut key = vec![0; 32];
                if let Err(error) = getrandom::fill(&mut key) {
                    // Without randomness a signature would prove nothing.
                    panic!("the system has no randomness: {error}");
                }
                Self { key }
            }
        }
    }

    /// The cursor of a position. `question` is what it is good for: the tool, the order and the
    /// arguments.
    pub fn sign(&self, question: &str, position: Position) -> String {
        let values = Value::Array(position.into_values()).to_string();
        let signature = self.mac(question, values.as_bytes()).finalize().into_bytes();
        let mut bytes = signature[..SIGNATURE].to_vec();
        bytes.extend_from_slice(values.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position of a cursor that this key signed for the same question.
    pub fn position(&self, question: &str, cursor: &str) -> Result<Position, Failure> {
        let refused = || {
            let mut failure = Failure::new(
                Kind::InvalidArguments,
                "`cursor` is not one of this tool for these arguments.",
            );
            failure.suggestions =
                vec!["Pass next_cursor back unchanged, with the same arguments, or start without a cursor".to_owned()];
            failure
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
        let (signature, values) = bytes.split_at_checked(SIGNATURE).ok_or_else(refused)?;
        self.mac(question, values).verify_truncated_left(signature).map_err(|_| refused())?;
        serde_json::from_slice(values).map(Position::from_values).map_err(|_| refused())
    }

    fn mac(&self, question: &str, values: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(question.as_bytes());
        mac.update(&[0]);
        mac.update(values);
        mac
    }
}

/// Bytes of the signature that travel: 128 bits, which nobody guesses.
const SIGNATURE: usize = 16;

/// What a cursor is good for: the tool and its arguments as they were read, without what changes
/// from page to page.
pub fn question<T: Serialize>(tool: &str, params: &T) -> Result<String, Failure> {
    let params = serde_json::to_string(params).map_err(|error| Failure::unknown(&error))?;
    Ok(format!("{tool}?{params}"))
}
