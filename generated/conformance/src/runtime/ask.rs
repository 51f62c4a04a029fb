//! Asking a person for what a client left out of its request.

use std::collections::BTreeMap;

use rmcp::RoleServer;
use rmcp::model::{
    ElicitRequest, ElicitRequestParams, ErrorData, InputRequest, InputRequiredResult,
    InputResponses,
};
use rmcp::service::RequestContext;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::is_stateless;
use super::elicit;
use super::failure::Failure;
use super::input::Arguments;
use super::secret::Signer;

/// What states are signed for.
const PURPOSE: &str = "forms";

/// What a person is asked for at a time.
#[derive(Debug)]
pub struct Form {
    /// Its key among the requests for input.
    pub name: &'static str,
    /// What the person reads.
    pub message: &'static str,
    /// What can be filled in, as JSON.
    pub schema: &'static str,
    /// The params that it asks for.
    pub params: &'static [&'static str],
}

/// What became of a request.
#[derive(Debug)]
pub enum Filled {
    /// Its arguments are what they can be.
    Whole,
    /// The client is asked by this result.
    Asked(InputRequiredResult),
    /// The person gave no answer.
    Refused(Failure),
}

/// What earlier rounds came to.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Progress {
    /// How many forms are done with.
    forms: usize,
    /// What was filled in.
    answers: Arguments,
}

/// Asks for the arguments that are missing, form by form, and adds them. They are read like all others
/// afterwards. A client that cannot ask has to give them itself.
///
/// # Errors
/// The request brings along what is no answer, or it was cancelled.
pub async fn fill(
    forms: &[Form],
    name: &str,
    arguments: &mut Option<Arguments>,
    (responses, state): (Option<&InputResponses>, Option<&str>),
    signer: &Signer,
    context: &RequestContext<RoleServer>,
) -> Result<Filled, ErrorData> {
    let given = arguments.get_or_insert_default();
    let asks = |form: &Form| form.params.iter().any(|param| is_missing(given, param));
    if !forms.iter().any(asks) || !elicit::can_ask(context) {
        return Ok(Filled::Whole);
    }
    let about = json!([name, given]);
    let mut about = about;
    about.sort_all_objects();
    let about = about.to_string();
    let mut progress = match state {
        None => Progress::default(),
        Some(state) => {
            let opened = signer.open(PURPOSE, &about, state);
            let progress = opened.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            progress.ok_or_else(elicit::foreign_state)?
        }
    };
    for (n, form) in forms.iter().enumerate().skip(progress.forms) {
        if !asks(form) {
            continue;
        }
        // Without a session the result asks, and the client comes again with the answer.
        let answer = if is_stateless(context) {
            let Some(answer) = responses.and_then(|answers| answers.get(form.name)) else {
                progress.forms = n;
                return form.asked(&progress, &about, signer).map(Filled::Asked);
            };
            Ok(elicit::answer(answer)?)
        } else {
            let schema = form.schema()?;
            let schema = spoken(schema, context);
            elicit::on_session(form.question(schema)?, context).await?
        };
        let content = match answer.and_then(elicit::accepted) {
            Ok(content) => content.unwrap_or_default(),
            Err(failure) => return Ok(Filled::Refused(failure)),
        };
        for param in form.params {
            if let Some(value) = content.get(param)
                && is_missing(given, param)
            {
                progress.answers.insert((*param).to_owned(), value.clone());
            }
        }
        progress.forms = n + 1;
    }
    given.extend(progress.answers);
    Ok(Filled::Whole)
}

fn is_missing(given: &Arguments, param: &str) -> bool {
    given.get(param).is_none_or(Value::is_null)
}

/// The schema of a form as the client's revision has it: before 2025-11-25, titles of values stood
/// beside them.
fn spoken(mut schema: Value, context: &RequestContext<RoleServer>) -> Value {
    if context.protocol_version() >= Some(rmcp::model::ProtocolVersion::V_2025_11_25) {
        return schema;
    }
    let properties = schema["properties"].as_object_mut().into_iter().flatten();
    for (_, property) in properties {
        if let Some(Value::Array(values)) =
            property.as_object_mut().and_then(|it| it.remove("oneOf"))
        {
            let all = |keyword: &str| values.iter().map(|value| value[keyword].clone()).collect();
            (property["enum"], property["enumNames"]) = (all("const"), all("title"));
        }
    }
    schema
}

impl Form {
    fn schema(&self) -> Result<Value, ErrorData> {
        serde_json::from_str(self.schema).map_err(|error| ErrorData::from(Failure::unknown(&error)))
    }

    fn question(&self, schema: Value) -> Result<ElicitRequestParams, ErrorData> {
        let requested_schema = serde_json::from_value(schema)
            .map_err(|error| ErrorData::from(Failure::unknown(&error)))?;
        let message = self.message.to_owned();
        Ok(ElicitRequestParams::FormElicitationParams { meta: None, message, requested_schema })
    }

    fn asked(
        &self,
        progress: &Progress,
        about: &str,
        signer: &Signer,
    ) -> Result<InputRequiredResult, ErrorData> {
        let state = serde_json::to_vec(progress)
            .map_err(|error| ErrorData::from(Failure::unknown(&error)))?;
        let state = signer.sign(PURPOSE, about, &state);
        let request = InputRequest::Elicitation(ElicitRequest::new(self.question(self.schema()?)?));
        let requests = BTreeMap::from([(self.name.to_owned(), request)]);
        Ok(InputRequiredResult::new(Some(requests), Some(state)))
    }
}
