//! What clients hear of their calls, as log messages of the protocol. In revisions with a handshake a
//! client sets a level once; from 2026-07-28 on, where they are deprecated, a request asks for them.

#![expect(deprecated, reason = "clients have log messages up to 2026-07-28")]

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, Instant};

use rmcp::RoleServer;
use rmcp::model::{
    CallToolResult, ErrorData, LoggingLevel, LoggingMessageNotificationParam, SetLevelRequestMethod,
};
use rmcp::service::{Peer, RequestContext};
use serde_json::{Value, json};

use super::answer::is_stateless;
use super::sessions;

tokio::task_local! {
    /// Who hears of the call that runs in this task.
    static LISTENER: Listener;
}

struct Listener {
    peer: Peer<RoleServer>,
    tool: String,
    /// What is less severe is not said.
    least: u8,
    /// A client that did not hear in time hears nothing more of this call.
    deaf: AtomicBool,
}

/// How long a client may take to hear of something: no transaction waits for one that does not read.
const PATIENCE: Duration = Duration::from_secs(1);

/// The least severe that a client wants to hear. A copy is another client, which said nothing yet.
#[derive(Debug)]
pub struct Level(AtomicU8);

impl Default for Level {
    fn default() -> Self {
        Self(AtomicU8::new(LoggingLevel::Info as u8))
    }
}

impl Clone for Level {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Level {
    /// Sets it.
    ///
    /// # Errors
    /// The request is of a revision that has no such method.
    pub fn set(
        &self,
        level: LoggingLevel,
        context: &RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        if is_stateless(context) {
            return Err(ErrorData::method_not_found::<SetLevelRequestMethod>());
        }
        self.0.store(level as u8, Ordering::Relaxed);
        Ok(())
    }

    /// Runs a call of a tool, and tells the client of its beginning, its steps and its end.
    pub async fn told(
        &self,
        context: &RequestContext<RoleServer>,
        tool: &str,
        call: impl Future<Output = CallToolResult>,
    ) -> CallToolResult {
        let least = match is_stateless(context) {
            true => context.meta.log_level().map(|level| level as u8),
            false => sessions::hears(context).then(|| self.0.load(Ordering::Relaxed)),
        };
        let Some(least) = least else { return call.await };
        let (peer, tool) = (context.peer.clone(), tool.to_owned());
        let listener = Listener { peer, tool, least, deaf: AtomicBool::new(false) };
        let call = async {
            say(LoggingLevel::Debug, json!({ "message": "the call begins" })).await;
            let begun = Instant::now();
            let result = call.await;
            let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            let failure =
                result.structured_content.as_ref().filter(|_| result.is_error == Some(true));
            match failure {
                Some(failure) => {
                    let (kind, id) = (&failure["type"], &failure["request_id"]);
                    let data = json!({
                        "message": "the call failed", "milliseconds": milliseconds,
                        "type": kind, "request_id": id,
                    });
                    say(LoggingLevel::Warning, data).await;
                }
                None => {
                    let data = json!({
                        "message": "the call is answered", "milliseconds": milliseconds,
                    });
                    say(LoggingLevel::Info, data).await;
                }
            }
            result
        };
        LISTENER.scope(listener, call).await
    }
}

/// Says that a step is done.
pub async fn step(name: &str) {
    say(LoggingLevel::Info, json!({ "message": "a step is done", "step": name })).await;
}

async fn say(level: LoggingLevel, mut data: Value) {
    let Ok(Some(peer)) = LISTENER.try_with(|listener| {
        data["tool"] = listener.tool.as_str().into();
        let hears = level as u8 >= listener.least && !listener.deaf.load(Ordering::Relaxed);
        hears.then(|| listener.peer.clone())
    }) else {
        return;
    };
    let message = LoggingMessageNotificationParam::new(level, data);
    match tokio::time::timeout(PATIENCE, peer.notify_logging_message(message)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "the client hears no log message"),
        Err(_) => LISTENER.with(|listener| listener.deaf.store(true, Ordering::Relaxed)),
    }
}
