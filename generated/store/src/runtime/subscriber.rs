//! A client's side of subscriptions, in both eras of the protocol.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::request::Parts;
use futures_util::future::try_join_all;
use rmcp::RoleServer;
use rmcp::model::{
    ErrorData, Extensions, PingRequest, PingRequestMethod, ResourceUpdatedNotificationParam,
    ServerRequest, SubscriptionFilter,
};
use rmcp::service::{Peer, PeerRequestOptions, RequestContext, ServiceError, SubscriptionContext};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::watch::{MOST_OF_A_CLIENT, Mailbox, Watches, lock};

/// How often a client on a session is asked whether it is there: oftener than a session ends that has
/// no message.
const PULSE: Duration = Duration::from_secs(100);

/// How long it may take to answer.
const ANSWER: Duration = Duration::from_secs(30);

/// A client that may be subscribed. A copy is another client: it is subscribed to nothing.
pub struct Client {
    watches: Arc<Watches>,
    seats: Arc<Semaphore>,
    /// What `resources/subscribe` asked for; there from the first time on.
    subscribed: Mutex<Option<Subscribed>>,
}

/// Subscriptions that live as long as the client.
struct Subscribed {
    to: Arc<Subscriptions>,
    /// Cancelled when nobody tells the client of them any more.
    telling: CancellationToken,
}

impl Drop for Subscribed {
    fn drop(&mut self) {
        self.telling.cancel();
    }
}

impl Client {
    /// A client of these watches.
    pub fn of(watches: Arc<Watches>) -> Self {
        let seats = Arc::new(Semaphore::new(MOST_OF_A_CLIENT));
        Self { watches, seats, subscribed: Mutex::new(None) }
    }

    /// What is watched.
    pub fn watches(&self) -> &Arc<Watches> {
        &self.watches
    }

    /// What of a filter is granted.
    pub fn granted(&self, requested: &SubscriptionFilter) -> SubscriptionFilter {
        self.watches.granted(requested)
    }

    /// Tells the client what it listens for, until it has heard enough or the server ends.
    ///
    /// # Errors
    /// There are too many subscriptions.
    pub async fn listen(&self, context: &SubscriptionContext) -> Result<(), ErrorData> {
        // A stream takes a seat, whatever it listens for.
        let _stream = self.watches.seat()?;
        let to = Subscriptions::new(&self.watches);
        let tell = async {
            let uris = context.accepted().resource_subscriptions.iter().flatten();
            try_join_all(uris.map(|uri| self.add(&to, uri))).await?;
            loop {
                for uri in to.mailbox.next().await {
                    if context.sink().notify_resource_updated(uri).await.is_err() {
                        return Ok(());
                    }
                }
            }
        };
        tokio::select! {
            told = tell => told,
            () = context.cancelled() => Ok(()),
            () = self.watches.closing().cancelled() => Ok(()),
        }
    }

    /// Subscribes to a URI, for as long as the client is there.
    ///
    /// # Errors
    /// No resource with changes has the URI, there are too many subscriptions, or there is no way to
    /// tell the client.
    pub async fn subscribe(
        &self,
        uri: &str,
        context: &RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        if !super::sessions::hears(context) {
            let message = "a subscription needs a session: begin with `initialize`, or use `subscriptions/listen`";
            return Err(ErrorData::invalid_request(message, None));
        }
        let on_session = context.extensions.get::<Parts>().is_some();
        let to = self.subscribed(&context.peer, on_session);
        self.add(&to, uri).await
    }

    /// Ends the subscription to a URI, if there is one.
    pub fn unsubscribe(&self, uri: &str) {
        if let Some(subscribed) = &*lock(&self.subscribed) {
            subscribed.to.remove(uri);
        }
    }

    async fn add(&self, to: &Subscriptions, uri: &str) -> Result<(), ErrorData> {
        let watch = self.watches.find(uri)?;
        if lock(&to.uris).contains_key(uri) {
            return Ok(());
        }
        let full = format!("a client has at most {MOST_OF_A_CLIENT} subscriptions; end some first");
        let seat = Arc::clone(&self.seats).try_acquire_owned();
        let seat = seat.map_err(|_| ErrorData::invalid_request(full, None))?;
        let seats = [seat, self.watches.seat()?];
        lock(&to.uris).insert(uri.to_owned(), seats);
        self.watches.join(uri, watch, &to.mailbox).await;
        Ok(())
    }

    /// What `resources/subscribe` adds to; whoever tells the client of it runs.
    fn subscribed(&self, peer: &Peer<RoleServer>, on_session: bool) -> Arc<Subscriptions> {
        let mut subscribed = lock(&self.subscribed);
        if let Some(Subscribed { to, telling }) = &*subscribed
            && !telling.is_cancelled()
        {
            return Arc::clone(to);
        }
        let to = Arc::new(Subscriptions::new(&self.watches));
        let telling = self.watches.closing().child_token();
        let (peer, told, ended) = (peer.clone(), Arc::downgrade(&to), telling.clone());
        let mailbox = Arc::clone(&to.mailbox);
        tokio::spawn(async move {
            tokio::select! {
                () = tell(&peer, &mailbox) => {}
                () = gone(&peer), if on_session => {
                    tracing::debug!("a client does not answer: it is told nothing more");
                }
                () = ended.cancelled() => {}
            }
            ended.cancel();
            if let Some(told) = told.upgrade() {
                told.clear();
            }
        });
        *subscribed = Some(Subscribed { to: Arc::clone(&to), telling });
        to
    }
}

/// Tells a client of changes, for as long as there is a way to it.
async fn tell(peer: &Peer<RoleServer>, mailbox: &Mailbox) {
    while !peer.is_transport_closed() {
        for uri in mailbox.next().await {
            let update = ResourceUpdatedNotificationParam::new(uri);
            if let Err(error) = peer.notify_resource_updated(update).await {
                tracing::debug!(%error, "a client was not told of a change");
            }
        }
    }
}

/// Ends when a client on a session does not answer any more. That it is asked, and answers, keeps
/// the session of one that only listens; what it is told would keep that of one that is gone.
async fn gone(peer: &Peer<RoleServer>) {
    loop {
        tokio::time::sleep(PULSE).await;
        let ping = PingRequest { method: PingRequestMethod, extensions: Extensions::default() };
        let ping = ServerRequest::PingRequest(ping);
        let asked = peer.send_request_with_option(ping, PeerRequestOptions::with_timeout(ANSWER));
        let answer = match asked.await {
            Ok(asked) => asked.await_response().await,
            Err(error) => Err(error),
        };
        if !matches!(answer, Ok(_) | Err(ServiceError::McpError(_))) {
            return;
        }
    }
}

impl Clone for Client {
    fn clone(&self) -> Self {
        Self::of(Arc::clone(&self.watches))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

/// The URIs that one stream, or one session, is subscribed to. They end with it.
struct Subscriptions {
    watches: Arc<Watches>,
    mailbox: Arc<Mailbox>,
    uris: Mutex<HashMap<String, [OwnedSemaphorePermit; 2]>>,
}

impl Subscriptions {
    fn new(watches: &Arc<Watches>) -> Self {
        Self { watches: Arc::clone(watches), mailbox: Arc::default(), uris: Mutex::default() }
    }

    fn clear(&self) {
        for (uri, _) in lock(&self.uris).drain() {
            self.watches.leave(&uri, &self.mailbox);
        }
    }

    fn remove(&self, uri: &str) {
        if lock(&self.uris).remove(uri).is_some() {
            self.watches.leave(uri, &self.mailbox);
        }
    }
}

impl Drop for Subscriptions {
    fn drop(&mut self) {
        self.clear();
    }
}
