//! What is good once, for a few minutes.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use super::elicit::PATIENCE;
use super::failure::Failure;
use super::secret;

/// When it expires, in milliseconds since 1970 and the first byte the highest, and 16 bytes that nobody
/// guesses: sorted, those that expire first come first.
pub type Token = [u8; 24];

/// Remembers the tokens that were used.
#[derive(Debug)]
pub enum Once {
    /// In this process: other replicas do not know.
    Here(Mutex<Used>),
}

/// Most tokens that are remembered as used.
const MOST: usize = 100_000;

/// The tokens that were used in this process.
#[derive(Debug)]
pub struct Used {
    tokens: BTreeSet<Token>,
    /// The last token that is not remembered any more: none up to it is taken.
    forgotten: Token,
}

impl Once {
    /// Takes no token from before now: it could have been used already, in the process that was here
    /// before.
    pub fn here() -> Self {
        let forgotten = token(millis(now().saturating_add(PATIENCE)), [0; 16]);
        Self::Here(Mutex::new(Used { tokens: BTreeSet::new(), forgotten }))
    }

    /// A token that is good from now on.
    ///
    /// # Errors
    /// Nobody can tell what was used.
    pub async fn mint(&self) -> Result<Token, Failure> {
        let expires = match self {
            Self::Here(_) => millis(now().saturating_add(PATIENCE)),
        };
        Ok(token(expires, secret::random()))
    }

    /// Whether a token is good: it is from now on used up.
    ///
    /// # Errors
    /// Nobody can tell, and it may be used up.
    pub async fn redeem(&self, token: Token) -> Result<bool, Failure> {
        match self {
            Self::Here(used) => {
                let mut used = used.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(used.redeem(token))
            }
        }
    }
}

impl Used {
    fn redeem(&mut self, token: Token) -> bool {
        let expired = self::token(millis(now()), [0; 16]);
        while let Some(&first) = self.tokens.first()
            && (first < expired || self.tokens.len() >= MOST)
        {
            // Whatever the clock of the system does, it is not taken again.
            self.forgotten = self.forgotten.max(first);
            self.tokens.pop_first();
        }
        token >= expired && token > self.forgotten && self.tokens.insert(token)
    }
}

fn token(expires: u64, random: [u8; 16]) -> Token {
    let mut token = [0; 24];
    token[..8].copy_from_slice(&expires.to_be_bytes());
    token[8..].copy_from_slice(&random);
    token
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Since 1970.
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
