//! Values whose JSON is not that of a Rust type.

use serde::{Serialize, Serializer};

use super::failure::Failure;

/// An exact number; its digits as a string in JSON, because a float would round it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(pub String);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A list or an object as the JSON text that a statement takes.
pub fn json_text<T: serde::Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::unknown(&error))
}

/// An exact number, as it is bound.
///
/// # Errors
/// The text is no number.
pub fn big_decimal(text: &str) -> Result<sqlx::types::BigDecimal, Failure> {
    text.parse().map_err(|error| Failure::unknown(&error))
}
