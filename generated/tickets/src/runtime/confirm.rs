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
    CallToolRequestParams, CallToolResponse, ClientCapabilities, ElicitRequest,
    ElicitRequestParams, ElicitResult, ElicitationSchema, ErrorData, InputRequest,
    InputRequiredResult, MetaObject,
};
use rmcp::service::RequestContext;
use serde_json::{Value, json};

use super::answer::is_stateless;
use super::elicit::{self, PATIENCE};
use super::failure::Failure;
use super::secret::{self, Signer};

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
        // With the question, an answer is good for exactly what the person has read.
        let about = json!([call.name, question, call.arguments]);
        let about = super::auth::about(about, context);
        let answer = match (elicit::can_ask(context), is_stateless(context)) {
            (true, true) => self.answer_of(signer, question, call, about)?,
            (true, false) => match elicit::on_session(form(question), context).await? {
                Ok(answer) => Answer::Given(answer),
                Err(failure) => Answer::Refused(failure),
            },
            (false, true) => {
                let needed = ClientCapabilities::builder().enable_elicitation().build();
                return Err(ErrorData::missing_required_client_capability(needed));
            }
            (false, false) => {
                Answer::Refused(elicit::unavailable("the client cannot ask its user"))
            }
        };
        let failure = match answer {
            Answer::Asked(result) => return Ok(Some(result.into())),
            Answer::Given(answer) => elicit::accepted(answer).err(),
            Answer::Refused(failure) => Some(failure),
        };
        Ok(failure.map(|failure| failure.into_result().into()))
    }

    /// The answer that a call brings along, or the question that it is answered with.
    fn answer_of(
        &self,
        signer: &Signer,
        question: String,
        call: &CallToolRequestParams,
        mut about: Value,
    ) -> Result<Answer, ErrorData> {
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
        if !self.redeem(token.ok_or_else(elicit::foreign_state)?) {
            let failure = elicit::invalid("This confirmation was used already, or is too old");
            return Ok(Answer::Refused(failure));
        }
        elicit::answer(answer).map(Answer::Given)
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

/// What became of a question.
enum Answer {
    /// It goes to the client with this result.
    Asked(InputRequiredResult),
    /// The client answered.
    Given(ElicitResult),
    /// There is no answer that counts.
    Refused(Failure),
}

/// What an answer says beside itself.
pub fn meta(response: &mut CallToolResponse) -> Option<&mut Option<MetaObject>> {
    match response {
        CallToolResponse::Complete(result) => Some(&mut result.meta),
        CallToolResponse::InputRequired(result) => Some(&mut result.meta),
        _ => None,
    }
}

/// The question as a form without fields: accepting it is the answer.
fn form(message: String) -> ElicitRequestParams {
    let requested_schema = ElicitationSchema::new(BTreeMap::new());
    ElicitRequestParams::FormElicitationParams { meta: None, message, requested_schema }
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
