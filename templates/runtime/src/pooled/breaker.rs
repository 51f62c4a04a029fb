//! A circuit breaker: while the database is away, calls fail at once, and one connection at a time
//! finds out whether it is back.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::failure::{Failure, Kind};

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// It opens when so many connections in a row did not come about.
    pub failures: u32,
    /// How long it leaves the database alone before it looks again.
    pub open: Duration,
}

/// Whether calls get through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// They do.
    Closed {
        /// Connections in a row that did not come about.
        failures: u32,
    },
    /// They do not.
    Open {
        /// When the database is looked at again.
        until: Instant,
    },
    /// They do not yet: the database is being looked at.
    HalfOpen,
}

/// The names of the states, in the order of [`State::index`].
#[cfg(feature = "metrics")]
pub const STATES: [&str; 3] = ["closed", "open", "half_open"];

impl State {
    /// Its name for those who run the server.
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed { .. } => "closed",
            Self::Open { .. } => "open",
            Self::HalfOpen => "half_open",
        }
    }

    #[cfg(feature = "metrics")]
    fn index(self) -> usize {
        match self {
            Self::Closed { .. } => 0,
            Self::Open { .. } => 1,
            Self::HalfOpen => 2,
        }
    }
}

/// The breaker of a database.
#[derive(Debug)]
pub struct Breaker {
    rule: Rule,
    state: watch::Sender<State>,
    /// Ends the looking, with the database.
    stop: CancellationToken,
    /// How often it came to each state.
    #[cfg(feature = "metrics")]
    transitions: [std::sync::atomic::AtomicU64; 3],
}

impl Breaker {
    /// One that is closed. Nothing is looked at any more from `stop` on.
    pub fn new(rule: Rule, stop: CancellationToken) -> Self {
        Self {
            rule,
            state: watch::Sender::new(State::Closed { failures: 0 }),
            stop,
            #[cfg(feature = "metrics")]
            transitions: Default::default(),
        }
    }

    /// Whether calls get through.
    pub fn state(&self) -> State {
        *self.state.borrow()
    }

    /// How often it came to each of the [`STATES`].
    #[cfg(feature = "metrics")]
    pub fn transitions(&self) -> [u64; 3] {
        let count =
            |it: &std::sync::atomic::AtomicU64| it.load(std::sync::atomic::Ordering::Relaxed);
        self.transitions.each_ref().map(count)
    }

    /// Waits for the database, and no longer than until it is known to be away.
    ///
    /// # Errors
    /// It is open, or has opened meanwhile.
    pub async fn unless_open<T>(&self, waits: impl Future<Output = T>) -> Result<T, Failure> {
        let mut state = self.state.subscribe();
        tokio::select! {
            biased;
            open = state.wait_for(|state| !matches!(state, State::Closed { .. })) => {
                Err(refusal(open.map_or(State::HalfOpen, |state| *state)))
            }
            came = waits => Ok(came),
        }
    }

    /// The database answered: what failed before was no row of failures.
    pub fn answered(&self) {
        // A look that takes no lock for writing, since this is so after each statement.
        if matches!(self.state(), State::Closed { failures: 1.. }) {
            self.change(|state| match state {
                State::Closed { .. } => Some(State::Closed { failures: 0 }),
                State::Open { .. } | State::HalfOpen => None,
            });
        }
    }

    /// A connection did not come about. Says whether the breaker opened with it: then somebody has to
    /// see to it that it [recovers](Self::recovers).
    #[must_use]
    pub fn failed(&self) -> bool {
        let rule = self.rule;
        let opened = self.change(|state| match state {
            State::Closed { failures } if failures + 1 >= rule.failures => {
                Some(State::Open { until: Instant::now() + rule.open })
            }
            State::Closed { failures } => Some(State::Closed { failures: failures + 1 }),
            State::Open { .. } | State::HalfOpen => None,
        });
        let opened = matches!(opened, Some(State::Open { .. }));
        if opened {
            tracing::warn!("the database is away: calls fail at once until it is back");
        }
        opened
    }

    /// Looks at the database whenever it was left alone for long enough, once at a time, and ends when
    /// it is back, or with the database.
    pub async fn recovers<F>(&self, mut is_back: impl FnMut() -> F)
    where
        F: Future<Output = bool>,
    {
        while let State::Open { until } = self.state() {
            let look = async {
                tokio::time::sleep_until(until).await;
                self.change(|_| Some(State::HalfOpen));
                is_back().await
            };
            let Some(back) = self.stop.run_until_cancelled(look).await else { return };
            if back {
                self.change(|_| Some(State::Closed { failures: 0 }));
                tracing::info!("the database is back");
            } else {
                self.change(|_| Some(State::Open { until: Instant::now() + self.rule.open }));
            }
        }
    }

    /// Changes the state, and says to which one; none where it stays.
    fn change(&self, to: impl FnOnce(State) -> Option<State>) -> Option<State> {
        let mut changed = None;
        self.state.send_if_modified(|state| {
            changed = to(*state);
            let Some(new) = changed else { return false };
            // Who waits for it to open need not hear of each failure.
            let moved = new.name() != state.name();
            #[cfg(feature = "metrics")]
            if moved {
                let count = &self.transitions[new.index()];
                count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
            *state = new;
            moved
        });
        changed
    }
}

/// What a client hears of a breaker in this state.
fn refusal(state: State) -> Failure {
    let wait = match state {
        State::Open { until } => until.saturating_duration_since(Instant::now()),
        // A look at the database is a matter of moments.
        State::Closed { .. } | State::HalfOpen => Duration::ZERO,
    };
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let seconds = seconds.max(1);
    let unit = if seconds == 1 { "second" } else { "seconds" };
    let message = format!("The database cannot be reached; try again in {seconds} {unit}.");
    Failure::new(Kind::ConnectionError, message).after(seconds)
}
