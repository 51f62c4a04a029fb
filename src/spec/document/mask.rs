//! Columns that callers see a part of, or nothing.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

/// What is shown of a column: always, or to those who lack scopes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Mask {
    /// For all callers.
    Always(MaskKind),
    /// For callers who lack one of some scopes.
    Unless(MaskUnless),
}

/// What is shown of a column to callers who lack one of some scopes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaskUnless {
    /// What they see.
    #[serde(rename = "as")]
    pub kind: MaskKind,
    /// Who has all of these scopes sees the value.
    pub unless: Vec<String>,
}

/// What is shown in the place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaskKind {
    /// Its first character, and the domain.
    Email,
    /// Its last four characters.
    Last4,
    /// A digest of it.
    Hash,
    /// Nothing.
    Null,
}

/// YAML reads `null` as no value; it is one here.
impl<'de> Deserialize<'de> for MaskKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = Option::<Cow<'_, str>>::deserialize(deserializer)?;
        match word.as_deref() {
            Some("email") => Ok(Self::Email),
            Some("last4") => Ok(Self::Last4),
            Some("hash") => Ok(Self::Hash),
            None | Some("null") => Ok(Self::Null),
            Some(_) => Err(serde::de::Error::custom("a mask is email, last4, hash or null")),
        }
    }
}

impl JsonSchema for MaskKind {
    fn schema_name() -> Cow<'static, str> {
        "MaskKind".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "What is shown in the place of a value.",
            "enum": ["email", "last4", "hash", "null", null],
        })
    }
}
