//! The prompt `uri`.

use rmcp::model::{GetPromptResult, PromptMessage};
use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{input, template};
use crate::server::Shared;
use crate::types;

/// Message 1.
static MESSAGE_1: template::Template = template::Template::new(
    "{{ id }} {{ kind }} {{ odd }} {{ ready }}",
);

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// `kind`.
    pub kind: Option<Kind>,
    /// `odd`.
    pub odd: Option<types::Odd>,
    /// `ready`.
    pub ready: Option<bool>,
    /// `id`.
    pub id: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let kind = fields.optional("kind", |input| Ok(input.choice(&Kind::ALL)?.value));
        let odd = fields.optional("odd", |input| Ok(types::odd(input)?.value));
        let ready = fields.optional("ready", |input| Ok(input.boolean()?.value));
        let id = fields.required("id", |input| Ok(input.integer()?.value));
        fields
            .finish(|| Some(Self {
                kind: kind?,
                odd: odd?,
                ready: ready?,
                id: id?,
            }))
    }
}

/// `kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Kind {
    /// `a`.
    #[serde(rename = "a")]
    A,
    /// `b`.
    #[serde(rename = "b")]
    B,
    /// `self`.
    #[serde(rename = "self")]
    Self_,
}

impl Kind {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 3] = [
        ("a", Self::A),
        ("b", Self::B),
        ("self", Self::Self_),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
            Self::Self_ => "self",
        }
    }
}

/// A prompt called like a resource, whose arguments depend on each other.
pub async fn get(
    _shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let variables = &params;
    let messages = Vec::from([
        PromptMessage::new_text(rmcp::model::Role::User, MESSAGE_1.render(variables)?),
    ]);
    Ok(
        GetPromptResult::new(messages)
            .with_description(
                "A prompt called like a resource, whose arguments depend on each other.",
            ),
    )
}
