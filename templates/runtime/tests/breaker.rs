//! When a breaker opens and closes; time passes as the tests say.
#![cfg(any(feature = "postgres", feature = "mysql"))]

use std::cell::Cell;
use std::time::Duration;

use mcpgen_runtime::breaker::{Breaker, Rule, State};
use mcpgen_runtime::failure::{Failure, Kind};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

const RULE: Rule = Rule { failures: 3, open: Duration::from_secs(10) };

fn closed() -> Breaker {
    Breaker::new(RULE, CancellationToken::new())
}

/// What a call is told that does not get through.
async fn refused(breaker: &Breaker) -> Option<Failure> {
    breaker.unless_open(std::future::ready(())).await.err()
}

/// Against a model that knows nothing but the rule: failures in a row, in any order with answers.
#[tokio::test(start_paused = true)]
async fn opens_after_failures_in_a_row_and_never_else() {
    for seed in 0..200_u64 {
        let breaker = closed();
        let (mut row, mut random) = (0, seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..40 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let open = row >= RULE.failures;
            assert_eq!(refused(&breaker).await.is_some(), open, "seed {seed}");
            if random.is_multiple_of(3) {
                breaker.answered();
                // An answer to what was asked before does not close it: a look at it does.
                row = if open { row } else { 0 };
            } else {
                assert_eq!(breaker.failed(), row + 1 == RULE.failures, "seed {seed}");
                row += 1;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn looks_once_at_a_time_and_closes_when_the_database_is_back() {
    let breaker = closed();
    assert!(!breaker.failed() && !breaker.failed() && breaker.failed());
    let (looks, begun) = (Cell::new(0), Instant::now());
    let look = || {
        looks.set(looks.get() + 1);
        let (looks, breaker) = (looks.get(), &breaker);
        async move {
            assert_eq!(breaker.state(), State::HalfOpen);
            let failure = refused(breaker).await.expect("nobody gets through meanwhile");
            assert_eq!(failure.retry_after, Some(1));
            tokio::time::sleep(Duration::from_secs(2)).await;
            looks == 3
        }
    };
    let failure = refused(&breaker).await.expect("it is open");
    assert_eq!((failure.kind, failure.retry_after), (Kind::ConnectionError, Some(10)));
    assert!(failure.retryable);
    breaker.recovers(look).await;
    assert_eq!((looks.get(), begun.elapsed()), (3, Duration::from_secs(3 * (10 + 2))));
    assert_eq!(breaker.state(), State::Closed { failures: 0 });
    assert!(refused(&breaker).await.is_none());
    assert_eq!(breaker.transitions(), [1, 3, 3]);
}

#[tokio::test(start_paused = true)]
async fn who_waits_is_told_when_it_opens() {
    let breaker = closed();
    let fail = async {
        for opens in [false, false, true] {
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert_eq!(breaker.failed(), opens);
        }
    };
    let begun = Instant::now();
    let waits = breaker.unless_open(std::future::pending::<()>());
    let (waited, ()) = tokio::join!(waits, fail);
    let failure = waited.expect_err("it opened");
    assert_eq!((failure.retry_after, begun.elapsed()), (Some(10), Duration::from_secs(3)));
}
