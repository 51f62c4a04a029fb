//! What a database says: the only place that talks to one.
//!
//! Facts are plain data. They come from a live database or from the lock, and
//! nothing behind this module can tell which.

mod command;
pub mod facts;
mod least;
pub mod live;
mod migration;
mod mysql;
mod postgres;
pub mod rights;
mod server;
mod sqlite;
mod words;

pub(crate) use command::may_commit;
pub use server::url_for;
pub use sqlite::declared_type;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::Code;
use crate::ir::{Engine, Ident};
use crate::source::FileId;
use crate::sql::analyze::Analysis;
use crate::sql::{Problem, Rendered, Template};

use facts::{BindingFacts, Facts, ResultColumn};

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
    /// The server that should be asked: there is none, or it cannot be used.
    Server {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
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

/// Where the schema of a spec comes from.
#[derive(Debug, Clone, Copy)]
pub enum Schema<'a> {
    /// Migrations, applied to a database that is made for it and dropped again.
    Migrations(&'a [Migration<'a>]),
    /// The database behind the URL, which is asked and not changed.
    Live,
}

/// Asks a database with the schema about every statement. Nothing is executed but migrations.
/// `urls` name servers; SQLite needs none.
#[must_use]
pub fn describe(
    engine: Engine,
    schema: Schema,
    requests: &[Request],
    urls: &[String],
) -> (Facts, Vec<Refusal>) {
    let (mut facts, refusals) = match (engine, schema) {
        (Engine::Sqlite, Schema::Migrations(migrations)) => sqlite::describe(migrations, requests),
        // Refused when the spec was lowered.
        (Engine::Sqlite, Schema::Live) => (Facts::default(), Vec::new()),
        (Engine::Postgres, _) => server::describe::<postgres::Postgres>(schema, requests, urls),
        (Engine::Mysql, _) => server::describe::<mysql::Mysql>(schema, requests, urls),
    };
    for statement in facts.statements.values_mut() {
        name_columns(&mut statement.columns);
    }
    (facts, refusals)
}

/// Gives columns that are called after their expression a plain name of its words: `COUNT(*)` is
/// `count`. Databases do not agree on what such a column is called.
fn name_columns(columns: &mut [ResultColumn]) {
    for at in 0..columns.len() {
        let name = &columns[at].name;
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if plain && Ident::new(name).is_ok() {
            continue;
        }
        let words = Ident::of_prose(name);
        let base = words.map_or_else(|_| "column".to_owned(), |ident| ident.snake().to_owned());
        let base: String = base.trim_end_matches('_').chars().take(60).collect();
        rename(columns, at, &base);
    }
}

/// Gives a column a name that no other one has: `base`, or `base` and a number.
fn rename(columns: &mut [ResultColumn], at: usize, base: &str) {
    let taken = |name: &str| {
        columns.iter().enumerate().any(|(other, column)| other != at && column.name == name)
    };
    let numbered = (2..).map(|n| format!("{base}_{n}"));
    if let Some(free) = std::iter::once(base.to_owned()).chain(numbered).find(|name| !taken(name)) {
        columns[at].name = free;
        columns[at].renamed = true;
    }
}

/// Keeps of `first` what holds in another variant as well: nothing else is certain.
fn merge(
    first: &mut [ResultColumn],
    columns: Vec<ResultColumn>,
    author: &Template,
    mask: u64,
) -> Result<(), Box<Problem>> {
    let names =
        |columns: &[ResultColumn]| columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    if names(first) != names(&columns) {
        return Err(Box::new(Problem::new(
            Code::InvalidClause,
            clause_span(author, mask),
            "the optional clauses change which columns are returned",
            "keep the columns outside of `[[ … ]]`",
        )));
    }
    for (first, column) in first.iter_mut().zip(columns) {
        first.nullable |= column.nullable;
        first.renamed |= column.renamed;
        first.kind = first.kind.take().filter(|kind| column.kind.as_ref() == Some(kind));
        first.origin = first.origin.take().filter(|origin| column.origin.as_ref() == Some(origin));
    }
    Ok(())
}

fn clause_span(template: &Template, mask: u64) -> Range<usize> {
    template
        .pieces
        .iter()
        .filter_map(|piece| match piece {
            crate::sql::Piece::Clause(clause) => Some(clause.at.clone()),
            crate::sql::Piece::Text { .. } | crate::sql::Piece::Bind(_) => None,
        })
        .enumerate()
        .find(|(index, _)| mask & (1 << index) != 0)
        .map_or(0..0, |(_, at)| at)
}

fn bindings(analysis: &Analysis, rendered: &Rendered) -> BTreeMap<String, BindingFacts> {
    analysis
        .bindings
        .iter()
        .filter_map(|(number, facts)| {
            let name = rendered.bindings.get(number.checked_sub(1)?)?;
            Some((name.clone(), facts.clone()))
        })
        .collect()
}
