//! How far a call has come, for clients that ask for it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RequestContext};

tokio::task_local! {
    /// Who hears of the call that runs in this task.
    static LISTENER: Listener;
}

struct Listener {
    peer: Peer<RoleServer>,
    token: ProgressToken,
    /// How far the client knows it has come: a transaction that runs again says nothing twice.
    said: AtomicU32,
}

/// How long a client may take to hear of it: no transaction waits for long for one that does not read.
const PATIENCE: Duration = Duration::from_secs(1);

/// Runs a call, whose steps are told to the client if it gave a token for that.
pub async fn told<T>(context: &RequestContext<RoleServer>, call: impl Future<Output = T>) -> T {
    let Some(token) = context.meta.get_progress_token() else { return call.await };
    let listener = Listener { peer: context.peer.clone(), token, said: AtomicU32::new(0) };
    LISTENER.scope(listener, call).await
}

/// Says that a step is done.
pub async fn step(done: u32, of: u32, name: &str) {
    super::client_log::step(name).await;
    let Ok(telling) = LISTENER.try_with(|listener| {
        let new = listener.said.fetch_max(done, Ordering::Relaxed) < done;
        new.then(|| (listener.peer.clone(), listener.token.clone()))
    }) else {
        return;
    };
    let Some((peer, token)) = telling else { return };
    let progress = ProgressNotificationParam::new(token, f64::from(done))
        .with_total(f64::from(of))
        .with_message(name);
    match tokio::time::timeout(PATIENCE, peer.notify_progress(progress)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "the client hears nothing of the progress"),
        // It is not asked to listen again.
        Err(_) => LISTENER.with(|listener| listener.said.store(u32::MAX, Ordering::Relaxed)),
    }
}
