//! Params: their types as a spec writes them, their defaults, and what is said of them.

use std::sync::LazyLock;

use regex::Regex;

use crate::database::facts::{Flavour, SqlType};
use crate::ir::Engine;
use crate::lower::infer::written;

use super::subject::{Field, Subject};
use super::words::{article, capital};
use super::{Others, yaml};

/// A param: its name, and its keys with their values as YAML writes them.
pub(super) struct Param {
    pub(super) name: String,
    keys: Vec<(&'static str, String)>,
}

impl Param {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), keys: Vec::new() }
    }

    pub(super) fn key(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.keys.push((key, value.into()));
        self
    }

    pub(super) fn described(self, text: &str) -> Self {
        let text = yaml::line(text);
        if text.is_empty() { self } else { self.key("description", yaml::scalar(&text)) }
    }

    /// The type of a column's values; of one that mcpgen does not know, text.
    pub(super) fn typed(self, field: &Field) -> Self {
        match field.kind() {
            Some(kind) => self.of_type(kind),
            None => self.key("type", "string"),
        }
    }

    fn of_type(self, kind: &SqlType) -> Self {
        let (name, format) = written(kind);
        let mut param = self.key("type", name);
        if let SqlType::Array(item) = kind {
            let (name, format) = written(item);
            let format = format.map(|format| format!(", format: {format}")).unwrap_or_default();
            param = param.key("items", format!("{{ type: {name}{format} }}"));
        }
        match format {
            Some(format) => param.key("format", format),
            None => param,
        }
    }

    /// The values that a column allows.
    pub(super) fn choices(self, field: &Field) -> Self {
        match choices(field) {
            Some(choices) => self.key("enum", format!("[{}]", choices.join(", "))),
            None => self,
        }
    }

    pub(super) fn text(&self) -> String {
        let keys: Vec<String> =
            self.keys.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        format!("{}: {{ {} }}", yaml::scalar(&self.name), keys.join(", "))
    }
}

/// The values of a column that takes only some, as YAML writes them.
pub(super) fn choices(field: &Field) -> Option<Vec<String>> {
    const MOST: usize = 60;
    let known = field.column.choices.as_ref().filter(|known| (1..=MOST).contains(&known.len()))?;
    match field.kind() {
        Some(SqlType::Text) => Some(known.iter().map(|value| yaml::scalar(value)).collect()),
        Some(SqlType::Integer) => {
            let whole = known.iter().all(|value| value.parse::<i64>().is_ok());
            whole.then(|| known.clone())
        }
        _ => None,
    }
}

/// What is said of the param that gives a column its value: the comment, what it refers to, or how
/// a type is written that mcpgen does not know.
pub(super) fn about(subject: &Subject, field: &Field, others: &Others) -> String {
    let column = field.column;
    if let Some(comment) = &column.comment {
        return comment.clone();
    }
    if column.kind.is_none() {
        let how = if subject.engine == Engine::Mysql { "well-known text" } else { "text" };
        return format!("{} {} as {how}.", capital(article(&column.declared)), column.declared);
    }
    let points = subject.table.foreign_keys.iter().find_map(|key| {
        let at = key.columns.iter().position(|name| *name == column.name)?;
        let one = others.one(&key.table)?;
        Some(format!("The {} of {} {one}.", key.references.get(at)?, article(&one)))
    });
    points.unwrap_or_default()
}

/// What a new row gets where the client says nothing.
pub(super) enum Default {
    /// There must be a value.
    Required,
    /// NULL.
    Null,
    /// A value, as YAML writes it.
    Value(String),
    /// What an expression of SQL gives.
    Expression(String),
}

/// The default of a column.
pub(super) fn default(subject: &Subject, field: &Field) -> Default {
    let column = field.column;
    match &column.default {
        // A row whose key is NULL, which SQLite takes, is one that no tool finds again.
        None if column.nullable && !subject.in_key(field) => Default::Null,
        None => Default::Required,
        Some(text) if text.trim().eq_ignore_ascii_case("null") || text.starts_with("NULL::") => {
            if column.nullable {
                Default::Null
            } else {
                Default::Required
            }
        }
        Some(text) => {
            let text = text.trim();
            let bare = subject.flavour == Some(Flavour::Mysql);
            literal(subject.engine, field, text, bare)
                .map_or_else(|| Default::Expression(expression(text, bare)), Default::Value)
        }
    }
}

/// MySQL keeps the quotes of an expression's strings escaped.
fn expression(text: &str, bare: bool) -> String {
    if bare { text.replace("\\'", "'") } else { text.to_owned() }
}

/// The value of a default that is a literal; `bare` says that strings have no quotes.
fn literal(engine: Engine, field: &Field, text: &str, bare: bool) -> Option<String> {
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^\(?'((?:[^'\\]|'')*)'(?:::[\w ."\[\](),]+)?\)?$"#).expect("a pattern")
    });
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[('b]*(-?\d{1,18}(?:\.\d{1,18})?)[')]*(?:::[\w (),]+)?$").expect("a pattern")
    });
    static DOUBLE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"^"([^"]*)"$"#).expect("a pattern"));
    static PLAIN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[\w .-]*$").expect("a pattern"));
    let string = || {
        let quoted = QUOTED.captures(text).map(|found| found[1].replace("''", "'"));
        let old = || {
            let found = DOUBLE.captures(text).filter(|_| engine == Engine::Sqlite);
            found.map(|found| found[1].to_owned())
        };
        let without = || (bare && PLAIN.is_match(text)).then(|| text.to_owned());
        quoted.or_else(old).or_else(without)
    };
    let number = || NUMBER.captures(text).map(|found| found[1].to_owned());
    match field.kind()? {
        SqlType::Text => {
            let value = string()?;
            let fits = field.column.choices.as_ref().is_none_or(|known| known.contains(&value))
                && field.column.max_length.is_none_or(|most| value.chars().count() as u64 <= most);
            fits.then(|| yaml::scalar(&value))
        }
        SqlType::Integer => number()?.parse::<i64>().ok().map(|value| value.to_string()),
        SqlType::Unsigned => number()?.parse::<u64>().ok().map(|value| value.to_string()),
        SqlType::Real => number()?.parse::<f64>().ok().map(|value| value.to_string()),
        SqlType::Decimal => number().map(|value| yaml::quoted(&value)),
        SqlType::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "b'1'" | "'1'" => Some("true".to_owned()),
            "false" | "0" | "b'0'" | "'0'" => Some("false".to_owned()),
            _ => None,
        },
        SqlType::Date => {
            let value = string()?;
            is_date(&value).then(|| yaml::quoted(&value))
        }
        _ => None,
    }
}

/// Whether a text is a date as JSON has it.
fn is_date(text: &str) -> bool {
    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$").expect("a pattern")
    });
    DATE.is_match(text)
}
