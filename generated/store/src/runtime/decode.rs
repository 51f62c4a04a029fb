//! Reading columns by position, from what PostgreSQL sends in its binary form.

use sqlx::postgres::{PgRow, PgTypeInfo, PgTypeKind, PgValueFormat};
use sqlx::{Row, ValueRef};

use super::binary::{self, Found};
use super::failure::Mismatch;

/// What holds values by position: a row, or an array.
pub trait Source {
    /// The value at a position.
    fn field(&self, at: usize) -> Result<Field<'_>, sqlx::Error>;
}

/// A value as it came.
#[derive(Debug)]
pub struct Field<'f> {
    /// The name of its column.
    pub name: &'f str,
    /// Its type; below a domain, the domain's.
    pub kind: PgTypeInfo,
    /// What came, or NULL.
    pub bytes: Option<&'f [u8]>,
}

impl Source for PgRow {
    fn field(&self, at: usize) -> Result<Field<'_>, sqlx::Error> {
        let raw = self.try_get_raw(at)?;
        let name = self.columns().get(at).map(sqlx::Column::name).unwrap_or_default();
        let bytes = if raw.is_null() {
            None
        } else if raw.format() == PgValueFormat::Binary {
            Some(raw.as_bytes().map_err(sqlx::Error::Decode)?)
        } else {
            return Err(sqlx::Error::Decode("the row came in the text form".into()));
        };
        Ok(Field { name, kind: base(&raw.type_info()), bytes })
    }
}

/// The type below a domain.
pub fn base(kind: &PgTypeInfo) -> PgTypeInfo {
    match kind.kind() {
        PgTypeKind::Domain(inner) => base(inner),
        _ => kind.clone(),
    }
}

/// The bytes of a value as they came.
pub fn as_stored(row: &PgRow, at: usize) -> Result<Option<&[u8]>, sqlx::Error> {
    row.field(at).map(|field| field.bytes)
}

/// The value at a position as `read` reads it. The error names the column, never the value.
fn value<S: Source, T>(
    row: &S,
    at: usize,
    expected: &str,
    read: impl FnOnce(&PgTypeInfo, &[u8]) -> Result<T, Found>,
) -> Result<T, sqlx::Error> {
    let field = row.field(at)?;
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
pub fn optional<S: Source, T>(
    row: &S,
    at: usize,
    decode: impl FnOnce(&S, usize) -> Result<T, sqlx::Error>,
) -> Result<Option<T>, sqlx::Error> {
    if row.field(at)?.bytes.is_none() { Ok(None) } else { decode(row, at).map(Some) }
}

/// A whole number.
pub fn integer<S: Source>(row: &S, at: usize) -> Result<i64, sqlx::Error> {
    value(row, at, "an integer", binary::integer)
}

/// A finite number.
pub fn number<S: Source>(row: &S, at: usize) -> Result<f64, sqlx::Error> {
    value(row, at, "a finite number", binary::number)
}

/// True or false.
pub fn boolean<S: Source>(row: &S, at: usize) -> Result<bool, sqlx::Error> {
    value(row, at, "true or false", binary::boolean)
}

/// Text of any type that is one: enums, `citext` and XML too.
pub fn text<S: Source>(row: &S, at: usize) -> Result<String, sqlx::Error> {
    value(row, at, "text", |kind, bytes| binary::text(kind, bytes).map(str::to_owned))
}

/// Text that means something: `parse` says what.
pub fn parsed<S: Source, T>(
    row: &S,
    at: usize,
    expected: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, sqlx::Error> {
    value(row, at, expected, |kind, bytes| {
        parse(binary::text(kind, bytes)?).ok_or_else(|| "text that is none".into())
    })
}

/// One of a few strings.
pub fn choice<S: Source, T: Copy>(
    row: &S,
    at: usize,
    values: &[(&str, T)],
) -> Result<T, sqlx::Error> {
    parsed(row, at, "one of the enum's values", |text| {
        values.iter().find(|(name, _)| *name == text).map(|(_, value)| *value)
    })
}

/// A date.
pub fn date<S: Source>(row: &S, at: usize) -> Result<chrono::NaiveDate, sqlx::Error> {
    value(row, at, "a date", binary::date)
}

/// A moment; without a zone, in UTC.
pub fn date_time<S: Source>(
    row: &S,
    at: usize,
) -> Result<chrono::DateTime<chrono::Utc>, sqlx::Error> {
    value(row, at, "a date and time", binary::date_time)
}

/// A UUID.
pub fn uuid<S: Source>(row: &S, at: usize) -> Result<String, sqlx::Error> {
    value(row, at, "a UUID", binary::uuid)
}

/// An exact number, as its digits.
pub fn decimal<S: Source>(row: &S, at: usize) -> Result<super::value::Decimal, sqlx::Error> {
    value(row, at, "a decimal", binary::decimal).map(super::value::Decimal)
}

/// A list, as JSON.
pub fn json_array<S: Source>(row: &S, at: usize) -> Result<serde_json::Value, sqlx::Error> {
    value(row, at, "a JSON list", |kind, bytes| {
        let found = binary::json(kind, bytes)?;
        if found.is_array() { Ok(found) } else { Err("other JSON".into()) }
    })
}

/// An object, as JSON.
pub fn json_object<S: Source>(row: &S, at: usize) -> Result<serde_json::Value, sqlx::Error> {
    value(row, at, "a JSON object", |kind, bytes| {
        let found = binary::json(kind, bytes)?;
        if found.is_object() { Ok(found) } else { Err("other JSON".into()) }
    })
}

/// A span of time, as an ISO 8601 duration: `P1Y2M3DT4H5M6.5S`.
pub fn interval<S: Source>(row: &S, at: usize) -> Result<String, sqlx::Error> {
    value(row, at, "an interval", binary::interval)
}

/// The elements of an array.
#[derive(Debug)]
pub struct Elements {
    name: String,
    kind: PgTypeInfo,
    values: Vec<Option<Vec<u8>>>,
}

impl Source for Elements {
    fn field(&self, at: usize) -> Result<Field<'_>, sqlx::Error> {
        let found = self.values.get(at);
        let found = found
            .ok_or(sqlx::Error::ColumnIndexOutOfBounds { index: at, len: self.values.len() })?;
        Ok(Field { name: &self.name, kind: self.kind.clone(), bytes: found.as_deref() })
    }
}

/// An array of one dimension, element by element.
pub fn array<S: Source, T>(
    row: &S,
    at: usize,
    element: impl Fn(&Elements, usize) -> Result<T, sqlx::Error>,
) -> Result<Vec<Option<T>>, sqlx::Error> {
    let name = format!("{}[]", row.field(at)?.name);
    let (kind, values) = value(row, at, "an array", |kind, bytes| {
        let (kind, values) = binary::elements(kind, bytes)?;
        Ok((kind, values.into_iter().map(|value| value.map(<[u8]>::to_vec)).collect()))
    })?;
    let elements = Elements { name, kind, values };
    let read = |at| match elements.field(at)?.bytes {
        Some(_) => element(&elements, at).map(Some),
        None => Ok(None),
    };
    (0..elements.values.len()).map(read).collect()
}
