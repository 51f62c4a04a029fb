//! What PostgreSQL's error codes mean to a client.

use sqlx::error::DatabaseError;

use super::failure::{CHANGED, EXHAUSTED, Kind, LOST};

/// The kind of an error and what a client hears: the SQLSTATE decides.
///
/// Source: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
pub(super) fn class(error: &dyn DatabaseError) -> Option<(Kind, &'static str)> {
    let code = error.code()?;
    Some(match code.as_ref() {
        "23505" => (Kind::UniqueConstraintViolation, "A record with this value already exists."),
        "23P01" => {
            (Kind::UniqueConstraintViolation, "A record that excludes this one already exists.")
        }
        "23503" | "23001" => (
            Kind::ForeignKeyViolation,
            "A record that is referred to does not exist, or is still referred to.",
        ),
        "23502" => (Kind::NotNullViolation, "A value that must be there is missing."),
        "23514" | "44000" => {
            (Kind::CheckViolation, "A value is outside of what the database allows.")
        }
        // What a function of the database says may hold values: it goes to the log.
        "P0001" => (Kind::CheckViolation, "The database refused this with a rule of its own."),
        "22001" => (Kind::InvalidArguments, "A text is longer than the database takes."),
        "22003" => {
            (Kind::InvalidArguments, "A number is larger or smaller than the database takes.")
        }
        "22012" => (Kind::InvalidArguments, "These arguments lead to a division by zero."),
        "22023" | "2201W" | "2201X" | "2201B" | "22000" => {
            (Kind::InvalidArguments, "A value is not one that the database takes here.")
        }
        "40001" => (
            Kind::SerializationFailure,
            "Another change came between and nothing was saved; try again.",
        ),
        // The tables were changed; what was prepared before does not fit them any more.
        "0A000" if error.message().contains("cached plan") => (
            Kind::SerializationFailure,
            "Another change came between and nothing was saved; try again.",
        ),
        "40P01" => {
            (Kind::Deadlock, "Two changes waited for each other and nothing was saved; try again.")
        }
        "55P03" => {
            (Kind::Timeout, "The record is locked by another change; try again in a moment.")
        }
        "57014" | "25P03" | "25P04" => {
            (Kind::Timeout, "The request took too long and was stopped.")
        }
        "42501" | "25006" => (Kind::PermissionDenied, "The database does not allow this."),
        "3F000" | "42P01" | "42703" | "42704" | "42804" | "42846" | "42883" => {
            (Kind::UnknownError, CHANGED)
        }
        "53300" => (Kind::PoolExhausted, EXHAUSTED),
        code if code.starts_with("53") => {
            (Kind::ConnectionError, "The database has no room or memory left.")
        }
        "57P01" | "57P02" | "57P03" | "57P05" => (Kind::ConnectionError, LOST),
        // Whatever else is wrong with a value: XML that is none, bits of another length.
        code if code.starts_with("22") => {
            (Kind::InvalidArguments, "A value is not of the form that the database takes.")
        }
        code if code.starts_with("08") => (Kind::ConnectionError, LOST),
        _ => return None,
    })
}
