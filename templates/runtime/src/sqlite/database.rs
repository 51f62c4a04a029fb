//! The database: a pool of connections that can only read, and one that writes.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant, SystemTime};

#[cfg(feature = "metrics")]
use prometheus_client::metrics::histogram::Histogram;
use sqlx::migrate::{self, MigrationType, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, SqlSafeStr};

use super::failure::{Failure, Kind, LOST};
#[cfg(feature = "metrics")]
use super::metrics::{self, PoolUse};
#[cfg(all(feature = "otlp", feature = "session"))]
use super::telemetry;

/// A statement with what is bound to it.
#[cfg(feature = "session")]
pub type Statement<'q> = sqlx::query::Query<'q, Sqlite, sqlx::sqlite::SqliteArguments>;

/// A row of an answer.
#[cfg(feature = "rows")]
pub type Row = sqlx::sqlite::SqliteRow;

/// How to reach the database.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite:FILE`.
    pub url: String,
    /// Most connections that read.
    pub max_connections: u32,
    /// Connections kept open.
    pub min_connections: u32,
    /// How long a call waits for a connection.
    pub acquire_timeout: Duration,
    /// How long an unused connection lives.
    pub idle_timeout: Duration,
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
#[derive(Debug)]
pub struct Database {
    settings: Settings,
    path: PathBuf,
    migrations: &'static [Migration],
    pools: RwLock<Arc<Pools>>,
    reopening: tokio::sync::Mutex<()>,
    /// How long requests waited for a connection that reads, and for the one that writes.
    #[cfg(feature = "metrics")]
    waits: [Histogram; 2],
}

#[derive(Debug)]
struct Pools {
    read: SqlitePool,
    write: SqlitePool,
    /// Which file the pools are open on: another one under the same name is another database.
    file: Option<FileIdentity>,
}

/// What tells a file from another one under the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FileIdentity {
    created: Option<SystemTime>,
    #[cfg(unix)]
    inode: u64,
}

impl FileIdentity {
    fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
        Some(Self {
            created: metadata.created().ok(),
            #[cfg(unix)]
            inode: std::os::unix::fs::MetadataExt::ino(&metadata),
        })
    }
}

impl Database {
    /// Opens the database, creates the file where there is none, and applies the migrations.
    ///
    /// # Errors
    /// The URL names no file of SQLite's, the file cannot be opened, or a migration fails.
    pub async fn open(
        settings: Settings,
        migrations: &'static [Migration],
    ) -> Result<Self, sqlx::Error> {
        migrate(&settings.url, migrations).await?;
        let mut database = Self::connect(settings)?;
        database.migrations = migrations;
        Ok(database)
    }

    /// The database as it is: nothing is created, and nothing is opened before the first statement.
    ///
    /// # Errors
    /// The URL names no file of SQLite's.
    pub fn connect(settings: Settings) -> Result<Self, sqlx::Error> {
        let path = options(&settings.url)?.get_filename().to_owned();
        let pools = Pools::open(&settings, &path)?;
        Ok(Self {
            settings,
            path,
            migrations: &[],
            pools: RwLock::new(Arc::new(pools)),
            reopening: tokio::sync::Mutex::new(()),
            #[cfg(feature = "metrics")]
            waits: [metrics::times(), metrics::times()],
        })
    }

    /// A connection that cannot write, for statements that end within `timeout`. Waiting for the
    /// connection is part of it.
    #[cfg(feature = "read")]
    pub async fn read(&self, timeout: Duration) -> Result<Session, Failure> {
        let begun = Instant::now();
        let deadline = begun + timeout;
        let pools = self.pools().await?;
        let connection = acquire(&pools.read, deadline).await;
        #[cfg(feature = "metrics")]
        self.waits[0].observe(begun.elapsed().as_secs_f64());
        let connection = connection?;
        Session::new(Inner::Read(connection), deadline).await
    }

    /// A transaction that cannot write: its statements see the database at one moment.
    #[cfg(feature = "snapshot")]
    pub async fn snapshot(&self, timeout: Duration) -> Result<Session, Failure> {
        let begun = Instant::now();
        let deadline = begun + timeout;
        let pools = self.pools().await?;
        let connection = acquire(&pools.read, deadline).await;
        #[cfg(feature = "metrics")]
        self.waits[0].observe(begun.elapsed().as_secs_f64());
        let connection = connection?;
        let transaction = within(deadline, sqlx::Transaction::begin(connection, None)).await?;
        Session::new(Inner::Transaction(transaction), deadline).await
    }

    /// A transaction that is undone unless it is committed, for statements that end within
    /// `timeout`. SQLite has one writer: others wait, and their waiting is part of it.
    #[cfg(feature = "write")]
    pub async fn write(&self, timeout: Duration) -> Result<Session, Failure> {
        let begun = Instant::now();
        let deadline = begun + timeout;
        let pools = self.pools().await?;
        let connection = acquire(&pools.write, deadline).await;
        #[cfg(feature = "metrics")]
        self.waits[1].observe(begun.elapsed().as_secs_f64());
        let connection = connection?;
        let begin = sqlx::Transaction::begin(connection, Some("BEGIN IMMEDIATE".into_sql_str()));
        let transaction = within(deadline, begin).await?;
        Session::new(Inner::Transaction(transaction), deadline).await
    }

    /// Whether a statement can run on a database that is migrated.
    ///
    /// # Errors
    /// What a client would hear.
    pub async fn ping(&self) -> Result<(), Failure> {
        let deadline = Instant::now() + Duration::from_secs(2);
        let pools = self.pools().await?;
        let mut connection = acquire(&pools.read, deadline).await?;
        let ask = sqlx::query("SELECT 1 FROM _sqlx_migrations LIMIT 1");
        within(deadline, ask.execute(&mut *connection)).await?;
        Ok(())
    }

    /// Closes every connection after its statement.
    pub async fn close(&self) {
        let pools = self.current();
        pools.read.close().await;
        pools.write.close().await;
    }

    /// How the pools are used.
    #[cfg(feature = "metrics")]
    pub(super) fn pool_use(&self) -> Vec<PoolUse> {
        let pools = self.current();
        let used = |(name, pool, wait): (&'static str, &SqlitePool, &Histogram)| {
            let idle = pool.num_idle() as u64;
            PoolUse {
                name,
                in_use: u64::from(pool.size()).saturating_sub(idle),
                idle,
                most: u64::from(pool.options().get_max_connections()),
                wait: wait.clone(),
            }
        };
        let [read, write] = &self.waits;
        [("read", &pools.read, read), ("write", &pools.write, write)].map(used).into()
    }

    fn current(&self) -> Arc<Pools> {
        Arc::clone(&self.pools.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// The pools, on the file that is there now. Open files outlive their names: without a look at
    /// the name, a server would go on writing into a database that is gone.
    async fn pools(&self) -> Result<Arc<Pools>, Failure> {
        let Some(file) = FileIdentity::of(&self.path) else {
            tracing::warn!("the database file is gone");
            return Err(Failure::new(Kind::ConnectionError, LOST));
        };
        let pools = self.current();
        if pools.file.as_ref() == Some(&file) {
            return Ok(pools);
        }
        // One call opens the other file; those that come meanwhile wait for it.
        let _reopening = self.reopening.lock().await;
        let pools = self.current();
        if pools.file.as_ref() == Some(&file) {
            return Ok(pools);
        }
        tracing::warn!("the database file is another one: opening it");
        let (url, migrations) = (self.settings.url.clone(), self.migrations);
        let runtime = tokio::runtime::Handle::current();
        // The future of sqlx's migrator cannot move between threads.
        let migrated =
            tokio::task::spawn_blocking(move || runtime.block_on(migrate(&url, migrations)));
        migrated.await.map_err(|error| Failure::unknown(&error))??;
        let fresh = Arc::new(Pools::open(&self.settings, &self.path)?);
        *self.pools.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }
}

/// What ends before the deadline; a client hears that the rest took too long.
async fn within<T>(
    deadline: Instant,
    future: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Failure> {
    match tokio::time::timeout_at(deadline.into(), future).await {
        Ok(result) => Ok(result?),
        Err(_) => {
            tracing::warn!("the database did not answer in time");
            Err(Failure::new(Kind::Timeout, "The database is busy; try again in a moment."))
        }
    }
}

/// A connection of a pool. When there is none in time, a try of our own tells a database that is
/// lost from one that is busy.
async fn acquire(pool: &SqlitePool, deadline: Instant) -> Result<PoolConnection<Sqlite>, Failure> {
    match tokio::time::timeout_at(deadline.into(), pool.acquire()).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(sqlx::Error::PoolTimedOut)) | Err(_) => {
            let probe = async {
                let mut connection = pool.connect_options().connect().await?;
                connection.ping().await?;
                connection.close().await
            };
            match tokio::time::timeout(Duration::from_secs(1), probe).await {
                Ok(Err(error)) => Err(error.into()),
                Ok(Ok(())) | Err(_) => Err(sqlx::Error::PoolTimedOut.into()),
            }
        }
        Ok(Err(error)) => Err(error.into()),
    }
}

/// The file behind a URL.
fn options(url: &str) -> Result<SqliteConnectOptions, sqlx::Error> {
    let file = url.strip_prefix("sqlite:").map(|rest| rest.trim_start_matches("//"));
    match file {
        Some(file)
            if !file.is_empty() && !file.contains(":memory:") && !file.contains("mode=memory") =>
        {
            SqliteConnectOptions::from_str(url)
        }
        // The URL itself may hold a secret.
        Some(_) | None => {
            Err(sqlx::Error::Configuration("the database URL must name a file: sqlite:FILE".into()))
        }
    }
}

impl Pools {
    fn open(settings: &Settings, path: &Path) -> Result<Self, sqlx::Error> {
        let options = options(&settings.url)?
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .log_statements(log::LevelFilter::Off);
        let pool = || {
            SqlitePoolOptions::new()
                .acquire_timeout(settings.acquire_timeout)
                .idle_timeout(settings.idle_timeout)
                .after_release(|connection, _| {
                    Box::pin(async move {
                        // The deadline of one call is not that of the next.
                        connection.lock_handle().await?.remove_progress_handler();
                        Ok(true)
                    })
                })
        };
        let read = pool()
            .max_connections(settings.max_connections)
            .min_connections(settings.min_connections)
            .connect_lazy_with(options.clone().read_only(true).pragma("query_only", "ON"));
        let write = pool()
            .max_connections(1)
            .connect_lazy_with(options.synchronous(SqliteSynchronous::Normal));
        Ok(Self { read, write, file: FileIdentity::of(path) })
    }
}

/// A migration: its version, its name and its text.
pub type Migration = (i64, &'static str, &'static str);

/// Applies migrations that were not applied yet; creates the file where there is none.
///
/// # Errors
/// The URL names no file of SQLite's, the file cannot be opened, a migration fails, or one that was
/// applied has changed since.
pub async fn migrate(url: &str, migrations: &[Migration]) -> Result<(), sqlx::Error> {
    let mut connection = options(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .connect()
        .await?;
    let migrations = migrations.iter().map(|(version, name, sql)| {
        migrate::Migration::new(
            *version,
            (*name).into(),
            MigrationType::Simple,
            (*sql).into_sql_str(),
            false,
        )
    });
    let migrator = Migrator::with_migrations(migrations.collect());
    migrator.run(&mut connection).await?;
    connection.close().await
}

/// A connection, or a transaction, and how long it may take.
#[cfg(feature = "session")]
pub struct Session {
    inner: Inner,
}

#[cfg(feature = "session")]
enum Inner {
    #[cfg(feature = "read")]
    Read(PoolConnection<Sqlite>),
    #[cfg(feature = "transaction")]
    Transaction(sqlx::Transaction<'static, Sqlite>),
}

#[cfg(feature = "session")]
impl Inner {
    fn connection(&mut self) -> &mut sqlx::SqliteConnection {
        match self {
            #[cfg(feature = "read")]
            Self::Read(connection) => connection,
            #[cfg(feature = "transaction")]
            Self::Transaction(transaction) => transaction,
        }
    }
}

/// What OpenTelemetry calls the database.
#[cfg(all(feature = "otlp", feature = "session"))]
const SYSTEM: &str = "sqlite";

/// The text of a statement beside the statement itself.
#[cfg(all(feature = "otlp", feature = "session"))]
fn opened(mut statement: Statement<'_>) -> Result<(sqlx::SqlStr, Statement<'_>), Failure> {
    use sqlx::Execute as _;
    let arguments = statement.take_arguments().map_err(sqlx::Error::Encode)?.unwrap_or_default();
    let text = statement.sql();
    Ok((text.clone(), sqlx::query_with(text, arguments)))
}

/// Steps of SQLite's virtual machine between two looks at the clock: some tens of microseconds.
#[cfg(feature = "session")]
const STEPS: i32 = 10_000;

#[cfg(feature = "session")]
impl Session {
    async fn new(mut inner: Inner, deadline: Instant) -> Result<Self, Failure> {
        // SQLite asks on its own thread, in the middle of a statement, so that the statement stops.
        let mut handle = inner.connection().lock_handle().await?;
        handle.set_progress_handler(STEPS, move || Instant::now() < deadline);
        drop(handle);
        Ok(Self { inner })
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
        use futures_util::TryStreamExt as _;
        #[cfg(feature = "otlp")]
        let (text, statement) = opened(statement)?;
        let ran = async {
            let mut stream = statement.fetch(self.inner.connection());
            while let Some(row) = stream.try_next().await? {
                if !take(row)? {
                    break;
                }
            }
            Ok(())
        };
        #[cfg(feature = "otlp")]
        let ran = telemetry::statement(SYSTEM, text.as_str(), ran);
        ran.await
    }

    /// How many rows were changed.
    #[cfg(feature = "affected")]
    pub async fn affected(&mut self, statement: Statement<'_>) -> Result<u64, Failure> {
        #[cfg(feature = "otlp")]
        let (text, statement) = opened(statement)?;
        let done = async { Ok(statement.execute(self.inner.connection()).await?.rows_affected()) };
        #[cfg(feature = "otlp")]
        let done = telemetry::statement(SYSTEM, text.as_str(), done);
        #[cfg(feature = "audit")]
        let done = async {
            let affected: Result<u64, Failure> = done.await;
            super::audit::rows(affected.as_ref().map_or(0, |&rows| rows as usize));
            affected
        };
        done.await
    }

    /// Keeps what was written.
    #[cfg(feature = "transaction")]
    #[cfg(not(all(feature = "audit-table", feature = "audit-required")))]
    pub async fn commit(self) -> Result<(), Failure> {
        match self.inner {
            #[cfg(feature = "read")]
            Inner::Read(_) => Ok(()),
            Inner::Transaction(transaction) => Ok(transaction.commit().await?),
        }
    }

    /// Keeps what was written, and the line that says so.
    #[cfg(all(feature = "audit-table", feature = "audit-required"))]
    pub async fn commit(mut self) -> Result<(), Failure> {
        let call = super::audit_table::kept(&mut self).await?;
        match self.inner {
            #[cfg(feature = "read")]
            Inner::Read(_) => {}
            Inner::Transaction(transaction) => transaction.commit().await?,
        }
        if let Some(call) = call {
            call.is_kept();
        }
        Ok(())
    }
}
