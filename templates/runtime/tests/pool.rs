//! The pools as the settings declare them, as the server's own list of connections shows them.
//! `TEST_POSTGRES_URL` or `TEST_MYSQL_URL` names it.
#![cfg(any(feature = "postgres", feature = "mysql"))]

use std::io::Write as _;
use std::str::FromStr as _;
use std::time::{Duration, Instant};

use engine::{CONNECTIONS, NAP, Options, VARIABLE};
use mcpgen_runtime::breaker::Rule;
use mcpgen_runtime::database::{Database, Session, Settings};
use mcpgen_runtime::failure::{Failure, Kind};
use sqlx::{ConnectOptions as _, Executor as _};

#[cfg(feature = "postgres")]
mod engine {
    pub(super) use sqlx::postgres::PgConnectOptions as Options;

    pub(super) const VARIABLE: &str = "TEST_POSTGRES_URL";
    pub(super) const NAP: &str = "SELECT pg_sleep(0.05)";
    pub(super) const CONNECTIONS: &str =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = 'rt_pool'";
}

#[cfg(feature = "mysql")]
mod engine {
    pub(super) use sqlx::mysql::MySqlConnectOptions as Options;

    pub(super) const VARIABLE: &str = "TEST_MYSQL_URL";
    pub(super) const NAP: &str = "SELECT sleep(0.05)";
    pub(super) const CONNECTIONS: &str =
        "SELECT count(*) FROM information_schema.processlist WHERE db = 'rt_pool'";
}

const SECOND: Duration = Duration::from_secs(1);

fn settings(url: String) -> Settings {
    Settings {
        url,
        max_connections: 3,
        min_connections: 1,
        acquire_timeout: SECOND,
        idle_timeout: 4 * SECOND / 10,
        statement_timeout: 20 * SECOND,
        statements: 20,
        breaker: Rule { failures: 1000, open: SECOND },
        #[cfg(feature = "mysql")]
        flavour: match std::env::var("TEST_MYSQL_FLAVOUR").as_deref() {
            Ok("mysql") => mcpgen_runtime::database::Flavour::MySql,
            _ => mcpgen_runtime::database::Flavour::MariaDb,
        },
    }
}

/// A statement that takes a moment.
async fn naps(session: Result<Session, Failure>) {
    let mut session = session.expect("a connection in time");
    session.affected(sqlx::query(NAP)).await.expect("it runs");
}

#[tokio::test]
async fn the_pools_are_as_they_are_declared() {
    let Ok(url) = std::env::var(VARIABLE) else {
        // Past the capture of output: a test that did nothing shall not look like one that passed.
        let _ = writeln!(std::io::stderr(), "skipped: {VARIABLE} is not set");
        return;
    };
    let options = Options::from_str(&url).expect("a URL");
    let mut other = options.connect().await.expect("the server answers");
    other.execute("DROP DATABASE IF EXISTS rt_pool").await.expect("nobody is there");
    other.execute("CREATE DATABASE rt_pool").await.expect("it is new");
    let (url, _) = url.rsplit_once('/').expect("a database in the URL");
    let database = Database::open(settings(format!("{url}/rt_pool"))).await.expect("it is there");
    let mut count = async || -> i64 {
        sqlx::query_scalar(CONNECTIONS).fetch_one(&mut other).await.expect("a count")
    };

    // Three at most, however many want one, of those that read and of those that write.
    let reads = async {
        let read = || async { naps(database.read(5 * SECOND).await).await };
        futures_util::future::join_all((0..12).map(|_| read())).await;
    };
    let writes = async {
        let write = || async { naps(database.write(5 * SECOND).await).await };
        futures_util::future::join_all((0..12).map(|_| write())).await;
    };
    let look = async {
        let mut most = 0;
        for _ in 0..20 {
            most = most.max(count().await);
            tokio::time::sleep(SECOND / 100).await;
        }
        most
    };
    let ((), (), most) = tokio::join!(reads, writes, look);
    assert_eq!(most, 6, "three that read, and three that write");

    // Who finds all of them taken waits as long as is declared, and not for the call's whole time.
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(database.read(5 * SECOND).await.expect("one of three"));
    }
    let begun = Instant::now();
    let failure = database.read(5 * SECOND).await.err().expect("there is no fourth");
    let took = begun.elapsed();
    assert_eq!((failure.kind, failure.retryable), (Kind::PoolExhausted, true));
    assert!(took >= SECOND && took < 3 * SECOND, "{took:?}");
    drop(held);
    naps(database.read(5 * SECOND).await).await;

    // Those that nobody uses are closed, but for the one that is kept of each kind.
    let closed = async {
        while count().await != 2 {
            tokio::time::sleep(SECOND / 20).await;
        }
    };
    tokio::time::timeout(5 * SECOND, closed).await.expect("they are closed");
    tokio::time::sleep(SECOND).await;
    assert_eq!(count().await, 2, "one that reads is kept, and one that writes");
    database.close().await;
    tokio::time::sleep(SECOND / 5).await;
    assert_eq!(count().await, 0, "none is left");
    other.execute("DROP DATABASE rt_pool").await.expect("nobody is there");
}
