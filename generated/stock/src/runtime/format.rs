//! Formats of text.

/// A date: `2024-02-29`.
pub fn date(text: &str) -> Option<chrono::NaiveDate> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    shaped.then(|| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// A moment, RFC 3339: `2024-02-29T12:30:00Z`.
pub fn date_time(text: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    use chrono::{Datelike as _, Timelike as _};
    let moment = chrono::DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    // In UTC the year may be another one; SQLite's functions know four digits and no leap second.
    ((0..=9999).contains(&moment.year()) && moment.nanosecond() < 1_000_000_000).then_some(moment)
}

/// An exact number: `-12.50`.
pub fn decimal(text: &str) -> Option<super::value::Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (plain(whole) && plain(fraction)).then(|| super::value::Decimal(text.to_owned()))
}

/// Bytes in base64.
pub fn bytes(text: &str) -> Option<super::value::Bytes> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).ok().map(super::value::Bytes)
}
