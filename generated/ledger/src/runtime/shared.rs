//! What replicas share: one connection to Redis, which comes back by itself.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, IntoConnectionInfo as _, RedisError, RedisResult};
use tokio::sync::Notify;
use tokio::time::timeout;

/// How long Redis may take: to answer, and to take a connection.
pub const PATIENCE: Duration = Duration::from_millis(500);

/// How often Redis is asked whether it is there, while it is.
const BEAT: Duration = Duration::from_secs(1);

/// How long to wait before a connection is tried again.
const RETRY: Duration = Duration::from_millis(250);

/// A Redis that replicas share. While it does not answer, what is asked of it fails at once, and a
/// task of its own tries to reach it.
pub struct Redis {
    client: Client,
    prefix: String,
    /// None while Redis is away.
    connection: Mutex<Option<Numbered>>,
    lost: Notify,
}

/// A connection, with a number that no other one has.
#[derive(Clone)]
struct Numbered(u64, MultiplexedConnection);

/// Redis did not answer, or not with what it was asked for. The log says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away;

/// The URL holds a password.
impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let there = self.is_there();
        f.debug_struct("Redis").field("prefix", &self.prefix).field("there", &there).finish()
    }
}

impl Redis {
    /// The Redis of this URL, whose keys begin with the prefix. It need not be there yet.
    ///
    /// # Errors
    /// There is no URL, or it is none of a Redis.
    pub async fn connect(url: Option<&str>, prefix: &str) -> Result<Arc<Self>, String> {
        let url = url.map(str::trim).filter(|url| !url.is_empty()).ok_or(UNSET)?;
        let client = client(url).map_err(|error| {
            // Nothing of the URL is said, which may hold a password.
            format!("REDIS_URL is no URL of a Redis, redis://HOST or rediss://HOST: {error}")
        })?;
        let redis = Arc::new(Self {
            client,
            prefix: prefix.to_owned(),
            connection: Mutex::new(None),
            lost: Notify::new(),
        });
        match redis.open().await {
            Ok(connection) => redis.found(0, connection),
            Err(error) => {
                tracing::warn!(%error, "Redis does not answer; the server begins without it");
            }
        }
        tokio::spawn(watch(Arc::downgrade(&redis)));
        Ok(redis)
    }

    /// The name of a key.
    pub fn key(&self, name: &str) -> String {
        format!("{}:{name}", self.prefix)
    }

    /// Whether Redis answered when it was last asked.
    pub fn is_there(&self) -> bool {
        self.current().is_some()
    }

    /// What Redis answers to a command or a script, within its time. A command whose answer is lost may
    /// have been run.
    ///
    /// # Errors
    /// It does not answer, or not with what it was asked for.
    pub async fn ask<T, F>(&self, what: impl FnOnce(MultiplexedConnection) -> F) -> Result<T, Away>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let Numbered(number, connection) = self.current().ok_or(Away)?;
        match timeout(PATIENCE, what(connection)).await {
            Ok(Ok(answer)) => Ok(answer),
            // It is there: the next question may be answered.
            Ok(Err(error)) if !is_lost(&error) => {
                tracing::error!(%error, "Redis refuses what it was asked");
                Err(Away)
            }
            Ok(Err(error)) => {
                self.lost(number, &error);
                Err(Away)
            }
            Err(error) => {
                self.lost(number, &error);
                Err(Away)
            }
        }
    }

    fn current(&self) -> Option<Numbered> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A connection that was just seen to answer.
    async fn open(&self) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let mut connection =
            self.client.get_multiplexed_async_connection_with_config(&config).await?;
        redis::cmd("PING").query_async::<()>(&mut connection).await?;
        Ok(connection)
    }

    fn found(&self, number: u64, connection: MultiplexedConnection) {
        let mut current = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Numbered(number, connection));
    }

    /// This connection is of no use any more, if it is still the current one.
    fn lost(&self, number: u64, why: &dyn fmt::Display) {
        let mut current = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if current.take_if(|current| current.0 == number).is_some() {
            tracing::warn!(%why, "Redis does not answer");
            self.lost.notify_one();
        }
    }
}

/// What a server says that does not find its Redis.
const UNSET: &str =
    "REDIS_URL is not set: the server shares what it counts with its replicas there";

/// Finds out whether Redis is there, and reaches it again, as long as somebody holds on to it.
async fn watch(redis: Weak<Redis>) {
    for number in 1.. {
        let Some(there) = redis.upgrade() else { return };
        match there.current() {
            Some(_) => {
                let ping = |mut connection| async move {
                    redis::cmd("PING").query_async::<()>(&mut connection).await
                };
                // Whatever comes of it is noted there.
                let _ = there.ask(ping).await;
            }
            None => {
                if let Ok(connection) = there.open().await {
                    there.found(number, connection);
                    tracing::info!("Redis answers");
                }
            }
        }
        let wait = if there.is_there() { BEAT } else { RETRY };
        // Woken at once where a request finds out.
        let _ = timeout(wait, there.lost.notified()).await;
    }
}

/// Whether a connection that says this is of no use any more.
fn is_lost(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error()
}

fn client(url: &str) -> RedisResult<Client> {
    let info = url.into_connection_info()?;
    // Without it a small question waits for the answer to the one before.
    let tcp = info.tcp_settings().clone().set_nodelay(true);
    // One provider for everything that is encrypted; whoever was first has installed the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::open(info.set_tcp_settings(tcp))
}
