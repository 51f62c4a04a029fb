//! Types that several params share.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::runtime::{format, input, value};

/// Shelf that the product stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Category {
    /// `tools`.
    #[serde(rename = "tools")]
    Tools,
    /// `garden`.
    #[serde(rename = "garden")]
    Garden,
    /// `paint`.
    #[serde(rename = "paint")]
    Paint,
    /// `other`.
    #[serde(rename = "other")]
    Other,
}

impl Category {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 4] = [
        ("tools", Self::Tools),
        ("garden", Self::Garden),
        ("paint", Self::Paint),
        ("other", Self::Other),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Garden => "garden",
            Self::Paint => "paint",
            Self::Other => "other",
        }
    }
}

/// Reads the type `Category`.
pub fn category(input: input::Input) -> input::Read<input::Checked<Category>> {
    input.choice(&Category::ALL)
}

/// Why goods moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum MovementKind {
    /// `receipt`.
    #[serde(rename = "receipt")]
    Receipt,
    /// `sale`.
    #[serde(rename = "sale")]
    Sale,
    /// `return`.
    #[serde(rename = "return")]
    Return,
    /// `correction`.
    #[serde(rename = "correction")]
    Correction,
}

impl MovementKind {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 4] = [
        ("receipt", Self::Receipt),
        ("sale", Self::Sale),
        ("return", Self::Return),
        ("correction", Self::Correction),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Sale => "sale",
            Self::Return => "return",
            Self::Correction => "correction",
        }
    }
}

/// Reads the type `MovementKind`.
pub fn movement_kind(input: input::Input) -> input::Read<input::Checked<MovementKind>> {
    input.choice(&MovementKind::ALL)
}

/// Reads the type `Sku`.
pub fn sku(input: input::Input) -> input::Read<input::Checked<String>> {
    input
        .text()?
        .pattern({
            static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new("^[A-Z]{2}-[0-9]{4}$").expect("mcpgen compiled this pattern")
            });
            &PATTERN
        })
}

/// Reads the type `Quantity`.
pub fn quantity(input: input::Input) -> input::Read<input::Checked<i64>> {
    input.integer()?.minimum(1)?.maximum(100000)
}

/// Reads the type `Price`.
pub fn price(input: input::Input) -> input::Read<input::Checked<value::Decimal>> {
    input.parsed("a decimal number in a string, like \"12.50\"", format::decimal)
}
