//! Room for large messages: a number of them at one time takes no more memory than there is for it.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Duration, Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::front::refused;
use super::jsonrpc;

/// The room, for messages that come and for those that wait for their answers: one that comes slowly
/// keeps none waiting that is there, and those that come not for long.
#[derive(Debug, Clone)]
pub struct Room {
    max_bytes: usize,
    coming: Arc<Semaphore>,
    /// What has room to come, the oldest first.
    begun: Arc<Mutex<VecDeque<Weak<Begun>>>>,
    there: Arc<Semaphore>,
}

/// A message that has room to come.
#[derive(Debug)]
struct Begun {
    at: Instant,
    gives_up: CancellationToken,
    _room: Option<OwnedSemaphorePermit>,
}

/// How long a message may take to come where others wait for its room.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many of the largest messages there is room for.
const LARGEST: usize = 16;

/// Up to so many bytes a message needs no room, so that large ones keep no other waiting.
const SMALL: usize = 8 * 1024;

/// What a value counts beside its text, in bytes: what is read of it is larger than what came.
const VALUE: usize = 16;

/// What room is counted in, in bytes.
const UNIT: usize = 1024;

impl Room {
    /// Room for messages of which each has at most so many bytes.
    pub fn new(max_bytes: usize) -> Self {
        let units = LARGEST * max_bytes.div_ceil(UNIT);
        let room = || Arc::new(Semaphore::new(units.min(Semaphore::MAX_PERMITS)));
        Self { max_bytes, coming: room(), begun: Arc::default(), there: room() }
    }

    /// The whole body, if it is not too large and comes in time, and its room until the answer.
    ///
    /// # Errors
    /// The response to what is not taken.
    pub async fn whole(
        &self,
        body: Body,
        timeout: Duration,
    ) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Response> {
        let until = Instant::now() + timeout;
        let Ok(came) = timeout_at(until, self.come(body)).await else {
            return Err(refused(
                StatusCode::REQUEST_TIMEOUT,
                None,
                "the request did not come in time",
            ));
        };
        let (bytes, _coming) = came?;
        if bytes.len() <= SMALL {
            return Ok((bytes, None));
        }
        let size = bytes.len() + VALUE * jsonrpc::values(&bytes);
        if let Ok(room) = timeout_at(until, self.of(&self.there, size)).await {
            return Ok((bytes, room));
        }
        Err(busy())
    }

    /// The whole body, and its room while it came.
    async fn come(&self, body: Body) -> Result<(Bytes, Option<Arc<Begun>>), Response> {
        let max = self.max_bytes;
        let too_large = || {
            let message = format!("a request has at most {max} bytes");
            refused(StatusCode::PAYLOAD_TOO_LARGE, None, &message)
        };
        let hint = body.size_hint();
        if hint.lower() > max as u64 {
            return Err(too_large());
        }
        let declared = hint.upper().and_then(|upper| usize::try_from(upper).ok());
        let mut room = None;
        let mut whole = Vec::new();
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = tokio::select! {
            chunk = chunks.next() => chunk,
            () = gives_up(room.as_deref()) => return Err(busy()),
        } {
            let Ok(chunk) = chunk else {
                return Err(refused(StatusCode::BAD_REQUEST, None, "the request broke off"));
            };
            if chunk.len() > max - whole.len() {
                return Err(too_large());
            }
            if room.is_none() && whole.len() + chunk.len() > SMALL {
                room = Some(self.begin(declared.unwrap_or(max)).await);
            }
            whole.extend_from_slice(&chunk);
        }
        Ok((whole.into(), room))
    }

    /// Room for so many bytes to come. Who waits for it has those end that come slowly.
    async fn begin(&self, bytes: usize) -> Arc<Begun> {
        let mut room = pin!(self.of(&self.coming, bytes));
        let room = loop {
            tokio::select! {
                room = &mut room => break room,
                () = tokio::time::sleep(PATIENCE / 5) => self.hurry(),
            }
        };
        let gives_up = CancellationToken::new();
        let begun = Arc::new(Begun { at: Instant::now(), gives_up, _room: room });
        let mut all = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|begun| begun.strong_count() > 0);
        all.push_back(Arc::downgrade(&begun));
        begun
    }

    fn hurry(&self) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.retain(|begun| begun.strong_count() > 0);
        let oldest = begun.front().and_then(Weak::upgrade);
        if let Some(oldest) = oldest.filter(|oldest| oldest.at.elapsed() > PATIENCE) {
            tracing::debug!("a large message that comes slowly ends for another");
            oldest.gives_up.cancel();
            begun.pop_front();
        }
    }

    /// Room for so many bytes, or all that there is.
    async fn of(&self, room: &Arc<Semaphore>, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let units = bytes.div_ceil(UNIT).min(LARGEST * self.max_bytes.div_ceil(UNIT));
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        Arc::clone(room).acquire_many_owned(units).await.ok()
    }
}

/// Ends when a message is to give up its room, if it has one.
async fn gives_up(begun: Option<&Begun>) {
    match begun {
        Some(begun) => begun.gives_up.cancelled().await,
        None => std::future::pending().await,
    }
}

fn busy() -> Response {
    let why = "there are too many large messages; try again in a moment";
    let mut response = refused(StatusCode::SERVICE_UNAVAILABLE, None, why);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}
