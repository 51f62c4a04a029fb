//! Subscriptions: clients hear that a resource may have changed, and read it again.
//!
//! What is watched is watched once, however many clients are subscribed to it, and only while one of
//! them is. A client that is slow hears of each URI once, however often it changed meanwhile. What
//! could not be seen (the database was away, or slow) is told as a change: who reads once too often
//! misses nothing.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rmcp::model::{ErrorData, SubscriptionFilter};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::database::Database;
use super::failure::{Failure, Kind};
use super::poll::{self, Poll};
pub use super::subscriber::Client;

/// Most URIs that one client is subscribed to.
pub const MOST_OF_A_CLIENT: usize = 100;

/// Most URIs that all clients together are subscribed to.
pub const MOST: usize = 10_000;

/// The longest URI that can be subscribed to, in bytes.
const LONGEST: usize = 2048;

/// How long a client waits until a URI is watched. What takes longer is told as a change.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// How changes of a resource are seen.
#[derive(Clone)]
pub enum Watch {
    /// A statement answers something else.
    Poll(Arc<Poll>),
}

/// The error for a URI that no resource with changes has.
pub fn unwatched() -> Failure {
    Failure::new(Kind::RecordNotFound, "There is no resource with this URI to subscribe to.")
}

/// How changes of the resource behind a URI are seen.
pub type Find = fn(&Arc<Database>, &str) -> Result<Watch, Failure>;

/// Everything that is watched.
pub struct Watches {
    database: Arc<Database>,
    find: Find,
    topics: Mutex<HashMap<String, Topic>>,
    /// One for each URI of a client.
    seats: Arc<Semaphore>,
    /// Statements that look for changes take turns: calls need connections too.
    turns: Semaphore,
    /// Ends what runs for the watches, at the latest with them.
    closing: CancellationToken,
    _closing: DropGuard,
}

/// A URI, and how its changes are seen.
struct Watched {
    uri: String,
    watch: Watch,
}

/// A URI that is watched, and for whom.
struct Topic {
    watched: Arc<Watched>,
    hearers: Vec<Arc<Mailbox>>,
    /// Ends the looking.
    _looking: DropGuard,
}

impl fmt::Debug for Watches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watches").field("watched", &self.watched()).finish_non_exhaustive()
    }
}

/// What a client has not heard yet: the URIs that changed.
#[derive(Default)]
pub(super) struct Mailbox {
    changed: Mutex<BTreeSet<String>>,
    bell: Notify,
}

impl Mailbox {
    fn put(&self, uri: &str) {
        lock(&self.changed).insert(uri.to_owned());
        self.bell.notify_one();
    }

    /// The URIs that changed since the last call; waits until there is one.
    pub(super) async fn next(&self) -> BTreeSet<String> {
        loop {
            let changed = std::mem::take(&mut *lock(&self.changed));
            if !changed.is_empty() {
                return changed;
            }
            self.bell.notified().await;
        }
    }
}

/// What is held for a moment only, so that nothing is broken where a thread died with it.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watches {
    /// Watches nothing yet.
    pub fn new(
        database: Arc<Database>,
        find: Find,
    ) -> Arc<Self> {
        let closing = CancellationToken::new();
        Arc::new(Self {
            database,
            find,
            topics: Mutex::default(),
            seats: Arc::new(Semaphore::new(MOST)),
            turns: Semaphore::new(poll::TURNS),
            _closing: closing.clone().drop_guard(),
            closing,
        })
    }

    /// Ends every subscription when `stop` is cancelled: their streams would hold up the end.
    pub fn end_at(&self, stop: CancellationToken) {
        let closing = self.closing.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => closing.cancel(),
                () = closing.cancelled() => {}
            }
        });
    }

    /// How many URIs are watched.
    pub fn watched(&self) -> usize {
        lock(&self.topics).len()
    }

    /// Looks for changes now, and not only when it is time. Every change after it will be seen.
    pub async fn look(self: &Arc<Self>) {
        let watched: Vec<Arc<Watched>> = {
            let topics = lock(&self.topics);
            topics.values().map(|topic| Arc::clone(&topic.watched)).collect()
        };
        for watched in watched {
            self.ready(&watched).await;
        }
    }

    /// The part of a wish that can be granted: URIs of resources with changes.
    pub(super) fn granted(&self, requested: &SubscriptionFilter) -> SubscriptionFilter {
        let uris = requested.resource_subscriptions.iter().flatten();
        let watched = uris.filter(|uri| self.find(uri).is_ok());
        SubscriptionFilter::builder().resource_subscriptions(watched.cloned()).build()
    }

    /// How changes of the resource behind a URI are seen.
    pub(super) fn find(&self, uri: &str) -> Result<Watch, Failure> {
        if uri.len() > LONGEST { Err(unwatched()) } else { (self.find)(&self.database, uri) }
    }

    /// A place for one more URI.
    pub(super) fn seat(&self) -> Result<OwnedSemaphorePermit, ErrorData> {
        let full = "the server has as many subscriptions as it takes; try again later";
        let seat = Arc::clone(&self.seats).try_acquire_owned();
        seat.map_err(|_| ErrorData::invalid_request(full, None))
    }

    /// Ends with the watches.
    pub(super) fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    /// Lets a client hear of a URI from now on.
    pub(super) async fn join(self: &Arc<Self>, uri: &str, watch: Watch, mailbox: &Arc<Mailbox>) {
        let watched = {
            let mut topics = lock(&self.topics);
            let topic = topics.entry(uri.to_owned()).or_insert_with(|| self.begin(uri, watch));
            topic.hearers.push(Arc::clone(mailbox));
            Arc::clone(&topic.watched)
        };
        if tokio::time::timeout(PATIENCE, self.ready(&watched)).await.is_err() {
            mailbox.put(uri);
        }
    }

    /// Lets a client hear nothing more of a URI.
    pub(super) fn leave(&self, uri: &str, mailbox: &Arc<Mailbox>) {
        let mut topics = lock(&self.topics);
        if let Some(topic) = topics.get_mut(uri) {
            topic.hearers.retain(|hearer| !Arc::ptr_eq(hearer, mailbox));
            if topic.hearers.is_empty() {
                topics.remove(uri);
            }
        }
        drop(topics);
        lock(&mailbox.changed).remove(uri);
    }

    /// Begins to watch.
    fn begin(self: &Arc<Self>, uri: &str, watch: Watch) -> Topic {
        let looking = self.closing.child_token();
        match &watch {
            Watch::Poll(poll) => poll.keep_looking(self, uri, looking.clone()),
        }
        Topic {
            watched: Arc::new(Watched { uri: uri.to_owned(), watch }),
            hearers: Vec::new(),
            _looking: looking.drop_guard(),
        }
    }

    /// Ends when a change from now on will be seen.
    async fn ready(&self, watched: &Watched) {
        match &watched.watch {
            Watch::Poll(poll) => self.look_at(&watched.uri, poll).await,
        }
    }

    /// Looks, and tells if there is something new.
    pub(super) async fn look_at(&self, uri: &str, poll: &Poll) {
        let _turn = self.turns.acquire().await;
        if poll.changed().await {
            self.tell(uri);
        }
    }

    /// Tells those who are subscribed to a URI.
    fn tell(&self, uri: &str) {
        if let Some(topic) = lock(&self.topics).get(uri) {
            topic.hearers.iter().for_each(|hearer| hearer.put(uri));
        }
    }
}
