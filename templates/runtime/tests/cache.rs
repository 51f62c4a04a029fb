//! Kept answers: one call for all who ask the same, and never an answer of before a change. With Redis
//! all of it holds for replicas that have it in common, as long as TEST_REDIS_URL names one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mcpgen_runtime::cache::{self, Cache};
use mcpgen_runtime::failure::{Failure, Kind};
use rmcp::model::{CallToolResult, ContentBlock};
use tokio::sync::{Notify, oneshot};
use tokio::time::{sleep, timeout};

/// A cache of a process that is alone.
#[cfg(not(feature = "cache-shared"))]
async fn kept(ttl: Duration, maximum: u32) -> Option<Arc<Cache>> {
    Some(Cache::new("t", ttl, maximum))
}

/// A cache that has its Redis for itself; none where no Redis is named.
#[cfg(feature = "cache-shared")]
async fn kept(ttl: Duration, maximum: u32) -> Option<Arc<Cache>> {
    Some(Cache::new("t", ttl, maximum, &replicas::redis().await?))
}

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
    let Some(cache) = kept(HOUR, 100).await else { return };
    assert_eq!(ask(&cache, "a", "1").await, "1");
    assert_eq!(ask(&cache, "a", "2").await, "1");
    assert_eq!(ask(&cache, "b", "2").await, "2");
    let used = cache.in_use();
    assert_eq!((used.entries, used.hits, used.misses), (2, 1, 2));
    assert!(used.bytes > 0);
}

#[tokio::test]
async fn nothing_is_kept_longer_than_it_may_be() {
    let Some(cache) = kept(Duration::from_millis(50), 100).await else { return };
    assert_eq!(ask(&cache, "a", "1").await, "1");
    sleep(Duration::from_millis(80)).await;
    assert_eq!(ask(&cache, "a", "2").await, "2");
}

#[tokio::test]
async fn errors_are_not_kept() {
    let Some(cache) = kept(HOUR, 100).await else { return };
    let failed = cache.answer("a", LIMIT, async { Err(Failure::not_found()) }).await;
    assert_eq!(failed.expect_err("a failure").kind, Kind::RecordNotFound);
    assert_eq!(ask(&cache, "a", "1").await, "1");
}

/// No more answers than `maximum`, and no more bytes than there is room for, whatever comes.
#[tokio::test]
async fn it_does_not_grow_beyond_its_bounds() {
    let Some(cache) = kept(HOUR, 10).await else { return };
    for n in 0..1000 {
        ask(&cache, &n.to_string(), "x").await;
        assert!(cache.in_use().entries <= 10);
    }
    assert_eq!(ask(&cache, "999", "y").await, "x", "the last one is there");
    assert_eq!(ask(&cache, "0", "y").await, "y", "the first one made room");
    let Some(cache) = kept(HOUR, 1000).await else { return };
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
    let Some(cache) = kept(HOUR, 100).await else { return };
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
    let Some(cache) = kept(HOUR, 100).await else { return };
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
    let Some(cache) = kept(HOUR, 100).await else { return };
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
#[tokio::test]
async fn a_wait_ends_in_time() {
    let Some(cache) = kept(HOUR, 100).await else { return };
    let leader = tokio::spawn({
        let cache = Arc::clone(&cache);
        async move {
            let slow = async {
                sleep(Duration::from_millis(400)).await;
                Ok(answer("1"))
            };
            cache.answer("a", LIMIT, slow).await
        }
    });
    sleep(Duration::from_millis(50)).await;
    let little = Duration::from_millis(50);
    let late = cache.answer("a", little, std::future::pending()).await;
    assert_eq!(late.expect_err("its time is over").kind, Kind::Timeout);
    assert_eq!(text(&leader.await.expect("a task")), "1");
}

#[tokio::test]
async fn nobody_gets_an_answer_of_before_a_change() {
    let Some(cache) = kept(HOUR, 100).await else { return };
    assert_eq!(ask(&cache, "a", "old").await, "old");
    write(&cache).await;
    assert_eq!(ask(&cache, "a", "new").await, "new");
    assert_eq!(ask(&cache, "a", "newer").await, "new");
}

/// A call that began before a change and ends behind it is neither kept nor waited for.
#[tokio::test]
async fn an_answer_that_spans_a_change_is_not_kept() {
    let Some(cache) = kept(HOUR, 100).await else { return };
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

/// A call that failed may have committed a part, in a procedure.
#[tokio::test]
async fn a_change_that_failed_ends_answers_too() {
    let Some(cache) = kept(HOUR, 100).await else { return };
    ask(&cache, "a", "old").await;
    let failed = async { Err(Failure::new(Kind::UniqueConstraintViolation, "It is there.")) };
    cache::changing(&[&cache], LIMIT, failed).await.expect_err("a failure");
    assert_eq!(ask(&cache, "a", "new").await, "new");
}

/// Where nobody knows whether a change is in force, or when it will be, nothing is kept for as long as
/// it can take.
#[tokio::test]
async fn nothing_is_kept_while_a_change_may_come_into_force() {
    let short = Duration::from_millis(300);
    let lost = Failure::new(Kind::ConnectionError, "The connection was lost.");
    for called_off in [false, true] {
        let Some(cache) = kept(HOUR, 100).await else { return };
        ask(&cache, "a", "old").await;
        if called_off {
            let caches = [&*cache];
            let never = cache::changing(&caches, short, std::future::pending());
            timeout(Duration::from_millis(10), never).await.expect_err("it does not end");
        } else {
            let lost = async { Err(lost.clone()) };
            cache::changing(&[&cache], short, lost).await.expect_err("a failure");
        }
        for fresh in ["still old", "new"] {
            assert_eq!(ask(&cache, "a", fresh).await, fresh);
        }
        sleep(2 * short).await;
        assert_eq!(ask(&cache, "a", "newer").await, "newer");
        assert_eq!(ask(&cache, "a", "newest").await, "newer");
    }
}

/// Readers and a writer at the same time: what is answered is never older than the last change that
/// was over when it was asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_answer_is_older_than_a_change_that_was_over() {
    let Some(cache) = kept(HOUR, 100).await else { return };
    // What is committed, and what has been said to be.
    let row = Arc::new(AtomicUsize::new(0));
    let said = Arc::new(AtomicUsize::new(0));
    let writer = tokio::spawn({
        let (cache, row, said) = (Arc::clone(&cache), Arc::clone(&row), Arc::clone(&said));
        async move {
            for n in 1..=500 {
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
                while said.load(Ordering::SeqCst) < 500 {
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

#[cfg(feature = "cache-shared")]
mod replicas {
    use std::net::TcpListener;
    use std::process::{Child, Command, Stdio};
    use std::sync::atomic::{AtomicBool, AtomicU32};

    use mcpgen_runtime::shared::Redis;

    use super::*;

    /// The Redis that tests may use, with keys that nobody else has; none where none is named.
    pub async fn redis() -> Option<Arc<Redis>> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Ok(url) = std::env::var("TEST_REDIS_URL") else {
            eprintln!("skipped: TEST_REDIS_URL names no Redis");
            return None;
        };
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let prefix = format!("mcpgen-test-{}-{count}", std::process::id());
        Some(Redis::connect(Some(&url), &prefix).await.expect("a URL"))
    }

    /// A Redis of a test's own, which can be killed.
    struct Own {
        port: u16,
        folder: tempfile::TempDir,
        process: Child,
    }

    impl Own {
        /// None where no Redis is installed for tests.
        async fn start() -> Option<Self> {
            std::env::var("TEST_REDIS_URL").ok()?;
            let port =
                TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("it").port();
            let folder = tempfile::TempDir::new().expect("a folder");
            let process = spawn(port, &folder);
            let own = Self { port, folder, process };
            own.answers().await;
            Some(own)
        }

        fn kill(&mut self) {
            self.process.kill().expect("it ends");
            self.process.wait().expect("it has ended");
        }

        async fn again(&mut self) {
            self.process = spawn(self.port, &self.folder);
            self.answers().await;
        }

        async fn connect(&self) -> Arc<Redis> {
            let url = format!("redis://127.0.0.1:{}", self.port);
            Redis::connect(Some(&url), "t").await.expect("a URL")
        }

        /// What a command answers, by a connection of its own.
        async fn ask(&self, command: &[&str]) {
            let redis = self.connect().await;
            let mut asked = redis::cmd(command[0]);
            asked.arg(&command[1..]);
            let run =
                |mut redis| async move { asked.query_async::<redis::Value>(&mut redis).await };
            redis.ask(run).await.expect("an answer");
        }

        async fn answers(&self) {
            for _ in 0..200 {
                if self.connect().await.is_there() {
                    return;
                }
                sleep(Duration::from_millis(25)).await;
            }
            panic!("Redis does not start");
        }
    }

    impl Drop for Own {
        fn drop(&mut self) {
            let _ = self.process.kill();
            let _ = self.process.wait();
        }
    }

    fn spawn(port: u16, folder: &tempfile::TempDir) -> Child {
        Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--port", &port.to_string(), "--dir"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server starts")
    }

    async fn there(redis: &Redis) {
        for _ in 0..200 {
            if redis.is_there() {
                return;
            }
            sleep(Duration::from_millis(25)).await;
        }
        panic!("Redis is not found again");
    }

    /// What one replica writes, the other does not answer from before.
    #[tokio::test]
    async fn a_change_holds_for_all_replicas() {
        let Some(redis) = redis().await else { return };
        let [one, other] = [(); 2].map(|()| Cache::new("t", HOUR, 100, &redis));
        for cache in [&one, &other] {
            assert_eq!(ask(cache, "a", "old").await, "old");
            assert_eq!(ask(cache, "a", "new").await, "old");
        }
        write(&one).await;
        for cache in [&one, &other] {
            assert_eq!(ask(cache, "a", "new").await, "new");
            assert_eq!(ask(cache, "a", "newer").await, "new");
        }
    }

    /// While a replica writes, and when it died of it, the others pass by what they have.
    #[tokio::test]
    async fn a_writer_that_dies_leaves_nothing_old() {
        let Some(redis) = redis().await else { return };
        let [one, other] = [(); 2].map(|()| Cache::new("t", HOUR, 100, &redis));
        assert_eq!(ask(&other, "a", "old").await, "old");
        let short = Duration::from_millis(200);
        let caches = [&*one];
        let dies = cache::changing(&caches, short, std::future::pending());
        timeout(Duration::from_millis(50), dies).await.expect_err("it does not end");
        for fresh in ["1", "2"] {
            assert_eq!(ask(&other, "a", fresh).await, fresh);
        }
        sleep(2 * short).await;
        assert_eq!(ask(&other, "a", "3").await, "3");
        assert_eq!(ask(&other, "a", "4").await, "3");
    }

    /// Without Redis nothing is taken from the cache, and nothing is written of which the others would
    /// not hear.
    #[tokio::test]
    async fn without_redis_the_database_is_asked_and_nothing_is_written() {
        let Some(mut own) = Own::start().await else { return };
        let redis = own.connect().await;
        let cache = Cache::new("t", HOUR, 100, &redis);
        assert_eq!(ask(&cache, "a", "1").await, "1");
        assert_eq!(ask(&cache, "a", "2").await, "1");
        own.kill();
        for fresh in ["3", "4"] {
            assert_eq!(ask(&cache, "a", fresh).await, fresh);
        }
        let ran = AtomicBool::new(false);
        let call = async {
            ran.store(true, Ordering::SeqCst);
            Ok(answer("written"))
        };
        let refused = cache::changing(&[&cache], LIMIT, call).await.expect_err("it is refused");
        assert_eq!((refused.kind, refused.retryable), (Kind::ConnectionError, true));
        assert!(!ran.load(Ordering::SeqCst), "it was written");
        own.again().await;
        there(&redis).await;
        // Before, Redis had the same generation, or knew of none.
        assert_eq!(ask(&cache, "a", "5").await, "5");
        assert_eq!(ask(&cache, "a", "6").await, "5");
        write(&cache).await;
        assert_eq!(ask(&cache, "a", "7").await, "7");
    }

    /// A Redis that comes back with what it knew a while ago makes nothing old good again.
    #[tokio::test]
    async fn a_redis_of_yesterday_brings_nothing_back() {
        let Some(mut own) = Own::start().await else { return };
        let redis = own.connect().await;
        let cache = Cache::new("t", HOUR, 100, &redis);
        assert_eq!(ask(&cache, "a", "old").await, "old");
        own.ask(&["SAVE"]).await;
        let other = Cache::new("t", HOUR, 100, &own.connect().await);
        write(&other).await;
        own.kill();
        own.again().await;
        there(&redis).await;
        assert_eq!(ask(&cache, "a", "new").await, "new");
    }

    /// A Redis that is emptied knows of no generation, and gets one that never was.
    #[tokio::test]
    async fn an_empty_redis_brings_nothing_back() {
        let Some(own) = Own::start().await else { return };
        let redis = own.connect().await;
        let [one, other] = [(); 2].map(|()| Cache::new("t", HOUR, 100, &redis));
        for cache in [&one, &other] {
            assert_eq!(ask(cache, "a", "old").await, "old");
        }
        write(&other).await;
        own.ask(&["FLUSHALL"]).await;
        assert_eq!(ask(&one, "a", "new").await, "new");
        // While a change is under way, too.
        let emptied = async {
            own.ask(&["FLUSHALL"]).await;
            assert_eq!(ask(&one, "a", "of before the commit").await, "of before the commit");
            Ok(answer("written"))
        };
        cache::changing(&[&other], LIMIT, emptied).await.expect("it was written");
        assert_eq!(ask(&one, "a", "of behind the commit").await, "of behind the commit");
    }

    /// Replicas that read and write, while their Redis is killed and comes back without its data: no
    /// answer is older than a change that was over when it was asked for.
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn no_answer_is_old_while_redis_comes_and_goes() {
        let Some(mut own) = Own::start().await else { return };
        let row = Arc::new(AtomicUsize::new(0));
        let said = Arc::new(AtomicUsize::new(0));
        let over = Arc::new(AtomicBool::new(false));
        let mut tasks = Vec::new();
        let mut caches = Vec::new();
        for _ in 0..2 {
            let cache = Cache::new("t", HOUR, 100, &own.connect().await);
            caches.push(Arc::clone(&cache));
            for _ in 0..4 {
                let cache = Arc::clone(&cache);
                let (row, said, over) = (Arc::clone(&row), Arc::clone(&said), Arc::clone(&over));
                tasks.push(tokio::spawn(async move {
                    while !over.load(Ordering::SeqCst) {
                        let least = said.load(Ordering::SeqCst);
                        let read = async {
                            let seen = row.load(Ordering::SeqCst);
                            sleep(Duration::from_micros(200)).await;
                            Ok(answer(&seen.to_string()))
                        };
                        let seen = text(&cache.answer("a", LIMIT, read).await);
                        let seen: usize = seen.parse().expect("a number");
                        assert!(seen >= least, "{seen} was answered when {least} was over");
                    }
                }));
            }
        }
        let writer = tokio::spawn({
            let (row, said, over) = (Arc::clone(&row), Arc::clone(&said), Arc::clone(&over));
            let caches = caches.clone();
            async move {
                let mut refused = 0;
                for n in 1.. {
                    if over.load(Ordering::SeqCst) {
                        return (n, refused);
                    }
                    let commit = async {
                        sleep(Duration::from_micros(500)).await;
                        row.store(n, Ordering::SeqCst);
                        Ok(answer("written"))
                    };
                    match cache::changing(&[&caches[n % 2]], LIMIT, commit).await {
                        Ok(_) => said.store(n, Ordering::SeqCst),
                        Err(_) => refused += 1,
                    }
                    sleep(Duration::from_millis(2)).await;
                }
                unreachable!("numbers do not end")
            }
        });
        for _ in 0..4 {
            sleep(Duration::from_millis(400)).await;
            own.kill();
            sleep(Duration::from_millis(200)).await;
            own.again().await;
        }
        sleep(Duration::from_millis(600)).await;
        over.store(true, Ordering::SeqCst);
        let (written, refused) = writer.await.expect("a task");
        for task in tasks {
            task.await.expect("a task");
        }
        let hits: u64 = caches.iter().map(|cache| cache.in_use().hits).sum();
        assert!(hits > 0 && refused > 0 && written > 100, "{hits} {refused} {written}");
    }
}
