//! How values travel to PostgreSQL, by the names of its types.
//!
//! A few types are bound as they are. Everything else travels as text, and the placeholder casts it:
//! `$1::text::numeric`. The server's own reading of a value is the one that its columns have, no
//! digit is lost on the way, and any type can be bound, enums and domains among them.

/// Types that are bound as they are, and lists of them.
const NATIVE: &[&str] = &[
    "smallint",
    "integer",
    "bigint",
    "real",
    "double precision",
    "boolean",
    "text",
    "character varying",
    "bytea",
];

/// The type that a text is cast to; none for a type that is bound as it is.
#[must_use]
pub fn cast(wire: &str) -> Option<&str> {
    let item = wire.strip_suffix("[]").unwrap_or(wire);
    (!NATIVE.contains(&item)).then_some(wire)
}

/// Least and greatest value of an integer type that is narrower than 64 bits.
#[must_use]
pub fn range(wire: &str) -> Option<(i64, i64)> {
    match wire {
        "smallint" => Some((i16::MIN.into(), i16::MAX.into())),
        "integer" => Some((i32::MIN.into(), i32::MAX.into())),
        "oid" => Some((0, u32::MAX.into())),
        _ => None,
    }
}
