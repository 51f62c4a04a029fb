//! Requests that replicas count together in Redis, each in one step of a script, by its clock.

use std::sync::Arc;
use std::time::Duration;

use redis::Script;

use super::rate::Cell;
use super::shared::{Away, Redis};

/// A key holds when its next request would come at the rate, and goes when that moment has passed. A
/// clock that was set back holds up nobody for longer than a burst.
pub(super) const SCRIPT: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local moments, index, longest = {}, 0, 0
for i, key in ipairs(KEYS) do
    local interval, tolerance = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
    local moment = tonumber(redis.call('GET', key) or now)
    moment = math.min(math.max(moment, now), now + tolerance + interval)
    local wait = moment - now - tolerance
    if wait > longest then index, longest = i, wait end
    moments[i] = moment + interval
end
if index == 0 then
    for i, key in ipairs(KEYS) do
        local moment = moments[i]
        redis.call('SET', key, string.format('%.0f', moment), 'PX', math.ceil((moment - now) / 1000))
    end
end
return { index, longest }
";

/// Counts requests.
#[derive(Debug)]
pub struct Cells {
    redis: Arc<Redis>,
    script: Script,
}

impl Cells {
    /// What was asked is known to Redis.
    pub fn new(redis: &Arc<Redis>) -> Self {
        Self { redis: Arc::clone(redis), script: Script::new(SCRIPT) }
    }

    /// Takes a request that falls into these cells, into all of them or into none. Else, which of them
    /// has the longest to wait, and how long.
    ///
    /// # Errors
    /// Redis does not answer.
    pub async fn admit(&self, cells: &[Cell]) -> Result<Option<(usize, Duration)>, Away> {
        let mut call = self.script.prepare_invoke();
        for cell in cells {
            let name = format!("rate:{:032x}", u128::from_be_bytes(cell.key));
            call.key(self.redis.key(&name)).arg(cell.interval).arg(cell.tolerance);
        }
        let asked = |mut redis| async move { call.invoke_async::<(usize, u64)>(&mut redis).await };
        let (index, wait) = self.redis.ask(asked).await?;
        Ok(index.checked_sub(1).map(|index| (index, Duration::from_micros(wait))))
    }
}
