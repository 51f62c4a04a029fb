//! Values whose JSON is not that of a Rust type.

#[cfg(feature = "value-bytes")]
use base64::Engine as _;
#[cfg(any(feature = "value-bytes", feature = "value-decimal"))]
use serde::{Serialize, Serializer};

#[cfg(any(
    feature = "bind-json",
    feature = "bind-int2",
    feature = "bind-int4",
    feature = "bind-float4"
))]
use super::failure::Failure;
#[cfg(any(feature = "bind-int2", feature = "bind-int4", feature = "bind-float4"))]
use super::failure::Kind;

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

/// A moment as text that the statement casts: RFC 3339 in UTC with microseconds, which is all that
/// PostgreSQL keeps.
#[cfg(feature = "bind-date-time")]
pub fn moment_text(moment: chrono::DateTime<chrono::Utc>) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

/// A list of moments, each as [`moment_text`] writes it.
#[cfg(feature = "bind-moment-texts")]
pub fn moment_texts(moments: &[chrono::DateTime<chrono::Utc>]) -> Vec<String> {
    moments.iter().copied().map(moment_text).collect()
}

/// A list or an object as the JSON text that a statement takes.
#[cfg(feature = "bind-json")]
pub fn json_text<T: serde::Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::unknown(&error))
}

/// A list of moments as the JSON text that a statement takes, each as [`moment_text`] writes it.
#[cfg(feature = "bind-moments")]
pub fn moments_text(moments: &[chrono::DateTime<chrono::Utc>]) -> Result<String, Failure> {
    let texts: Vec<String> = moments.iter().copied().map(moment_text).collect();
    json_text(&texts)
}

/// A number for a column of 32 bits.
///
/// # Errors
/// It does not fit.
#[cfg(feature = "bind-int4")]
pub fn int4(value: i64) -> Result<i32, Failure> {
    i32::try_from(value).map_err(|_| out_of_range())
}

/// Numbers for a column of 32 bits.
///
/// # Errors
/// One of them does not fit.
#[cfg(feature = "bind-int4s")]
pub fn int4s(values: &[i64]) -> Result<Vec<i32>, Failure> {
    values.iter().copied().map(int4).collect()
}

/// A number for a column of 16 bits.
///
/// # Errors
/// It does not fit.
#[cfg(feature = "bind-int2")]
pub fn int2(value: i64) -> Result<i16, Failure> {
    i16::try_from(value).map_err(|_| out_of_range())
}

/// Numbers for a column of 16 bits.
///
/// # Errors
/// One of them does not fit.
#[cfg(feature = "bind-int2s")]
pub fn int2s(values: &[i64]) -> Result<Vec<i16>, Failure> {
    values.iter().copied().map(int2).collect()
}

/// A number for a column of 32 bits with a floating point.
///
/// # Errors
/// It is too large for it, or too small to be told from zero.
#[cfg(feature = "bind-float4")]
pub fn float4(value: f64) -> Result<f32, Failure> {
    #[expect(clippy::cast_possible_truncation, reason = "the column is that narrow")]
    let narrow = value as f32;
    let lost = narrow.is_infinite() || (narrow == 0.0 && value != 0.0);
    if lost { Err(out_of_range()) } else { Ok(narrow) }
}

#[cfg(any(feature = "bind-int2", feature = "bind-int4", feature = "bind-float4"))]
fn out_of_range() -> Failure {
    Failure::new(Kind::InvalidArguments, "A number is larger or smaller than the database takes.")
}
