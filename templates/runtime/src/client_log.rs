//! What clients hear of their calls, as log messages of the protocol. In revisions with a handshake a
//! client sets a level once; from 2026-07-28 on, where they are deprecated, a request asks for them.

#![expect(deprecated, reason = "clients have log messages up to 2026-07-28")]

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

use rmcp::RoleServer;
use rmcp::model::{
    CallToolResult, ErrorData, LoggingLevel, LoggingMessageNotificationParam, SetLevelRequestMethod,
};
use rmcp::service::{Peer, RequestContext};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::answer::is_stateless;
use super::{handle, sessions};

tokio::task_local! {
    /// Who hears of the call that runs in this task.
    static LISTENER: Listener;
}

struct Listener {
    tool: String,
    /// What is less severe is not said.
    least: u8,
    said: UnboundedSender<LoggingMessageNotificationParam>,
}

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
        let (said, words) = unbounded_channel();
        let listener = Listener { tool: tool.to_owned(), least, said };
        let call = async {
            say(LoggingLevel::Debug, json!({ "message": "the call begins" }));
            let begun = Instant::now();
            let result = call.await;
            let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            let failure = result.structured_content.as_ref();
            match failure.filter(|_| result.is_error == Some(true)) {
                Some(failure) => say(
                    LoggingLevel::Warning,
                    json!({
                        "message": "the call failed", "milliseconds": milliseconds,
                        "type": failure["type"], "request_id": failure["request_id"],
                    }),
                ),
                None => say(
                    LoggingLevel::Info,
                    json!({ "message": "the call is answered", "milliseconds": milliseconds }),
                ),
            }
            result
        };
        // Nobody else can say something: with the call the words come to their end.
        let call = async move { LISTENER.scope(listener, call).await };
        handle::telling(call, tell(&context.peer, words)).await
    }
}

async fn tell(
    peer: &Peer<RoleServer>,
    mut words: UnboundedReceiver<LoggingMessageNotificationParam>,
) {
    while let Some(word) = words.recv().await {
        if let Err(error) = peer.notify_logging_message(word).await {
            tracing::debug!(%error, "the client hears no log message");
            return;
        }
    }
}

/// Says that a step is done.
#[cfg(feature = "step-progress")]
pub fn step(name: &str) {
    say(LoggingLevel::Info, json!({ "message": "a step is done", "step": name }));
}

fn say(level: LoggingLevel, mut data: Value) {
    let _ = LISTENER.try_with(|listener| {
        if level as u8 >= listener.least {
            data["tool"] = listener.tool.as_str().into();
            // A client that is told nothing any more is none to wait for either.
            let _ = listener.said.send(LoggingMessageNotificationParam::new(level, data));
        }
    });
}
