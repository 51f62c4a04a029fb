//! The database: a pool of connections that can only read, and one that writes.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, RwLock};
use std::time::Instant;
use std::time::{Duration, SystemTime};

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteRow;
use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, SqlSafeStr};

use super::failure::{Failure, Kind, LOST};

/// A statement with what is bound to it.
pub type Statement<'q> = sqlx::query::Query<'q, Sqlite, sqlx::sqlite::SqliteArguments>;

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
    pools: RwLock<Arc<Pools>>,
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
    /// The URL is none of SQLite's, the file cannot be opened, or a migration fails.
    pub async fn open(
        settings: Settings,
        migrations: &[(i64, &'static str, &'static str)],
    ) -> Result<Self, sqlx::Error> {
        migrate(&settings.url, migrations).await?;
        Self::connect(settings)
    }

    /// The database as it is: nothing is created, and nothing is opened before the first statement.
    ///
    /// # Errors
    /// The URL is none of SQLite's.
    pub fn connect(settings: Settings) -> Result<Self, sqlx::Error> {
        let path = SqliteConnectOptions::from_str(&settings.url)?.get_filename().to_owned();
        let pools = Pools::open(&settings, &path)?;
        Ok(Self { settings, path, pools: RwLock::new(Arc::new(pools)) })
    }

    /// A connection that cannot write, for statements that take at most `timeout`.
    pub async fn read(&self, timeout: Duration) -> Result<Session, Failure> {
        let pools = self.pools()?;
        let connection = self.acquire(&pools.read).await?;
        Session::new(Inner::Read(connection), timeout).await
    }

    /// A transaction that is undone unless it is committed, for statements that take at most
    /// `timeout`. SQLite has one writer: others wait.
    pub async fn write(&self, timeout: Duration) -> Result<Session, Failure> {
        let pools = self.pools()?;
        let connection = self.acquire(&pools.write).await?;
        let transaction =
            sqlx::Transaction::begin(connection, Some("BEGIN IMMEDIATE".into_sql_str())).await?;
        Session::new(Inner::Transaction(transaction), timeout).await
    }

    /// Whether a statement can run.
    ///
    /// # Errors
    /// What a client would hear.
    pub async fn ping(&self) -> Result<(), Failure> {
        let pools = self.pools()?;
        let mut connection = self.acquire(&pools.read).await?;
        sqlx::query("SELECT 1").execute(&mut *connection).await?;
        Ok(())
    }

    /// Closes every connection after its statement.
    pub async fn close(&self) {
        let pools = self.current();
        pools.read.close().await;
        pools.write.close().await;
    }

    fn current(&self) -> Arc<Pools> {
        Arc::clone(&self.pools.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// The pools, on the file that is there now. Open files outlive their names: without a look at
    /// the name, a server would go on writing into a database that is gone.
    fn pools(&self) -> Result<Arc<Pools>, Failure> {
        let pools = self.current();
        let file = FileIdentity::of(&self.path);
        if file.is_none() {
            let failure = Failure::new(Kind::ConnectionError, LOST);
            tracing::warn!(request_id = failure.request_id, "the database file is gone");
            return Err(failure);
        }
        if file == pools.file {
            return Ok(pools);
        }
        tracing::warn!("the database file is another one: opening it");
        let fresh = Arc::new(Pools::open(&self.settings, &self.path)?);
        *self.pools.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }

    /// A connection of a pool. When there is none in time, a try of our own tells a database that is
    /// lost from one that is busy.
    async fn acquire(&self, pool: &SqlitePool) -> Result<PoolConnection<Sqlite>, Failure> {
        match pool.acquire().await {
            Ok(connection) => Ok(connection),
            Err(sqlx::Error::PoolTimedOut) => {
                let probe = async {
                    let mut connection = pool.connect_options().connect().await?;
                    connection.ping().await?;
                    connection.close().await
                };
                let reached = tokio::time::timeout(Duration::from_secs(1), probe).await;
                match reached {
                    Ok(Err(error)) => Err(error.into()),
                    Ok(Ok(())) | Err(_) => Err(sqlx::Error::PoolTimedOut.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Pools {
    fn open(settings: &Settings, path: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::from_str(&settings.url)?
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .log_statements(log::LevelFilter::Off);
        let pool = || {
            SqlitePoolOptions::new()
                .acquire_timeout(settings.acquire_timeout)
                .idle_timeout(settings.idle_timeout)
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

/// Applies migrations that were not applied yet; creates the file where there is none.
///
/// # Errors
/// The file cannot be opened, a migration fails, or one that was applied has changed since.
pub async fn migrate(
    url: &str,
    migrations: &[(i64, &'static str, &'static str)],
) -> Result<(), sqlx::Error> {
    let mut connection = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .connect()
        .await?;
    let migrations = migrations.iter().map(|(version, name, sql)| {
        Migration::new(
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
pub struct Session {
    inner: Inner,
}

enum Inner {
    Read(PoolConnection<Sqlite>),
    Transaction(sqlx::Transaction<'static, Sqlite>),
}

impl Inner {
    fn connection(&mut self) -> &mut sqlx::SqliteConnection {
        match self {
            Self::Read(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

/// Steps of SQLite's virtual machine between two looks at the clock: some tens of microseconds.
const STEPS: i32 = 10_000;

impl Session {
    async fn new(mut inner: Inner, timeout: Duration) -> Result<Self, Failure> {
        let deadline = Instant::now() + timeout;
        // SQLite asks on its own thread, in the middle of a statement, so that the statement stops.
        let mut handle = inner.connection().lock_handle().await?;
        handle.set_progress_handler(STEPS, move || Instant::now() < deadline);
        drop(handle);
        Ok(Self { inner })
    }

    /// Every row.
    pub async fn many<T>(
        &mut self,
        statement: Statement<'_>,
        decode: impl Fn(&SqliteRow) -> Result<T, sqlx::Error>,
    ) -> Result<Vec<T>, Failure> {
        let rows = statement.fetch_all(self.inner.connection()).await?;
        rows.iter().map(|row| decode(row).map_err(Failure::from)).collect()
    }

    /// Rows until there are `max_rows`, or until their JSON has `max_bytes`; and whether there were
    /// more.
    pub async fn bounded<T: serde::Serialize>(
        &mut self,
        statement: Statement<'_>,
        max_rows: usize,
        max_bytes: usize,
        decode: impl Fn(&SqliteRow) -> Result<T, sqlx::Error>,
    ) -> Result<(Vec<T>, bool), Failure> {
        use futures_util::TryStreamExt as _;
        let mut stream = statement.fetch(self.inner.connection());
        let mut rows = Vec::new();
        let mut bytes = 0;
        while let Some(row) = stream.try_next().await? {
            let row = decode(&row)?;
            bytes +=
                serde_json::to_string(&row).map_err(|error| Failure::unknown(&error))?.len() + 1;
            if rows.len() == max_rows || bytes > max_bytes {
                return Ok((rows, true));
            }
            rows.push(row);
        }
        Ok((rows, false))
    }

    /// At most `size` rows of those that are fetched, and where the page ends if there were more.
    pub async fn page<T>(
        &mut self,
        statement: Statement<'_>,
        size: i64,
        keys: &[usize],
        decode: impl Fn(&SqliteRow) -> Result<T, sqlx::Error>,
    ) -> Result<(Vec<T>, Option<super::cursor::Position>), Failure> {
        let size = usize::try_from(size).unwrap_or(0);
        let rows = statement.fetch_all(self.inner.connection()).await?;
        let end = match rows.get(size.saturating_sub(1)) {
            Some(last) if rows.len() > size => Some(super::cursor::Position::of(last, keys)?),
            Some(_) | None => None,
        };
        let page = rows.iter().take(size).map(|row| decode(row).map_err(Failure::from));
        Ok((page.collect::<Result<_, _>>()?, end))
    }

    /// One row or none; two are an error.
    pub async fn optional<T>(
        &mut self,
        statement: Statement<'_>,
        decode: impl Fn(&SqliteRow) -> Result<T, sqlx::Error>,
    ) -> Result<Option<T>, Failure> {
        let rows = statement.fetch_all(self.inner.connection()).await?;
        match rows.as_slice() {
            [] => Ok(None),
            [row] => Ok(Some(decode(row)?)),
            _ => Err(Failure::new(
                Kind::ResultTooLarge,
                "More than one record fits these arguments; nothing was changed.",
            )),
        }
    }

    /// Exactly one row.
    pub async fn one<T>(
        &mut self,
        statement: Statement<'_>,
        decode: impl Fn(&SqliteRow) -> Result<T, sqlx::Error>,
    ) -> Result<T, Failure> {
        self.optional(statement, decode).await?.ok_or_else(Failure::not_found)
    }

    /// How many rows were changed.
    pub async fn affected(&mut self, statement: Statement<'_>) -> Result<u64, Failure> {
        Ok(statement.execute(self.inner.connection()).await?.rows_affected())
    }

    /// Keeps what was written.
    pub async fn commit(self) -> Result<(), Failure> {
        match self.inner {
            Inner::Read(_) => Ok(()),
            Inner::Transaction(transaction) => Ok(transaction.commit().await?),
        }
    }
}
