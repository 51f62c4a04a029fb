//! Statements that are asked again and again whether a resource has changed.

use std::hash::{BuildHasher as _, RandomState};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::failure::Failure;
use super::watch::{Watch, Watches};

/// So many statements look at the same time.
pub(super) const TURNS: usize = 4;

/// What is done to look: a digest of what the statement answers.
type Look =
    Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<u64, Failure>> + Send>> + Send + Sync>;

/// A statement whose answer is another one after a change.
pub struct Poll {
    every: Duration,
    look: Look,
    known: Mutex<Known>,
}

/// What is known of the answer.
enum Known {
    /// Nobody has looked yet.
    Nothing,
    /// The first look failed: what it would have seen may have changed since.
    Failed,
    /// What was seen last.
    Seen(u64),
}

impl Watch {
    /// A statement answers something else after a change.
    pub fn poll<F: Future<Output = Result<u64, Failure>> + Send + 'static>(
        every: Duration,
        look: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self {
        let look: Look = Box::new(move || Box::pin(look()));
        Self::Poll(Arc::new(Poll { every, look, known: Mutex::new(Known::Nothing) }))
    }
}

impl Poll {
    /// Looks, and says whether the answer is another one than before. What went wrong is in the log.
    pub(super) async fn changed(&self) -> bool {
        let mut known = self.known.lock().await;
        match (self.look)().await {
            Ok(seen) => match std::mem::replace(&mut *known, Known::Seen(seen)) {
                Known::Nothing => false,
                Known::Failed => true,
                Known::Seen(before) => before != seen,
            },
            Err(_) => {
                if let Known::Nothing = *known {
                    *known = Known::Failed;
                }
                false
            }
        }
    }

    /// Looks from time to time, until `stop`.
    pub(super) fn keep_looking(
        self: &Arc<Self>,
        watches: &Arc<Watches>,
        uri: &str,
        stop: CancellationToken,
    ) {
        let (poll, watches, uri) = (Arc::clone(self), Arc::downgrade(watches), uri.to_owned());
        tokio::spawn(async move {
            let looking = async {
                loop {
                    tokio::time::sleep(around(poll.every)).await;
                    let Some(watches) = watches.upgrade() else { return };
                    watches.look_at(&uri, &poll).await;
                }
            };
            tokio::select! {
                () = looking => {}
                () = stop.cancelled() => {}
            }
        });
    }
}

/// A tenth more or less: what began at the same time shall not ask at the same time for ever.
fn around(every: Duration) -> Duration {
    let permille = 900 + RandomState::new().hash_one(every) % 200;
    every * u32::try_from(permille).unwrap_or(1000) / 1000
}
