//! Asking the person behind a client.

use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{
    ClientResult, ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction, ErrorData,
    ServerRequest,
};
use rmcp::service::{PeerRequestOptions, RequestContext, ServiceError};
use serde_json::Value;

use super::answer::is_stateless;
use super::failure::{Failure, Kind};
use super::handle;

/// How long a person may take. Sessions live longer without a message.
pub const PATIENCE: Duration = Duration::from_secs(4 * 60);

/// Whether the client said that it can show a form, and its answer would come back.
pub fn can_ask(context: &RequestContext<RoleServer>) -> bool {
    let elicitation = context.client_capabilities().and_then(|can| can.elicitation);
    let shows = elicitation.is_some_and(|can| can.form.is_some() || can.url.is_none());
    shows && (super::sessions::hears(context) || is_stateless(context))
}

/// Asks on the session, and waits for the answer.
///
/// # Errors
/// The request that asks was cancelled.
pub async fn on_session(
    question: ElicitRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<Result<ElicitResult, Failure>, ErrorData> {
    let request = ServerRequest::ElicitRequest(ElicitRequest::new(question));
    let options = PeerRequestOptions::no_options();
    let Ok(mut asked) = context.peer.send_cancellable_request(request, options).await else {
        return Ok(Err(unavailable("the client could not be asked")));
    };
    let answer = tokio::select! {
        answer = &mut asked.rx => answer,
        () = tokio::time::sleep(PATIENCE) => {
            // A client that is gone need not hear of it.
            let _ = asked.cancel(Some("nobody answered in time".to_owned())).await;
            return Ok(Err(unavailable("nobody answered in time")));
        }
        () = context.ct.cancelled() => {
            let _ = asked.cancel(Some("the call was cancelled".to_owned())).await;
            return Err(handle::cancelled());
        }
    };
    Ok(match answer {
        Ok(Ok(ClientResult::ElicitResult(answer))) => Ok(answer),
        Ok(Ok(_)) => Err(invalid("What the client answered is no answer to the question")),
        Ok(Err(ServiceError::McpError(error))) => {
            tracing::warn!(%error, "the client refused to ask its user");
            Err(unavailable("the client refused to ask its user"))
        }
        Ok(Err(_)) | Err(_) => Err(unavailable("the client is gone")),
    })
}

/// What the person filled in, when it was accepted.
pub fn accepted(answer: ElicitResult) -> Result<Option<Value>, Failure> {
    match answer.action {
        ElicitationAction::Accept => Ok(answer.content),
        ElicitationAction::Decline => Err(declined("The user declined")),
        _ => Err(declined("The user dismissed the question")),
    }
}

/// The failure when nobody can be asked, or nobody answers.
pub fn unavailable(why: &str) -> Failure {
    let message = format!("A person must be asked first, and {why}; nothing was done.");
    Failure::new(Kind::ConfirmationUnavailable, message)
}

/// The failure when what comes is no answer to the question.
pub fn invalid(why: &str) -> Failure {
    let mut failure = Failure::new(Kind::ConfirmationInvalid, format!("{why}; nothing was done."));
    failure.suggestions = vec!["Call again, so that the user is asked again".to_owned()];
    failure
}

/// The answer that a request brings along.
///
/// # Errors
/// It is none.
pub fn answer(answer: &Value) -> Result<ElicitResult, ErrorData> {
    serde_json::from_value(answer.clone())
        .map_err(|_| refused("inputResponses holds what is no answer to the question"))
}

/// The error for a state that this server did not give.
pub fn foreign_state() -> ErrorData {
    refused("requestState is not one that this server gave for this call")
}

/// The error for what no client brings along that keeps to the protocol.
fn refused(why: &'static str) -> ErrorData {
    let data = serde_json::json!({ "type": Kind::ConfirmationInvalid });
    ErrorData::invalid_params(format!("{why}; nothing was done"), Some(data))
}

fn declined(why: &str) -> Failure {
    Failure::new(Kind::ConfirmationDeclined, format!("{why}; nothing was done."))
}
