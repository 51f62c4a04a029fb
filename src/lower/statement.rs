//! The statements of a spec, read but not yet understood.
//!
//! They are collected before lowering, because the database is asked about all
//! of them at once.

use std::ops::Range;

use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Engine;
use crate::source::{FileId, Span};
use crate::spec::{Files, Loaded};
use crate::sql::{self, PageForms, Problem, SortForm, Template};

use super::audit;
use super::context::{At, list};

/// The statements of a spec by place: `tools/get_user`, `tools/move/giver`,
/// `resources/user/watch`, `resources/user/complete/id`, `prompts/review/holders`.
pub type Statements = IndexMap<String, Parsed>;

/// One statement and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The statement as its author wrote it.
    pub template: Template,
    /// The author's text.
    pub text: String,
    /// The same in each order of `sort`; empty without `sort` or with `page`.
    pub sorted: Vec<SortForm>,
    /// The same page by page; none without `page`.
    pub paged: Option<PageForms>,
    /// The engine whose words it is in.
    pub engine: Engine,
    at: At,
    file: Option<FileId>,
}

impl Parsed {
    /// Every template that the database is asked about, the author's own first.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        let sorted = self.sorted.iter().map(|form| &form.template);
        let paged = self.paged.iter().flat_map(PageForms::templates);
        std::iter::once(&self.template).chain(sorted).chain(paged).collect()
    }

    /// Where a part of the author's text stands.
    #[must_use]
    pub fn span(&self, loaded: &Loaded, range: Range<usize>) -> Span {
        match self.file {
            Some(file) => Span { file, start: range.start, end: range.end },
            None => loaded.places.text(self.at.pointer(), range),
        }
    }

    /// A problem inside the statement, at its place.
    #[must_use]
    pub fn diagnostic(&self, loaded: &Loaded, problem: Problem) -> Diagnostic {
        let span = self.span(loaded, problem.at);
        let diagnostic = Diagnostic::new(problem.code, span, problem.message);
        match problem.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// Reads every statement of a spec.
#[must_use]
pub fn read(loaded: &Loaded, files: &Files) -> (Statements, Vec<Diagnostic>) {
    let document = &loaded.document;
    let engine = document.database.engine.into();
    let mut reader =
        Reader { loaded, files, engine, statements: Statements::new(), diagnostics: Vec::new() };
    let root = At::root();
    for (name, tool) in &document.tools {
        let at = root.key("tools").key(name);
        let place = format!("tools/{name}");
        let given = [
            ("sql", tool.sql.is_some()),
            ("sql_file", tool.sql_file.is_some()),
            ("steps", !tool.steps.is_empty()),
        ];
        reader.exactly_one(&at, &given, "tool", name);
        if !tool.steps.is_empty() {
            for (step, written) in &tool.steps {
                let at = at.key("steps").key(step);
                let given =
                    [("sql", written.sql.is_some()), ("sql_file", written.sql_file.is_some())];
                reader.exactly_one(&at, &given, "step", step);
                reader.statement(&format!("{place}/{step}"), &at, &written.sql, &written.sql_file);
            }
            continue;
        }
        reader.statement(&place, &at, &tool.sql, &tool.sql_file);
        let Some(parsed) = reader.statements.get_mut(&place) else { continue };
        let sort = tool.sort.as_deref().unwrap_or_default();
        match &tool.page {
            Some(page) => {
                let forms = sql::page_forms(&parsed.template, sort, &page.keys, engine);
                parsed.paged = Some(forms);
            }
            None => parsed.sorted = sql::sort_forms(&parsed.template, sort, engine),
        }
    }
    for (name, resource) in &document.resources {
        let at = root.key("resources").key(name);
        let place = format!("resources/{name}");
        reader.statement(&place, &at, &resource.sql, &resource.sql_file);
        if let Some(watch) = &resource.watch {
            let at = at.key("watch").key("sql");
            reader.text(&format!("{place}/watch"), at, watch.sql.as_deref(), None);
        }
        for (param, written) in &resource.params {
            let at = at.key("params").key(param).key("complete");
            reader.text(
                &format!("{place}/complete/{param}"),
                at,
                written.complete.as_deref(),
                None,
            );
        }
    }
    for (name, prompt) in &document.prompts {
        let at = root.key("prompts").key(name);
        let place = format!("prompts/{name}");
        for (query, written) in &prompt.data {
            let at = at.key("data").key(query);
            let given = [("sql", written.sql.is_some()), ("sql_file", written.sql_file.is_some())];
            reader.exactly_one(&at, &given, "query", query);
            reader.statement(&format!("{place}/{query}"), &at, &written.sql, &written.sql_file);
        }
        for (param, written) in &prompt.params {
            let at = at.key("params").key(param).key("complete");
            reader.text(
                &format!("{place}/complete/{param}"),
                at,
                written.complete.as_deref(),
                None,
            );
        }
    }
    if let Some(text) = document.audit.as_ref().and_then(|audit| audit::insert(audit, engine)) {
        let at = root.key("audit").key("sink").key("table");
        reader.text(audit::PLACE, at, Some(&text), None);
    }
    (reader.statements, reader.diagnostics)
}

struct Reader<'a> {
    loaded: &'a Loaded,
    files: &'a Files,
    engine: Engine,
    statements: Statements,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn exactly_one(&mut self, at: &At, given: &[(&str, bool)], what: &str, name: &str) {
        let keys: Vec<&str> = given.iter().map(|(key, _)| *key).collect();
        let present: Vec<&str> =
            given.iter().filter(|(_, there)| *there).map(|(key, _)| *key).collect();
        let dropped = keys.iter().any(|key| self.loaded.poisoned.contains(at.key(key).pointer()));
        match present.as_slice() {
            [_] => {}
            [] if dropped => {}
            [] => self.diagnostics.push(
                Diagnostic::new(
                    Code::MissingKey,
                    self.loaded.places.key(at.pointer()),
                    format!("the {what} `{name}` has no statement"),
                )
                .help(format!("add one of {}", list(&keys))),
            ),
            [first, second, ..] => self.diagnostics.push(
                Diagnostic::new(
                    Code::Exclusive,
                    self.loaded.places.key(at.key(second).pointer()),
                    format!("the {what} `{name}` has both `{first}` and `{second}`"),
                )
                .also(self.loaded.places.key(at.key(first).pointer()), "the first one")
                .help("keep one of them"),
            ),
        }
    }

    fn statement(&mut self, place: &str, at: &At, sql: &Option<String>, file: &Option<String>) {
        match (sql, file) {
            (Some(text), _) => self.text(place, at.key("sql"), Some(text), None),
            (None, Some(path)) => {
                // A file that cannot be read has been reported where files are read.
                if let Some(file) = self.files.text(path) {
                    let text = self.files.text_of(file).to_owned();
                    self.text(place, at.key("sql_file"), Some(&text), Some(file));
                }
            }
            (None, None) => {}
        }
    }

    fn text(&mut self, place: &str, at: At, text: Option<&str>, file: Option<FileId>) {
        let Some(text) = text else { return };
        let mut parsed = Parsed {
            template: Template { pieces: Vec::new() },
            text: text.to_owned(),
            sorted: Vec::new(),
            paged: None,
            engine: self.engine,
            at,
            file,
        };
        match sql::scan(text, self.engine) {
            Ok(template) => {
                parsed.template = template;
                self.statements.insert(place.to_owned(), parsed);
            }
            Err(problems) => {
                let found = problems.into_iter().map(|p| parsed.diagnostic(self.loaded, p));
                self.diagnostics.extend(found);
            }
        }
    }
}
