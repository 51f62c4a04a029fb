//! What SQLite's result codes mean to a client.

use sqlx::error::DatabaseError;

use super::failure::{Kind, LOST};

/// What a client hears when the file is no database any more.
pub(super) const DAMAGED: &str = "The connection to the database is lost: its file is damaged.";

/// The kind of an error and what a client hears: SQLite's extended result codes decide.
///
/// Source: <https://www.sqlite.org/rescode.html>.
pub(super) fn class(error: &dyn DatabaseError) -> Option<(Kind, &'static str)> {
    let code = error.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or(0);
    Some(match (code, code & 0xff) {
        (1555 | 2067 | 2579, _) => {
            (Kind::UniqueConstraintViolation, "A record with this value already exists.")
        }
        (787, _) => (
            Kind::ForeignKeyViolation,
            "A record that is referred to does not exist, or is still referred to.",
        ),
        (1299, _) => (Kind::NotNullViolation, "A value that must be there is missing."),
        (275, _) => (Kind::CheckViolation, "A value is outside of what the database allows."),
        (_, 5 | 6) => (Kind::Timeout, "The database is busy; try again in a moment."),
        (_, 9) => (Kind::Timeout, "The request took too long and was stopped."),
        (_, 8) => (Kind::PermissionDenied, "The database does not allow this change."),
        (_, 11 | 26) => (Kind::ConnectionError, DAMAGED),
        (_, 10 | 13 | 14) => (Kind::ConnectionError, LOST),
        _ => return None,
    })
}
