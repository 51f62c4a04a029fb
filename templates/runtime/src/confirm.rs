//! Asking the person before a call runs.
//!
//! A client of 2026-07-28 gets the question as the result of its call, and calls again with the answer
//! and the state that it was given: signed for this tool, this question and these arguments, for a
//! few minutes, once. Clients of older revisions are asked by a request of the server on their
//! session, while the call waits. Neither holds anything of the database.

use std::collections::BTreeMap;
#[cfg(feature = "once-shared")]
use std::sync::Arc;

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ClientCapabilities, ElicitRequest,
    ElicitRequestParams, ElicitResult, ElicitationSchema, ErrorData, InputRequest,
    InputRequiredResult, MetaObject,
};
use rmcp::service::RequestContext;
use serde_json::{Value, json};

use super::answer::is_stateless;
use super::elicit;
use super::failure::Failure;
use super::once::Once;
use super::secret::Signer;
#[cfg(feature = "once-shared")]
use super::shared::Redis;

/// What states are signed for.
const PURPOSE: &str = "confirmation";

/// The key of the question among the requests for input.
const KEY: &str = "confirm";

/// What was confirmed, and cannot be used again.
#[derive(Debug)]
pub struct Confirmations(Once);

impl Confirmations {
    /// What was confirmed is known to this process. Other replicas do not know.
    #[cfg(feature = "once-here")]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Once::here())
    }

    /// What was confirmed is known to all replicas.
    #[cfg(feature = "once-shared")]
    pub fn shared(redis: &Arc<Redis>) -> Self {
        Self(Once::shared(redis))
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
        #[cfg(feature = "auth")]
        let about = super::auth::about(about, context);
        let answer = match (elicit::can_ask(context), is_stateless(context)) {
            (true, true) => self.answer_of(signer, question, call, about).await?,
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
    async fn answer_of(
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
            let token = match self.0.mint().await {
                Ok(token) => token,
                Err(failure) => return Ok(Answer::Refused(failure)),
            };
            let state = signer.sign(PURPOSE, &about, &token);
            let request = InputRequest::Elicitation(ElicitRequest::new(form(question)));
            let requests = BTreeMap::from([(KEY.to_owned(), request)]);
            return Ok(Answer::Asked(InputRequiredResult::new(Some(requests), Some(state))));
        };
        let token = signer.open(PURPOSE, &about, state).and_then(|token| token.try_into().ok());
        match self.0.redeem(token.ok_or_else(elicit::foreign_state)?).await {
            Ok(true) => elicit::answer(answer).map(Answer::Given),
            Ok(false) => {
                let why = "This confirmation was used already, or is too old";
                Ok(Answer::Refused(elicit::invalid(why)))
            }
            Err(failure) => Ok(Answer::Refused(failure)),
        }
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
