//! Transactions that are run again when another one came between.

use std::time::{Duration, Instant};

use super::failure::{Failure, Kind};

/// How often a transaction is run again.
const RETRIES: u32 = 3;

/// The longest pause before the first of them; it doubles from one to the next.
const PAUSE: Duration = Duration::from_millis(20);

/// Runs a transaction, and again when the database undid it because another one came between.
/// Nothing of it was kept then, so that it is not done twice. An attempt gets the time that is left
/// and keeps to it itself: cut off from outside, it could not say whether its commit was done.
///
/// # Errors
/// What the last run of it failed with.
pub async fn transaction<T, F>(
    timeout: Duration,
    mut attempt: impl FnMut(Duration) -> F,
) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    let deadline = Instant::now() + timeout;
    let mut retries = 0;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let failure = match attempt(left).await {
            Err(failure) if retries < RETRIES && undone(failure.kind) => failure,
            other => return other,
        };
        let pause = jitter(PAUSE * 2_u32.pow(retries));
        if Instant::now() + pause >= deadline {
            return Err(failure);
        }
        super::audit::again();
        tracing::debug!(retries, "another transaction came between: trying again");
        tokio::time::sleep(pause).await;
        retries += 1;
    }
}

/// Whether the database undid a transaction that may work when it is run again.
fn undone(kind: Kind) -> bool {
    matches!(kind, Kind::SerializationFailure | Kind::Deadlock)
}

/// Anything up to `most`: two that came between each other shall not meet again.
fn jitter(most: Duration) -> Duration {
    let random = getrandom::u32().unwrap_or(u32::MAX / 2);
    most.mul_f64(f64::from(random) / f64::from(u32::MAX))
}
