//! Kept answers: one call for all who ask the same, and never an answer of before a change.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mcpgen_runtime::cache::{self, Cache};
use mcpgen_runtime::failure::{Failure, Kind};
use rmcp::model::{CallToolResult, ContentBlock};
use tokio::sync::{Notify, oneshot};
use tokio::time::{sleep, timeout};

const LIMIT: Duration = Duration::from_secs(5);
const HOUR: Duration = Duration::from_secs(3600);

fn answer(text: &str) -> CallToolResult {
    CallToolResult::success(vec![ContentBlock::text(text)])
}

fn text(result: &Result<CallToolResult, Failure>) -> String {
    let result = result.as_ref().expect("an answer");
    result.content[0].as_text().expect("a text").text.clone()
}

/// What a call answers that asks for `key` and would get `fresh` from the database.
async fn ask(cache: &Cache, key: &str, fresh: &str) -> String {
    text(&cache.answer(key, LIMIT, async { Ok(answer(fresh)) }).await)
}

async fn write(cache: &Cache) {
    let written = cache::changing(&[cache], LIMIT, async { Ok(answer("written")) }).await;
    written.expect("it was written");
}

#[tokio::test]
async fn what_was_answered_is_answered_again() {
    let cache = Cache::new("t", HOUR, 100);
    assert_eq!(ask(&cache, "a", "1").await, "1");
    assert_eq!(ask(&cache, "a", "2").await, "1");
    assert_eq!(ask(&cache, "b", "2").await, "2");
    let used = cache.in_use();
    assert_eq!((used.entries, used.hits, used.misses), (2, 1, 2));
    assert!(used.bytes > 0);
}

#[tokio::test]
async fn nothing_is_kept_longer_than_it_may_be() {
    let cache = Cache::new("t", Duration::from_millis(50), 100);
    assert_eq!(ask(&cache, "a", "1").await, "1");
    sleep(Duration::from_millis(80)).await;
    assert_eq!(ask(&cache, "a", "2").await, "2");
}

#[tokio::test]
async fn errors_are_not_kept() {
    let cache = Cache::new("t", HOUR, 100);
    let failed = cache.answer("a", LIMIT, async { Err(Failure::not_found()) }).await;
    assert_eq!(failed.expect_err("a failure").kind, Kind::RecordNotFound);
    assert_eq!(ask(&cache, "a", "1").await, "1");
}

/// No more answers than `maximum`, and no more bytes than there is room for, whatever comes.
#[tokio::test]
async fn it_does_not_grow_beyond_its_bounds() {
    let cache = Cache::new("t", HOUR, 10);
    for n in 0..1000 {
        ask(&cache, &n.to_string(), "x").await;
        assert!(cache.in_use().entries <= 10);
    }
    assert_eq!(ask(&cache, "999", "y").await, "x", "the last one is there");
    assert_eq!(ask(&cache, "0", "y").await, "y", "the first one made room");
    let cache = Cache::new("t", HOUR, 1000);
    let megabyte = "x".repeat(1 << 20);
    for n in 0..100 {
        ask(&cache, &n.to_string(), &megabyte).await;
        assert!(cache.in_use().bytes <= 16 << 20, "{:?}", cache.in_use());
    }
    let huge = "x".repeat(17 << 20);
    ask(&cache, "huge", &huge).await;
    assert!(ask(&cache, "huge", "again").await == "again", "it has no place at all");
    assert!(cache.in_use().bytes <= 16 << 20);
}

/// Of calls that ask the same at a time one runs.
#[tokio::test]
async fn one_call_flies_for_all() {
    let cache = Cache::new("t", HOUR, 100);
    let runs = Arc::new(AtomicUsize::new(0));
    let go = Arc::new(Notify::new());
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let (cache, runs, go) = (Arc::clone(&cache), Arc::clone(&runs), Arc::clone(&go));
            tokio::spawn(async move {
                let run = async {
                    runs.fetch_add(1, Ordering::SeqCst);
                    go.notified().await;
                    Ok(answer("1"))
                };
                text(&cache.answer("a", LIMIT, run).await)
            })
        })
        .collect();
    sleep(Duration::from_millis(50)).await;
    go.notify_waiters();
    for call in calls {
        assert_eq!(call.await.expect("a task"), "1");
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    assert_eq!((cache.in_use().hits, cache.in_use().misses), (99, 1));
}

/// A failure is that of everybody who waited for it, and of nobody after them.
#[tokio::test]
async fn those_who_wait_share_a_failure() {
    let cache = Cache::new("t", HOUR, 100);
    let (fail, failing) = oneshot::channel::<()>();
    let leader = tokio::spawn({
        let cache = Arc::clone(&cache);
        async move {
            let run = async {
                failing.await.expect("a signal");
                Err(Failure::not_found())
            };
            cache.answer("a", LIMIT, run).await
        }
    });
    sleep(Duration::from_millis(20)).await;
    let waiter = tokio::spawn({
        let cache = Arc::clone(&cache);
        async move { cache.answer("a", LIMIT, async { Ok(answer("another run")) }).await }
    });
    sleep(Duration::from_millis(20)).await;
    fail.send(()).expect("the leader waits");
    for call in [leader, waiter] {
        let failure = call.await.expect("a task").expect_err("a failure");
        assert_eq!(failure.kind, Kind::RecordNotFound);
    }
    assert_eq!(ask(&cache, "a", "1").await, "1");
}

/// Whoever waits for a call that is called off goes on: hundreds of times, if need be.
#[tokio::test]
async fn others_go_on_where_the_first_is_cancelled() {
    let cache = Cache::new("t", HOUR, 100);
    let cancelled: Vec<_> = (0..500)
        .map(|_| {
            let cache = Arc::clone(&cache);
            tokio::spawn(async move {
                let _ = cache.answer("a", LIMIT, std::future::pending()).await;
            })
        })
        .collect();
    sleep(Duration::from_millis(20)).await;
    let last = tokio::spawn({
        let cache = Arc::clone(&cache);
        async move { ask(&cache, "a", "1").await }
    });
    sleep(Duration::from_millis(20)).await;
    for call in cancelled {
        call.abort();
    }
    assert_eq!(last.await.expect("a task"), "1");
}

/// Each who waits has a time of its own.
#[tokio::test(start_paused = true)]
async fn a_wait_ends_in_time() {
    let cache = Cache::new("t", HOUR, 100);
    let leader = tokio::spawn({
        let cache = Arc::clone(&cache);
        async move {
            let slow = async {
                sleep(Duration::from_secs(4)).await;
                Ok(answer("1"))
            };
            cache.answer("a", LIMIT, slow).await
        }
    });
    sleep(Duration::from_millis(10)).await;
    let second = Duration::from_secs(1);
    let late = cache.answer("a", second, std::future::pending()).await;
    assert_eq!(late.expect_err("its time is over").kind, Kind::Timeout);
    assert_eq!(text(&leader.await.expect("a task")), "1");
}

#[tokio::test]
async fn nobody_gets_an_answer_of_before_a_change() {
    let cache = Cache::new("t", HOUR, 100);
    assert_eq!(ask(&cache, "a", "old").await, "old");
    write(&cache).await;
    assert_eq!(ask(&cache, "a", "new").await, "new");
    assert_eq!(ask(&cache, "a", "newer").await, "new");
}

/// A call that began before a change and ends behind it is neither kept nor waited for.
#[tokio::test]
async fn an_answer_that_spans_a_change_is_not_kept() {
    let cache = Cache::new("t", HOUR, 100);
    let (end, ending) = oneshot::channel::<()>();
    let spanning = tokio::spawn({
        let cache = Arc::clone(&cache);
        async move {
            let read = async {
                ending.await.expect("a signal");
                Ok(answer("old"))
            };
            text(&cache.answer("a", LIMIT, read).await)
        }
    });
    sleep(Duration::from_millis(20)).await;
    write(&cache).await;
    let after = timeout(Duration::from_secs(1), ask(&cache, "a", "new")).await;
    assert_eq!(after.expect("it waits for nobody"), "new");
    end.send(()).expect("the call waits");
    assert_eq!(spanning.await.expect("a task"), "old");
    assert_eq!(ask(&cache, "a", "newer").await, "new");
}

/// What the database has undone changed nothing.
#[tokio::test]
async fn a_change_that_was_undone_ends_nothing() {
    let cache = Cache::new("t", HOUR, 100);
    ask(&cache, "a", "old").await;
    let undone = async { Err(Failure::new(Kind::UniqueConstraintViolation, "It is there.")) };
    cache::changing(&[&cache], LIMIT, undone).await.expect_err("a failure");
    assert_eq!(ask(&cache, "a", "new").await, "old");
}

/// Where nobody knows whether a change is in force, or when it will be, nothing is kept for as long as
/// it can take.
#[tokio::test(start_paused = true)]
async fn nothing_is_kept_while_a_change_may_come_into_force() {
    let lost = Failure::new(Kind::ConnectionError, "The connection was lost.");
    for called_off in [false, true] {
        let cache = Cache::new("t", HOUR, 100);
        ask(&cache, "a", "old").await;
        if called_off {
            let caches = [&*cache];
            let never = cache::changing(&caches, LIMIT, std::future::pending());
            timeout(Duration::from_millis(10), never).await.expect_err("it does not end");
        } else {
            let lost = async { Err(lost.clone()) };
            cache::changing(&[&cache], LIMIT, lost).await.expect_err("a failure");
        }
        for fresh in ["still old", "new"] {
            assert_eq!(ask(&cache, "a", fresh).await, fresh);
        }
        sleep(LIMIT).await;
        assert_eq!(ask(&cache, "a", "newer").await, "newer");
        assert_eq!(ask(&cache, "a", "newest").await, "newer");
    }
}

/// Readers and a writer at the same time: what is answered is never older than the last change that
/// was over when it was asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_answer_is_older_than_a_change_that_was_over() {
    let cache = Cache::new("t", HOUR, 100);
    // What is committed, and what has been said to be.
    let row = Arc::new(AtomicUsize::new(0));
    let said = Arc::new(AtomicUsize::new(0));
    let writer = tokio::spawn({
        let (cache, row, said) = (Arc::clone(&cache), Arc::clone(&row), Arc::clone(&said));
        async move {
            for n in 1..=2000 {
                let commit = async {
                    tokio::task::yield_now().await;
                    row.store(n, Ordering::SeqCst);
                    Ok(answer("written"))
                };
                cache::changing(&[&cache], LIMIT, commit).await.expect("it was written");
                said.store(n, Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
        }
    });
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let (cache, row, said) = (Arc::clone(&cache), Arc::clone(&row), Arc::clone(&said));
            tokio::spawn(async move {
                while said.load(Ordering::SeqCst) < 2000 {
                    let least = said.load(Ordering::SeqCst);
                    let read = async {
                        let seen = row.load(Ordering::SeqCst);
                        tokio::task::yield_now().await;
                        Ok(answer(&seen.to_string()))
                    };
                    let seen: usize =
                        text(&cache.answer("a", LIMIT, read).await).parse().expect("a number");
                    assert!(seen >= least, "{seen} was answered when {least} was over");
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    writer.await.expect("a task");
    for reader in readers {
        reader.await.expect("a task");
    }
    assert!(cache.in_use().hits > 0, "{:?}", cache.in_use());
}
