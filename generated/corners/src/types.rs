//! Types that several params share.

use serde::Serialize;

use crate::runtime::input;

/// Reads the type `Alias`.
pub fn alias(input: input::Input) -> input::Read<input::Checked<String>> {
    word(input)
}

/// Reads the type `Word`.
pub fn word(input: input::Input) -> input::Read<input::Checked<String>> {
    input.text()?.min_length(1)?.max_length(40)
}

/// `Odd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Odd {
    /// `self`.
    #[serde(rename = "self")]
    Self_,
    /// `Self`.
    #[serde(rename = "Self")]
    Self2,
    /// `none`.
    #[serde(rename = "none")]
    None,
    /// `None`.
    #[serde(rename = "None")]
    None2,
    /// ``.
    #[serde(rename = "")]
    Value5,
    /// `1`.
    #[serde(rename = "1")]
    N1,
    /// `a b`.
    #[serde(rename = "a b")]
    AB,
    /// `a-b`.
    #[serde(rename = "a-b")]
    AB2,
    /// `+`.
    #[serde(rename = "+")]
    Value9,
    /// `value_9`.
    #[serde(rename = "value_9")]
    Value92,
    /// `fn`.
    #[serde(rename = "fn")]
    Fn,
}

impl Odd {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 11] = [
        ("self", Self::Self_),
        ("Self", Self::Self2),
        ("none", Self::None),
        ("None", Self::None2),
        ("", Self::Value5),
        ("1", Self::N1),
        ("a b", Self::AB),
        ("a-b", Self::AB2),
        ("+", Self::Value9),
        ("value_9", Self::Value92),
        ("fn", Self::Fn),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Self_ => "self",
            Self::Self2 => "Self",
            Self::None => "none",
            Self::None2 => "None",
            Self::Value5 => "",
            Self::N1 => "1",
            Self::AB => "a b",
            Self::AB2 => "a-b",
            Self::Value9 => "+",
            Self::Value92 => "value_9",
            Self::Fn => "fn",
        }
    }
}

/// Reads the type `Odd`.
pub fn odd(input: input::Input) -> input::Read<input::Checked<Odd>> {
    input.choice(&Odd::ALL)
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// `x`.
    pub x: f64,
    /// `y`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
}

impl Point {
    /// Reads the members of an object.
    pub fn read(mut fields: input::Fields) -> input::Read<Self> {
        let x = fields.required("x", |input| Ok(input.number()?.value));
        let y = fields.optional("y", |input| Ok(input.number()?.value));
        fields.finish(|| Some(Self { x: x?, y: y? }))
    }
}

/// Reads the type `Point`.
pub fn point(input: input::Input) -> input::Read<input::Checked<Point>> {
    input.object(input::Unknown::Refuse, Point::read)
}
