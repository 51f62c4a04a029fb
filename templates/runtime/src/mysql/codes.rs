//! What MySQL's and MariaDB's error numbers mean to a client.

use sqlx::error::DatabaseError;

use super::engine::number_of;
use super::failure::{CHANGED, EXHAUSTED, Kind, LOST};

/// The kind of an error and what a client hears: its number decides.
///
/// Source: <https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html> and
/// <https://mariadb.com/kb/en/mariadb-error-code-reference/>.
pub(super) fn class(error: &dyn DatabaseError) -> Option<(Kind, &'static str)> {
    Some(match number_of(error) {
        1022 | 1062 | 1169 | 1586 => {
            (Kind::UniqueConstraintViolation, "A record with this value already exists.")
        }
        1216 | 1217 | 1451 | 1452 => (
            Kind::ForeignKeyViolation,
            "A record that is referred to does not exist, or is still referred to.",
        ),
        1048 | 1263 | 1364 => (Kind::NotNullViolation, "A value that must be there is missing."),
        3819 => (Kind::CheckViolation, "A value is outside of what the database allows."),
        // The same number is another error in MySQL.
        4025 if error.code().as_deref() == Some("23000") => {
            (Kind::CheckViolation, "A value is outside of what the database allows.")
        }
        // What a function of the database says may hold values: it goes to the log.
        1644 => (Kind::CheckViolation, "The database refused this with a rule of its own."),
        1264 | 1690 => {
            (Kind::InvalidArguments, "A number is larger or smaller than the database takes.")
        }
        1406 => (Kind::InvalidArguments, "A text is longer than the database takes."),
        1267 | 1270 | 1271 => (
            Kind::InvalidArguments,
            "A text has characters that the database's column does not take.",
        ),
        // InnoDB reads words that are searched by a grammar of its own.
        1064 if error.message().contains("FTS_") => {
            (Kind::InvalidArguments, "The words to look for are not words: leave signs out.")
        }
        1365 => (Kind::InvalidArguments, "These arguments lead to a division by zero."),
        1265 | 1292 | 1366 | 1411 | 1416 | 1525 | 3037 | 3140 | 3141 | 3156 | 4038 => {
            (Kind::InvalidArguments, "A value is not of the form that the database takes.")
        }
        1213 => {
            (Kind::Deadlock, "Two changes waited for each other and nothing was saved; try again.")
        }
        1020 => (
            Kind::SerializationFailure,
            "Another change came between and nothing was saved; try again.",
        ),
        1205 | 3572 => {
            (Kind::Timeout, "The record is locked by another change; try again in a moment.")
        }
        1317 | 1969 | 3024 => (Kind::Timeout, "The request took too long and was stopped."),
        1044 | 1142 | 1143 | 1227 | 1290 | 1370 | 1792 | 1836 => {
            (Kind::PermissionDenied, "The database does not allow this.")
        }
        1049 | 1054 | 1146 | 1305 | 1356 => (Kind::UnknownError, CHANGED),
        1040 | 1203 | 1226 => (Kind::PoolExhausted, EXHAUSTED),
        1021 | 1037 | 1041 | 1114 => {
            (Kind::ConnectionError, "The database has no room or memory left.")
        }
        1053 | 1927 | 2006 | 2013 | 4031 => (Kind::ConnectionError, LOST),
        _ => return None,
    })
}
