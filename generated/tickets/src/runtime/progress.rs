//! How far a call has come, for clients that ask for it.

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RequestContext};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::handle;

tokio::task_local! {
    /// Who hears of the call that runs in this task.
    static LISTENER: Listener;
}

tokio::task_local! {
    /// Who hears of the rows that are read in this task.
    static READER: Listener;
}

#[derive(Clone)]
struct Listener {
    token: ProgressToken,
    said: UnboundedSender<ProgressNotificationParam>,
}

impl Listener {
    /// Says how far the call has come, and waits for nobody.
    fn say(&self, done: u32, of: Option<u32>, message: String) {
        let mut progress = ProgressNotificationParam::new(self.token.clone(), f64::from(done))
            .with_message(message);
        progress.total = of.map(f64::from);
        // A client that is told nothing any more is none to wait for either.
        let _ = self.said.send(progress);
    }
}

/// Rows between two words about them: what a word takes is nothing beside so many rows, in time and
/// in bytes, and what is shorter is there before anybody has read it.
const ROWS: usize = 1000;

/// Runs a call, and tells the client how far it has come if it gave a token for that.
pub async fn told<T>(context: &RequestContext<RoleServer>, call: impl Future<Output = T>) -> T {
    let Some(token) = context.meta.get_progress_token() else { return call.await };
    let (said, words) = unbounded_channel();
    // Nobody else can say something: with the call the words come to their end.
    let call = async move { LISTENER.scope(Listener { token, said }, call).await };
    handle::telling(call, tell(&context.peer, words)).await
}

async fn tell(peer: &Peer<RoleServer>, mut words: UnboundedReceiver<ProgressNotificationParam>) {
    let mut far = 0.0;
    while let Some(word) = words.recv().await {
        // A transaction that runs again says nothing twice.
        if word.progress <= far {
            continue;
        }
        far = word.progress;
        if let Err(error) = peer.notify_progress(word).await {
            tracing::debug!(%error, "the client hears nothing of the progress");
            return;
        }
    }
}

/// Says that a step is done.
pub fn step(done: u32, of: u32, name: &str) {
    let _ = LISTENER.try_with(|listener| listener.say(done, Some(of), name.to_owned()));
}

/// Runs a statement of whose rows the client hears.
pub async fn rows<T>(statement: impl Future<Output = T>) -> T {
    match LISTENER.try_with(Clone::clone) {
        Ok(listener) => READER.scope(listener, statement).await,
        Err(_) => statement.await,
    }
}

/// Says how many rows were read so far, now and then.
pub fn read(rows: usize) {
    if rows.is_multiple_of(ROWS)
        && let Ok(done) = u32::try_from(rows)
    {
        let _ = READER.try_with(|listener| listener.say(done, None, format!("{rows} rows")));
    }
}
