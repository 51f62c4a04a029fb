//! Reading columns by position, from what MySQL and MariaDB send in their binary form.

use sqlx::mysql::{MySqlRow, MySqlTypeInfo};
use sqlx::{Row, ValueRef};

use super::binary::{self, Found};
use super::failure::Mismatch;

/// A value as it came.
#[derive(Debug)]
pub struct Field<'f> {
    /// The name of its column.
    pub name: &'f str,
    /// Its type.
    pub kind: MySqlTypeInfo,
    /// What came, or NULL.
    pub bytes: Option<&'f [u8]>,
}

/// The value at a position.
pub fn field(row: &MySqlRow, at: usize) -> Result<Field<'_>, sqlx::Error> {
    let kind = row.try_get_raw(at)?.type_info().into_owned();
    let name = row.columns().get(at).map(sqlx::Column::name).unwrap_or_default();
    // Not the question whether it is NULL: sqlx takes dates that are zero for NULL.
    let bytes = row.try_get_unchecked::<&[u8], _>(at).ok();
    Ok(Field { name, kind, bytes })
}

/// The bytes of a value as they came.
#[cfg(feature = "watch-poll")]
pub fn as_stored(row: &MySqlRow, at: usize) -> Result<Option<&[u8]>, sqlx::Error> {
    field(row, at).map(|field| field.bytes)
}

/// The value at a position as `read` reads it. The error names the column, never the value.
fn value<T>(
    row: &MySqlRow,
    at: usize,
    expected: &str,
    read: impl FnOnce(&MySqlTypeInfo, &[u8]) -> Result<T, Found>,
) -> Result<T, sqlx::Error> {
    let field = field(row, at)?;
    let read = match field.bytes {
        Some(bytes) => read(&field.kind, bytes),
        None => Err("NULL".into()),
    };
    read.map_err(|found| {
        let message = format!("column `{}` should hold {expected} and holds {found}", field.name);
        sqlx::Error::ColumnDecode { index: at.to_string(), source: Mismatch(message).into() }
    })
}

/// A value that can be NULL.
#[cfg(feature = "row-optional")]
pub fn optional<T>(
    row: &MySqlRow,
    at: usize,
    decode: impl FnOnce(&MySqlRow, usize) -> Result<T, sqlx::Error>,
) -> Result<Option<T>, sqlx::Error> {
    if field(row, at)?.bytes.is_none() { Ok(None) } else { decode(row, at).map(Some) }
}

/// A whole number.
#[cfg(feature = "row-integer")]
pub fn integer(row: &MySqlRow, at: usize) -> Result<i64, sqlx::Error> {
    value(row, at, "an integer", binary::integer)
}

/// A whole number that is not negative.
#[cfg(feature = "row-unsigned")]
pub fn unsigned(row: &MySqlRow, at: usize) -> Result<u64, sqlx::Error> {
    value(row, at, "an integer that is not negative", binary::unsigned)
}

/// A finite number.
#[cfg(feature = "row-number")]
pub fn number(row: &MySqlRow, at: usize) -> Result<f64, sqlx::Error> {
    value(row, at, "a finite number", binary::number)
}

/// True or false.
#[cfg(feature = "row-boolean")]
pub fn boolean(row: &MySqlRow, at: usize) -> Result<bool, sqlx::Error> {
    value(row, at, "true or false", binary::boolean)
}

/// Text of any type that is one: enums and sets too.
#[cfg(feature = "row-text")]
pub fn text(row: &MySqlRow, at: usize) -> Result<String, sqlx::Error> {
    value(row, at, "text", |kind, bytes| binary::text(kind, bytes).map(str::to_owned))
}

/// Text that means something: `parse` says what.
#[cfg(feature = "row-parsed")]
pub fn parsed<T>(
    row: &MySqlRow,
    at: usize,
    expected: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, sqlx::Error> {
    value(row, at, expected, |kind, bytes| {
        parse(binary::text(kind, bytes)?).ok_or_else(|| "text that is none".into())
    })
}

/// One of a few strings.
#[cfg(feature = "row-choice")]
pub fn choice<T: Copy>(row: &MySqlRow, at: usize, values: &[(&str, T)]) -> Result<T, sqlx::Error> {
    parsed(row, at, "one of the enum's values", |text| {
        values.iter().find(|(name, _)| *name == text).map(|(_, value)| *value)
    })
}

/// A date.
#[cfg(feature = "row-date")]
pub fn date(row: &MySqlRow, at: usize) -> Result<chrono::NaiveDate, sqlx::Error> {
    value(row, at, "a date", binary::date)
}

/// A time of day.
#[cfg(feature = "row-time")]
pub fn time(row: &MySqlRow, at: usize) -> Result<chrono::NaiveTime, sqlx::Error> {
    value(row, at, "a time of day", binary::time)
}

/// A moment, in UTC.
#[cfg(feature = "row-date-time")]
pub fn date_time(row: &MySqlRow, at: usize) -> Result<chrono::DateTime<chrono::Utc>, sqlx::Error> {
    value(row, at, "a date and time", binary::date_time)
}

/// A UUID.
#[cfg(feature = "row-uuid")]
pub fn uuid(row: &MySqlRow, at: usize) -> Result<String, sqlx::Error> {
    value(row, at, "a UUID", binary::uuid)
}

/// An exact number, as its digits.
#[cfg(feature = "row-decimal")]
pub fn decimal(row: &MySqlRow, at: usize) -> Result<super::value::Decimal, sqlx::Error> {
    value(row, at, "a decimal", binary::decimal).map(super::value::Decimal)
}

/// Bytes.
#[cfg(feature = "row-bytes")]
pub fn bytes(row: &MySqlRow, at: usize) -> Result<super::value::Bytes, sqlx::Error> {
    value(row, at, "bytes", binary::bytes).map(super::value::Bytes)
}

/// JSON.
#[cfg(feature = "row-json")]
pub fn json(row: &MySqlRow, at: usize) -> Result<serde_json::Value, sqlx::Error> {
    value(row, at, "JSON", binary::json)
}

/// A list, as JSON.
#[cfg(feature = "row-json-array")]
pub fn json_array(row: &MySqlRow, at: usize) -> Result<serde_json::Value, sqlx::Error> {
    value(row, at, "a JSON list", |kind, bytes| {
        let found = binary::json(kind, bytes)?;
        if found.is_array() { Ok(found) } else { Err("other JSON".into()) }
    })
}

/// An object, as JSON.
#[cfg(feature = "row-json-object")]
pub fn json_object(row: &MySqlRow, at: usize) -> Result<serde_json::Value, sqlx::Error> {
    value(row, at, "a JSON object", |kind, bytes| {
        let found = binary::json(kind, bytes)?;
        if found.is_object() { Ok(found) } else { Err("other JSON".into()) }
    })
}
