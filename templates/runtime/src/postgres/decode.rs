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
#[cfg(feature = "watch-poll")]
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
#[cfg(feature = "row-optional")]
pub fn optional<S: Source, T>(
    row: &S,
    at: usize,
    decode: impl FnOnce(&S, usize) -> Result<T, sqlx::Error>,
) -> Result<Option<T>, sqlx::Error> {
    if row.field(at)?.bytes.is_none() { Ok(None) } else { decode(row, at).map(Some) }
}

/// A whole number.
#[cfg(feature = "row-integer")]
pub fn integer<S: Source>(row: &S, at: usize) -> Result<i64, sqlx::Error> {
    value(row, at, "an integer", binary::integer)
}

/// A whole number that is not negative.
#[cfg(feature = "row-unsigned")]
pub fn unsigned<S: Source>(row: &S, at: usize) -> Result<u64, sqlx::Error> {
    value(row, at, "an integer that is not negative", binary::unsigned)
}

/// A finite number.
#[cfg(feature = "row-number")]
pub fn number<S: Source>(row: &S, at: usize) -> Result<f64, sqlx::Error> {
    value(row, at, "a finite number", binary::number)
}

/// True or false.
#[cfg(feature = "row-boolean")]
pub fn boolean<S: Source>(row: &S, at: usize) -> Result<bool, sqlx::Error> {
    value(row, at, "true or false", binary::boolean)
}

/// Text of any type that is one: enums, `citext` and XML too.
#[cfg(feature = "row-text")]
pub fn text<S: Source>(row: &S, at: usize) -> Result<String, sqlx::Error> {
    value(row, at, "text", |kind, bytes| binary::text(kind, bytes).map(str::to_owned))
}

/// Text that means something: `parse` says what.
#[cfg(feature = "row-parsed")]
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
#[cfg(feature = "row-choice")]
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
#[cfg(feature = "row-date")]
pub fn date<S: Source>(row: &S, at: usize) -> Result<chrono::NaiveDate, sqlx::Error> {
    value(row, at, "a date", binary::date)
}

/// A time of day.
#[cfg(feature = "row-time")]
pub fn time<S: Source>(row: &S, at: usize) -> Result<chrono::NaiveTime, sqlx::Error> {
    value(row, at, "a time of day without a zone", binary::time)
}

/// A moment; without a zone, in UTC.
#[cfg(feature = "row-date-time")]
pub fn date_time<S: Source>(
    row: &S,
    at: usize,
) -> Result<chrono::DateTime<chrono::Utc>, sqlx::Error> {
    value(row, at, "a date and time", binary::date_time)
}

/// A UUID.
#[cfg(feature = "row-uuid")]
pub fn uuid<S: Source>(row: &S, at: usize) -> Result<String, sqlx::Error> {
    value(row, at, "a UUID", binary::uuid)
}

/// An exact number, as its digits.
#[cfg(feature = "row-decimal")]
pub fn decimal<S: Source>(row: &S, at: usize) -> Result<super::value::Decimal, sqlx::Error> {
    value(row, at, "a decimal", binary::decimal).map(super::value::Decimal)
}

/// Bytes.
#[cfg(feature = "row-bytes")]
pub fn bytes<S: Source>(row: &S, at: usize) -> Result<super::value::Bytes, sqlx::Error> {
    value(row, at, "bytes", binary::bytes).map(super::value::Bytes)
}

/// JSON.
#[cfg(feature = "row-json")]
pub fn json<S: Source>(row: &S, at: usize) -> Result<serde_json::Value, sqlx::Error> {
    value(row, at, "JSON", binary::json)
}

/// A list, as JSON.
#[cfg(feature = "row-json-array")]
pub fn json_array<S: Source>(row: &S, at: usize) -> Result<serde_json::Value, sqlx::Error> {
    value(row, at, "a JSON list", |kind, bytes| {
        let found = binary::json(kind, bytes)?;
        if found.is_array() { Ok(found) } else { Err("other JSON".into()) }
    })
}

/// An object, as JSON.
#[cfg(feature = "row-json-object")]
pub fn json_object<S: Source>(row: &S, at: usize) -> Result<serde_json::Value, sqlx::Error> {
    value(row, at, "a JSON object", |kind, bytes| {
        let found = binary::json(kind, bytes)?;
        if found.is_object() { Ok(found) } else { Err("other JSON".into()) }
    })
}

/// A span of time, as an ISO 8601 duration: `P1Y2M3DT4H5M6.5S`.
#[cfg(feature = "row-interval")]
pub fn interval<S: Source>(row: &S, at: usize) -> Result<String, sqlx::Error> {
    value(row, at, "an interval", binary::interval)
}

/// An address of a host or a network: `10.0.0.0/8`.
#[cfg(feature = "row-inet")]
pub fn inet<S: Source>(row: &S, at: usize) -> Result<String, sqlx::Error> {
    value(row, at, "a network address", binary::inet)
}

/// An address of a network card: `08:00:2b:01:02:03`.
#[cfg(feature = "row-mac-address")]
pub fn mac_address<S: Source>(row: &S, at: usize) -> Result<String, sqlx::Error> {
    value(row, at, "a MAC address", binary::mac_address)
}

/// Bits, as 0s and 1s.
#[cfg(feature = "row-bits")]
pub fn bits<S: Source>(row: &S, at: usize) -> Result<String, sqlx::Error> {
    value(row, at, "bits", binary::bits)
}

/// A range, as PostgreSQL writes it: `[1,10)`. A multirange must come as text.
#[cfg(feature = "row-range")]
pub fn range<S: Source>(row: &S, at: usize) -> Result<String, sqlx::Error> {
    value(row, at, "a range", |kind, bytes| match binary::text(kind, bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => binary::range(kind, bytes),
    })
}

/// A row in a column, as an object by the names of its fields.
#[cfg(feature = "row-composite")]
pub fn composite<S: Source>(row: &S, at: usize) -> Result<serde_json::Value, sqlx::Error> {
    value(row, at, "a composite value", binary::composite)
}

/// The elements of an array.
#[cfg(feature = "row-array")]
#[derive(Debug)]
pub struct Elements {
    name: String,
    kind: PgTypeInfo,
    values: Vec<Option<Vec<u8>>>,
}

#[cfg(feature = "row-array")]
impl Source for Elements {
    fn field(&self, at: usize) -> Result<Field<'_>, sqlx::Error> {
        let found = self.values.get(at);
        let found = found
            .ok_or(sqlx::Error::ColumnIndexOutOfBounds { index: at, len: self.values.len() })?;
        Ok(Field { name: &self.name, kind: self.kind.clone(), bytes: found.as_deref() })
    }
}

/// An array of one dimension, element by element.
#[cfg(feature = "row-array")]
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
