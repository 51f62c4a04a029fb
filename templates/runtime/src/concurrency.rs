//! How many calls of a tool run at the same time. One more is refused at once: a queue would hold
//! whatever its clients sent, for calls that most of them have given up.

use std::collections::HashMap;
use std::sync::Arc;
#[cfg(feature = "shared")]
use std::time::Duration;

#[cfg(feature = "shared")]
use redis::Script;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
#[cfg(feature = "shared")]
use tokio::task::JoinHandle;

use super::failure::{Failure, Kind};
#[cfg(feature = "metrics")]
use super::metrics::Metrics;
#[cfg(feature = "shared")]
use super::shared::{Away, Redis};

/// How many calls of a tool may run at the same time.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    /// The tool.
    pub tool: &'static str,
    /// So many of its calls.
    pub calls: u32,
    /// Whether each replica holds the number by itself while Redis does not answer.
    #[cfg(feature = "shared")]
    pub open: bool,
}

/// Counts calls that run.
#[derive(Debug)]
pub struct Calls {
    tools: HashMap<&'static str, (Most, Arc<Semaphore>)>,
    #[cfg(feature = "shared")]
    leases: Arc<Leases>,
    #[cfg(feature = "metrics")]
    metrics: Arc<Metrics>,
}

/// A call that runs, until this is dropped, whichever way it ends.
#[derive(Debug)]
pub struct Running {
    _permit: OwnedSemaphorePermit,
    #[cfg(feature = "shared")]
    _lease: Option<Lease>,
}

impl Calls {
    /// None of these tools runs.
    pub fn new(
        most: &[Most],
        #[cfg(feature = "shared")] redis: &Arc<Redis>,
        #[cfg(feature = "metrics")] metrics: &Arc<Metrics>,
    ) -> Self {
        let tool = |most: &Most| {
            let permits = usize::try_from(most.calls).unwrap_or(Semaphore::MAX_PERMITS);
            (most.tool, (*most, Arc::new(Semaphore::new(permits))))
        };
        Self {
            tools: most.iter().map(tool).collect(),
            #[cfg(feature = "shared")]
            leases: Arc::new(Leases::new(redis)),
            #[cfg(feature = "metrics")]
            metrics: Arc::clone(metrics),
        }
    }

    /// A call of a tool begins.
    ///
    /// # Errors
    /// As many run as may.
    #[cfg(not(feature = "shared"))]
    pub fn begin(&self, tool: &str) -> Result<Running, Failure> {
        let (most, permit) = self.permit(tool)?;
        permit.map(|permit| Running { _permit: permit }).ok_or_else(|| self.refused(most))
    }

    /// A call of a tool begins, here and for all replicas.
    ///
    /// # Errors
    /// As many run as may, or Redis does not answer.
    #[cfg(feature = "shared")]
    pub async fn begin(&self, tool: &str) -> Result<Running, Failure> {
        let (most, permit) = self.permit(tool)?;
        let permit = permit.ok_or_else(|| self.refused(most))?;
        let lease = match Leases::take(&self.leases, most).await {
            Ok(Some(lease)) => Some(lease),
            Ok(None) => return Err(self.refused(most)),
            Err(Away) if most.open => None,
            Err(Away) => {
                let why = "Calls that run cannot be counted at the moment, and none begins uncounted; \
                           try again in a moment.";
                return Err(Failure::new(Kind::ConnectionError, why).after(1));
            }
        };
        Ok(Running { _permit: permit, _lease: lease })
    }

    fn permit(&self, tool: &str) -> Result<(Most, Option<OwnedSemaphorePermit>), Failure> {
        let known = self.tools.get(tool);
        let (most, places) = known.ok_or_else(|| Failure::unknown(&"a tool without a limit"))?;
        Ok((*most, Arc::clone(places).try_acquire_owned().ok()))
    }

    fn refused(&self, most: Most) -> Failure {
        #[cfg(feature = "metrics")]
        self.metrics.limited("concurrency", Some(most.tool));
        let (tool, calls) = (most.tool, most.calls);
        let run = if calls == 1 { "one call runs" } else { "calls run" };
        let number = if calls == 1 { String::new() } else { format!("{calls} ") };
        let message =
            format!("Of `{tool}`, {number}{run} already, the most: try again in a second.");
        Failure::new(Kind::RateLimited, message).after(1)
    }
}

/// How long a replica that is gone without a word holds a place, in milliseconds.
#[cfg(feature = "shared")]
const LEASE: u64 = 10_000;

/// How often a replica says that a call still runs.
#[cfg(feature = "shared")]
const RENEWAL: Duration = Duration::from_secs(3);

/// Takes a place, where there is one, after those of replicas that are gone.
#[cfg(feature = "shared")]
const TAKE: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
";

/// Holds a place for longer, and takes it again in a Redis that has lost it.
#[cfg(feature = "shared")]
const RENEW: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
";

/// Places that replicas share.
#[cfg(feature = "shared")]
#[derive(Debug)]
struct Leases {
    redis: Arc<Redis>,
    take: Script,
    renew: Script,
}

/// A place that is held for all replicas until this is dropped.
#[cfg(feature = "shared")]
#[derive(Debug)]
struct Lease {
    leases: Arc<Leases>,
    key: String,
    holder: u64,
    renewal: JoinHandle<()>,
}

#[cfg(feature = "shared")]
impl Leases {
    fn new(redis: &Arc<Redis>) -> Self {
        Self { redis: Arc::clone(redis), take: Script::new(TAKE), renew: Script::new(RENEW) }
    }

    /// A place for a call; none where all are taken.
    async fn take(this: &Arc<Self>, most: Most) -> Result<Option<Lease>, Away> {
        let key = this.redis.key(&format!("calls:{}", most.tool));
        let holder = getrandom::u64().map_err(|_| Away)?;
        // The place is given back even where its taking is called off, or its answer is lost.
        let lease = Lease {
            renewal: tokio::spawn(Self::renewed(Arc::clone(this), key.clone(), holder)),
            leases: Arc::clone(this),
            key,
            holder,
        };
        let mut call = this.take.key(&lease.key);
        call.arg(holder).arg(LEASE).arg(most.calls);
        let asked = |mut redis| async move { call.invoke_async::<bool>(&mut redis).await };
        Ok(this.redis.ask(asked).await?.then_some(lease))
    }

    /// Holds a place for as long as it is needed.
    async fn renewed(this: Arc<Self>, key: String, holder: u64) {
        loop {
            tokio::time::sleep(RENEWAL).await;
            let mut call = this.renew.key(&key);
            call.arg(holder).arg(LEASE);
            let asked = |mut redis| async move { call.invoke_async::<()>(&mut redis).await };
            // A Redis that is away is asked again.
            let _ = this.redis.ask(asked).await;
        }
    }
}

#[cfg(feature = "shared")]
impl Drop for Lease {
    fn drop(&mut self) {
        self.renewal.abort();
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (leases, key, holder) =
            (Arc::clone(&self.leases), std::mem::take(&mut self.key), self.holder);
        runtime.spawn(async move {
            let asked = |mut redis| async move {
                redis::cmd("ZREM").arg(key).arg(holder).query_async::<()>(&mut redis).await
            };
            // Where Redis is away, the place is free again when the lease ends.
            let _ = leases.redis.ask(asked).await;
        });
    }
}
