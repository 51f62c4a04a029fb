//! Values whose JSON is not that of a Rust type.

#[cfg(feature = "value-bytes")]
use base64::Engine as _;
#[cfg(any(feature = "value-bytes", feature = "value-decimal"))]
use serde::{Serialize, Serializer};

#[cfg(any(feature = "bind-json", feature = "bind-decimal"))]
use super::failure::Failure;

/// Bytes; base64 in JSON.
#[cfg(feature = "value-bytes")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

#[cfg(feature = "value-bytes")]
impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64::engine::general_purpose::STANDARD.encode(&self.0))
    }
}

/// An exact number; its digits as a string in JSON, because a float would round it.
#[cfg(feature = "value-decimal")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(pub String);

#[cfg(feature = "value-decimal")]
impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A list or an object as the JSON text that a statement takes.
#[cfg(feature = "bind-json")]
pub fn json_text<T: serde::Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::unknown(&error))
}

/// An exact number, as it is bound.
///
/// # Errors
/// The text is no number.
#[cfg(feature = "bind-decimal")]
pub fn big_decimal(text: &str) -> Result<sqlx::types::BigDecimal, Failure> {
    text.parse().map_err(|error| Failure::unknown(&error))
}
