//! Calls that are run again where nothing of them was kept.

use std::time::{Duration, Instant};

use super::failure::{Failure, Kind};

/// How often a call is run, and how long it waits before it is run again.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// How often it is run at most, the first time among them.
    pub attempts: u32,
    /// The longest pause before it is run for the second time; it doubles from one to the next.
    pub backoff: Duration,
    /// The longest pause of all.
    pub maximum: Duration,
}

/// How a transaction is run again that another one came between.
#[cfg(feature = "retry")]
const CONFLICTS: Policy =
    Policy { attempts: 4, backoff: Duration::from_millis(20), maximum: Duration::from_millis(80) };

/// Runs a transaction, and again when the database undid it because another one came between.
/// Nothing of it was kept then, so that it is not done twice. An attempt gets the time that is left
/// and keeps to it itself: cut off from outside, it could not say whether its commit was done.
///
/// # Errors
/// What the last run of it failed with.
#[cfg(feature = "retry")]
pub async fn transaction<T, F>(
    timeout: Duration,
    attempt: impl FnMut(Duration) -> F,
) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    repeat(CONFLICTS, timeout, attempt, |failure| undone(failure.kind)).await
}

#[cfg(feature = "retry-policy")]
impl Policy {
    /// Runs a call, and again when nothing of it was kept and it may work: another transaction came
    /// between, or the database could not be reached, or was lost before it was told to keep anything.
    /// An attempt gets the time that is left.
    ///
    /// # Errors
    /// What the last run of it failed with.
    pub async fn run<T, F>(
        self,
        timeout: Duration,
        attempt: impl FnMut(Duration) -> F,
    ) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        repeat(self, timeout, attempt, kept_nothing).await
    }
}

/// Runs a call, and again as long as it fails with what `is_safe` to be run again.
async fn repeat<T, F>(
    policy: Policy,
    timeout: Duration,
    mut attempt: impl FnMut(Duration) -> F,
    is_safe: impl Fn(&Failure) -> bool,
) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    let deadline = Instant::now() + timeout;
    let mut most = policy.backoff;
    let mut attempts = 1;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let failure = match attempt(left).await {
            Err(failure) if attempts < policy.attempts && is_safe(&failure) => failure,
            other => return other,
        };
        let pause = jitter(most.min(policy.maximum));
        if Instant::now() + pause >= deadline {
            return Err(failure);
        }
        #[cfg(feature = "audit")]
        super::audit::again();
        tracing::debug!(attempts, kind = ?failure.kind, "nothing was kept: trying again");
        tokio::time::sleep(pause).await;
        most = most.saturating_mul(2);
        attempts += 1;
    }
}

/// Whether the database undid a transaction that may work when it is run again.
fn undone(kind: Kind) -> bool {
    matches!(kind, Kind::SerializationFailure | Kind::Deadlock)
}

/// Whether nothing of a call was kept, and it may work when it is run again. A transaction whose
/// commit was not answered is not `retryable`, and what the breaker refuses it refuses in a moment, too.
#[cfg(feature = "retry-policy")]
fn kept_nothing(failure: &Failure) -> bool {
    #[cfg(feature = "retry-after")]
    if failure.retry_after.is_some() {
        return false;
    }
    undone(failure.kind) || failure.kind == Kind::ConnectionError && failure.retryable
}

/// Anything up to `most`: two that came between each other shall not meet again.
fn jitter(most: Duration) -> Duration {
    let random = getrandom::u32().unwrap_or(u32::MAX / 2);
    most.mul_f64(f64::from(random) / f64::from(u32::MAX))
}
