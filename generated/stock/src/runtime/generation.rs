//! Which answers are those of the database as it is now, in one process.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::cache::{End, lock};
use super::failure::Failure;

/// What answers of a tool are kept under.
#[derive(Debug, Default)]
pub struct Generation(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    number: u64,
    /// Until then a change may come into force of which nobody will hear.
    unsettled: Option<Instant>,
}

impl Generation {
    /// The first one.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// The one that is now; none while nothing can be kept.
    pub async fn now(&self) -> Option<u64> {
        let state = lock(&self.0);
        let unsettled = state.unsettled.is_some_and(|until| Instant::now() < until);
        (!unsettled).then_some(state.number)
    }

    /// A change begins whose statements end within `limit`.
    ///
    /// # Errors
    /// None.
    pub async fn changes<'g>(
        generations: &'g [&'g Arc<Self>],
        limit: Duration,
    ) -> Result<Change<'g>, Failure> {
        Ok(Change { generations, limit, end: End::Unknown })
    }
}

/// A change that is under way. Where its call is dropped, nobody knows how it ended.
pub struct Change<'g> {
    generations: &'g [&'g Arc<Generation>],
    limit: Duration,
    end: End,
}

impl Change<'_> {
    /// It is over.
    pub async fn ends(mut self, end: End) {
        self.end = end;
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        for generation in self.generations {
            let mut state = lock(&generation.0);
            state.number += 1;
            if self.end == End::Unknown {
                let until = Instant::now() + self.limit;
                state.unsettled = state.unsettled.max(Some(until));
            }
        }
    }
}
