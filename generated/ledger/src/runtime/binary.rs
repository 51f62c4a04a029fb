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
pub fn integer(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<i64, Found> {
    i64::try_from(whole(kind, bytes)?).map_err(|_| "a number that is too large".into())
}

/// A whole number that is not negative.
pub fn unsigned(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<u64, Found> {
    u64::try_from(whole(kind, bytes)?).map_err(|_| "a number that is negative or too large".into())
}

/// True or false: 1 or 0.
pub fn boolean(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<bool, Found> {
    match whole(kind, bytes)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err("another number".into()),
    }
}

/// Text of any type that is one.
pub fn text<'b>(kind: &MySqlTypeInfo, bytes: &'b [u8]) -> Result<&'b str, Found> {
    let is_text = matches!(kind.name(), "ENUM" | "SET" | "JSON")
        || <str as sqlx::Type<sqlx::MySql>>::compatible(kind);
    if !is_text {
        return other(kind);
    }
    std::str::from_utf8(bytes).map_err(damaged)
}

/// A date. Its length comes first.
fn day(bytes: &[u8]) -> Result<chrono::NaiveDate, Found> {
    let [_, low, high, month, day, ..] = bytes else { return Err("a date that is zero".into()) };
    let year = i32::from(u16::from_le_bytes([*low, *high]));
    chrono::NaiveDate::from_ymd_opt(year, u32::from(*month), u32::from(*day))
        .ok_or_else(|| "a date that is zero in part".into())
}

/// Hours, minutes, seconds and, where there are any, microseconds.
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
pub fn date(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<chrono::NaiveDate, Found> {
    if kind.name() == "DATE" { day(bytes) } else { other(kind) }
}

/// A time of day.
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

/// An exact number, as its digits.
pub fn decimal(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<String, Found> {
    if kind.name() == "DECIMAL" {
        return std::str::from_utf8(bytes).map(str::to_owned).map_err(damaged);
    }
    whole(kind, bytes).map(|whole| whole.to_string())
}

/// Bytes.
pub fn bytes(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<Vec<u8>, Found> {
    let is_bytes = kind.name() == "GEOMETRY" || <[u8] as sqlx::Type<sqlx::MySql>>::compatible(kind);
    if is_bytes { Ok(bytes.to_vec()) } else { other(kind) }
}

/// JSON.
pub fn json(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<serde_json::Value, Found> {
    // What is wrong with it, and where: nothing of the text itself.
    let read = serde_json::from_str(text(kind, bytes)?);
    read.map_err(|error| format!("text that is none: {error}").into())
}
