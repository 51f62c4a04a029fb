//! Reading columns by position and by what SQLite really stored: a declared
//! type is only a wish there.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, TypeInfo, ValueRef};

use super::failure::Mismatch;

/// What SQLite stored.
#[derive(Debug)]
pub enum Stored {
    /// A whole number.
    Integer(i64),
    /// A floating point number.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
    /// NULL.
    Null,
}

/// The value at a position.
pub fn stored(row: &SqliteRow, at: usize) -> Result<Stored, sqlx::Error> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Stored::Null);
    }
    let class = raw.type_info().name().to_owned();
    match class.as_str() {
        "INTEGER" | "BOOLEAN" => row.try_get_unchecked(at).map(Stored::Integer),
        "REAL" => row.try_get_unchecked(at).map(Stored::Real),
        "BLOB" => row.try_get_unchecked(at).map(Stored::Blob),
        _ => row.try_get_unchecked(at).map(Stored::Text),
    }
}

/// An error that names the column, never the value.
fn unexpected<T>(
    row: &SqliteRow,
    at: usize,
    expected: &str,
    found: &Stored,
) -> Result<T, sqlx::Error> {
    let class = match found {
        Stored::Integer(_) => "an integer",
        Stored::Real(_) => "a real number",
        Stored::Text(_) => "text",
        Stored::Blob(_) => "a blob",
        Stored::Null => "NULL",
    };
    let name = row.columns().get(at).map(sqlx::Column::name).unwrap_or_default();
    let message = format!("column `{name}` should hold {expected} and holds {class} that is none");
    Err(sqlx::Error::ColumnDecode { index: at.to_string(), source: Mismatch(message).into() })
}

/// A value that can be NULL.
pub fn optional<T>(
    row: &SqliteRow,
    at: usize,
    decode: impl FnOnce(&SqliteRow, usize) -> Result<T, sqlx::Error>,
) -> Result<Option<T>, sqlx::Error> {
    if row.try_get_raw(at)?.is_null() { Ok(None) } else { decode(row, at).map(Some) }
}

/// A whole number.
pub fn integer(row: &SqliteRow, at: usize) -> Result<i64, sqlx::Error> {
    match stored(row, at)? {
        Stored::Integer(value) => Ok(value),
        #[expect(clippy::cast_possible_truncation, reason = "it has no fraction and fits")]
        Stored::Real(value) if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 => {
            Ok(value as i64)
        }
        other => unexpected(row, at, "an integer", &other),
    }
}

/// Text. Numbers, which a column without a type may hold, come as their digits.
pub fn text(row: &SqliteRow, at: usize) -> Result<String, sqlx::Error> {
    match stored(row, at)? {
        Stored::Text(text) => Ok(text),
        Stored::Integer(value) => Ok(value.to_string()),
        Stored::Real(value) => Ok(value.to_string()),
        other => unexpected(row, at, "text", &other),
    }
}

/// Text that means something: `parse` says what.
pub fn parsed<T>(
    row: &SqliteRow,
    at: usize,
    expected: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, sqlx::Error> {
    let found = stored(row, at)?;
    let value = match &found {
        Stored::Text(text) => parse(text),
        Stored::Integer(_) | Stored::Real(_) | Stored::Blob(_) | Stored::Null => None,
    };
    value.map_or_else(|| unexpected(row, at, expected, &found), Ok)
}

/// One of a few strings.
pub fn choice<T: Copy>(row: &SqliteRow, at: usize, values: &[(&str, T)]) -> Result<T, sqlx::Error> {
    parsed(row, at, "one of the enum's values", |text| {
        values.iter().find(|(name, _)| *name == text).map(|(_, value)| *value)
    })
}
