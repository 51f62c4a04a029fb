//! The database: a pool of connections that can only read, and one of those that write.

use std::fmt;
#[cfg(feature = "breaker")]
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool::managed::{self, Metrics, Object, Pool, PoolConfig, PoolError, QueueMode};
#[cfg(feature = "metrics")]
use prometheus_client::metrics::histogram::Histogram;
use sqlx::migrate::{self, MigrationType, Migrator};
use sqlx::{ConnectOptions, Connection as _, SqlSafeStr};
#[cfg(feature = "session")]
use sqlx::{Either, Execute, Executor};
use tokio_util::sync::{CancellationToken, DropGuard};

#[cfg(feature = "breaker")]
use super::breaker::{self, Breaker};
#[cfg(feature = "mysql")]
pub use super::engine::Flavour;
#[cfg(all(feature = "isolation", feature = "transaction"))]
pub use super::engine::Isolation;
use super::engine::{self, Connection, Options};
use super::failure::{Failure, Kind};
#[cfg(feature = "metrics")]
use super::metrics::{self, PoolUse};

/// A statement with what is bound to it.
#[cfg(feature = "session")]
pub type Statement<'q> = sqlx::query::Query<'q, engine::Engine, engine::Arguments>;

/// A row of an answer.
#[cfg(feature = "rows")]
pub type Row = engine::Row;

/// How to reach the database.
#[derive(Clone)]
pub struct Settings {
    /// Where the server is, with name and password.
    pub url: String,
    /// Most connections that read, and most that write.
    pub max_connections: u32,
    /// Connections kept open.
    pub min_connections: u32,
    /// How long a call waits for a connection.
    pub acquire_timeout: Duration,
    /// How long an unused connection lives.
    pub idle_timeout: Duration,
    /// How long the database itself lets a statement run.
    pub statement_timeout: Duration,
    /// Statements that a connection keeps prepared: as many as the crate has.
    pub statements: usize,
    /// Which of the two servers it must be: they do not understand the same SQL.
    #[cfg(feature = "mysql")]
    pub flavour: Flavour,
    /// When calls fail at once because the database is away.
    #[cfg(feature = "breaker")]
    pub breaker: breaker::Rule,
}

impl fmt::Debug for Settings {
    /// Without the URL, which may hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}

/// The database.
pub struct Database {
    settings: Settings,
    read: Pool<Opener>,
    #[cfg(feature = "write")]
    write: Pool<Opener>,
    #[cfg(feature = "breaker")]
    breaker: Arc<Breaker>,
    /// Ends the task that looks after idle connections.
    stop: CancellationToken,
    /// Ends it at the latest with the database.
    _stop: DropGuard,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// A connection, and how the server calls it.
pub(super) struct Client {
    connection: Connection,
    #[cfg(feature = "session")]
    id: u64,
    /// It has no use any more.
    broken: bool,
}

/// Opens the connections of a pool.
struct Opener {
    options: Options,
    settings: Settings,
    access: Access,
    #[cfg(feature = "breaker")]
    breaker: Arc<Breaker>,
    /// How long requests waited for one of them.
    #[cfg(feature = "metrics")]
    wait: Histogram,
}

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Read.
    Read,
    /// Read and write.
    #[cfg(feature = "write")]
    Write,
}

impl managed::Manager for Opener {
    type Type = Client;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Client, sqlx::Error> {
        // On the heap: what opens a connection is large, and each layer above would have room for it.
        let mut connection = Box::pin(self.options.connect()).await?;
        #[cfg(feature = "session")]
        let id = engine::start(&mut connection, &self.settings, self.access).await?;
        #[cfg(not(feature = "session"))]
        engine::start(&mut connection, &self.settings, self.access).await?;
        Ok(Client {
            connection,
            #[cfg(feature = "session")]
            id,
            broken: false,
        })
    }

    /// Nothing is asked of the server: a connection that is dead is noticed by its first statement.
    async fn recycle(
        &self,
        client: &mut Client,
        _metrics: &Metrics,
    ) -> managed::RecycleResult<sqlx::Error> {
        if client.broken {
            return Err(managed::RecycleError::message("the connection is of no use any more"));
        }
        Ok(())
    }
}

impl Database {
    /// Connects once, so that a server that is away or that is not the right one is noticed at
    /// start, and keeps connections open from then on.
    ///
    /// # Errors
    /// The URL is none of this engine, the server cannot be reached, or refuses.
    pub async fn open(settings: Settings) -> Result<Self, sqlx::Error> {
        let database = Self::connect(settings)?;
        let wait = database.settings.acquire_timeout;
        match tokio::time::timeout(wait, database.read.get()).await {
            Ok(Ok(client)) => drop(client),
            Ok(Err(error)) => return Err(reason(error)),
            Err(_) => return Err(unreachable_in(wait)),
        }
        let (pools, settings) = (database.pools(), database.settings.clone());
        tokio::spawn(look_after(pools, settings, database.stop.clone()));
        Ok(database)
    }

    /// The database as it is: nothing is opened before the first statement.
    ///
    /// # Errors
    /// The URL is none of this engine.
    pub fn connect(settings: Settings) -> Result<Self, sqlx::Error> {
        let stop = CancellationToken::new();
        #[cfg(feature = "breaker")]
        let breaker = Arc::new(Breaker::new(settings.breaker, stop.clone()));
        Ok(Self {
            read: pool(
                &settings,
                Access::Read,
                #[cfg(feature = "breaker")]
                &breaker,
            )?,
            #[cfg(feature = "write")]
            write: pool(
                &settings,
                Access::Write,
                #[cfg(feature = "breaker")]
                &breaker,
            )?,
            #[cfg(feature = "breaker")]
            breaker,
            _stop: stop.clone().drop_guard(),
            stop,
            settings,
        })
    }

    /// A connection that cannot write, for statements that end within `timeout`. Waiting for the
    /// connection is part of it.
    #[cfg(feature = "read")]
    pub async fn read(&self, timeout: Duration) -> Result<Session, Failure> {
        self.session(&self.read, timeout, None).await
    }

    /// A transaction that cannot write: its statements see the database at one moment.
    #[cfg(feature = "snapshot")]
    pub async fn snapshot(&self, timeout: Duration) -> Result<Session, Failure> {
        self.session(&self.read, timeout, Some(engine::SNAPSHOT)).await
    }

    /// A transaction that cannot write, of the given isolation.
    #[cfg(all(feature = "snapshot", feature = "isolation"))]
    pub async fn snapshot_at(
        &self,
        timeout: Duration,
        isolation: Isolation,
    ) -> Result<Session, Failure> {
        self.session(&self.read, timeout, Some(isolation.snapshot())).await
    }

    /// A transaction that is undone unless it is committed, for statements that end within
    /// `timeout`. Waiting for the connection and for locks is part of it.
    #[cfg(feature = "write")]
    pub async fn write(&self, timeout: Duration) -> Result<Session, Failure> {
        self.session(&self.write, timeout, Some(engine::WRITE)).await
    }

    /// A transaction that is undone unless it is committed, of the given isolation.
    #[cfg(all(feature = "write", feature = "isolation"))]
    pub async fn write_at(
        &self,
        timeout: Duration,
        isolation: Isolation,
    ) -> Result<Session, Failure> {
        self.session(&self.write, timeout, Some(isolation.write())).await
    }

    /// Whether the server answers.
    ///
    /// # Errors
    /// What a client would hear.
    pub async fn ping(&self) -> Result<(), Failure> {
        let deadline = Instant::now() + Duration::from_secs(2);
        for _ in 0..2 {
            let mut client = acquire(&self.read, deadline).await?;
            // A ping that is given up leaves its answer on the way.
            client.broken = true;
            let answer = tokio::time::timeout_at(deadline.into(), client.connection.ping()).await;
            match answer {
                Ok(Ok(())) => {
                    client.broken = false;
                    #[cfg(feature = "breaker")]
                    self.breaker.answered();
                    return Ok(());
                }
                Ok(Err(error)) if engine::lost(&error) => forget_idle(&self.read),
                Ok(Err(error)) => return Err(error.into()),
                Err(_) => break,
            }
        }
        Err(Failure::new(Kind::ConnectionError, super::failure::LOST))
    }

    /// What keeps calls from a database that is away.
    #[cfg(feature = "breaker")]
    pub fn breaker(&self) -> &Breaker {
        &self.breaker
    }

    /// Where the server is, with name and password.
    #[cfg(all(feature = "watch-channel", feature = "postgres"))]
    pub(super) fn url(&self) -> &str {
        &self.settings.url
    }

    /// Closes every connection after its statement.
    pub async fn close(&self) {
        self.stop.cancel();
        for pool in self.pools() {
            close_all(pool.retain(|_, _| false).removed).await;
            pool.close();
        }
        let ended = async {
            while self.pools().iter().any(|pool| pool.status().size > 0) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(Duration::from_secs(5), ended).await.is_err() {
            tracing::warn!("some statements did not end in time");
        }
    }

    fn pools(&self) -> Vec<Pool<Opener>> {
        #[cfg(feature = "write")]
        let pools = vec![self.read.clone(), self.write.clone()];
        #[cfg(not(feature = "write"))]
        let pools = vec![self.read.clone()];
        pools
    }

    /// How the pools are used.
    #[cfg(feature = "metrics")]
    pub(super) fn pool_use(&self) -> Vec<PoolUse> {
        let used = |pool: &Pool<Opener>| {
            let (status, opener) = (pool.status(), pool.manager());
            PoolUse {
                name: match opener.access {
                    Access::Read => "read",
                    #[cfg(feature = "write")]
                    Access::Write => "write",
                },
                in_use: status.size.saturating_sub(status.available) as u64,
                idle: status.available as u64,
                most: status.max_size as u64,
                wait: opener.wait.clone(),
            }
        };
        self.pools().iter().map(used).collect()
    }

    /// A session, whose transaction has begun if there is to be one.
    #[cfg(feature = "session")]
    async fn session(
        &self,
        pool: &Pool<Opener>,
        timeout: Duration,
        begin: Option<&'static str>,
    ) -> Result<Session, Failure> {
        let begun = Instant::now();
        let deadline = begun + timeout;
        let client = acquire(pool, deadline.min(begun + self.settings.acquire_timeout)).await;
        #[cfg(feature = "metrics")]
        pool.manager().wait.observe(begun.elapsed().as_secs_f64());
        let client = client?;
        let mut session = Session {
            client: Some(client),
            pool: pool.clone(),
            deadline,
            transaction: false,
            running: false,
            untouched: true,
            failed: false,
        };
        if let Some(begin) = begin {
            session.begin(begin).await?;
        }
        Ok(session)
    }
}

/// A pool that opens its connections when they are asked for.
fn pool(
    settings: &Settings,
    access: Access,
    #[cfg(feature = "breaker")] breaker: &Arc<Breaker>,
) -> Result<Pool<Opener>, sqlx::Error> {
    let options = engine::options(&settings.url)?
        .log_statements(log::LevelFilter::Off)
        .statement_cache_capacity(settings.statements);
    let options = engine::limits(options, settings, access);
    let opener = Opener {
        options,
        settings: settings.clone(),
        access,
        #[cfg(feature = "breaker")]
        breaker: Arc::clone(breaker),
        #[cfg(feature = "metrics")]
        wait: metrics::times(),
    };
    let mut config = PoolConfig::new(usize::try_from(settings.max_connections).unwrap_or(1).max(1));
    // The one that was used last is used next: the others may then be closed.
    config.queue_mode = QueueMode::Lifo;
    Pool::builder(opener)
        .config(config)
        .build()
        .map_err(|error| sqlx::Error::Configuration(error.into()))
}

/// A connection of a pool: one that is there, or a new one.
async fn acquire(pool: &Pool<Opener>, deadline: Instant) -> Result<Object<Opener>, Failure> {
    #[cfg(not(feature = "breaker"))]
    let waited = tokio::time::timeout_at(deadline.into(), pool.get()).await;
    #[cfg(feature = "breaker")]
    let waited = guarded(pool, deadline).await?;
    match waited {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(reason(error).into()),
        Err(_) if pool.status().size >= pool.status().max_size => {
            Err(sqlx::Error::PoolTimedOut.into())
        }
        // There was room for another connection, and it did not come about.
        Err(_) => {
            tracing::warn!("the server did not take a connection in time");
            Err(Failure::new(Kind::ConnectionError, super::failure::LOST))
        }
    }
}

/// What a pool says in time.
#[cfg(feature = "breaker")]
type Waited = Result<Result<Object<Opener>, PoolError<sqlx::Error>>, tokio::time::error::Elapsed>;

/// Waits for a connection, unless the server is known to be away. Where this one shows it, the server
/// is looked at until it is back.
#[cfg(feature = "breaker")]
async fn guarded(pool: &Pool<Opener>, deadline: Instant) -> Result<Waited, Failure> {
    let (breaker, begun) = (&pool.manager().breaker, Instant::now());
    let waited = tokio::time::timeout_at(deadline.into(), pool.get());
    let waited = breaker.unless_open(waited).await?;
    let is_away = match &waited {
        Ok(Err(PoolError::Backend(error))) => is_away(error),
        Ok(_) => false,
        // A call that had no time of its own to wait says nothing about the server.
        Err(_) => pool.status().size < pool.status().max_size && begun.elapsed() >= HASTE,
    };
    if is_away && breaker.failed() {
        tokio::spawn(recover(pool.clone()));
    }
    Ok(waited)
}

/// A server that is there takes a connection within this.
#[cfg(feature = "breaker")]
const HASTE: Duration = Duration::from_secs(1);

/// Whether a connection did not come about because there was nobody to take it.
#[cfg(feature = "breaker")]
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => super::codes::class(error.as_ref())
            .is_some_and(|(kind, _)| kind == Kind::ConnectionError),
        _ => false,
    }
}

/// Looks at the server until it is back.
#[cfg(feature = "breaker")]
async fn recover(pool: Pool<Opener>) {
    use managed::Manager as _;
    let opener = pool.manager();
    let is_back = || async {
        let opened = tokio::time::timeout(opener.settings.acquire_timeout, opener.create());
        let Ok(Ok(client)) = opened.await else { return false };
        close_all(vec![client]).await;
        true
    };
    opener.breaker.recovers(is_back).await;
}

fn reason(error: PoolError<sqlx::Error>) -> sqlx::Error {
    match error {
        PoolError::Backend(error) => error,
        PoolError::Closed => sqlx::Error::PoolClosed,
        PoolError::Timeout(_) | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
            sqlx::Error::PoolTimedOut
        }
    }
}

fn unreachable_in(wait: Duration) -> sqlx::Error {
    let message = format!("the database server did not answer within {} s", wait.as_secs());
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, message))
}

/// Drops the connections that wait: where one of them is dead, so are most others.
fn forget_idle(pool: &Pool<Opener>) {
    pool.retain(|_, _| false);
}

/// Says goodbye, so that the server does not take it for a crash.
async fn close_all(clients: Vec<Client>) {
    for client in clients {
        let close = client.connection.close();
        if let Ok(Err(error)) = tokio::time::timeout(Duration::from_secs(1), close).await {
            tracing::debug!(%error, "a connection did not close");
        }
    }
}

/// Closes what was idle for too long, and keeps as many connections open as there should be.
async fn look_after(pools: Vec<Pool<Opener>>, settings: Settings, stop: CancellationToken) {
    let pause =
        (settings.idle_timeout / 2).clamp(Duration::from_millis(50), Duration::from_secs(30));
    let least = usize::try_from(settings.min_connections).unwrap_or(0);
    loop {
        for pool in &pools {
            let mut spare = pool.status().size.saturating_sub(least);
            let idle = |metrics: &Metrics| metrics.last_used() >= settings.idle_timeout;
            let closed = pool.retain(|_, metrics| {
                let close = spare > 0 && idle(&metrics);
                spare -= usize::from(close);
                !close
            });
            close_all(closed.removed).await;
        }
        // The first pool is the one that reads. Writers are opened when they are needed.
        if let Some(pool) = pools.first() {
            fill(pool, least, settings.acquire_timeout).await;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Opens connections until the pool has `least` of them.
async fn fill(pool: &Pool<Opener>, least: usize, wait: Duration) {
    let mut held = Vec::new();
    while pool.status().size < least.min(pool.status().max_size) {
        // Those that are held cannot be given out again, so that the next one is a new one.
        match tokio::time::timeout(wait, pool.get()).await {
            Ok(Ok(client)) => held.push(client),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a connection was not opened ahead of time");
                return;
            }
            Err(_) => return,
        }
    }
}

/// How long a server may take to let migrations in.
const PATIENCE: Duration = Duration::from_secs(30);

/// A migration: its version, its name and its text.
pub type Migration = (i64, &'static str, &'static str);

/// Applies migrations that were not applied yet.
///
/// # Errors
/// The URL is none of this engine, the server cannot be reached, a migration fails, or one that was
/// applied has changed since.
pub async fn migrate(url: &str, migrations: &[Migration]) -> Result<(), sqlx::Error> {
    let options = engine::options(url)?;
    let Ok(connected) = tokio::time::timeout(PATIENCE, options.connect()).await else {
        return Err(unreachable_in(PATIENCE));
    };
    let mut connection = connected?;
    engine::start_migrations(&mut connection).await?;
    let migrations = migrations.iter().map(|(version, name, sql)| {
        migrate::Migration::new(
            *version,
            (*name).into(),
            MigrationType::Simple,
            (*sql).into_sql_str(),
            sql.starts_with("-- no-transaction"),
        )
    });
    let migrator = Migrator::with_migrations(migrations.collect());
    migrator.run(&mut connection).await?;
    connection.close().await
}

/// A connection, or a transaction, and how long it may take.
///
/// One that is dropped in the middle of a statement stops it in the server; one that is dropped in
/// a transaction undoes it.
#[cfg(feature = "session")]
pub struct Session {
    client: Option<Object<Opener>>,
    pool: Pool<Opener>,
    deadline: Instant,
    /// It is in a transaction.
    transaction: bool,
    /// A statement was sent, and its answer did not come to its end.
    running: bool,
    /// Nothing was done yet.
    untouched: bool,
    /// A statement of the transaction failed.
    failed: bool,
}

/// What a statement says: how it ended, or a row.
#[cfg(feature = "session")]
type Item = Either<engine::Done, engine::Row>;

/// Rows that are read over when enough were taken: the end is most often right behind them.
#[cfg(feature = "session")]
const REST: usize = 64;

/// Whether an error is an answer of the server, which leaves the connection as good as before.
#[cfg(feature = "session")]
fn is_answer(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(_)) && !engine::lost(error)
}

/// Why a statement came to no good end.
#[cfg(feature = "session")]
enum Stopped {
    /// The server or the connection says so.
    Database(sqlx::Error),
    /// Its time was over.
    Late,
    /// What was read is not what it should be.
    Refused(Failure),
}

#[cfg(feature = "session")]
impl Stopped {
    /// Whether the connection was dead before the statement reached the server.
    fn is_lost(&self) -> bool {
        matches!(self, Self::Database(error) if engine::lost(error))
    }

    fn failure(self) -> Failure {
        match self {
            Self::Database(error) => error.into(),
            Self::Late => {
                tracing::warn!("the database did not answer in time");
                Failure::new(Kind::Timeout, "The request took too long and was stopped.")
            }
            Self::Refused(failure) => failure,
        }
    }
}

#[cfg(feature = "session")]
impl Session {
    /// Begins the transaction; on another connection where this one turns out to be dead.
    async fn begin(&mut self, begin: &'static str) -> Result<(), Failure> {
        let mut begun = self.send(begin).await;
        if begun.as_ref().is_err_and(Stopped::is_lost) {
            self.reconnect().await?;
            begun = self.send(begin).await;
        }
        begun.map_err(Stopped::failure)?;
        self.transaction = true;
        self.untouched = false;
        Ok(())
    }

    /// Row by row, until `take` has enough: then it says `false`.
    #[cfg(any(
        feature = "many",
        feature = "bounded",
        feature = "page",
        feature = "optional-row",
        feature = "watch-poll"
    ))]
    pub(super) async fn each(
        &mut self,
        statement: Statement<'_>,
        mut take: impl FnMut(Row) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        self.run(statement, &mut |item| Item::right(item).map_or(Ok(true), &mut take)).await
    }

    /// How many rows were changed.
    #[cfg(feature = "affected")]
    pub async fn affected(&mut self, statement: Statement<'_>) -> Result<u64, Failure> {
        let mut affected = 0;
        let mut take = |item| {
            affected += Item::left(item).map_or(0, |done| done.rows_affected());
            Ok(true)
        };
        self.run(statement, &mut take).await?;
        #[cfg(feature = "audit")]
        super::audit::rows(usize::try_from(affected).unwrap_or(usize::MAX));
        Ok(affected)
    }

    /// The id that the database gave to the row that was inserted.
    #[cfg(all(feature = "last-insert-id", feature = "mysql"))]
    pub async fn last_insert_id(&mut self, statement: Statement<'_>) -> Result<u64, Failure> {
        let mut id = 0;
        let mut take = |item| {
            id = Item::left(item).map_or(id, |done| done.last_insert_id());
            Ok(true)
        };
        self.run(statement, &mut take).await?;
        #[cfg(feature = "audit")]
        super::audit::rows(1);
        Ok(id)
    }

    /// Keeps what was written.
    #[cfg(feature = "transaction")]
    pub async fn commit(mut self) -> Result<(), Failure> {
        self.usable()?;
        if !self.transaction {
            return Ok(());
        }
        #[cfg(all(feature = "audit-table", feature = "audit-required"))]
        let call = super::audit_table::kept(&mut self).await?;
        match self.send("COMMIT").await {
            Ok(()) => {
                self.transaction = false;
                #[cfg(all(feature = "audit-table", feature = "audit-required"))]
                if let Some(call) = call {
                    call.is_kept();
                }
                Ok(())
            }
            Err(stopped @ Stopped::Database(sqlx::Error::Database(_))) if !stopped.is_lost() => {
                Err(stopped.failure())
            }
            // What was read is there, however the transaction ended.
            Err(_) if self.pool.manager().access == Access::Read => Ok(()),
            // The answer did not come: who would try again could do it twice.
            Err(stopped) => {
                let mut failure = stopped.failure();
                UNCERTAIN.clone_into(&mut failure.message);
                failure.retryable = false;
                Err(failure)
            }
        }
    }

    /// What a transaction did before a statement of it failed may be undone already: what came
    /// after would stand alone.
    fn usable(&self) -> Result<(), Failure> {
        if self.failed {
            return Err(Failure::unknown(&"a statement of this transaction failed before"));
        }
        Ok(())
    }

    /// Runs a statement and hands out what it says; where nothing was done yet and the connection
    /// turns out to be dead before it said anything, on another one.
    async fn run(
        &mut self,
        mut statement: Statement<'_>,
        take: &mut impl FnMut(Item) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        self.usable()?;
        let arguments = statement.take_arguments().map_err(sqlx::Error::Encode)?;
        let arguments = arguments.unwrap_or_default();
        let text = statement.sql();
        #[cfg(feature = "otlp")]
        let (system, known) = (engine::system(&self.pool.manager().settings), text.clone());
        let again = self.untouched.then(|| (text.clone(), arguments.clone()));
        let ran = async {
            let mut silent = true;
            let mut first = |item| {
                silent = false;
                take(item)
            };
            let mut ran = self.attempt(sqlx::query_with(text, arguments), &mut first).await;
            if let Some((text, arguments)) = again
                && ran.as_ref().is_err_and(Stopped::is_lost)
                // Rows that were handed out would come a second time.
                && silent
            {
                self.reconnect().await?;
                ran = self.attempt(sqlx::query_with(text, arguments), take).await;
            }
            self.untouched = false;
            ran.map_err(Stopped::failure)
        };
        #[cfg(feature = "otlp")]
        let ran = super::telemetry::statement(system, known.as_str(), ran);
        ran.await
    }

    async fn attempt(
        &mut self,
        statement: Statement<'_>,
        take: &mut impl FnMut(Item) -> Result<bool, Failure>,
    ) -> Result<(), Stopped> {
        use futures_util::TryStreamExt as _;
        let deadline = self.deadline;
        let client = self.client().map_err(Stopped::Refused)?;
        let read = async {
            let mut stream = client.connection.fetch_many(statement);
            let mut taken = Ok(true);
            let mut rest = 0;
            while rest < REST {
                let Some(item) = stream.try_next().await? else { return Ok((taken, true)) };
                if matches!(taken, Ok(true)) {
                    taken = take(item);
                } else {
                    rest += 1;
                }
            }
            Ok((taken, false))
        };
        let read = tokio::time::timeout_at(deadline.into(), read).await;
        let (taken, ended) = self.came_to(read)?;
        self.running = !ended;
        taken.map(drop).map_err(Stopped::Refused)
    }

    /// Sends a statement of our own, without rows.
    async fn send(&mut self, text: &'static str) -> Result<(), Stopped> {
        let deadline = self.deadline;
        let client = self.client().map_err(Stopped::Refused)?;
        let sent = client.connection.execute(sqlx::raw_sql(text));
        let sent = tokio::time::timeout_at(deadline.into(), sent).await;
        self.came_to(sent)?;
        self.running = false;
        Ok(())
    }

    /// The connection, for a statement that runs from now on.
    fn client(&mut self) -> Result<&mut Client, Failure> {
        self.running = true;
        match self.client.as_deref_mut() {
            Some(client) => Ok(client),
            None => Err(Failure::new(Kind::ConnectionError, super::failure::LOST)),
        }
    }

    /// What a statement came to, and what that means for the session.
    fn came_to<T>(
        &mut self,
        result: Result<Result<T, sqlx::Error>, tokio::time::error::Elapsed>,
    ) -> Result<T, Stopped> {
        #[cfg(feature = "breaker")]
        if result.as_ref().is_ok_and(|ran| ran.as_ref().err().is_none_or(is_answer)) {
            self.pool.manager().breaker.answered();
        }
        match result {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                self.failed |= self.transaction;
                // After an error of the server's the connection is as good as before.
                let sound = is_answer(&error);
                if engine::lost(&error) {
                    forget_idle(&self.pool);
                }
                if let Some(client) = self.client.as_deref_mut() {
                    client.broken |= !sound;
                }
                self.running = false;
                Err(Stopped::Database(error))
            }
            Err(_) => {
                self.failed = true;
                // Now, and not when the caller comes to drop the session.
                self.give_back();
                Err(Stopped::Late)
            }
        }
    }

    /// Takes a new connection for one that was dead.
    async fn reconnect(&mut self) -> Result<(), Failure> {
        tracing::debug!("a connection was dead: opening another one");
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
        self.client = Some(acquire(&self.pool, self.deadline).await?);
        self.failed = false;
        self.running = false;
        Ok(())
    }

    /// Gives the connection back, tidy; without waiting for it.
    fn give_back(&mut self) {
        let Some(client) = self.client.take() else { return };
        if client.broken {
            drop(Object::take(client));
        } else if self.running || self.transaction {
            match tokio::runtime::Handle::try_current() {
                Ok(runtime) => {
                    runtime.spawn(tidy(client, self.pool.clone(), self.running, self.transaction));
                }
                Err(_) => drop(Object::take(client)),
            }
        }
    }
}

#[cfg(feature = "session")]
impl Drop for Session {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Stops what runs on a connection, undoes its transaction, and gives it back to its pool: or drops
/// it where that does not work at once.
#[cfg(feature = "session")]
async fn tidy(mut client: Object<Opener>, pool: Pool<Opener>, running: bool, transaction: bool) {
    // Until it is tidy, nobody shall get it.
    client.broken = true;
    if running {
        let id = client.id;
        let stop = async {
            let mut other = pool.manager().options.connect().await?;
            engine::stop(&mut other, id).await?;
            other.close().await
        };
        match tokio::time::timeout(Duration::from_secs(5), stop).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a statement could not be stopped"),
            Err(_) => tracing::warn!("a statement could not be stopped in time"),
        }
    }
    let settle = async {
        if running {
            engine::settle(&mut client.connection).await?;
        }
        if transaction {
            client.connection.execute(sqlx::raw_sql("ROLLBACK")).await?;
        }
        Ok::<_, sqlx::Error>(())
    };
    match tokio::time::timeout(Duration::from_secs(1), settle).await {
        Ok(Ok(())) => client.broken = false,
        Ok(Err(error)) => {
            tracing::debug!(%error, "a connection is not given back");
            drop(Object::take(client));
        }
        // The way to the server is blocked, for the others too.
        Err(_) => {
            drop(Object::take(client));
            forget_idle(&pool);
        }
    }
}

/// What a client hears when the answer to a commit did not come.
#[cfg(feature = "transaction")]
const UNCERTAIN: &str = "The connection was lost while the change was being saved: it may or may \
                         not have been made; look before trying again.";
