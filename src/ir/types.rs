//! Types of params and what may be said about them.

use std::sync::Arc;

use serde_json::Value;

use super::{Constraint, Ident};

/// A param, or a property of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its name; the field's name in Rust.
    pub ident: Ident,
    /// Name for people.
    pub title: Option<String>,
    /// What it means, with what `clamp` does added.
    pub description: Option<String>,
    /// Values that show what is meant.
    pub examples: Vec<Value>,
    /// Its type.
    pub ty: Type,
    /// Whether it must be given.
    pub presence: Presence,
    /// Whether `null` is a value.
    pub nullable: bool,
    /// Pulls a number into range.
    pub clamp: Option<Clamp>,
    /// Over HTTP its value comes in the header `Mcp-Param-…` of this name as well.
    pub header: Option<String>,
    /// Its value stands in no log, no audit and no message.
    pub sensitive: bool,
    /// The claim of the caller that it is; none where clients give it.
    pub claim: Option<String>,
}

impl Param {
    /// Whether a call can go without a value for it.
    #[must_use]
    pub fn optional(&self) -> bool {
        matches!(self.presence, Presence::Optional)
    }

    /// Whether it is sensitive, or something within it is.
    #[must_use]
    pub fn holds_sensitive(&self) -> bool {
        self.sensitive || self.ty.holds_sensitive()
    }
}

/// Whether a param must be given.
#[derive(Debug, Clone, PartialEq)]
pub enum Presence {
    /// The client must give it.
    Required,
    /// The client may leave it out.
    Optional,
    /// This value is taken when the client leaves it out. Valid for the type.
    Default(Value),
}

/// The range that a number is pulled into; at least one end is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Clamp {
    /// Lesser values become this.
    pub minimum: Option<super::Scalar>,
    /// Greater values become this.
    pub maximum: Option<super::Scalar>,
}

/// A type with its constraints.
#[derive(Debug, Clone, PartialEq)]
pub struct Type {
    /// What kind of value.
    pub kind: Kind,
    /// What the value must keep to, in the order of the language page.
    pub constraints: Vec<Constraint>,
}

/// What kind of value.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Text: `String`.
    Text,
    /// A whole number: `i64`.
    Integer,
    /// A whole number without a sign: `u64`.
    Unsigned,
    /// A finite number: `f64`.
    Number,
    /// True or false: `bool`.
    Boolean,
    /// A date: `YYYY-MM-DD`.
    Date,
    /// A time of day: `HH:MM:SS`, with a fraction or without.
    Time,
    /// A moment, RFC 3339.
    DateTime,
    /// A UUID, hyphenated.
    Uuid,
    /// An exact number in a string.
    Decimal,
    /// Bytes, base64 in JSON.
    Bytes,
    /// As a param: a string that holds JSON. As a column: any JSON value.
    Json,
    /// One of a few strings: a Rust enum.
    Choice(ChoiceType),
    /// A list.
    Array(Box<Type>),
    /// An object with named properties: a Rust struct.
    Object(ObjectType),
    /// A named type. Constraints beside it are added to its own.
    Named(Arc<NamedType>),
}

impl Type {
    /// The kind behind any named type.
    #[must_use]
    pub fn resolved(&self) -> &Kind {
        match &self.kind {
            Kind::Named(named) => named.ty.resolved(),
            Kind::Text
            | Kind::Integer
            | Kind::Unsigned
            | Kind::Number
            | Kind::Boolean
            | Kind::Date
            | Kind::Time
            | Kind::DateTime
            | Kind::Uuid
            | Kind::Decimal
            | Kind::Bytes
            | Kind::Json
            | Kind::Choice(_)
            | Kind::Array(_)
            | Kind::Object(_) => &self.kind,
        }
    }

    /// Whether every value of the type is sensitive, wherever it stands.
    #[must_use]
    pub fn sensitive(&self) -> bool {
        match &self.kind {
            Kind::Named(named) => named.sensitive || named.ty.sensitive(),
            Kind::Array(item) => item.sensitive(),
            _ => false,
        }
    }

    /// Whether a value of the type is sensitive, or something within it is.
    #[must_use]
    pub fn holds_sensitive(&self) -> bool {
        self.sensitive()
            || match self.resolved() {
                Kind::Array(item) => item.holds_sensitive(),
                Kind::Object(object) => object.properties.iter().any(Param::holds_sensitive),
                _ => false,
            }
    }

    /// Its own constraints after those of the named types behind it.
    #[must_use]
    pub fn all_constraints(&self) -> Vec<&Constraint> {
        let mut all = match &self.kind {
            Kind::Named(named) => named.ty.all_constraints(),
            _ => Vec::new(),
        };
        all.extend(&self.constraints);
        all
    }
}

/// A named type.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedType {
    /// Its name.
    pub ident: Ident,
    /// Name for people.
    pub title: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// Values that show what is meant.
    pub examples: Vec<Value>,
    /// The type.
    pub ty: Type,
    /// Its values stand in no log, no audit and no message.
    pub sensitive: bool,
}

/// One of a few strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceType {
    /// Name of the Rust enum, unique in its module.
    pub ident: Ident,
    /// The values, at least one, no two alike in Rust.
    pub choices: Vec<Choice>,
    /// Whether forms show titles as revisions before 2025-11-25 have them.
    pub named: bool,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The value; `pascal` is the variant's name, `wire` the string.
    pub ident: Ident,
    /// What people read for it.
    pub title: Option<String>,
}

/// An object with named properties.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectType {
    /// Name of the Rust struct, unique in its module.
    pub ident: Ident,
    /// Properties in order, at least one.
    pub properties: Vec<Param>,
    /// What to do with other properties.
    pub unknown: UnknownRule,
}

/// What to do with what is not declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownRule {
    /// Refuse it by name.
    Refuse,
    /// Drop it.
    Ignore,
}
