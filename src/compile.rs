//! The whole way from a spec file to the files of a crate.

use std::io;
use std::path::{Path, PathBuf};

use crate::database::{self, Migration, Refusal, Request, Schema, facts::Facts};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir;
use crate::lock::{self, Lock};
use crate::lower::{self, Statements};
use crate::source::{SourceMap, Span};
use crate::spec::{self, Files, Loaded};

/// What came out of one spec.
#[derive(Debug)]
pub struct Outcome {
    /// Every file that a diagnostic may point into.
    pub sources: SourceMap,
    /// Everything that is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// What is written; there only when nothing is wrong.
    pub output: Option<Output>,
}

/// What is written for a spec that is right.
#[derive(Debug)]
pub struct Output {
    /// The server, to be rendered.
    pub server: ir::Server,
    /// Where the lock belongs.
    pub lock_path: PathBuf,
    /// The lock's text.
    pub lock: String,
    /// Whether the lock on disk is the same.
    pub lock_is_current: bool,
}

/// Compiles one spec. `shown` is its path as diagnostics name it; `urls` name the servers that may
/// be asked about statements.
///
/// # Errors
/// The spec itself cannot be read from disk. Whatever is wrong inside of it is a diagnostic.
pub fn compile(path: &Path, shown: &str, urls: &[String]) -> io::Result<Outcome> {
    let mut sources = SourceMap::default();
    let (loaded, mut diagnostics) = match spec::read(&mut sources, path, shown)? {
        Ok(file) => spec::load(&sources, file),
        Err(diagnostic) => (None, vec![diagnostic]),
    };
    let Some(loaded) = loaded else { return Ok(Outcome { sources, diagnostics, output: None }) };
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let (files, found) = Files::read(&loaded, &folder, &mut sources);
    diagnostics.extend(found);
    let (statements, found) = lower::read_statements(&loaded, &files);
    diagnostics.extend(found);

    let lock_path = path.with_extension("lock.json");
    let on_disk = std::fs::read_to_string(&lock_path).ok();
    let (facts, found) = facts(&loaded, &files, &statements, on_disk.as_deref(), urls);
    let asked = !found.iter().any(|found| matches!(found.code, Code::Database | Code::Migration));
    diagnostics.extend(found);

    let spec_name = path.file_name().unwrap_or_default().to_string_lossy();
    let (server, found) = lower::lower(&loaded, &files, &statements, (&facts, asked), &spec_name);
    diagnostics.extend(found);
    let output = server.filter(|_| diagnostics.is_empty()).map(|server| {
        let lock = Lock::new(&server, &facts).write();
        Output {
            lock_is_current: on_disk.as_deref() == Some(lock.as_str()),
            lock_path,
            lock,
            server,
        }
    });
    Ok(Outcome { sources, diagnostics, output })
}

/// What the database says: from the lock where it is current, otherwise from the database.
fn facts(
    loaded: &Loaded,
    files: &Files,
    statements: &Statements,
    lock: Option<&str>,
    urls: &[String],
) -> (Facts, Vec<Diagnostic>) {
    let engine = loaded.document.database.engine.into();
    let digests: Vec<(&str, String)> =
        statements.iter().map(|(place, parsed)| (place.as_str(), parsed.digest())).collect();
    let migrations: Vec<Migration> = files
        .migrations
        .iter()
        .map(|migration| Migration {
            name: &migration.name,
            file: migration.file,
            sql: files.text_of(migration.file),
        })
        .collect();
    let current = lock.and_then(Lock::read).and_then(|lock| {
        let migrations = migrations.iter().map(|migration| (migration.name, migration.sql));
        let statements = digests.iter().map(|(place, digest)| (*place, digest.as_str()));
        lock.current_facts(engine, migrations, statements).cloned()
    });
    let live = loaded.document.database.schema.is_some();
    // Nobody but the database itself knows whether a live schema is still what it was.
    let asked = live && database::url_for(engine, urls).is_some();
    if let Some(facts) = current.filter(|_| !asked) {
        return (facts, Vec::new());
    }
    let requests: Vec<Request> = statements
        .values()
        .zip(&digests)
        .map(|(parsed, (place, digest))| Request {
            place: (*place).to_owned(),
            digest: digest.clone(),
            templates: parsed.templates(),
        })
        .collect();
    let schema = if live { Schema::Live } else { Schema::Migrations(&migrations) };
    let (facts, refusals) = database::describe(engine, schema, &requests, urls);
    let diagnostics = refusals
        .into_iter()
        .filter_map(|refusal| match refusal {
            // Which column is missing is said where it is lowered.
            Refusal::Statement { place, .. } if place == lower::AUDIT => None,
            Refusal::Statement { place, problem } => {
                statements.get(&place).map(|parsed| parsed.diagnostic(loaded, problem))
            }
            Refusal::Server { message, help } => {
                let span = loaded.places.value("/database/engine");
                Some(Diagnostic::new(Code::Database, span, message).help(help))
            }
            Refusal::Migration { file, at, message, help } => {
                let span = Span { file, start: at.start, end: at.end };
                Some(Diagnostic::new(Code::Migration, span, message).help(help))
            }
        })
        .collect();
    (facts, diagnostics)
}

/// SHA-256 of a statement and of everything that changes its forms.
impl lower::Parsed {
    fn digest(&self) -> String {
        let forms = self.templates().len().to_string();
        let orders: Vec<String> = self
            .sorted
            .iter()
            .map(|form| form.choice.clone())
            .chain(self.paged.iter().flat_map(|paged| {
                paged.orders.iter().map(|order| format!("{:?}{:?}", order.choice, order.columns))
            }))
            .collect();
        lock::digest(
            [self.text.as_str(), &forms].into_iter().chain(orders.iter().map(String::as_str)),
        )
    }
}
