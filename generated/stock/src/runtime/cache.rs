//! Answers of tools that are kept for a while, so that a call that asks for the same is answered without
//! the database.
//!
//! An answer is kept under the generation of its tool in which it was asked for. A tool that writes
//! ends the generation behind its commit and before its own answer leaves: what was asked for earlier,
//! kept or still on its way, is not given to anybody who asks later.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use moka::policy::EvictionPolicy;
use rmcp::model::CallToolResult;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout_at};

use super::failure::{Failure, Kind};
use super::generation::Generation;

/// Most bytes that the answers of a tool take, with what they were asked by.
const BYTES: usize = 16 * 1024 * 1024;

/// What a call came to. Those who waited for it share it, whatever it is.
type Outcome = Result<Arc<CallToolResult>, Failure>;

/// The answers of a tool.
#[derive(Debug)]
pub struct Cache {
    tool: &'static str,
    kept: moka::sync::Cache<String, Kept>,
    /// Calls that are under way, by key, with how many wait for each.
    flights: Mutex<HashMap<String, Waited>>,
    generation: Arc<Generation>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// What a call will have come to, and how many wait for it.
type Waited = (Arc<OnceCell<Outcome>>, usize);

/// An answer, and about how many bytes it takes.
type Kept = (Arc<CallToolResult>, usize);

/// How a cache is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Use {
    /// Answers that are kept.
    pub entries: u64,
    /// About how many bytes they take.
    pub bytes: u64,
    /// Calls that were answered without the database.
    pub hits: u64,
    /// Calls that were not.
    pub misses: u64,
}

impl Cache {
    /// Keeps answers of a tool for so long, and so many of them at most; those that nobody asked for
    /// the longest make room.
    pub fn new(
        tool: &'static str,
        ttl: Duration,
        maximum: u32,
    ) -> Arc<Self> {
        let maximum = u64::from(maximum.max(1));
        // Each answer takes its share at least, so that one bound holds for their number and for
        // their bytes.
        let share = (BYTES as u64 / maximum).max(1);
        let weight = move |_: &String, (_, bytes): &Kept| {
            u32::try_from(share.max(*bytes as u64)).unwrap_or(u32::MAX)
        };
        let kept = moka::sync::Cache::builder()
            .max_capacity(share * maximum)
            .weigher(weight)
            .time_to_live(ttl)
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Arc::new(Self {
            tool,
            kept,
            flights: Mutex::default(),
            generation: Generation::new(
            ),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        })
    }

    /// The tool whose answers these are.
    pub fn tool(&self) -> &'static str {
        self.tool
    }

    /// The answer that is kept under a key, or else what a call answers, which is kept. Of calls with
    /// the same key one runs, and the others wait for it; where it is cancelled, the next one runs.
    /// Errors are not kept.
    ///
    /// # Errors
    /// That of the call, or `limit` is over.
    pub async fn answer(
        &self,
        key: &str,
        limit: Duration,
        call: impl Future<Output = Result<CallToolResult, Failure>>,
    ) -> Result<CallToolResult, Failure> {
        let deadline = Instant::now() + limit;
        let call = std::pin::pin!(call);
        let Some(generation) = self.generation.now().await else {
            self.misses.fetch_add(1, Ordering::Relaxed);
            return call.await;
        };
        let key = format!("{generation} {key}");
        if let Some((answer, _)) = self.kept.get(&key) {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return Ok((*answer).clone());
        }
        let flight = self.joins(&key);
        let mut led = false;
        let runs = async {
            // It may have come between the look and the flight.
            if let Some((answer, _)) = self.kept.get(&key) {
                return Ok(answer);
            }
            led = true;
            let answer = Arc::new(call.await?);
            let bytes = key.len() + size(&answer);
            if bytes <= BYTES {
                self.kept.insert(key.clone(), (Arc::clone(&answer), bytes));
            }
            Ok(answer)
        };
        let outcome = timeout_at(deadline, flight.outcome.get_or_init(|| runs)).await;
        let outcome = outcome.cloned();
        let answered = if led { &self.misses } else { &self.hits };
        answered.fetch_add(1, Ordering::Relaxed);
        let answer = outcome.map_err(|_| {
            Failure::new(Kind::Timeout, "The request took too long and was stopped.")
        })??;
        Ok((*answer).clone())
    }

    /// How it is used.
    pub fn in_use(&self) -> Use {
        self.kept.run_pending_tasks();
        Use {
            entries: self.kept.entry_count(),
            bytes: self.kept.weighted_size(),
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
        }
    }

    /// Waits for the call of this key that is under way, or is it.
    fn joins<'c>(&'c self, key: &'c str) -> Flight<'c> {
        let mut flights = lock(&self.flights);
        let (outcome, waiting) = flights.entry(key.to_owned()).or_default();
        *waiting += 1;
        Flight { cache: self, key, outcome: Arc::clone(outcome) }
    }
}

/// A call that is under way, for one of those who wait for it.
struct Flight<'c> {
    cache: &'c Cache,
    key: &'c str,
    outcome: Arc<OnceCell<Outcome>>,
}

impl Drop for Flight<'_> {
    /// Whoever comes after its end asks anew; the last who waited leaves nothing behind.
    fn drop(&mut self) {
        let mut flights = lock(&self.cache.flights);
        let Some((outcome, waiting)) = flights.get_mut(self.key) else { return };
        if !Arc::ptr_eq(outcome, &self.outcome) {
            return;
        }
        *waiting -= 1;
        if *waiting == 0 || outcome.initialized() {
            flights.remove(self.key);
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a call that changes what these caches hold answers about; its statements end within `limit`.
/// When it has answered, nobody gets an answer of before.
///
/// # Errors
/// That of the call.
pub async fn changing(
    caches: &[&Cache],
    limit: Duration,
    call: impl Future<Output = Result<CallToolResult, Failure>>,
) -> Result<CallToolResult, Failure> {
    let generations: Vec<_> = caches.iter().map(|cache| &cache.generation).collect();
    let change = Generation::changes(&generations, limit).await?;
    let answer = call.await;
    // A call that failed may have committed a part by itself, in a procedure.
    let end = match &answer {
        Err(Failure {
            kind: Kind::Timeout | Kind::ConnectionError | Kind::UnknownError, ..
        }) => End::Unknown,
        Ok(_) | Err(_) => End::Known,
    };
    // It makes room; what is not kept under this generation is not found in any case.
    caches.iter().for_each(|cache| cache.kept.invalidate_all());
    change.ends(end).await;
    answer
}

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It is in force, or never will be.
    Known,
    /// Its commit may come into force yet: the connection was lost, or the time was over.
    Unknown,
}

/// What an answer is kept by: everything that it depends on, whole.
///
/// # Errors
/// It cannot be written as JSON.
pub fn key<T: Serialize>(asked: &T) -> Result<String, Failure> {
    serde_json::to_string(asked).map_err(|error| Failure::unknown(&error))
}

/// About how many bytes an answer takes.
fn size(answer: &CallToolResult) -> usize {
    let content = serde_json::to_string(&answer.content).map_or(0, |text| text.len());
    content + answer.structured_content.as_ref().map_or(0, value_size)
}

fn value_size(value: &Value) -> usize {
    /// What a map keeps of a member beside its text and its value.
    const MEMBER: usize = 2 * size_of::<usize>() + size_of::<String>();
    let inner = match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(value_size).sum(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| MEMBER + name.len() + value_size(value)).sum()
        }
    };
    size_of::<Value>() + inner
}
