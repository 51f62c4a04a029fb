//! Values whose JSON is not that of a Rust type.

use serde::{Serialize, Serializer};

use super::failure::Failure;
use super::failure::Kind;

/// An exact number; its digits as a string in JSON, because a float would round it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(pub String);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A moment as text that the statement casts: RFC 3339 in UTC with microseconds, which is all that
/// PostgreSQL keeps.
pub fn moment_text(moment: chrono::DateTime<chrono::Utc>) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

/// A list or an object as the JSON text that a statement takes.
pub fn json_text<T: serde::Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::unknown(&error))
}

/// A number for a column of 32 bits.
///
/// # Errors
/// It does not fit.
pub fn int4(value: i64) -> Result<i32, Failure> {
    i32::try_from(value).map_err(|_| out_of_range())
}

/// A number for a column of 16 bits.
///
/// # Errors
/// It does not fit.
pub fn int2(value: i64) -> Result<i16, Failure> {
    i16::try_from(value).map_err(|_| out_of_range())
}

fn out_of_range() -> Failure {
    Failure::new(Kind::InvalidArguments, "A number is larger or smaller than the database takes.")
}
