//! What a database says: the only place that talks to one.
//!
//! Facts are plain data. They come from a live database or from the lock, and
//! nothing behind this module can tell which.

pub mod facts;
mod sqlite;

pub use sqlite::declared_type;

use std::ops::Range;

use crate::ir::Engine;
use crate::source::FileId;
use crate::sql::{Problem, Template};

use facts::Facts;

/// A migration to apply.
#[derive(Debug, Clone, Copy)]
pub struct Migration<'a> {
    /// File name.
    pub name: &'a str,
    /// The file.
    pub file: FileId,
    /// Its text.
    pub sql: &'a str,
}

/// A statement to describe.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// Its place: `tools/get_user`.
    pub place: String,
    /// Its digest, as the lock keeps it.
    pub digest: String,
    /// Every form of it, the author's own first.
    pub templates: Vec<&'a Template>,
}

/// Something that the database refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A statement.
    Statement {
        /// Its place.
        place: String,
        /// What is wrong, and where in the author's text.
        problem: Problem,
    },
    /// A migration.
    Migration {
        /// The file.
        file: FileId,
        /// Byte range in it.
        at: Range<usize>,
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
}

/// Applies the migrations to a scratch database and asks it about every statement. Nothing is
/// executed but the migrations.
#[must_use]
pub fn describe(
    engine: Engine,
    migrations: &[Migration],
    requests: &[Request],
) -> (Facts, Vec<Refusal>) {
    match engine {
        Engine::Sqlite => sqlite::describe(migrations, requests),
    }
}
