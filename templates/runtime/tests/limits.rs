//! Limits that replicas share, in the Redis that `TEST_REDIS_URL` names, and in one of their own that is
//! killed; and those of one process. No engine matters to them, so they are tested with one.
#![cfg(feature = "sqlite")]

use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mcpgen_runtime::concurrency::{Calls, Most};
use mcpgen_runtime::failure::Kind;
use mcpgen_runtime::rate::{Asked, Cell, Rate, Rates};
use mcpgen_runtime::shared::Redis;
use mcpgen_runtime::{rate, shared};

#[path = "../src/rate/local.rs"]
mod local;
#[path = "../src/rate/shared.rs"]
mod replicas;

/// A prefix that no other test has.
fn prefix() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("mcpgen_limits:{}:{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

fn skipped(why: &str) {
    // Past the capture of output: a test that did nothing shall not look like one that passed.
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// A Redis as a replica has it.
async fn replica(url: &str, prefix: &str) -> Arc<Redis> {
    Redis::connect(Some(url), prefix).await.expect("a URL")
}

fn url() -> Option<String> {
    let url = std::env::var("TEST_REDIS_URL").ok();
    if url.is_none() {
        skipped("TEST_REDIS_URL is not set");
    }
    url
}

/// A Redis that a test may kill.
struct Own {
    port: u16,
    process: Child,
}

impl Own {
    fn start() -> Option<Self> {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let process = Self::begin(port)?;
        Some(Self { port, process })
    }

    fn begin(port: u16) -> Option<Child> {
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port"]);
        let process = command.arg(port.to_string()).stdout(Stdio::null()).spawn();
        if process.is_err() {
            skipped("there is no redis-server to kill");
        }
        process.ok()
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    fn kill(&mut self) {
        self.process.kill().expect("it is killed");
        self.process.wait().expect("it has ended");
    }

    fn again(&mut self) {
        self.process = Self::begin(self.port).expect("it was there before");
    }

    /// Stops it, or lets it go on.
    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.process.id().to_string()]).status();
        assert!(status.expect("there is kill").success());
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits until Redis answers.
async fn there(redis: &Redis) {
    let begun = Instant::now();
    while !redis.is_there() {
        assert!(begun.elapsed() < Duration::from_secs(5), "Redis is not found again");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn cell(number: u8, interval: u64, burst: u64) -> Cell {
    Cell { key: [number; 16], interval, tolerance: interval * (burst - 1) }
}

#[tokio::test]
async fn here_and_in_redis_the_same_requests_are_taken() {
    let Some(url) = url() else { return };
    let redis = replica(&url, &prefix()).await;
    // By a clock of the test, which goes by leaps. Keys must not go meanwhile, by Redis' own clock.
    let script = replicas::SCRIPT
        .replace("redis.call('TIME')", "{ ARGV[#ARGV - 1], ARGV[#ARGV] }")
        .replace("math.ceil((moment - now) / 1000)", "60000");
    let script = redis::Script::new(&script);
    let mut random = 7_u64;
    let mut any = move |most: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (random >> 33) % most
    };
    let mut taken = 0;
    for round in 0..20_u8 {
        let cells = [
            cell(2 * round, 1 + any(1_000_000), 1 + any(10)),
            cell(2 * round + 1, 1 + any(1_000_000), 1 + any(10)),
        ];
        let here = local::Cells::new();
        let mut now = 0;
        for _ in 0..50 {
            now += any(1_000_000);
            let mut call = script.prepare_invoke();
            for cell in cells {
                let key = redis.key(&cell.key[0].to_string());
                call.key(key).arg(cell.interval).arg(cell.tolerance);
            }
            // Some day, so that numbers are as large as they are.
            call.arg(1_800_000_000 + now / 1_000_000).arg(now % 1_000_000);
            let said = redis.ask(|mut redis| async move { call.invoke_async(&mut redis).await });
            let (index, wait): (usize, u64) = said.await.expect("an answer");
            let there = index.checked_sub(1).map(|index| (index, Duration::from_micros(wait)));
            assert_eq!(here.admit_at(&cells, now), there, "{cells:?} {now}");
            taken += u32::from(there.is_none());
        }
    }
    assert!((100..900).contains(&taken), "{taken}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn replicas_that_are_hammered_hold_one_bound() {
    let Some(url) = url() else { return };
    let prefix = prefix();
    // So wide that a machine with other things to do misses nothing.
    let (interval, burst) = (20_000, 25);
    let taken = Arc::new(AtomicU32::new(0));
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..2 {
        let cells = Arc::new(replicas::Cells::new(&replica(&url, &prefix).await));
        for _ in 0..8 {
            let (cells, taken) = (Arc::clone(&cells), Arc::clone(&taken));
            tasks.push(tokio::spawn(async move {
                while begun.elapsed() < Duration::from_millis(1500) {
                    let admitted = cells.admit(&[cell(1, interval, burst)]).await;
                    taken.fetch_add(
                        u32::from(admitted.expect("an answer").is_none()),
                        Ordering::Relaxed,
                    );
                }
            }));
        }
    }
    for task in tasks {
        task.await.expect("no panic");
    }
    let elapsed = u64::try_from(begun.elapsed().as_micros()).expect("a short time");
    let (taken, bound) = (u64::from(taken.load(Ordering::Relaxed)), burst + elapsed / interval);
    assert!(taken <= bound && taken >= bound * 8 / 10, "{taken} of {bound}");
}

/// Limits of both kinds, of the server and of a tool.
fn rates(redis: &Arc<Redis>, open: bool) -> Rates {
    let per = Duration::from_secs(3600);
    let rate = Rate { tool: None, requests: 1, per, burst: 3, key: rate::by_client, open };
    let narrow = Rate { tool: Some("narrow"), burst: 1, key: rate::by_tool, ..rate };
    let metrics = metrics();
    Rates::new(Box::leak(Box::new([rate, narrow])), &[], redis, &metrics)
}

fn metrics() -> Arc<mcpgen_runtime::metrics::Metrics> {
    let folder = tempfile::tempdir().expect("a folder").keep();
    let settings = mcpgen_runtime::database::Settings {
        url: format!("sqlite:{}", folder.join("limits.db").display()),
        max_connections: 1,
        min_connections: 0,
        acquire_timeout: Duration::from_secs(1),
        idle_timeout: Duration::from_secs(1),
    };
    let database = mcpgen_runtime::database::Database::connect(settings).expect("a URL");
    mcpgen_runtime::metrics::Metrics::new(
        &Arc::new(database),
        &mcpgen_runtime::audit::Audit::new(&AUDIT),
        &[],
        Vec::new(),
    )
}

/// What a client asks for.
fn asked<'r>(client: Option<&'r str>, tool: Option<&'r str>) -> Asked<'r> {
    let address = "2001:db8::1".parse().ok();
    Asked { method: "tools/call", tool, client, address }
}

#[tokio::test]
async fn each_client_has_a_limit_of_its_own() {
    let Some(url) = url() else { return };
    let redis = replica(&url, &prefix()).await;
    let rates = rates(&redis, false);
    for client in [Some("one"), Some("two"), None] {
        for _ in 0..3 {
            rates.count(asked(client, None)).await.expect("a burst is taken");
        }
        let refused = rates.count(asked(client, None)).await.expect_err("it is too much");
        assert_eq!((refused.kind, refused.retryable), (Kind::RateLimited, true));
        let wait = refused.retry_after.expect("a time");
        assert!((3590..=3600).contains(&wait), "{wait}");
        assert!(refused.message.contains("1 requests an hour"), "{}", refused.message);
    }
    // All of a /64 is one.
    let same = Asked { address: "2001:db8::ffff:1".parse().ok(), ..asked(None, None) };
    rates.count(same).await.expect_err("it is the same client");
    let other = Asked { address: "2001:db8:0:1::1".parse().ok(), ..asked(None, None) };
    rates.count(other).await.expect("it is another one");
    // The limit of a tool is beside that of the server, and one for all.
    rates.count(asked(Some("three"), Some("narrow"))).await.expect("it is the first call");
    let refused = rates.count(asked(Some("four"), Some("narrow"))).await.expect_err("the second");
    assert!(refused.message.contains("calls of `narrow`"), "{}", refused.message);
    for _ in 0..3 {
        rates.count(asked(Some("four"), None)).await.expect("what was refused counts nowhere");
    }
}

#[tokio::test]
async fn a_redis_that_is_away_is_open_or_closed_as_declared_and_found_again() {
    let Some(mut own) = Own::start() else { return };
    let redis = replica(&own.url(), &prefix()).await;
    there(&redis).await;
    let (open, closed) = (rates(&redis, true), rates(&redis, false));
    let calls = |open| {
        let most = Most { tool: "report", calls: 1, open };
        Calls::new(&[most], &redis, &metrics())
    };
    let (open_calls, closed_calls) = (calls(true), calls(false));
    for round in 0..2 {
        let client = format!("client {round}");
        closed.count(asked(Some(&client), None)).await.expect("Redis is there");
        drop(closed_calls.begin("report").await.expect("Redis is there"));
        match round {
            0 => own.kill(),
            _ => own.signal("-STOP"),
        }
        let begun = Instant::now();
        let refused = closed.count(asked(Some(&client), None)).await.expect_err("it is closed");
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        assert_eq!((refused.kind, refused.retry_after), (Kind::ConnectionError, Some(1)));
        // Nobody waits any more.
        let begun = Instant::now();
        for _ in 0..1000 {
            closed.count(asked(Some(&client), None)).await.expect_err("it is closed");
            open.count(asked(Some(&client), None)).await.expect("it is open");
        }
        let refused = closed_calls.begin("report").await.expect_err("it is closed");
        assert_eq!(refused.kind, Kind::ConnectionError);
        let running = open_calls.begin("report").await.expect("it is open");
        let refused = open_calls.begin("report").await.expect_err("a replica holds it by itself");
        assert_eq!(refused.kind, Kind::RateLimited);
        drop(running);
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        assert!(!redis.is_there());
        match round {
            0 => own.again(),
            _ => own.signal("-CONT"),
        }
        there(&redis).await;
        closed.count(asked(Some("another"), None)).await.expect("Redis is there");
        drop(closed_calls.begin("report").await.expect("Redis is there"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_more_calls_run_in_all_replicas_than_may() {
    let Some(url) = url() else { return };
    let prefix = prefix();
    let (running, most_running) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (begun, mut tasks) = (Instant::now(), Vec::new());
    let most = Most { tool: "report", calls: 3, open: false };
    let mut replicas = Vec::new();
    for _ in 0..2 {
        let redis = replica(&url, &prefix).await;
        let calls = Arc::new(Calls::new(&[most], &redis, &metrics()));
        replicas.push(Arc::clone(&calls));
        for _ in 0..8 {
            let (calls, running) = (Arc::clone(&calls), Arc::clone(&running));
            let most_running = Arc::clone(&most_running);
            tasks.push(tokio::spawn(async move {
                let mut begun_calls = 0;
                while begun.elapsed() < Duration::from_secs(1) {
                    let Ok(place) = calls.begin("report").await else {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                        continue;
                    };
                    most_running
                        .fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    running.fetch_sub(1, Ordering::SeqCst);
                    drop(place);
                    begun_calls += 1;
                }
                begun_calls
            }));
        }
    }
    let mut ran = 0;
    for task in tasks {
        ran += task.await.expect("no panic");
    }
    assert_eq!(most_running.load(Ordering::SeqCst), 3);
    assert!(ran > 100, "{ran}");
    // Every place was given back, and those that are held are held in the other replica as well.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let [one, two] = replicas.as_slice() else { panic!("two replicas") };
    let mut places = Vec::new();
    for calls in [one, two, one] {
        places.push(calls.begin("report").await.expect("a place"));
    }
    let refused = two.begin("report").await.expect_err("there is no more");
    assert_eq!((refused.kind, refused.retry_after), (Kind::RateLimited, Some(1)));
    // A call that is called off gives its place back.
    let held = places.pop();
    let call = tokio::spawn(async move {
        let _held = held;
        std::future::pending::<()>().await;
    });
    call.abort();
    assert!(call.await.is_err());
    tokio::time::sleep(Duration::from_millis(100)).await;
    places.push(two.begin("report").await.expect("a place"));
}

#[tokio::test]
async fn a_place_is_held_for_as_long_as_a_call_runs_and_no_longer() {
    let Some(url) = url() else { return };
    let redis = replica(&url, &prefix()).await;
    let most = Most { tool: "report", calls: 1, open: false };
    let calls = Calls::new(&[most], &redis, &metrics());
    // Of a replica that is gone: its time has passed.
    let gone = |mut connection| {
        let mut command = redis::cmd("ZADD");
        command.arg(redis.key("calls:report")).arg(1).arg("gone");
        async move { command.query_async::<()>(&mut connection).await }
    };
    redis.ask(gone).await.expect("an answer");
    let place = calls.begin("report").await.expect("a place");
    // Redis loses everything; the holder says again that it is there.
    let lost = |mut connection| {
        let mut command = redis::cmd("DEL");
        command.arg(redis.key("calls:report"));
        async move { command.query_async::<()>(&mut connection).await }
    };
    redis.ask(lost).await.expect("an answer");
    let held = |mut connection| {
        let mut command = redis::cmd("ZCARD");
        command.arg(redis.key("calls:report"));
        async move { command.query_async::<u32>(&mut connection).await }
    };
    assert_eq!(redis.ask(held).await, Ok(0));
    tokio::time::sleep(Duration::from_millis(3500)).await;
    assert_eq!(redis.ask(held).await, Ok(1));
    drop(place);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(redis.ask(held).await, Ok(0));
}

#[tokio::test]
async fn what_is_no_url_is_refused_without_what_it_says() {
    for url in [None, Some(""), Some("http://secret@127.0.0.1"), Some("redis://:secret@:x")] {
        let refused = Redis::connect(url, "test").await.expect_err("no URL");
        assert!(refused.contains("REDIS_URL") && !refused.contains("secret"), "{refused}");
    }
    // Nobody is there: it begins all the same, and shows no password.
    let redis = Redis::connect(Some("redis://:secret@127.0.0.1:1"), "test").await.expect("a URL");
    assert!(!redis.is_there());
    assert!(!format!("{redis:?}").contains("secret"));
}

/// What is written of calls.
static AUDIT: mcpgen_runtime::audit::Rules = mcpgen_runtime::audit::Rules {
    required: |_| false,
    arguments: |_, _| &[],
    table: "",
    uris: |_| None,
};
