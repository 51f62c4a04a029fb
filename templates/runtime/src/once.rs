//! What is good once, for a few minutes.

#[cfg(feature = "once-here")]
use std::collections::BTreeSet;
#[cfg(feature = "once-shared")]
use std::sync::Arc;
#[cfg(feature = "once-here")]
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
#[cfg(feature = "once-here")]
use std::time::{SystemTime, UNIX_EPOCH};

#[cfg(feature = "once-shared")]
use redis::Script;

use super::elicit::PATIENCE;
use super::failure::Failure;
#[cfg(feature = "once-shared")]
use super::failure::Kind;
use super::secret;
#[cfg(feature = "once-shared")]
use super::shared::{Away, Redis};

/// When it expires, in milliseconds since 1970 and the first byte the highest, and 16 bytes that nobody
/// guesses: sorted, those that expire first come first.
pub type Token = [u8; 24];

/// Remembers the tokens that were used.
#[derive(Debug)]
pub enum Once {
    /// In this process: other replicas do not know.
    #[cfg(feature = "once-here")]
    Here(Mutex<Used>),
    /// In Redis, for all replicas.
    #[cfg(feature = "once-shared")]
    Shared(Arc<Redis>),
}

/// Most tokens that are remembered as used.
#[cfg(feature = "once-here")]
const MOST: usize = 100_000;

/// The tokens that were used in this process.
#[cfg(feature = "once-here")]
#[derive(Debug)]
pub struct Used {
    tokens: BTreeSet<Token>,
    /// The last token that is not remembered any more: none up to it is taken.
    forgotten: Token,
}

/// Where Redis knows of no beginning it has lost what was used: from now on is what it will know of.
#[cfg(feature = "once-shared")]
const MINT: &str = r"
local time = redis.call('TIME')
local expires = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
redis.call('SET', KEYS[1], string.format('%.0f', expires), 'NX')
return string.format('%.0f', expires + 1)
";

/// A token is good once, if it was made after the beginning and is not over.
#[cfg(feature = "once-shared")]
const REDEEM: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local since = tonumber(redis.call('GET', KEYS[1]))
local expires = tonumber(ARGV[1])
if not since or expires <= since or expires <= now then return 0 end
if redis.call('SET', KEYS[2], '', 'NX', 'PX', expires - now) then return 1 end
return 0
";

impl Once {
    /// Takes no token from before now: it could have been used already, in the process that was here
    /// before.
    #[cfg(feature = "once-here")]
    pub fn here() -> Self {
        let forgotten = token(millis(now().saturating_add(PATIENCE)), [0; 16]);
        Self::Here(Mutex::new(Used { tokens: BTreeSet::new(), forgotten }))
    }

    /// What was used is known to all who share this Redis.
    #[cfg(feature = "once-shared")]
    pub fn shared(redis: &Arc<Redis>) -> Self {
        Self::Shared(Arc::clone(redis))
    }

    /// A token that is good from now on.
    ///
    /// # Errors
    /// Nobody can tell what was used.
    pub async fn mint(&self) -> Result<Token, Failure> {
        let expires = match self {
            #[cfg(feature = "once-here")]
            Self::Here(_) => millis(now().saturating_add(PATIENCE)),
            #[cfg(feature = "once-shared")]
            Self::Shared(redis) => {
                let script = Script::new(MINT);
                let mut call = script.key(redis.key("once"));
                call.arg(millis(PATIENCE));
                let asked = |mut redis| async move { call.invoke_async::<u64>(&mut redis).await };
                redis.ask(asked).await.map_err(unknown)?
            }
        };
        Ok(token(expires, secret::random()))
    }

    /// Whether a token is good: it is from now on used up.
    ///
    /// # Errors
    /// Nobody can tell, and it may be used up.
    pub async fn redeem(&self, token: Token) -> Result<bool, Failure> {
        match self {
            #[cfg(feature = "once-here")]
            Self::Here(used) => {
                let mut used = used.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(used.redeem(token))
            }
            #[cfg(feature = "once-shared")]
            Self::Shared(redis) => {
                let script = Script::new(REDEEM);
                let (expires, random) = token.split_at(8);
                let expires = expires.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
                let random = random.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
                let mut call = script.key(redis.key("once"));
                call.key(redis.key(&format!("once:{expires}:{random}"))).arg(expires);
                let asked = |mut redis| async move { call.invoke_async::<bool>(&mut redis).await };
                redis.ask(asked).await.map_err(unknown)
            }
        }
    }
}

#[cfg(feature = "once-here")]
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

/// What is answered while nobody knows what was used.
#[cfg(feature = "once-shared")]
fn unknown(_: Away) -> Failure {
    let why = "Confirmations cannot be looked at at the moment; try again in a moment.";
    Failure::new(Kind::ConnectionError, why).after(1)
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
#[cfg(feature = "once-here")]
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
