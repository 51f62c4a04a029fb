//! Asking the person before a call runs.
//!
//! A client of 2026-07-28 gets the question as the result of its call, and calls again with the answer
//! and the state that it was given: signed for this tool, this question and these arguments, for a
//! few minutes, once. Clients of older revisions are asked by a request of the server on their
//! session, while the call waits. Neither holds anything of the database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ClientCapabilities, ClientResult, ElicitRequest,
    ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationSchema, ErrorData,
    InputRequest, InputRequiredResult, ProtocolVersion, ServerRequest,
};
use rmcp::service::{PeerRequestOptions, RequestContext, ServiceError};
use serde_json::json;

use super::failure::{Failure, Kind};
use super::secret::{self, Signer};

/// How long a person may take. Sessions live longer without a message.
const PATIENCE: Duration = Duration::from_secs(4 * 60);

/// What states are signed for.
const PURPOSE: &str = "confirmation";

/// The key of the question among the requests for input.
const KEY: &str = "confirm";

/// Most states that are remembered as used.
const MOST: usize = 100_000;

/// When it expires, in milliseconds and the first byte the highest, and 16 bytes that nobody guesses:
/// sorted, those that expire first come first.
type Token = [u8; 24];

/// The answers that were used up. A state is good once, in this process: other replicas do not know.
#[derive(Debug)]
pub struct Confirmations(Mutex<Used>);

#[derive(Debug)]
struct Used {
    tokens: BTreeSet<Token>,
    /// The last token that is not remembered any more: none up to it is taken.
    forgotten: Token,
}

impl Confirmations {
    /// Takes no answer to a question that was asked before now: it could have been used already, in
    /// the process that was here before.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        let forgotten = token(now().saturating_add(PATIENCE), [0; 16]);
        Self(Mutex::new(Used { tokens: BTreeSet::new(), forgotten }))
    }

    /// Asks before a call. None when the call may run; otherwise what it is answered with.
    ///
    /// # Errors
    /// A client of 2026-07-28 does not say that it can ask, or the call was cancelled.
    pub async fn ask(
        &self,
        signer: &Signer,
        question: Result<String, Failure>,
        call: &CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<Option<CallToolResponse>, ErrorData> {
        let question = match question {
            Ok(question) => question,
            Err(failure) => return Ok(Some(failure.into_result().into())),
        };
        let by_request = context.protocol_version() >= Some(ProtocolVersion::V_2026_07_28);
        let answer = match (can_ask(context), by_request) {
            (true, true) => match self.answer_of(signer, question, call) {
                Ok(Answer::Asked(result)) => return Ok(Some(result.into())),
                Ok(Answer::Given(answer)) => Ok(answer),
                Err(failure) => Err(failure),
            },
            (true, false) => on_session(question, context).await?,
            (false, true) => {
                let needed = ClientCapabilities::builder().enable_elicitation().build();
                return Err(ErrorData::missing_required_client_capability(needed));
            }
            (false, false) => Err(unavailable("the client cannot ask its user")),
        };
        let accepted = answer.and_then(|answer| match answer.action {
            ElicitationAction::Accept => Ok(()),
            ElicitationAction::Decline => Err(declined("The user declined")),
            _ => Err(declined("The user dismissed the question")),
        });
        Ok(accepted.err().map(|failure| failure.into_result().into()))
    }

    /// The answer that a call brings along, or the question that it is answered with.
    fn answer_of(
        &self,
        signer: &Signer,
        question: String,
        call: &CallToolRequestParams,
    ) -> Result<Answer, Failure> {
        // With the question, an answer is good for exactly what the person has read.
        let mut about = json!([call.name, question, call.arguments]);
        about.sort_all_objects();
        let about = about.to_string();
        let answer = call.input_responses.as_ref().and_then(|answers| answers.get(KEY));
        let (Some(state), Some(answer)) = (&call.request_state, answer) else {
            let state = token(now().saturating_add(PATIENCE), secret::random());
            let state = signer.sign(PURPOSE, &about, &state);
            let request = InputRequest::Elicitation(ElicitRequest::new(form(question)));
            let requests = BTreeMap::from([(KEY.to_owned(), request)]);
            return Ok(Answer::Asked(InputRequiredResult::new(Some(requests), Some(state))));
        };
        let token = signer.open(PURPOSE, &about, state).and_then(|token| token.try_into().ok());
        if !token.is_some_and(|token| self.redeem(token)) {
            return Err(invalid(
                "This confirmation was used, is too old, or was given for another call",
            ));
        }
        serde_json::from_value(answer.clone()).map(Answer::Given).map_err(|_| nonsense())
    }

    /// Whether a token is good: it is from now on used up.
    fn redeem(&self, token: Token) -> bool {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let expired = self::token(now(), [0; 16]);
        while let Some(&first) = used.tokens.first()
            && (first < expired || used.tokens.len() >= MOST)
        {
            // Whatever the clock of the system does, it is not taken again.
            used.forgotten = used.forgotten.max(first);
            used.tokens.pop_first();
        }
        token >= expired && token > used.forgotten && used.tokens.insert(token)
    }
}

/// What a call brings along.
enum Answer {
    /// No answer: this is the question.
    Asked(InputRequiredResult),
    Given(ElicitResult),
}

/// Whether the client said that it can show a form, and whether its answer would come back.
fn can_ask(context: &RequestContext<RoleServer>) -> bool {
    let elicitation = context.client_capabilities().and_then(|can| can.elicitation);
    elicitation.is_some_and(|elicitation| elicitation.form.is_some() || elicitation.url.is_none())
}

/// Asks by a request of the server, and waits for the answer.
async fn on_session(
    question: String,
    context: &RequestContext<RoleServer>,
) -> Result<Result<ElicitResult, Failure>, ErrorData> {
    let request = ServerRequest::ElicitRequest(ElicitRequest::new(form(question)));
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
            return Err(ErrorData::internal_error("the call was cancelled", None));
        }
    };
    Ok(match answer {
        Ok(Ok(ClientResult::ElicitResult(answer))) => Ok(answer),
        Ok(Ok(_)) => Err(nonsense()),
        Ok(Err(ServiceError::McpError(error))) => {
            tracing::warn!(%error, "the client refused to ask its user");
            Err(unavailable("the client refused to ask its user"))
        }
        Ok(Err(_)) | Err(_) => Err(unavailable("the client is gone")),
    })
}

/// The question as a form without fields: accepting it is the answer.
fn form(message: String) -> ElicitRequestParams {
    let requested_schema = ElicitationSchema::new(BTreeMap::new());
    ElicitRequestParams::FormElicitationParams { meta: None, message, requested_schema }
}

fn declined(why: &str) -> Failure {
    Failure::new(Kind::ConfirmationDeclined, format!("{why}; nothing was done."))
}

fn unavailable(why: &str) -> Failure {
    let message = format!("This tool asks a person before it runs, and {why}; nothing was done.");
    Failure::new(Kind::ConfirmationUnavailable, message)
}

fn invalid(why: &str) -> Failure {
    let mut failure = Failure::new(Kind::ConfirmationInvalid, format!("{why}; nothing was done."));
    failure.suggestions = vec!["Call the tool again, so that the user is asked again".to_owned()];
    failure
}

fn nonsense() -> Failure {
    invalid("What the client answered is no answer to the question")
}

fn token(expires: Duration, random: [u8; 16]) -> Token {
    let millis = u64::try_from(expires.as_millis()).unwrap_or(u64::MAX);
    let mut token = [0; 24];
    token[..8].copy_from_slice(&millis.to_be_bytes());
    token[8..].copy_from_slice(&random);
    token
}

/// Since 1970.
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
