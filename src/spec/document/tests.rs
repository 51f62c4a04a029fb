//! Tests of the generated crate.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// Tests of the generated crate.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tests {
    /// An SQL file, relative to the spec, that runs before each case.
    pub seed: Option<String>,
    /// What the token of whoever does it says, by claim, where a case does not say it.
    #[serde(default)]
    pub claims: IndexMap<String, Value>,
    /// The cases, each in a database of its own.
    #[serde(default)]
    pub cases: Vec<Case>,
}

/// One test: a single action, or `steps`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows; unique.
    pub name: String,
    /// An SQL file that runs after `tests.seed`.
    pub seed: Option<String>,
    /// Who does it: `{ scopes: [NAME] }`, or `nobody`. Default: somebody who may do everything.
    #[serde(rename = "as")]
    pub caller: Option<Identity>,
    /// Several actions, one after the other, in one database.
    #[serde(default)]
    pub steps: Vec<Action>,
    /// The single action's tool.
    pub call: Option<String>,
    /// The single action's resource URI.
    pub read: Option<String>,
    /// The single action's prompt.
    pub prompt: Option<String>,
    /// The single action's arguments.
    #[serde(default)]
    pub with: IndexMap<String, Value>,
    /// What the client says when the single action's tool asks.
    pub confirm: Option<Reply>,
    /// What the client answers to the forms of the single action's tool or prompt.
    pub answer: Option<Answer>,
    /// A subset of the result.
    pub expect: Option<Value>,
    /// A part of the text.
    pub text: Option<String>,
    /// A subset of the blocks of a tool's answer, as the protocol has them.
    pub content: Option<Vec<Value>>,
    /// The error that is expected.
    pub error: Option<ExpectedError>,
    /// URIs that a client is subscribed to, and whether it hears of a change.
    #[serde(default)]
    pub updates: IndexMap<String, bool>,
}

/// Who a test is.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Identity {
    /// A caller who is not known.
    Word(Nobody),
    /// A caller who is known.
    Known(Known),
}

/// A caller who is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Nobody {
    /// Without a key and without a token.
    Nobody,
}

/// A caller who is known.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// What it may do.
    pub scopes: Vec<String>,
    /// What its token says, by claim, and nothing else. Default: `tests.claims`.
    pub claims: Option<IndexMap<String, Value>>,
}

/// One action of a test. Exactly one of `call`, `read` and `prompt`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// A tool.
    pub call: Option<String>,
    /// A resource's URI.
    pub read: Option<String>,
    /// A prompt.
    pub prompt: Option<String>,
    /// Arguments.
    #[serde(default)]
    pub with: IndexMap<String, Value>,
    /// What the client says when the tool asks.
    pub confirm: Option<Reply>,
    /// What the client answers to the forms of the tool or prompt.
    pub answer: Option<Answer>,
    /// A subset of the result.
    pub expect: Option<Value>,
    /// A part of the text.
    pub text: Option<String>,
    /// A subset of the blocks of a tool's answer, as the protocol has them.
    pub content: Option<Vec<Value>>,
    /// The error that is expected.
    pub error: Option<ExpectedError>,
}

/// What a client says when a tool asks for a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reply {
    /// The person accepts.
    Accept,
    /// The person declines.
    Decline,
    /// The person dismisses the question.
    Cancel,
    /// The client cannot ask.
    Unsupported,
}

impl From<Reply> for crate::ir::Reply {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Accept => Self::Accept,
            Reply::Decline => Self::Decline,
            Reply::Cancel => Self::Cancel,
            Reply::Unsupported => Self::Unsupported,
        }
    }
}

/// What a client answers to forms.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Answer {
    /// The client cannot show them.
    Client(Unable),
    /// What the person makes of each form, by its name.
    Person(IndexMap<String, Filled>),
}

/// A client that cannot show forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unable {
    /// It cannot ask.
    Unsupported,
}

/// What a person makes of a form.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Filled {
    /// The person does not fill it in.
    Refused(Refusal),
    /// What is filled in, by params.
    In(IndexMap<String, Value>),
}

/// How a person does not fill in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Refusal {
    /// The person declines.
    Decline,
    /// The person dismisses the form.
    Cancel,
}

/// An error that a test expects.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectedError {
    /// The type, as INVALID_ARGUMENTS.
    #[serde(rename = "type")]
    pub kind: String,
    /// A part of the message.
    pub message: Option<String>,
}
