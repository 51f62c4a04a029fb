//! What the server signs, so that it knows it when a client brings it back.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The key of a process that is not given one.
static RANDOM: LazyLock<[u8; 32]> = LazyLock::new(random);

/// Signs what clients carry.
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
    /// Signs with `MCPGEN_SECRET`. Without it the key is random: what was signed then ends with the
    /// process, and replicas do not know each other's.
    pub fn from_environment() -> Self {
        match std::env::var("MCPGEN_SECRET") {
            Ok(secret) if !secret.is_empty() => Self { key: secret.into_bytes() },
            Ok(_) | Err(_) => {
                tracing::warn!(
                    "MCPGEN_SECRET is not set: what is signed is good for this process only"
                );
                Self { key: RANDOM.to_vec() }
            }
        }
    }

    /// Bytes in a form that a client can carry, and not change. What was signed for one purpose is
    /// good for no other; `about` is what it is good for within its purpose.
    pub fn sign(&self, purpose: &str, about: &str, bytes: &[u8]) -> String {
        let signature = self.mac(purpose, about, bytes).finalize().into_bytes();
        let mut signed = signature[..SIGNATURE].to_vec();
        signed.extend_from_slice(bytes);
        URL_SAFE_NO_PAD.encode(signed)
    }

    /// The bytes that this key signed for the same; none for everything else.
    pub fn open(&self, purpose: &str, about: &str, signed: &str) -> Option<Vec<u8>> {
        let signed = URL_SAFE_NO_PAD.decode(signed).ok()?;
        let (signature, bytes) = signed.split_at_checked(SIGNATURE)?;
        self.mac(purpose, about, bytes).verify_truncated_left(signature).ok()?;
        Some(bytes.to_vec())
    }

    fn mac(&self, purpose: &str, about: &str, bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        // JSON writes a NUL as an escape, so that none of them stands inside of a part.
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(about.as_bytes());
        mac.update(&[0]);
        mac.update(bytes);
        mac
    }
}

/// Bytes of the signature that travel: 128 bits, which nobody guesses.
const SIGNATURE: usize = 16;

/// Bytes that nobody can guess.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Err(error) = getrandom::fill(&mut bytes) {
        // Without randomness a signature would prove nothing.
        panic!("the system has no randomness: {error}");
    }
    bytes
}
