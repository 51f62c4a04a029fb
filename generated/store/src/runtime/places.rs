//! Places for connections: there are only so many at one time.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// The places, and the connections that have them.
pub struct Places {
    count: usize,
    free: Arc<Semaphore>,
    taken: Vec<Weak<Place>>,
}

/// The place of a connection, until it is dropped.
pub struct Place {
    _permit: Option<OwnedSemaphorePermit>,
    does: Mutex<Does>,
    taken_away: CancellationToken,
}

/// What a connection does. Who comes first in this order is the first to make room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Does {
    /// It has asked nothing yet, or has its answers, since then.
    Nothing(Instant),
    /// It sends a request, since then.
    Sends(Instant),
    /// It waits for its answer, or reads it.
    Waits,
}

/// How long who waits for a place looks at what is there before he looks again.
const AGAIN: Duration = Duration::from_millis(100);

/// How long an answer may need to go out after it has been handed over.
const FLUSH: Duration = Duration::from_millis(250);

/// Files that are kept for the database and whatever else is open, of those that a process may have.
const OTHER_FILES: usize = 64;

/// The connections that there can be where so many are wished: each of them is an open file.
pub fn possible(wished: usize) -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let files = files.and_then(|limits| limits.split_whitespace().next()?.parse::<usize>().ok());
    let Some(files) = files else { return wished };
    let possible = files - OTHER_FILES.min(files / 2);
    if possible < wished {
        tracing::warn!("{possible} connections at one time: {files} files may be open");
    }
    possible.min(wished)
}

impl Places {
    /// So many places.
    pub fn new(count: usize) -> Self {
        Self { count, free: Arc::new(Semaphore::new(count)), taken: Vec::new() }
    }

    /// A place for a connection that has come. Where none is free, another one makes room; where all
    /// wait for answers, it waits.
    pub async fn take(&mut self) -> Arc<Place> {
        let mut permit = Arc::clone(&self.free).try_acquire_owned().ok();
        if permit.is_none() && !self.make_room() {
            tracing::warn!("all {} connections are in use: others wait", self.count);
        }
        while permit.is_none() {
            let free = Arc::clone(&self.free).acquire_owned();
            match tokio::time::timeout(AGAIN, free).await {
                Ok(free) => permit = free.ok(),
                Err(_) => drop(self.make_room()),
            }
        }
        let place = Arc::new(Place {
            _permit: permit,
            does: Mutex::new(Does::Nothing(Instant::now())),
            taken_away: CancellationToken::new(),
        });
        if self.taken.len() > 2 * self.count {
            self.taken.retain(|place| place.strong_count() > 0);
        }
        self.taken.push(Arc::downgrade(&place));
        place
    }

    /// Takes the place of a connection away: of the one that has done nothing for longest, else of the
    /// one that has been sending its request for longest. Says whether there was one.
    pub fn make_room(&mut self) -> bool {
        let taken = self.taken.iter().filter_map(Weak::upgrade);
        let kept = taken.filter(|place| !place.taken_away.is_cancelled());
        let first = kept.min_by_key(|place| place.does());
        match first.filter(|place| place.does() != Does::Waits) {
            Some(place) => {
                tracing::debug!("a connection that waits for no answer is closed for another");
                place.taken_away.cancel();
                true
            }
            None => false,
        }
    }

    /// Ends when no connection has a place.
    pub async fn empty(&self) {
        let all = u32::try_from(self.count).unwrap_or(u32::MAX);
        drop(self.free.acquire_many(all).await);
    }
}

impl Place {
    /// Notes that a request has come, of which this is the body.
    pub fn asks(self: &Arc<Self>, body: Body) -> Body {
        self.note(Does::Sends(Instant::now()));
        let place = Arc::clone(self);
        until_end(body, move || place.note(Does::Waits))
    }

    /// Notes that a request has its answer when this body of it has come to its end.
    pub fn answered(self: &Arc<Self>, body: Body) -> Body {
        let place = Arc::clone(self);
        until_end(body, move || place.note(Does::Nothing(Instant::now())))
    }

    /// Ends when the connection is to go: another one gets the place.
    pub async fn taken_away(&self) {
        self.taken_away.cancelled().await;
    }

    /// Ends when the connection has been told to go, and nothing is lost with it: a request that came
    /// just then is answered, and the last answer goes out.
    pub async fn lost(&self) {
        self.taken_away().await;
        loop {
            match self.does() {
                Does::Nothing(since) if since.elapsed() >= FLUSH => return,
                Does::Sends(_) => return,
                Does::Nothing(_) | Does::Waits => tokio::time::sleep(FLUSH / 5).await,
            }
        }
    }

    /// Ends when the connection has done nothing for a moment, so that nothing is lost with it.
    pub async fn quiet(&self) {
        while !matches!(self.does(), Does::Nothing(since) if since.elapsed() >= FLUSH) {
            tokio::time::sleep(FLUSH / 5).await;
        }
    }

    fn does(&self) -> Does {
        *self.does.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, does: Does) {
        *self.does.lock().unwrap_or_else(PoisonError::into_inner) = does;
    }
}

/// The body, and what is done when it has come to its end or is dropped before.
pub fn until_end(body: Body, then: impl FnOnce() + Send + 'static) -> Body {
    let mut body = Ending { body, then: Some(Box::new(then)) };
    body.look();
    Body::new(body)
}

/// A body with something that is done at its end.
struct Ending {
    body: Body,
    then: Option<Box<dyn FnOnce() + Send>>,
}

impl Ending {
    fn end(&mut self) {
        if let Some(then) = self.then.take() {
            then();
        }
    }

    /// Nobody asks a body for more that says that it has ended.
    fn look(&mut self) {
        if self.body.is_end_stream() {
            self.end();
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.end();
    }
}

impl HttpBody for Ending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        match &frame {
            Poll::Ready(None | Some(Err(_))) => self.end(),
            Poll::Ready(Some(Ok(_))) => self.look(),
            Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
