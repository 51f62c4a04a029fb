//! Places for connections: there are only so many at one time.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// The places, and who has them without having asked for anything yet.
pub struct Places {
    count: usize,
    free: Arc<Semaphore>,
    silent: VecDeque<Weak<Place>>,
}

/// The place of a connection, until it is dropped.
pub struct Place {
    _permit: Option<OwnedSemaphorePermit>,
    asked: AtomicBool,
    taken_away: CancellationToken,
}

impl Places {
    /// So many places.
    pub fn new(count: usize) -> Self {
        Self { count, free: Arc::new(Semaphore::new(count)), silent: VecDeque::new() }
    }

    /// A place for a connection that has come. Where none is free, the oldest connection that has
    /// not asked anything loses its place; where all have asked, it waits.
    pub async fn take(&mut self) -> Arc<Place> {
        let permit = match Arc::clone(&self.free).try_acquire_owned() {
            Ok(permit) => Some(permit),
            Err(_) => {
                self.make_room();
                Arc::clone(&self.free).acquire_owned().await.ok()
            }
        };
        let place = Arc::new(Place {
            _permit: permit,
            asked: AtomicBool::new(false),
            taken_away: CancellationToken::new(),
        });
        if self.silent.len() > 2 * self.count {
            self.silent.retain(|place| place.upgrade().is_some_and(|place| place.is_silent()));
        }
        self.silent.push_back(Arc::downgrade(&place));
        place
    }

    fn make_room(&mut self) {
        while let Some(oldest) = self.silent.pop_front() {
            if let Some(oldest) = oldest.upgrade().filter(|place| place.is_silent()) {
                tracing::debug!("a connection that asks nothing is closed for another");
                oldest.taken_away.cancel();
                return;
            }
        }
        tracing::warn!("all {} connections are in use: others wait", self.count);
    }
}

impl Place {
    /// Notes that a request has come.
    pub fn asks(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }

    /// Ends when another connection gets the place.
    pub async fn taken_away(&self) {
        self.taken_away.cancelled().await;
    }

    fn is_silent(&self) -> bool {
        !self.asked.load(Ordering::Relaxed)
    }
}
