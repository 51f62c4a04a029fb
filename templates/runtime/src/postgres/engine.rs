//! What is PostgreSQL's own of reaching a database.

use std::str::FromStr;
use std::time::Duration;

#[cfg(feature = "session")]
use sqlx::Connection as _;
use sqlx::Row as _;
#[cfg(any(feature = "session", feature = "rows"))]
use sqlx::postgres::PgRow;
#[cfg(feature = "session")]
use sqlx::postgres::{PgArguments, PgQueryResult, Postgres};
use sqlx::postgres::{PgConnectOptions, PgConnection};

use super::database::{Access, Settings};

/// The engine, as sqlx calls it.
#[cfg(feature = "session")]
pub(super) type Engine = Postgres;
/// A connection.
pub(super) type Connection = PgConnection;
/// How to connect.
pub(super) type Options = PgConnectOptions;
/// What is bound to a statement.
#[cfg(feature = "session")]
pub(super) type Arguments = PgArguments;
/// How a statement ended.
#[cfg(feature = "session")]
pub(super) type Done = PgQueryResult;
/// A row.
#[cfg(any(feature = "session", feature = "rows"))]
pub(super) type Row = PgRow;

/// Begins a transaction that sees the database at one moment.
#[cfg(feature = "snapshot")]
pub(super) const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Begins a transaction that writes.
#[cfg(feature = "write")]
pub(super) const WRITE: &str = "BEGIN READ WRITE";

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
            Self::ReadCommitted => "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY",
            Self::RepeatableRead => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Self::Serializable => "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY",
        }
    }

    /// Begins a transaction that writes.
    #[cfg(feature = "write")]
    pub(super) fn write(self) -> &'static str {
        match self {
            Self::ReadCommitted => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
            Self::RepeatableRead => "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE",
            Self::Serializable => "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE",
        }
    }
}

/// The address of an IPv6 host, without the brackets that it has in a URL and sqlx leaves on it.
fn unbracketed(host: &str) -> Option<String> {
    Some(host.strip_prefix('[')?.strip_suffix(']')?.to_owned())
}

/// The server behind a URL.
pub(super) fn options(url: &str) -> Result<Options, sqlx::Error> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let options = Options::from_str(url)?;
        return Ok(match unbracketed(options.get_host()) {
            Some(host) => options.host(&host),
            None => options,
        });
    }
    // The URL itself may hold a secret.
    let expected = "the database URL must be postgres://USER:PASSWORD@HOST:PORT/DATABASE";
    Err(sqlx::Error::Configuration(expected.into()))
}

/// What the server itself sees to, from the first moment of a connection.
pub(super) fn limits(options: Options, settings: &Settings, access: Access) -> Options {
    let milliseconds = |time: Duration| time.as_millis().to_string();
    let limit = settings.statement_timeout;
    // A lock that is waited for says so before the statement is stopped; the server comes after
    // the deadlines of calls, which say more to a client.
    let options = options.options([
        ("lock_timeout", milliseconds(limit)),
        ("statement_timeout", milliseconds(limit + Duration::from_millis(500))),
        ("idle_in_transaction_session_timeout", milliseconds(limit * 2 + Duration::from_secs(10))),
    ]);
    match access {
        Access::Read => options.options([("default_transaction_read_only", "on")]),
        #[cfg(feature = "write")]
        Access::Write => options,
    }
}

/// Asks a new connection for its process in the server.
pub(super) async fn start(
    connection: &mut Connection,
    _settings: &Settings,
    _access: Access,
) -> Result<u64, sqlx::Error> {
    let row = sqlx::raw_sql("SELECT pg_backend_pid()").fetch_one(connection).await?;
    Ok(u64::from(row.try_get::<i32, _>(0)?.unsigned_abs()))
}

/// Makes a connection ready for migrations.
pub(super) async fn start_migrations(_connection: &mut Connection) -> Result<(), sqlx::Error> {
    Ok(())
}

/// Stops the statement that a process of the server runs.
#[cfg(feature = "session")]
pub(super) async fn stop(connection: &mut Connection, id: u64) -> Result<(), sqlx::Error> {
    let process = i32::try_from(id).unwrap_or_default();
    let stop = sqlx::query("SELECT pg_cancel_backend($1)").bind(process).persistent(false);
    stop.execute(connection).await.map(drop)
}

/// Reads what is left of the answer of a statement that was stopped.
#[cfg(feature = "session")]
pub(super) async fn settle(connection: &mut Connection) -> Result<(), sqlx::Error> {
    loop {
        match connection.ping().await {
            // The statement's own end, most often that it was stopped.
            Err(sqlx::Error::Database(_)) => {}
            other => return other,
        }
    }
}

/// Whether an error says that the connection was of no use before the statement: the server ended
/// it while it was idle, or what was prepared on it does not fit the tables any more.
pub(super) fn lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(database) => {
            matches!(database.code().as_deref(), Some("57P01" | "57P02" | "57P03" | "26000"))
                || database.code().as_deref() == Some("0A000")
                    && database.message().contains("cached plan")
        }
        _ => false,
    }
}

/// What OpenTelemetry calls the server.
#[cfg(feature = "otlp")]
pub(super) fn system(_: &Settings) -> &'static str {
    "postgresql"
}
