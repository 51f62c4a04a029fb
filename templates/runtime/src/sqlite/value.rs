//! Values whose JSON is not that of a Rust type.

#[cfg(feature = "value-bytes")]
use base64::Engine as _;
#[cfg(any(feature = "value-bytes", feature = "value-decimal"))]
use serde::{Serialize, Serializer};

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

/// A moment as SQLite's own functions write it, so that comparisons hold: UTC,
/// `2024-02-29 12:30:00`, with a fraction only where there is one.
#[cfg(feature = "bind-date-time")]
pub fn moment_text(moment: chrono::DateTime<chrono::Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M:%S%.f").to_string()
}

/// A list or an object as the JSON text that a statement takes.
#[cfg(feature = "bind-json")]
pub fn json_text<T: serde::Serialize>(value: &T) -> Result<String, super::failure::Failure> {
    serde_json::to_string(value).map_err(|error| super::failure::Failure::unknown(&error))
}

/// A list of moments as the JSON text that a statement takes, each as [`moment_text`] writes it.
#[cfg(feature = "bind-moments")]
pub fn moments_text(
    moments: &[chrono::DateTime<chrono::Utc>],
) -> Result<String, super::failure::Failure> {
    let texts: Vec<String> = moments.iter().copied().map(moment_text).collect();
    json_text(&texts)
}
