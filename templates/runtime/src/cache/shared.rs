//! Which answers are those of the database as it is now, for all replicas.
//!
//! Answers are kept by each replica for itself. What they are kept under is in Redis: a text that never
//! comes again, and beside it the changes that are under way, each until it is over, or until it can be
//! under way no more. While there is one, nobody takes anything from a cache. So it is told before
//! anything is written, and a replica that dies, or does not reach Redis any more, leaves nothing old
//! behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redis::{Script, ScriptInvocation};

use super::cache::End;
use super::failure::{Failure, Kind};
use super::secret;
use super::shared::{Away, Redis};

/// The generation, unless a change is under way.
const NOW: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZCARD', KEYS[2]) > 0 then return false end
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
";

/// A change begins: a generation for each, and a change that is under way for so long at most.
const CHANGES: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 1, #KEYS, 2 do
    redis.call('SET', KEYS[i], ARGV[1])
    redis.call('ZADD', KEYS[i + 1], now + ARGV[2], ARGV[1])
    local last = redis.call('ZRANGE', KEYS[i + 1], -1, -1, 'WITHSCORES')[2]
    redis.call('PEXPIREAT', KEYS[i + 1], string.format('%.0f', last + 1000))
end
";

/// A change is over. Redis may have lost what it was told of it, so that there is a new generation once
/// more.
const ENDS: &str = r"
for i = 1, #KEYS, 2 do
    redis.call('SET', KEYS[i], ARGV[2])
    redis.call('ZREM', KEYS[i + 1], ARGV[1])
end
";

/// How often a change that is over is told of again where Redis does not answer.
const RETRY: Duration = Duration::from_millis(500);

/// What answers of a tool are kept under.
#[derive(Debug)]
pub struct Generation {
    redis: Arc<Redis>,
    /// The generation, and the changes that are under way.
    keys: [String; 2],
    now: Script,
    changes: Script,
    ends: Script,
    /// What no other process says, and how often this one has said it.
    own: String,
    said: AtomicU64,
}

impl Generation {
    /// That of a tool, which replicas have in common.
    pub fn new(redis: &Arc<Redis>, tool: &str) -> Arc<Self> {
        let own = secret::random::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
        let keys = ["generation", "changes"].map(|what| redis.key(&format!("cache:{tool}:{what}")));
        Arc::new(Self {
            redis: Arc::clone(redis),
            keys,
            now: Script::new(NOW),
            changes: Script::new(CHANGES),
            ends: Script::new(ENDS),
            own,
            said: AtomicU64::new(0),
        })
    }

    /// The one that is now; none while nothing can be kept, or Redis does not answer.
    pub async fn now(&self) -> Option<String> {
        let mut call = self.now.prepare_invoke();
        call.key(&self.keys[0]).key(&self.keys[1]).arg(self.fresh());
        let asked =
            |mut redis| async move { call.invoke_async::<Option<String>>(&mut redis).await };
        let generation = self.redis.ask(asked).await.ok()??;
        // A Redis that comes back may have forgotten the last of them, and have an earlier one.
        let connection = self.redis.connection()?;
        Some(format!("{connection} {generation}"))
    }

    /// A change begins whose statements end within `limit`.
    ///
    /// # Errors
    /// Redis does not answer: other replicas would not hear of it.
    pub async fn changes(generations: &[&Arc<Self>], limit: Duration) -> Result<Change, Failure> {
        let change = Change {
            generations: generations.iter().map(|it| Arc::clone(it)).collect(),
            name: generations.first().map(|it| it.fresh()).unwrap_or_default(),
        };
        let told = change.tell(
            |it| &it.changes,
            |call| {
                // Its commit may come into force when its time is over, and nobody waits for it.
                call.arg(2 * limit.as_millis());
            },
        );
        told.await.map_err(|Away| {
            Failure::new(
                Kind::ConnectionError,
                "Nothing was changed: other servers cannot be told of a change now; try again in a moment.",
            )
        })?;
        Ok(change)
    }

    /// A text that is said once.
    fn fresh(&self) -> String {
        format!("{}-{}", self.own, self.said.fetch_add(1, Ordering::Relaxed))
    }
}

/// A change that is under way, as Redis knows it.
pub struct Change {
    generations: Vec<Arc<Generation>>,
    name: String,
}

impl Change {
    /// It is over. Where nobody knows how it ended, its time in Redis runs out.
    pub async fn ends(self, end: End) {
        if end == End::Unknown || self.tell_end().await.is_ok() {
            return;
        }
        // Nothing is taken from a cache until it is told, unless Redis has lost its data meanwhile.
        tokio::spawn(async move {
            while self.tell_end().await.is_err() {
                tokio::time::sleep(RETRY).await;
            }
        });
    }

    async fn tell_end(&self) -> Result<(), Away> {
        let fresh = self.generations.first().map(|it| it.fresh()).unwrap_or_default();
        self.tell(
            |it| &it.ends,
            |call| {
                call.arg(fresh);
            },
        )
        .await
    }

    /// Runs a script over the keys of all.
    async fn tell(
        &self,
        script: impl Fn(&Generation) -> &Script,
        more: impl FnOnce(&mut ScriptInvocation<'_>),
    ) -> Result<(), Away> {
        let Some(first) = self.generations.first() else { return Ok(()) };
        let mut call = script(first).prepare_invoke();
        for key in self.generations.iter().flat_map(|generation| &generation.keys) {
            call.key(key);
        }
        call.arg(&self.name);
        more(&mut call);
        let asked = |mut redis| async move { call.invoke_async::<()>(&mut redis).await };
        first.redis.ask(asked).await
    }
}
