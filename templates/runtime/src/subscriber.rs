//! A client's side of subscriptions, in both eras of the protocol.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use axum::http::request::Parts;
use futures_util::future::try_join_all;
use rmcp::RoleServer;
use rmcp::model::{ErrorData, ResourceUpdatedNotificationParam, SubscriptionFilter};
use rmcp::service::{Peer, RequestContext, SubscriptionContext};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::DropGuard;

use super::watch::{MOST_OF_A_CLIENT, Mailbox, Watches, lock};

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
    _telling: DropGuard,
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
        let http = context.extensions.get::<Parts>();
        if http.is_some_and(|request| !request.headers.contains_key("mcp-session-id")) {
            let message = "a subscription needs a session: begin with `initialize`, or use `subscriptions/listen`";
            return Err(ErrorData::invalid_request(message, None));
        }
        let to = self.subscribed(&context.peer);
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

    fn subscribed(&self, peer: &Peer<RoleServer>) -> Arc<Subscriptions> {
        let mut subscribed = lock(&self.subscribed);
        let subscribed = subscribed.get_or_insert_with(|| {
            let to = Arc::new(Subscriptions::new(&self.watches));
            let stop = self.watches.closing().child_token();
            let (peer, mailbox, stopped) = (peer.clone(), Arc::clone(&to.mailbox), stop.clone());
            tokio::spawn(async move {
                let tell = async {
                    while !peer.is_transport_closed() {
                        for uri in mailbox.next().await {
                            let update = ResourceUpdatedNotificationParam::new(uri);
                            if let Err(error) = peer.notify_resource_updated(update).await {
                                tracing::debug!(%error, "a client was not told of a change");
                            }
                        }
                    }
                };
                tokio::select! {
                    () = tell => {}
                    () = stopped.cancelled() => {}
                }
            });
            Subscribed { to, _telling: stop.drop_guard() }
        });
        Arc::clone(&subscribed.to)
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

    fn remove(&self, uri: &str) {
        if lock(&self.uris).remove(uri).is_some() {
            self.watches.leave(uri, &self.mailbox);
        }
    }
}

impl Drop for Subscriptions {
    fn drop(&mut self) {
        for uri in lock(&self.uris).keys() {
            self.watches.leave(uri, &self.mailbox);
        }
    }
}
