//! What calls come to when the way to a PostgreSQL, MySQL or MariaDB server breaks, or when its
//! tables are changed while a server runs. `TEST_POSTGRES_URL` or `TEST_MYSQL_URL` names it.
#![cfg(any(feature = "postgres", feature = "mysql"))]

mod way;

use std::io::Write as _;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use mcpgen_runtime::database::{Database, Settings};
use mcpgen_runtime::failure::{Failure, Kind};
use mcpgen_runtime::{breaker, decode, retry};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _};
use way::{Break, State, Way};

#[cfg(feature = "mysql")]
use engine::flavour;
use engine::{Options, VARIABLE, plain};

#[cfg(feature = "postgres")]
mod engine {
    pub(super) use sqlx::postgres::{PgConnectOptions as Options, PgConnection as Connection};

    pub(super) const VARIABLE: &str = "TEST_POSTGRES_URL";

    /// Without TLS: a way must see what is asked.
    pub(super) fn plain(options: Options) -> Options {
        options.ssl_mode(sqlx::postgres::PgSslMode::Disable)
    }
}

#[cfg(feature = "mysql")]
mod engine {
    use mcpgen_runtime::database::Flavour;
    pub(super) use sqlx::mysql::{MySqlConnectOptions as Options, MySqlConnection as Connection};

    pub(super) const VARIABLE: &str = "TEST_MYSQL_URL";

    /// Without TLS: a way must see what is asked.
    pub(super) fn plain(options: Options) -> Options {
        options.ssl_mode(sqlx::mysql::MySqlSslMode::Disabled)
    }

    /// Which server it is: `TEST_MYSQL_FLAVOUR` says `mysql` where it is not MariaDB.
    pub(super) fn flavour() -> Flavour {
        match std::env::var("TEST_MYSQL_FLAVOUR").as_deref() {
            Ok("mysql") => Flavour::MySql,
            _ => Flavour::MariaDb,
        }
    }
}

const SECOND: Duration = Duration::from_secs(1);

/// A database behind a way, and a connection past it.
struct Subject {
    database: Database,
    way: Way,
    other: engine::Connection,
}

impl Subject {
    async fn start() -> Option<Self> {
        Self::start_with(1000).await
    }

    /// With a breaker that opens after so many failures.
    async fn start_with(failures: u32) -> Option<Self> {
        let Ok(url) = std::env::var(VARIABLE) else {
            // Past the capture of output: a test that did nothing shall not look like one that passed.
            let _ = writeln!(std::io::stderr(), "skipped: {VARIABLE} is not set");
            return None;
        };
        let options = plain(Options::from_str(&url).expect("a URL"));
        let way = Way::to(format!("{}:{}", options.get_host(), options.get_port())).await;
        let settings = Settings {
            url: options.clone().host("127.0.0.1").port(way.port).to_url_lossy().to_string(),
            max_connections: 4,
            min_connections: 0,
            acquire_timeout: 5 * SECOND,
            idle_timeout: 60 * SECOND,
            statement_timeout: 20 * SECOND,
            statements: 20,
            breaker: breaker::Rule { failures, open: SECOND },
            #[cfg(feature = "mysql")]
            flavour: flavour(),
        };
        let database = Database::open(settings).await.expect("the server answers");
        let other = options.connect().await.expect("the server answers");
        Some(Self { database, way, other })
    }

    /// Past the way.
    async fn run(&mut self, sql: &str) {
        self.other.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.expect("it runs");
    }

    async fn count(&mut self, table: &str) -> i64 {
        let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        sqlx::query_scalar(sql).fetch_one(&mut self.other).await.expect("a count")
    }

    async fn names(&self, table: &str) -> Result<Vec<String>, Failure> {
        let sql = AssertSqlSafe(format!("SELECT name FROM {table}"));
        self.database
            .read(5 * SECOND)
            .await?
            .many(sqlx::query(sql), |row| decode::text(row, 0))
            .await
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_not_begun_again() {
    let Some(mut subject) = Subject::start().await else { return };
    subject.run("DROP TABLE IF EXISTS lost_rows").await;
    subject.run("CREATE TABLE lost_rows (name varchar(100) NOT NULL)").await;
    subject.run("INSERT INTO lost_rows VALUES ('first'), ('second'), ('third')").await;
    for _ in 0..12 {
        subject.run("INSERT INTO lost_rows SELECT name FROM lost_rows").await;
    }
    assert_eq!(subject.names("lost_rows").await.expect("all").len(), 3 << 12);
    // In the middle of the rows.
    subject.way.plan(Break::After(100_000));
    let rows = subject.names("lost_rows").await.map(|rows| rows.len());
    let failure = rows.expect_err("not all of them came");
    assert!(failure.kind == Kind::ConnectionError && failure.retryable, "{failure:?}");
    assert!(subject.way.broke());
    // Before the first of them.
    subject.way.plan(Break::Unanswered("lost_rows"));
    assert_eq!(subject.names("lost_rows").await.expect("on another connection").len(), 3 << 12);
    assert!(subject.way.broke());
    subject.run("DROP TABLE lost_rows").await;
}

#[tokio::test]
async fn a_change_is_made_once_or_not_at_all() {
    let Some(mut subject) = Subject::start().await else { return };
    subject.run("DROP TABLE IF EXISTS lost_changes").await;
    subject.run("CREATE TABLE lost_changes (id int)").await;
    for (words, expected, retryable) in [("INSERT INTO lost", 0, true), ("COMMIT", 1, false)] {
        subject.way.plan(Break::Unanswered(words));
        let (database, tries) = (&subject.database, &AtomicU32::new(0));
        let changed = retry::transaction(5 * SECOND, move |left| async move {
            tries.fetch_add(1, Ordering::Relaxed);
            let mut session = database.write(left).await?;
            session.affected(sqlx::query("INSERT INTO lost_changes VALUES (1)")).await?;
            session.commit().await
        });
        let failure = changed.await.expect_err("the answer is lost");
        assert!(subject.way.broke());
        assert_eq!(
            (failure.kind, failure.retryable),
            (Kind::ConnectionError, retryable),
            "{words}"
        );
        assert_eq!(failure.message.contains("may or may not"), !retryable, "{}", failure.message);
        assert_eq!(tries.load(Ordering::Relaxed), 1, "{words}");
        tokio::time::sleep(SECOND / 5).await;
        assert_eq!(subject.count("lost_changes").await, expected, "{words}");
    }
    // What was read is there, whatever became of the transaction.
    let mut session = subject.database.snapshot(5 * SECOND).await.expect("a connection");
    let count = sqlx::query("SELECT count(*) FROM lost_changes");
    assert_eq!(session.one(count, |row| decode::integer(row, 0)).await.expect("a count"), 1);
    subject.way.plan(Break::Unanswered("COMMIT"));
    session.commit().await.expect("nothing is lost");
    assert!(subject.way.broke());
    subject.run("DROP TABLE lost_changes").await;
}

/// Three tries, with pauses that a test has the time for.
const POLICY: retry::Policy =
    retry::Policy { attempts: 3, backoff: Duration::from_millis(20), maximum: SECOND };

#[tokio::test]
async fn what_was_not_kept_is_done_again_and_what_may_have_been_is_not() {
    let Some(mut subject) = Subject::start().await else { return };
    subject.run("DROP TABLE IF EXISTS lost_again").await;
    subject.run("CREATE TABLE lost_again (id int)").await;
    for (words, expected, tries_expected) in [("INSERT INTO lost", 1, 2), ("COMMIT", 1, 1)] {
        subject.run("DELETE FROM lost_again").await;
        subject.way.plan(Break::Unanswered(words));
        let (database, tries) = (&subject.database, &AtomicU32::new(0));
        let changed = POLICY.run(5 * SECOND, move |left| async move {
            tries.fetch_add(1, Ordering::Relaxed);
            let mut session = database.write(left).await?;
            session.affected(sqlx::query("INSERT INTO lost_again VALUES (1)")).await?;
            session.commit().await
        });
        let changed = changed.await;
        assert!(subject.way.broke());
        assert_eq!(changed.is_ok(), words != "COMMIT", "{words}: {changed:?}");
        assert_eq!(tries.load(Ordering::Relaxed), tries_expected, "{words}");
        tokio::time::sleep(SECOND / 5).await;
        assert_eq!(subject.count("lost_again").await, expected, "{words}");
    }
    // In the middle of the rows: none of them was handed out.
    for _ in 0..14 {
        subject.run("INSERT INTO lost_again SELECT id FROM lost_again").await;
    }
    subject.way.plan(Break::After(50_000));
    let database = &subject.database;
    let read = POLICY.run(5 * SECOND, move |left| async move {
        let statement = sqlx::query("SELECT id FROM lost_again");
        database.read(left).await?.many(statement, |row| decode::integer(row, 0)).await
    });
    assert_eq!(read.await.expect("the second time").len(), 1 << 14);
    assert!(subject.way.broke());
    subject.run("DROP TABLE lost_again").await;
}

#[tokio::test]
async fn a_call_is_run_so_often_and_within_its_time() {
    let Some(subject) = Subject::start().await else { return };
    subject.way.becomes(State::Shut);
    let (database, tries) = (&subject.database, &AtomicU32::new(0));
    let run = |policy: retry::Policy, timeout| {
        policy.run(timeout, move |left| async move {
            tries.fetch_add(1, Ordering::Relaxed);
            database.write(left).await.map(drop)
        })
    };
    let failure = run(POLICY, 5 * SECOND).await.expect_err("it is away");
    assert_eq!((failure.kind, tries.load(Ordering::Relaxed)), (Kind::ConnectionError, 3));
    let patient = retry::Policy { attempts: 10, backoff: 60 * SECOND, maximum: 60 * SECOND };
    let begun = Instant::now();
    run(patient, SECOND / 2).await.expect_err("it is away");
    assert!(begun.elapsed() < SECOND, "{:?}", begun.elapsed());
    // It is back before the last try.
    let slow = retry::Policy { attempts: 10, backoff: SECOND / 5, maximum: SECOND / 5 };
    let back = async {
        tokio::time::sleep(SECOND / 5).await;
        subject.way.becomes(State::Sound);
    };
    let (ran, ()) = tokio::join!(run(slow, 10 * SECOND), back);
    ran.expect("it is back");
}

#[tokio::test]
async fn a_database_that_is_away_is_left_alone_and_found_again_by_itself() {
    for away in [State::Shut, State::Silent] {
        let Some(subject) = Subject::start_with(3).await else { return };
        subject.database.ping().await.expect("it is there");
        assert_eq!(subject.database.breaker().state().name(), "closed");
        subject.way.becomes(away);
        let mut failures = 0;
        while subject.database.breaker().state().name() == "closed" {
            let failure = subject.database.read(3 * SECOND / 2).await.map(drop);
            let failure = match failure {
                // The connection of the opening, which nobody has used since.
                Ok(()) => subject.database.ping().await.expect_err("it is away"),
                Err(failure) => failure,
            };
            assert_eq!(failure.kind, Kind::ConnectionError, "{away:?}");
            failures += 1;
            assert!(failures <= 6, "{away:?}: it does not open");
        }
        let begun = Instant::now();
        let mut refused = 0;
        while begun.elapsed() < SECOND / 2 {
            let failure = subject.database.read(5 * SECOND).await.map(drop).expect_err("open");
            assert_eq!((failure.kind, failure.retry_after), (Kind::ConnectionError, Some(1)));
            assert!(failure.retryable && failure.message.contains("in 1 second."));
            refused += 1;
            tokio::task::yield_now().await;
        }
        assert!(refused >= 1000, "{away:?}: {refused} calls in half a second are not at once");
        // Readiness follows it, at once as well.
        assert_eq!(subject.database.ping().await.expect_err("open").retry_after, Some(1));
        assert!(begun.elapsed() < SECOND);
        subject.way.becomes(State::Sound);
        // Nobody calls meanwhile.
        let back = async {
            while subject.database.breaker().state().name() != "closed" {
                tokio::time::sleep(SECOND / 50).await;
            }
        };
        tokio::time::timeout(10 * SECOND, back).await.expect("it is found again");
        subject.database.ping().await.expect("it is back");
        let mut session = subject.database.write(5 * SECOND).await.expect("it is back");
        session.affected(sqlx::query("SELECT 1")).await.expect("it answers");
        let [closed, open, half] = subject.database.breaker().transitions();
        assert!(closed == 1 && open >= 1 && half == open, "{closed} {open} {half}");
    }
}

#[tokio::test]
async fn answers_between_failures_keep_the_breaker_closed() {
    let Some(subject) = Subject::start_with(3).await else { return };
    for _ in 0..4 {
        subject.way.becomes(State::Shut);
        for _ in 0..2 {
            subject.database.write(5 * SECOND).await.map(drop).expect_err("it is away");
        }
        subject.way.becomes(State::Sound);
        let mut session = subject.database.write(5 * SECOND).await.expect("it is there");
        session.affected(sqlx::query("SELECT 1")).await.expect("it answers");
        drop(session);
        tokio::time::sleep(SECOND / 20).await;
        assert_eq!(subject.database.breaker().state().name(), "closed");
    }
}

#[tokio::test]
async fn tables_that_change_are_named_and_recovered_from() {
    let Some(mut subject) = Subject::start().await else { return };
    subject.run("DROP TABLE IF EXISTS lost_shape").await;
    subject.run("CREATE TABLE lost_shape (id int PRIMARY KEY, name varchar(100))").await;
    subject.run("INSERT INTO lost_shape VALUES (1, 'a')").await;
    assert_eq!(subject.names("lost_shape").await.expect("it is there"), ["a"]);
    for (away, back) in [
        ("RENAME COLUMN name TO title", "ALTER TABLE lost_shape RENAME COLUMN title TO name"),
        ("RENAME TO lost_other", "ALTER TABLE lost_other RENAME TO lost_shape"),
    ] {
        subject.run(&format!("ALTER TABLE lost_shape {away}")).await;
        for _ in 0..3 {
            let failure = subject.names("lost_shape").await.expect_err("it is away");
            assert_eq!((failure.kind, failure.retryable), (Kind::UnknownError, false), "{away}");
            assert!(failure.message.contains("built again"), "{}", failure.message);
        }
        subject.run(back).await;
        assert_eq!(subject.names("lost_shape").await.expect("it is back"), ["a"]);
    }
    // A column that was said to be NOT NULL.
    subject.run("INSERT INTO lost_shape VALUES (2, NULL)").await;
    let failure = subject.names("lost_shape").await.expect_err("it is NULL");
    assert_eq!((failure.kind, failure.retryable), (Kind::UnknownError, false));
    assert_eq!(
        failure.message,
        "The database does not hold what was expected of it: column `name` should hold text and \
         holds NULL."
    );
    subject.run("DELETE FROM lost_shape WHERE id = 2").await;
    // A change runs again where it was prepared for columns of other types.
    let database = &subject.database;
    let lock = || {
        retry::transaction(5 * SECOND, move |left| async move {
            let mut session = database.write(left).await?;
            let lock = sqlx::query("SELECT id FROM lost_shape WHERE name = 'a' FOR UPDATE");
            let id = session.one(lock, |row| decode::integer(row, 0)).await?;
            session.commit().await.map(|()| id)
        })
    };
    let (one, two) = tokio::join!(lock(), lock());
    assert_eq!((one.expect("one"), two.expect("two")), (1, 1));
    let wider = match cfg!(feature = "postgres") {
        true => "ALTER TABLE lost_shape ALTER id TYPE bigint",
        false => "ALTER TABLE lost_shape MODIFY id bigint",
    };
    subject.other.execute(sqlx::raw_sql(wider)).await.expect("it runs");
    let (one, two) = tokio::join!(lock(), lock());
    assert_eq!((one.expect("one"), two.expect("two")), (1, 1));
    subject.run("DROP TABLE lost_shape").await;
}

/// A commit that waits for longer than the call may take.
#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_commit_that_is_late_is_not_said_to_be_undone() {
    let Some(mut subject) = Subject::start().await else { return };
    subject
        .run(
            "DROP TABLE IF EXISTS lost_late; CREATE TABLE lost_late (id int);
             CREATE OR REPLACE FUNCTION lost_wait() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END';
             CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON lost_late INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION lost_wait()",
        )
        .await;
    let database = &subject.database;
    let changed = retry::transaction(SECOND / 2, move |left| async move {
        let mut session = database.write(left).await?;
        session.affected(sqlx::query("INSERT INTO lost_late VALUES (1)")).await?;
        session.commit().await
    });
    let failure = changed.await.expect_err("late");
    assert_eq!((failure.kind, failure.retryable), (Kind::Timeout, false));
    assert!(failure.message.contains("may or may not"), "{}", failure.message);
    tokio::time::sleep(SECOND).await;
    subject.run("DROP TABLE lost_late; DROP FUNCTION lost_wait").await;
}

/// An index that is made without a lock stands in no transaction.
#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_migration_can_stand_in_no_transaction() {
    let Some(mut subject) = Subject::start().await else { return };
    subject.run("DROP DATABASE IF EXISTS lost_migrations").await;
    subject.run("CREATE DATABASE lost_migrations").await;
    let url = std::env::var(VARIABLE).expect("it is set");
    let options = Options::from_str(&url).expect("a URL").database("lost_migrations");
    let fresh = options.to_url_lossy().to_string();
    mcpgen_runtime::database::migrate(
        &fresh,
        &[
            (1, "table", "CREATE TABLE t (id int4)"),
            (2, "index", "-- no-transaction\nCREATE INDEX CONCURRENTLY ON t (id)"),
        ],
    )
    .await
    .expect("they run");
    subject.run("DROP DATABASE lost_migrations").await;
}
