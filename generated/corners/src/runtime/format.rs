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

/// A time of day: `12:30`, `12:30:00` or `12:30:00.5`.
pub fn time(text: &str) -> Option<chrono::NaiveTime> {
    use chrono::Timelike as _;
    let formats = ["%H:%M:%S%.f", "%H:%M"];
    let mut read = formats.iter().filter_map(|f| chrono::NaiveTime::parse_from_str(text, f).ok());
    // A leap second would come back as the next day, or not at all.
    read.next().filter(|time| time.nanosecond() < 1_000_000_000)
}

/// A moment, RFC 3339: `2024-02-29T12:30:00Z`.
pub fn date_time(text: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    use chrono::{Datelike as _, Timelike as _};
    let moment = chrono::DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    // In UTC the year may be another one; SQLite's functions know four digits and no leap second.
    ((0..=9999).contains(&moment.year()) && moment.nanosecond() < 1_000_000_000).then_some(moment)
}

/// A UUID with hyphens, in lower case.
pub fn uuid(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let groups: Vec<&str> = lower.split('-').collect();
    let lengths = [8, 4, 4, 4, 12];
    let fits = groups.len() == lengths.len()
        && groups.iter().zip(lengths).all(|(group, length)| {
            group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
    fits.then_some(lower)
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

/// A text that holds JSON.
pub fn json(text: &str) -> Option<String> {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok().then(|| text.to_owned())
}

/// An email address: a local part and a domain.
///
/// Source: the HTML standard's valid email address, with lengths of RFC 5321.
pub fn email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && local.split('.').all(|part| !part.is_empty() && part.chars().all(atom));
    local_fits && hostname(domain)
}

/// A host name, RFC 1123.
pub fn hostname(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// An absolute URI: a scheme, a colon and no character that a URI cannot hold (RFC 3986).
pub fn uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let character = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    let escapes = rest.match_indices('%').all(|(at, _)| {
        rest.as_bytes().get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    });
    scheme_fits && !rest.is_empty() && rest.chars().all(character) && escapes
}

/// An IPv4 address.
pub fn ipv4(text: &str) -> bool {
    text.parse::<std::net::Ipv4Addr>().is_ok()
}

/// An IPv6 address.
pub fn ipv6(text: &str) -> bool {
    text.parse::<std::net::Ipv6Addr>().is_ok()
}
