//! The binary form of values of MySQL and MariaDB. What is said of one that cannot be read never
//! holds it.

use std::borrow::Cow;

use sqlx::TypeInfo;
use sqlx::mysql::MySqlTypeInfo;

/// What was found instead.
pub type Found = Cow<'static, str>;

/// Another type than the one that is read.
pub fn other<T>(kind: &MySqlTypeInfo) -> Result<T, Found> {
    Err(format!("a value of type {}", kind.name().to_lowercase()).into())
}

/// Bytes that the server does not send for this type.
pub fn damaged<E>(_: E) -> Found {
    "bytes that are none".into()
}

/// A whole number of any width, with or without a sign.
#[cfg(any(
    feature = "row-integer",
    feature = "row-unsigned",
    feature = "row-number",
    feature = "row-decimal",
    feature = "row-boolean",
    feature = "page"
))]
pub fn whole(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<i128, Found> {
    let name = kind.name();
    if name == "BIT" {
        return Ok(bytes.iter().fold(0, |value, byte| value << 8 | i128::from(*byte)));
    }
    if name == "DECIMAL" {
        // What a sum of whole numbers is.
        let digits = std::str::from_utf8(bytes).map_err(damaged)?;
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if !fraction.bytes().all(|digit| digit == b'0') {
            return Err("a number with a fraction".into());
        }
        return whole.parse().map_err(|_| "a number that is too large".into());
    }
    let is_whole = name == "YEAR" || name == "BOOLEAN" || name.contains("INT");
    if !is_whole {
        return other(kind);
    }
    // Its lowest byte first, and as many as its type has.
    let mut wide = [0; 8];
    let room = wide.get_mut(..bytes.len()).ok_or_else(|| damaged(()))?;
    room.copy_from_slice(bytes);
    let unsigned = u64::from_le_bytes(wide);
    let missing = 64 - 8 * u32::try_from(bytes.len()).map_err(damaged)?;
    if name == "YEAR" || <u64 as sqlx::Type<sqlx::MySql>>::compatible(kind) || missing == 64 {
        return Ok(i128::from(unsigned));
    }
    Ok(i128::from((unsigned << missing).cast_signed() >> missing))
}

/// A whole number.
#[cfg(any(feature = "row-integer", feature = "page"))]
pub fn integer(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<i64, Found> {
    i64::try_from(whole(kind, bytes)?).map_err(|_| "a number that is too large".into())
}

/// A whole number that is not negative.
#[cfg(any(feature = "row-unsigned", feature = "page"))]
pub fn unsigned(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<u64, Found> {
    u64::try_from(whole(kind, bytes)?).map_err(|_| "a number that is negative or too large".into())
}

/// A finite number.
#[cfg(feature = "row-number")]
pub fn number(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<f64, Found> {
    let number = match kind.name() {
        // The shortest digits of the narrow number: what its own text is.
        "FLOAT" => {
            let narrow = f32::from_le_bytes(bytes.try_into().map_err(damaged)?);
            narrow.to_string().parse().map_err(damaged)?
        }
        "DOUBLE" => f64::from_le_bytes(bytes.try_into().map_err(damaged)?),
        "DECIMAL" => {
            let digits = std::str::from_utf8(bytes).map_err(damaged)?;
            digits.parse().map_err(damaged)?
        }
        #[expect(clippy::cast_precision_loss, reason = "a number column rounds by its nature")]
        _ => whole(kind, bytes)? as f64,
    };
    if number.is_finite() { Ok(number) } else { Err("NaN or Infinity".into()) }
}

/// True or false: 1 or 0.
#[cfg(feature = "row-boolean")]
pub fn boolean(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<bool, Found> {
    match whole(kind, bytes)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err("another number".into()),
    }
}

/// Text of any type that is one.
#[cfg(any(
    feature = "row-text",
    feature = "row-parsed",
    feature = "row-json",
    feature = "row-json-array",
    feature = "row-json-object",
    feature = "row-uuid",
    feature = "page"
))]
pub fn text<'b>(kind: &MySqlTypeInfo, bytes: &'b [u8]) -> Result<&'b str, Found> {
    let is_text = matches!(kind.name(), "ENUM" | "SET" | "JSON")
        || <str as sqlx::Type<sqlx::MySql>>::compatible(kind);
    if !is_text {
        return other(kind);
    }
    std::str::from_utf8(bytes).map_err(damaged)
}

/// A date. Its length comes first.
#[cfg(any(feature = "row-date", feature = "row-date-time", feature = "page"))]
fn day(bytes: &[u8]) -> Result<chrono::NaiveDate, Found> {
    let [_, low, high, month, day, ..] = bytes else { return Err("a date that is zero".into()) };
    let year = i32::from(u16::from_le_bytes([*low, *high]));
    chrono::NaiveDate::from_ymd_opt(year, u32::from(*month), u32::from(*day))
        .ok_or_else(|| "a date that is zero in part".into())
}

/// Hours, minutes, seconds and, where there are any, microseconds.
#[cfg(any(feature = "row-time", feature = "row-date-time", feature = "page"))]
fn clock(bytes: &[u8]) -> Result<chrono::NaiveTime, Found> {
    let (hours, minutes, seconds, rest) = match bytes {
        [] => return Ok(chrono::NaiveTime::MIN),
        [hours, minutes, seconds, rest @ ..] => (*hours, *minutes, *seconds, rest),
        _ => return Err(damaged(())),
    };
    let microseconds = match rest {
        [] => 0,
        rest => u32::from_le_bytes(rest.try_into().map_err(damaged)?),
    };
    let (hours, minutes, seconds) = (hours.into(), minutes.into(), seconds.into());
    chrono::NaiveTime::from_hms_micro_opt(hours, minutes, seconds, microseconds)
        .ok_or_else(|| "a time that is none".into())
}

/// A date.
#[cfg(any(feature = "row-date", feature = "page"))]
pub fn date(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<chrono::NaiveDate, Found> {
    if kind.name() == "DATE" { day(bytes) } else { other(kind) }
}

/// A time of day.
#[cfg(any(feature = "row-time", feature = "page"))]
pub fn time(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<chrono::NaiveTime, Found> {
    if kind.name() != "TIME" {
        return other(kind);
    }
    // The length, the sign, the days, and the time of day: nothing at all is midnight.
    match bytes {
        [] | [0] => Ok(chrono::NaiveTime::MIN),
        [_, 0, 0, 0, 0, 0, rest @ ..] => clock(rest),
        _ => Err("a span of time beyond one day".into()),
    }
}

/// A moment, in UTC.
#[cfg(any(feature = "row-date-time", feature = "page"))]
pub fn date_time(
    kind: &MySqlTypeInfo,
    bytes: &[u8],
) -> Result<chrono::DateTime<chrono::Utc>, Found> {
    if !matches!(kind.name(), "DATETIME" | "TIMESTAMP") {
        return other(kind);
    }
    let day = day(bytes)?;
    Ok(day.and_time(clock(bytes.get(5..).unwrap_or_default())?).and_utc())
}

/// A UUID: MariaDB's type, text, or 16 bytes.
#[cfg(feature = "row-uuid")]
pub fn uuid(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<String, Found> {
    use std::fmt::Write as _;
    if let Ok(text) = text(kind, bytes) {
        return super::format::uuid(text).ok_or_else(|| "text that is none".into());
    }
    if bytes.len() != 16 {
        return other(kind);
    }
    let mut uuid = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        let hyphen = if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" };
        write!(uuid, "{hyphen}{byte:02x}").map_err(damaged)?;
    }
    Ok(uuid)
}

/// An exact number, as its digits.
#[cfg(any(feature = "row-decimal", feature = "page"))]
pub fn decimal(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<String, Found> {
    if kind.name() == "DECIMAL" {
        return std::str::from_utf8(bytes).map(str::to_owned).map_err(damaged);
    }
    whole(kind, bytes).map(|whole| whole.to_string())
}

/// Bytes.
#[cfg(any(feature = "row-bytes", feature = "page"))]
pub fn bytes(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<Vec<u8>, Found> {
    let is_bytes = kind.name() == "GEOMETRY" || <[u8] as sqlx::Type<sqlx::MySql>>::compatible(kind);
    if is_bytes { Ok(bytes.to_vec()) } else { other(kind) }
}

/// JSON.
#[cfg(any(feature = "row-json", feature = "row-json-array", feature = "row-json-object"))]
pub fn json(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<serde_json::Value, Found> {
    // What is wrong with it, and where: nothing of the text itself.
    let read = serde_json::from_str(text(kind, bytes)?);
    read.map_err(|error| format!("text that is none: {error}").into())
}
