//! Notifications of PostgreSQL: one connection that listens, and what payloads mean.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;
use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx::{ConnectOptions as _, Executor as _};
use tokio::sync::watch::Sender;

use super::database::Database;
use super::failure::Failure;
use super::watch::{Watch, Watches};

/// How long the server may take to let the listener in.
const PATIENCE: Duration = Duration::from_secs(5);

/// After so long without a notification it is asked whether the connection still lives.
const QUIET: Duration = Duration::from_secs(30);

/// The first and the longest pause before the server is tried again.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(10));

/// A channel, and the params of the URI as they stand in payloads.
pub struct Channel {
    name: &'static str,
    params: BTreeMap<String, String>,
}

impl Watch {
    /// The database notifies a channel when the resource has changed. A payload that names other
    /// params means another URI.
    pub fn channel<P: Serialize>(name: &'static str, params: &P) -> Result<Self, Failure> {
        let params = serde_json::to_value(params).map_err(|error| Failure::unknown(&error))?;
        let params = params.as_object().into_iter().flatten();
        let params = params.map(|(name, value)| (name.clone(), text(value))).collect();
        Ok(Self::Channel(Arc::new(Channel { name, params })))
    }
}

impl Channel {
    /// Whether a notification means this URI.
    pub(super) fn is_meant(&self, name: &str, payload: &Payload) -> bool {
        if self.name != name {
            return false;
        }
        match payload {
            Payload::All => true,
            Payload::Named(named) => self
                .params
                .iter()
                .all(|(param, value)| named.get(param).is_none_or(|named| named == value)),
            // It cannot be told which of several params is meant.
            Payload::One(one) => {
                self.params.len() != 1 || self.params.values().all(|value| value == one)
            }
        }
    }
}

/// Which URIs a notification means.
pub(super) enum Payload {
    /// All of the channel.
    All,
    /// Those with these params; one that is not named can be anything.
    Named(BTreeMap<String, String>),
    /// Those whose only param is this.
    One(String),
}

impl Payload {
    fn read(payload: &str) -> Self {
        match serde_json::from_str(payload) {
            Ok(Value::Object(named)) => {
                Self::Named(named.iter().map(|(name, value)| (name.clone(), text(value))).collect())
            }
            Ok(Value::String(one)) => Self::One(one),
            Ok(_) | Err(_) if payload.trim().is_empty() => Self::All,
            Ok(_) | Err(_) => Self::One(payload.trim().to_owned()),
        }
    }
}

/// A value as a text: payloads may hold `5` or `"5"`.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The connection that listens to every channel, from the first subscription on.
pub(super) struct Ear {
    channels: &'static [&'static str],
    open: AtomicBool,
    hears: Sender<bool>,
}

impl Ear {
    pub(super) fn of(channels: &'static [&'static str]) -> Self {
        Self { channels, open: AtomicBool::new(false), hears: Sender::new(false) }
    }

    /// Opens the connection, if it is not open.
    pub(super) fn open(&self, watches: &Arc<Watches>, database: &Database) {
        if self.open.swap(true, Ordering::Relaxed) {
            return;
        }
        let listener = Listener {
            channels: self.channels,
            hears: self.hears.clone(),
            watches: Arc::downgrade(watches),
        };
        let (url, closing) = (database.url().to_owned(), watches.closing().clone());
        tokio::spawn(async move {
            tokio::select! {
                () = listener.keep_listening(&url) => {}
                () = closing.cancelled() => {}
            }
        });
    }

    /// Ends when notifications from now on will be heard.
    pub(super) async fn hears(&self) {
        // The sender is here, so that waiting ends with the wait alone.
        let _ = self.hears.subscribe().wait_for(|hears| *hears).await;
    }
}

struct Listener {
    channels: &'static [&'static str],
    hears: Sender<bool>,
    watches: Weak<Watches>,
}

impl Listener {
    /// Listens, and connects again when the connection is lost.
    async fn keep_listening(&self, url: &str) {
        let began = Instant::now();
        let (mut pause, mut missed) = (PAUSES.0, false);
        loop {
            match self.connect(url).await {
                Ok(listener) => {
                    pause = PAUSES.0;
                    self.hears.send_replace(true);
                    // Who subscribed a moment ago waits for this connection, and missed nothing.
                    if missed || began.elapsed() >= super::watch::PATIENCE {
                        self.tell(None);
                    }
                    let error = self.listen(listener).await;
                    tracing::warn!(%error, "the connection that listens for changes is lost");
                    self.hears.send_replace(false);
                    missed = true;
                }
                Err(error) => tracing::warn!(%error, "nobody listens for changes: no connection"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    async fn connect(&self, url: &str) -> Result<PgListener, sqlx::Error> {
        let options = super::engine::options(url)?.log_statements(log::LevelFilter::Off);
        let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
        let pool = pool.connect_lazy_with(options);
        let mut listener = PgListener::connect_with(&pool).await?;
        // Connecting again is ours: what was missed must be told.
        listener.eager_reconnect(false);
        listener.listen_all(self.channels.iter().copied()).await?;
        Ok(listener)
    }

    /// Tells what is heard, until the connection is lost.
    async fn listen(&self, mut listener: PgListener) -> sqlx::Error {
        loop {
            match tokio::time::timeout(QUIET, listener.try_recv()).await {
                Ok(Ok(Some(heard))) => {
                    self.tell(Some((heard.channel(), &Payload::read(heard.payload()))));
                }
                Ok(Ok(None)) => return sqlx::Error::Io(std::io::ErrorKind::UnexpectedEof.into()),
                Ok(Err(error)) => return error,
                Err(_) => {
                    let alive = listener.execute(sqlx::raw_sql("SELECT 1"));
                    match tokio::time::timeout(PATIENCE, alive).await {
                        Ok(Ok(_)) => {}
                        Ok(Err(error)) => return error,
                        Err(_) => return sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()),
                    }
                }
            }
        }
    }

    fn tell(&self, notified: Option<(&str, &Payload)>) {
        if let Some(watches) = self.watches.upgrade() {
            watches.tell_of(notified);
        }
    }
}
