//! PostgreSQL's binary form of values. What is said of one that cannot be read never holds it.

use std::borrow::Cow;

use fallible_iterator::FallibleIterator as _;
/// What the server's own forms are read with.
pub use postgres_protocol::types as wire;
use sqlx::TypeInfo;
use sqlx::postgres::PgTypeInfo;

/// What was found instead.
pub type Found = Cow<'static, str>;

/// Another type than the one that is read.
pub fn other<T>(kind: &PgTypeInfo) -> Result<T, Found> {
    Err(format!("a value of type {}", kind.name().to_lowercase()).into())
}

/// Bytes that the server does not send for this type.
pub fn damaged<E>(_: E) -> Found {
    "bytes that are none".into()
}

/// A whole number.
pub fn integer(kind: &PgTypeInfo, bytes: &[u8]) -> Result<i64, Found> {
    match kind.name() {
        "INT2" => wire::int2_from_sql(bytes).map(i64::from).map_err(damaged),
        "INT4" => wire::int4_from_sql(bytes).map(i64::from).map_err(damaged),
        "INT8" => wire::int8_from_sql(bytes).map_err(damaged),
        "OID" | "xid" | "cid" => wire::oid_from_sql(bytes).map(i64::from).map_err(damaged),
        "\"CHAR\"" => wire::char_from_sql(bytes).map(i64::from).map_err(damaged),
        _ => other(kind),
    }
}

/// A finite number.
pub fn number(kind: &PgTypeInfo, bytes: &[u8]) -> Result<f64, Found> {
    let number = match kind.name() {
        // The shortest digits of the narrow number: what its own text is.
        "FLOAT4" => {
            let narrow = wire::float4_from_sql(bytes).map_err(damaged)?;
            narrow.to_string().parse().map_err(damaged)?
        }
        "FLOAT8" => wire::float8_from_sql(bytes).map_err(damaged)?,
        "NUMERIC" => numeric(bytes)?.parse().map_err(damaged)?,
        #[expect(clippy::cast_precision_loss, reason = "a number column rounds by its nature")]
        _ => integer(kind, bytes)? as f64,
    };
    if number.is_finite() { Ok(number) } else { Err("NaN or Infinity".into()) }
}

/// True or false.
pub fn boolean(kind: &PgTypeInfo, bytes: &[u8]) -> Result<bool, Found> {
    if kind.name() != "BOOL" {
        return other(kind);
    }
    wire::bool_from_sql(bytes).map_err(damaged)
}

/// Text of any type that is one.
pub fn text<'b>(kind: &PgTypeInfo, bytes: &'b [u8]) -> Result<&'b str, Found> {
    let text = match kind.name() {
        "TEXT" | "VARCHAR" | "CHAR" | "\"CHAR\"" | "NAME" | "UNKNOWN" | "JSON" | "xml"
        | "citext" | "refcursor" | "VOID" => bytes,
        // The version of the form, then the text.
        "JSONPATH" | "ltree" | "lquery" | "ltxtquery" => {
            bytes.strip_prefix(&[1]).ok_or_else(|| damaged(()))?
        }
        _ if matches!(kind.kind(), sqlx::postgres::PgTypeKind::Enum(_)) => bytes,
        _ => return other(kind),
    };
    wire::text_from_sql(text).map_err(damaged)
}

/// A date.
pub fn date(kind: &PgTypeInfo, bytes: &[u8]) -> Result<chrono::NaiveDate, Found> {
    if kind.name() != "DATE" {
        return other(kind);
    }
    let days = wire::date_from_sql(bytes).map_err(damaged)?;
    if days == i32::MAX || days == i32::MIN {
        return Err("infinity".into());
    }
    let date = chrono::TimeDelta::try_days(i64::from(days))
        .and_then(|days| chrono::NaiveDate::from_ymd_opt(2000, 1, 1)?.checked_add_signed(days));
    date.ok_or_else(|| "a date too far away".into())
}

/// A moment; without a zone, in UTC.
pub fn date_time(kind: &PgTypeInfo, bytes: &[u8]) -> Result<chrono::DateTime<chrono::Utc>, Found> {
    if !matches!(kind.name(), "TIMESTAMP" | "TIMESTAMPTZ") {
        return other(kind);
    }
    let microseconds = wire::timestamp_from_sql(bytes).map_err(damaged)?;
    if microseconds == i64::MAX || microseconds == i64::MIN {
        return Err("infinity".into());
    }
    // From 2000 on, PostgreSQL's time begins.
    microseconds
        .checked_add(946_684_800_000_000)
        .and_then(chrono::DateTime::from_timestamp_micros)
        .ok_or_else(|| "a date too far away".into())
}

/// A UUID.
pub fn uuid(kind: &PgTypeInfo, bytes: &[u8]) -> Result<String, Found> {
    if kind.name() != "UUID" {
        return super::format::uuid(text(kind, bytes)?).ok_or_else(|| "text that is none".into());
    }
    let bytes = wire::uuid_from_sql(bytes).map_err(damaged)?;
    let mut uuid = hex(&bytes, "");
    for at in [20, 16, 12, 8] {
        uuid.insert(at, '-');
    }
    Ok(uuid)
}

/// Bytes as hexadecimal digits.
fn hex(bytes: &[u8], between: &str) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(between)
}

/// An exact number, as its digits.
pub fn decimal(kind: &PgTypeInfo, bytes: &[u8]) -> Result<String, Found> {
    match kind.name() {
        "NUMERIC" => numeric(bytes),
        _ => integer(kind, bytes).map(|whole| whole.to_string()),
    }
}

/// The digits of a `numeric`, with the scale that the database has. They come in fours: how many,
/// the place of the first, the sign, the digits behind the point, and the fours themselves.
fn numeric(bytes: &[u8]) -> Result<String, Found> {
    let mut words = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let mut word = || words.next().ok_or_else(|| damaged(()));
    let count = usize::from(word()?);
    #[expect(clippy::cast_possible_wrap, reason = "the place is signed")]
    let first = i32::from(word()? as i16);
    let sign = word()?;
    let scale = usize::from(word()?);
    let fours = (0..count).map(|_| word()).collect::<Result<Vec<u16>, Found>>()?;
    let negative = match sign {
        0x0000 => false,
        0x4000 => true,
        0xC000 => return Err("NaN".into()),
        _ => return Err("infinity".into()),
    };
    // The four at a place, counted from the point.
    let four = |place: i32| {
        let at = usize::try_from(first - place).ok();
        at.and_then(|at| fours.get(at)).copied().unwrap_or(0)
    };
    let mut digits = String::from(if negative { "-" } else { "" });
    if first < 0 {
        digits.push('0');
    }
    for place in (0..=first).rev() {
        let four = four(place);
        digits.push_str(&if place == first { four.to_string() } else { format!("{four:04}") });
    }
    if scale > 0 {
        digits.push('.');
        let end = digits.len() + scale;
        let mut place = -1;
        while digits.len() < end {
            digits.push_str(&format!("{:04}", four(place)));
            place -= 1;
        }
        digits.truncate(end);
    }
    Ok(digits)
}

/// Bytes.
pub fn bytes(kind: &PgTypeInfo, bytes: &[u8]) -> Result<Vec<u8>, Found> {
    if kind.name() != "BYTEA" {
        return other(kind);
    }
    Ok(bytes.to_vec())
}

/// JSON.
pub fn json(kind: &PgTypeInfo, bytes: &[u8]) -> Result<serde_json::Value, Found> {
    let text = if kind.name() == "JSONB" {
        // The version of the form, then the text.
        let text = bytes.strip_prefix(&[1]).ok_or_else(|| damaged(()))?;
        wire::text_from_sql(text).map_err(damaged)?
    } else {
        text(kind, bytes)?
    };
    // What is wrong with it, and where: nothing of the text itself.
    serde_json::from_str(text).map_err(|error| format!("text that is none: {error}").into())
}

/// A span of time, as an ISO 8601 duration.
pub fn interval(kind: &PgTypeInfo, bytes: &[u8]) -> Result<String, Found> {
    if kind.name() != "INTERVAL" {
        return other(kind);
    }
    let (microseconds, rest) = bytes.split_first_chunk().ok_or_else(|| damaged(()))?;
    let (days, months) = rest.split_first_chunk().ok_or_else(|| damaged(()))?;
    let microseconds = i64::from_be_bytes(*microseconds);
    let days = i32::from_be_bytes(*days);
    let months = i32::from_be_bytes(months.try_into().map_err(damaged)?);
    if (microseconds, days, months) == (i64::MAX, i32::MAX, i32::MAX)
        || (microseconds, days, months) == (i64::MIN, i32::MIN, i32::MIN)
    {
        return Err("infinity".into());
    }
    let mut text = String::from("P");
    let part = |text: &mut String, count: i64, unit: char| {
        if count != 0 {
            text.push_str(&count.to_string());
            text.push(unit);
        }
    };
    part(&mut text, i64::from(months / 12), 'Y');
    part(&mut text, i64::from(months % 12), 'M');
    part(&mut text, i64::from(days), 'D');
    let seconds = microseconds % 60_000_000;
    if microseconds != 0 {
        text.push('T');
    }
    part(&mut text, microseconds / 3_600_000_000, 'H');
    part(&mut text, microseconds / 60_000_000 % 60, 'M');
    if seconds != 0 || text == "P" {
        let sign = if seconds < 0 { "-" } else { "" };
        let start = if text == "P" { "T" } else { "" };
        let (whole, rest) = (seconds.abs() / 1_000_000, seconds.abs() % 1_000_000);
        text.push_str(&format!("{start}{sign}{whole}{}S", fraction(rest)));
    }
    Ok(text)
}

/// Microseconds behind a point, where there are any.
fn fraction(microseconds: i64) -> String {
    if microseconds == 0 {
        return String::new();
    }
    format!(".{microseconds:06}").trim_end_matches('0').to_owned()
}

/// An address of a host or a network.
pub fn inet(kind: &PgTypeInfo, bytes: &[u8]) -> Result<String, Found> {
    if !matches!(kind.name(), "INET" | "CIDR") {
        return other(kind);
    }
    let inet = wire::inet_from_sql(bytes).map_err(damaged)?;
    let whole = if inet.addr().is_ipv4() { 32 } else { 128 };
    if kind.name() == "INET" && inet.netmask() == whole {
        return Ok(inet.addr().to_string());
    }
    Ok(format!("{}/{}", inet.addr(), inet.netmask()))
}

/// An address of a network card.
pub fn mac_address(kind: &PgTypeInfo, bytes: &[u8]) -> Result<String, Found> {
    match (kind.name(), bytes.len()) {
        ("MACADDR", 6) | ("MACADDR8", 8) => Ok(hex(bytes, ":")),
        _ => other(kind),
    }
}

/// Bits, as 0s and 1s.
pub fn bits(kind: &PgTypeInfo, bytes: &[u8]) -> Result<String, Found> {
    if !matches!(kind.name(), "BIT" | "VARBIT") {
        return other(kind);
    }
    let bits = wire::varbit_from_sql(bytes).map_err(damaged)?;
    let bit = |at: usize| bits.bytes()[at / 8] & (0x80 >> (at % 8)) != 0;
    Ok((0..bits.len()).map(|at| if bit(at) { '1' } else { '0' }).collect())
}

/// A value as text that PostgreSQL reads back as the same value.
pub fn text_form(kind: &PgTypeInfo, bytes: &[u8]) -> Result<String, Found> {
    match kind.name() {
        "INT2" | "INT4" | "INT8" | "OID" | "xid" | "cid" => Ok(integer(kind, bytes)?.to_string()),
        "FLOAT4" => Ok(wire::float4_from_sql(bytes).map_err(damaged)?.to_string()),
        "FLOAT8" => Ok(wire::float8_from_sql(bytes).map_err(damaged)?.to_string()),
        "NUMERIC" => numeric(bytes),
        "BOOL" => Ok(boolean(kind, bytes)?.to_string()),
        "DATE" => match wire::date_from_sql(bytes).map_err(damaged)? {
            i32::MAX => Ok("infinity".to_owned()),
            i32::MIN => Ok("-infinity".to_owned()),
            days => {
                let (day, before) = day_form(i64::from(days));
                Ok(format!("{day}{before}"))
            }
        },
        "TIME" => Ok(clock_form(wire::time_from_sql(bytes).map_err(damaged)?)),
        "TIMESTAMP" | "TIMESTAMPTZ" => match wire::timestamp_from_sql(bytes).map_err(damaged)? {
            i64::MAX => Ok("infinity".to_owned()),
            i64::MIN => Ok("-infinity".to_owned()),
            microseconds => {
                let (day, before) = day_form(microseconds.div_euclid(DAY));
                let clock = clock_form(microseconds.rem_euclid(DAY));
                let zone = if kind.name() == "TIMESTAMPTZ" { "+00" } else { "" };
                Ok(format!("{day} {clock}{zone}{before}"))
            }
        },
        "INTERVAL" => interval(kind, bytes),
        "UUID" => uuid(kind, bytes),
        "INET" | "CIDR" => inet(kind, bytes),
        "MACADDR" | "MACADDR8" => mac_address(kind, bytes),
        "BIT" | "VARBIT" => bits(kind, bytes),
        "BYTEA" => Ok(format!("\\x{}", hex(&self::bytes(kind, bytes)?, ""))),
        _ => text(kind, bytes).map(str::to_owned),
    }
}

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A time of day.
fn clock_form(microseconds: i64) -> String {
    let seconds = microseconds / 1_000_000;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let fraction = fraction(microseconds % 1_000_000);
    format!("{hours:02}:{minutes:02}:{:02}{fraction}", seconds % 60)
}

/// A day, counted from 2000, and what comes behind it when it is before the year 1. PostgreSQL has
/// days that other libraries have not.
///
/// Source: <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>.
fn day_form(days: i64) -> (String, &'static str) {
    // Counted from March 1 of the year 0, in times of 400 years.
    let days = days + 730_425;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * day + 2) / 153;
    let day = day - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let (year, before) = if year > 0 { (year, "") } else { (1 - year, " BC") };
    (format!("{year:04}-{month:02}-{day:02}"), before)
}

/// The type of an array's elements, and what came of each.
pub type Elements<'b> = (PgTypeInfo, Vec<Option<&'b [u8]>>);

/// The elements of an array of one dimension.
pub fn elements<'b>(kind: &PgTypeInfo, bytes: &'b [u8]) -> Result<Elements<'b>, Found> {
    use sqlx::postgres::PgTypeKind;
    let PgTypeKind::Array(inner) = kind.kind() else { return other(kind) };
    let array = wire::array_from_sql(bytes).map_err(damaged)?;
    if array.dimensions().count().map_err(damaged)? > 1 {
        return Err("an array of several dimensions".into());
    }
    Ok((super::decode::base(inner), array.values().collect().map_err(damaged)?))
}
