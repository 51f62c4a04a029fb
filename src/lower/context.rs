//! What lowering knows and what it has found wrong so far.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;

use crate::database::facts::{Facts, StatementFacts};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::ir::{Ident, IdentProblem, NamedType, Retry, Row};
use crate::source::{FileId, Span};
use crate::spec::{Files, Loaded};

use super::statement::{Parsed, Statements};

/// A place in the spec, as a JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At(String);

impl At {
    pub(super) fn root() -> Self {
        Self(String::new())
    }

    /// The value under a key.
    pub(super) fn key(&self, key: &str) -> Self {
        Self(format!("{}/{}", self.0, key.replace('~', "~0").replace('/', "~1")))
    }

    /// An item of a list.
    pub(super) fn item(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    pub(super) fn pointer(&self) -> &str {
        &self.0
    }
}

/// What lowering knows and what it has found wrong so far.
pub(super) struct Context<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) files: &'a Files,
    pub(super) statements: &'a Statements,
    pub(super) facts: &'a Facts,
    /// Whether the database could be asked at all.
    pub(super) asked: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// How long a call may take where the tool does not say.
    pub(super) statement_timeout: Duration,
    /// How often a call is run where the tool does not say.
    pub(super) retry: Option<Retry>,
    /// Named types; none where a type is broken and has been reported.
    pub(super) types: IndexMap<String, Option<Arc<NamedType>>>,
    /// Shared rows; none where a row is broken and has been reported.
    pub(super) rows: IndexMap<String, Option<Arc<Row>>>,
    used: BTreeSet<(&'static str, String)>,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        loaded: &'a Loaded,
        files: &'a Files,
        statements: &'a Statements,
        facts: &'a Facts,
        asked: bool,
    ) -> Self {
        Self {
            loaded,
            files,
            statements,
            facts,
            asked,
            diagnostics: Vec::new(),
            statement_timeout: Duration::from_secs(30),
            retry: None,
            types: IndexMap::new(),
            rows: IndexMap::new(),
            used: BTreeSet::new(),
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Where the key at a place stands.
    pub(super) fn key(&self, at: &At) -> Span {
        self.loaded.places.key(at.pointer())
    }

    /// Where the value at a place stands.
    pub(super) fn value(&self, at: &At) -> Span {
        self.loaded.places.value(at.pointer())
    }

    /// Where a part of the text at a place stands.
    pub(super) fn text(&self, at: &At, range: Range<usize>) -> Span {
        self.loaded.places.text(at.pointer(), range)
    }

    /// Whether something at a place has been refused already, so that a reference to it is no
    /// second error.
    pub(super) fn poisoned(&self, at: &At) -> bool {
        self.loaded.poisoned.contains(at.pointer())
    }

    /// Whether a key, or one that was meant to be it, was refused already.
    pub(super) fn misspelt(&self, at: &At, key: &str) -> bool {
        let inside = format!("{}/", at.pointer());
        let refused = self.loaded.poisoned.iter().filter_map(|other| other.strip_prefix(&inside));
        refused.into_iter().any(|other| closest(other, [key]).is_some())
    }

    /// The text of a file that was read.
    pub(super) fn loaded_text(&self, file: FileId) -> &'a str {
        self.files.text_of(file)
    }

    /// The statement at a place, unless it could not be read.
    pub(super) fn statement(&self, place: &str) -> Option<&'a Parsed> {
        self.statements.get(place)
    }

    /// What the database said about a statement, unless it refused it.
    pub(super) fn statement_facts(&self, place: &str) -> Option<&'a StatementFacts> {
        self.facts.statements.get(place)
    }

    /// A name of the spec as an identifier; `at` is the place of the value under the name.
    pub(super) fn key_ident(&mut self, name: &str, at: &At) -> Option<Ident> {
        let span = self.key(at);
        self.ident_at(name, span)
    }

    /// A name that is written as a value.
    pub(super) fn ident(&mut self, name: &str, at: &At) -> Option<Ident> {
        let span = self.value(at);
        self.ident_at(name, span)
    }

    /// A name that stands at `span`.
    pub(super) fn ident_at(&mut self, name: &str, span: Span) -> Option<Ident> {
        match Ident::new(name) {
            Ok(ident) => Some(ident),
            Err(problem) => {
                self.report(invalid_name(name, problem, span));
                None
            }
        }
    }

    /// An identifier whose Rust type may stand beside what generated code uses.
    pub(super) fn type_ident(&mut self, name: &str, at: &At) -> Option<Ident> {
        let ident = self.key_ident(name, at)?;
        match ident.as_type() {
            Ok(ident) => Some(ident),
            Err(problem) => {
                let span = self.key(at);
                self.report(invalid_name(name, problem, span));
                None
            }
        }
    }

    /// A named type, marked as used. `None` also where it is broken; then nothing is reported.
    pub(super) fn named_type(&mut self, name: &str, at: &At) -> Option<Arc<NamedType>> {
        self.used.insert(("types", name.to_owned()));
        if let Some(found) = self.types.get(name) {
            return found.clone();
        }
        if self.poisoned(&At::root().key("types").key(name)) {
            return None;
        }
        let span = self.value(at);
        let built_in = ["string", "integer", "number", "boolean", "array", "object"];
        let known: Vec<&str> =
            built_in.into_iter().chain(self.types.keys().map(String::as_str)).collect();
        let diagnostic =
            Diagnostic::new(Code::UnknownType, span, format!("there is no type `{name}`"));
        let help = type_help(name, &known);
        // The one that was meant is used.
        if let Some(near) = closest(name, self.types.keys().map(String::as_str)) {
            self.used.insert(("types", near.to_owned()));
        }
        self.report(diagnostic.help(help));
        None
    }

    /// A shared row, marked as used.
    pub(super) fn shared_row(&mut self, name: &str) -> Option<Arc<Row>> {
        self.used.insert(("rows", name.to_owned()));
        self.rows.get(name).cloned().flatten()
    }

    /// Reports the types and rows that nothing uses.
    pub(super) fn report_unused(&mut self) {
        let document = &self.loaded.document;
        let types = document.types.keys().map(|name| ("types", name));
        let rows = document.rows.keys().map(|name| ("rows", name));
        let unused: Vec<(&str, String)> = types
            .chain(rows)
            .filter(|(section, name)| !self.used.contains(&(*section, (*name).clone())))
            .map(|(section, name)| (section, name.clone()))
            .collect();
        // A tool that was refused may have been the only user.
        if !self.loaded.poisoned.is_empty() {
            return;
        }
        for (section, name) in unused {
            // A name that cannot be used is reported as such.
            if Ident::new(&name).and_then(Ident::as_type).is_err() {
                continue;
            }
            let span = self.key(&At::root().key(section).key(&name));
            let what = section.trim_end_matches('s');
            self.report(
                Diagnostic::new(Code::Unused, span, format!("nothing uses the {what} `{name}`"))
                    .help("remove it, or use it"),
            );
        }
    }

    /// Named types in the order of the spec.
    pub(super) fn types_in_order(&self) -> Vec<Arc<NamedType>> {
        self.types.values().flatten().cloned().collect()
    }

    /// Shared rows in the order of the spec.
    pub(super) fn rows_in_order(&self) -> Vec<Arc<Row>> {
        self.rows.values().flatten().cloned().collect()
    }

    /// Reports identifiers that are the same in Rust. `names` come with the place to underline.
    pub(super) fn distinct<'n>(&mut self, names: impl IntoIterator<Item = (&'n Ident, Span)>) {
        let mut seen: BTreeMap<String, (String, Span)> = BTreeMap::new();
        for (ident, span) in names {
            let forms = ident.pascal().to_owned();
            match seen.get(&forms) {
                Some((first, first_span)) => {
                    let diagnostic = Diagnostic::new(
                        Code::NameCollision,
                        span,
                        format!(
                            "`{}` and `{first}` both become `{}` in Rust",
                            ident.wire(),
                            ident.snake()
                        ),
                    )
                    .also(*first_span, "the first one")
                    .help("rename one of them");
                    self.report(diagnostic);
                }
                None => {
                    seen.insert(forms, (ident.wire().to_owned(), span));
                }
            }
        }
    }
}

/// What to type instead of a name that does not exist.
pub(super) fn name_help(name: &str, known: &[&str], what: &str) -> String {
    match closest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("there is no {what} yet: declare it"),
        None => format!("there is {}", list(known)),
    }
}

fn type_help(name: &str, known: &[&str]) -> String {
    let foreign = match name.to_ascii_lowercase().as_str() {
        "int" | "bigint" | "int64" | "int32" => Some("`type: integer`"),
        "float" | "double" | "real" | "f64" => Some("`type: number`"),
        "decimal" | "numeric" | "money" => Some("`type: string` with `format: decimal`"),
        "bool" => Some("`type: boolean`"),
        "text" | "str" | "varchar" => Some("`type: string`"),
        "date" => Some("`type: string` with `format: date`"),
        "time" => Some("`type: string` with `format: time`"),
        "datetime" | "timestamp" | "date-time" => Some("`type: string` with `format: date-time`"),
        "uuid" => Some("`type: string` with `format: uuid`"),
        "blob" | "bytes" | "binary" => Some("`type: string` with `format: byte`"),
        "json" => Some("`type: string` with `format: json`, or `type: object`"),
        "list" => Some("`type: array` with `items`"),
        "map" | "dict" => Some("`type: object` with `properties`"),
        _ => None,
    };
    match foreign {
        Some(instead) => format!("write {instead}"),
        None => format!("{}, or declare it under `types`", name_help(name, known, "type")),
    }
}

/// "`a`, `b` and `c`", at most eight of them.
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().take(8).map(|name| format!("`{name}`")).collect();
    let rest = names.len().saturating_sub(quoted.len());
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        many if rest > 0 => format!("{} and {rest} more", many.join(", ")),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn invalid_name(name: &str, problem: IdentProblem, span: Span) -> Diagnostic {
    let (message, help) = match problem {
        IdentProblem::NoLetter => {
            (format!("`{name}` holds no letter"), "use at least one letter of a to z".to_owned())
        }
        IdentProblem::Character(c) if c.is_ascii_digit() => {
            (format!("`{name}` starts with a digit"), format!("put a letter first: `n{name}`"))
        }
        IdentProblem::Character(c) => (
            format!("`{name}` holds `{}`, which a name cannot have", c.escape_debug()),
            "use letters of a to z, digits and `_`".to_owned(),
        ),
        IdentProblem::Reserved => (
            format!("`{name}` would hide a type that generated code uses"),
            "add a word to the name".to_owned(),
        ),
    };
    Diagnostic::new(Code::InvalidName, span, message).help(help)
}
