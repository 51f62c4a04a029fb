//! What is MySQL's and MariaDB's own of reaching a database.

use std::str::FromStr;
use std::time::Duration;

#[cfg(any(feature = "session", feature = "rows"))]
use sqlx::mysql::MySqlRow;
#[cfg(feature = "session")]
use sqlx::mysql::{MySql, MySqlArguments, MySqlQueryResult};
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlDatabaseError};
use sqlx::{AssertSqlSafe, Row as _};

use super::database::{Access, Settings};

/// The engine, as sqlx calls it.
#[cfg(feature = "session")]
pub(super) type Engine = MySql;
/// A connection.
pub(super) type Connection = MySqlConnection;
/// How to connect.
pub(super) type Options = MySqlConnectOptions;
/// What is bound to a statement.
#[cfg(feature = "session")]
pub(super) type Arguments = MySqlArguments;
/// How a statement ended.
#[cfg(feature = "session")]
pub(super) type Done = MySqlQueryResult;
/// A row.
#[cfg(any(feature = "session", feature = "rows"))]
pub(super) type Row = MySqlRow;

/// Begins a transaction that sees the database at one moment.
#[cfg(feature = "snapshot")]
pub(super) const SNAPSHOT: &str = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; \
                                   START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

/// Begins a transaction that writes.
#[cfg(feature = "write")]
pub(super) const WRITE: &str = "START TRANSACTION READ WRITE";

/// Which server it is: they do not understand the same SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// MySQL.
    MySql,
    /// MariaDB.
    MariaDb,
}

impl Flavour {
    /// The one that a server's version tells of.
    fn of(version: &str) -> Self {
        if version.to_ascii_lowercase().contains("mariadb") { Self::MariaDb } else { Self::MySql }
    }

    /// Its name.
    fn name(self) -> &'static str {
        match self {
            Self::MySql => "MySQL",
            Self::MariaDb => "MariaDB",
        }
    }
}

/// What transactions see of each other.
#[cfg(all(feature = "isolation", feature = "transaction"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// Each statement sees what was committed before it.
    ReadCommitted,
    /// The transaction sees what was committed before it.
    RepeatableRead,
    /// As if there were no other transactions.
    Serializable,
}

#[cfg(all(feature = "isolation", feature = "transaction"))]
impl Isolation {
    /// Begins a transaction that only reads.
    #[cfg(feature = "snapshot")]
    pub(super) fn snapshot(self) -> &'static str {
        match self {
            Self::ReadCommitted => {
                "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION READ ONLY"
            }
            Self::RepeatableRead => SNAPSHOT,
            Self::Serializable => {
                "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; START TRANSACTION READ ONLY"
            }
        }
    }

    /// Begins a transaction that writes.
    #[cfg(feature = "write")]
    pub(super) fn write(self) -> &'static str {
        match self {
            Self::ReadCommitted => {
                "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION READ WRITE"
            }
            Self::RepeatableRead => {
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION READ WRITE"
            }
            Self::Serializable => {
                "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; START TRANSACTION READ WRITE"
            }
        }
    }
}

/// The address of an IPv6 host, without the brackets that it has in a URL and sqlx leaves on it.
fn unbracketed(host: &str) -> Option<String> {
    Some(host.strip_prefix('[')?.strip_suffix(']')?.to_owned())
}

/// The server behind a URL.
pub(super) fn options(url: &str) -> Result<Options, sqlx::Error> {
    if url.starts_with("mysql://") || url.starts_with("mariadb://") {
        let options = Options::from_str(url)?;
        let options = match unbracketed(options.get_host()) {
            Some(host) => options.host(&host),
            None => options,
        };
        // All of it is said by one statement of our own.
        return Ok(options
            .charset("utf8mb4")
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .timezone(None)
            .set_names(false));
    }
    // The URL itself may hold a secret.
    let expected = "the database URL must be mysql://USER:PASSWORD@HOST:PORT/DATABASE";
    Err(sqlx::Error::Configuration(expected.into()))
}

/// MySQL takes no limits before a connection is there.
pub(super) fn limits(options: Options, _settings: &Settings, _access: Access) -> Options {
    options
}

/// What holds on every connection: UTF-8, UTC, and values that do not fit are refused and not cut.
const MANNERS: &str = "SET NAMES utf8mb4, time_zone = '+00:00', \
                       sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES,NO_ZERO_DATE,\
                       NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO')";

/// Sets what the server itself sees to, and asks for the connection's number, in one round trip.
pub(super) async fn start(
    connection: &mut Connection,
    settings: &Settings,
    access: Access,
) -> Result<u64, sqlx::Error> {
    let limit = settings.statement_timeout;
    // A lock that is waited for says so before the statement is stopped.
    let lock = limit.as_secs().max(1);
    let statement = limit + Duration::from_millis(500);
    let (seconds, milliseconds) = (statement.as_secs_f64(), statement.as_millis());
    let read_only = match access {
        Access::Read => "SET SESSION TRANSACTION READ ONLY; ",
        #[cfg(feature = "write")]
        Access::Write => "",
    };
    // Each server passes over the comment that is meant for the other.
    let text = format!(
        "{MANNERS}, innodb_lock_wait_timeout = {lock} \
         /*M!100100 , max_statement_time = {seconds} */ \
         /*!80000 , max_execution_time = {milliseconds} */; \
         {read_only}SELECT CONNECTION_ID(), VERSION()"
    );
    // Nothing in it but numbers comes from elsewhere.
    let row = sqlx::raw_sql(AssertSqlSafe(text)).fetch_one(connection).await?;
    let found = Flavour::of(row.try_get::<&str, _>(1)?);
    if found != settings.flavour {
        let (found, expected) = (found.name(), settings.flavour.name());
        let message =
            format!("the database server is {found}, and the statements are {expected}'s");
        return Err(sqlx::Error::Configuration(message.into()));
    }
    row.try_get(0)
}

/// Makes a connection ready for migrations.
pub(super) async fn start_migrations(connection: &mut Connection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(MANNERS).execute(connection).await.map(drop)
}

/// Stops the statement that runs on a connection, and the connection with it: what sqlx sent when
/// it was stopped is not known, and the next answer could be taken for that of another statement.
/// The server undoes the transaction.
#[cfg(feature = "session")]
pub(super) async fn stop(connection: &mut Connection, id: u64) -> Result<(), sqlx::Error> {
    let stop = sqlx::raw_sql(AssertSqlSafe(format!("KILL {id}")));
    match stop.execute(connection).await {
        // It is gone already.
        Err(sqlx::Error::Database(error)) if number_of(error.as_ref()) == 1094 => Ok(()),
        other => other.map(drop),
    }
}

/// There is nothing left to read: the connection is of no use any more.
#[cfg(feature = "session")]
pub(super) async fn settle(_connection: &mut Connection) -> Result<(), sqlx::Error> {
    Err(sqlx::Error::WorkerCrashed)
}

/// The number of an error.
pub(super) fn number_of(error: &dyn sqlx::error::DatabaseError) -> u16 {
    error.try_downcast_ref::<MySqlDatabaseError>().map_or(0, MySqlDatabaseError::number)
}

/// Whether an error says that the connection was of no use before the statement: the server ended
/// it while it was idle, or does not know any more what was prepared on it.
pub(super) fn lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(database) => {
            matches!(number_of(database.as_ref()), 1053 | 1243 | 1615 | 1927 | 2006 | 2013 | 4031)
        }
        _ => false,
    }
}

/// What OpenTelemetry calls the server.
#[cfg(feature = "otlp")]
pub(super) fn system(settings: &Settings) -> &'static str {
    match settings.flavour {
        Flavour::MySql => "mysql",
        Flavour::MariaDb => "mariadb",
    }
}
