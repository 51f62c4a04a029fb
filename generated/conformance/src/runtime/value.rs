//! Values whose JSON is not that of a Rust type.

use base64::Engine as _;
use serde::{Serialize, Serializer};

/// Bytes; base64 in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64::engine::general_purpose::STANDARD.encode(&self.0))
    }
}

/// A list or an object as the JSON text that a statement takes.
pub fn json_text<T: serde::Serialize>(value: &T) -> Result<String, super::failure::Failure> {
    serde_json::to_string(value).map_err(|error| super::failure::Failure::unknown(&error))
}
