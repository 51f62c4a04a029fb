//! Words in statements and in what databases say about them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use sqlparser::ast::{Expr, Value};

use crate::diagnostic::closest;

use super::facts::Table;

pub(super) fn leading_space(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || c == ';').len()
}

/// The first word of a statement, behind comments and parentheses.
pub(super) fn verb(text: &str) -> Range<usize> {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        at += rest.len()
            - rest.trim_start_matches(|c: char| c.is_whitespace() || "(;".contains(c)).len();
        let rest = &text[at..];
        let end = match rest {
            _ if rest.starts_with("--") || rest.starts_with('#') => rest.find('\n'),
            _ if rest.starts_with("/*") => rest.find("*/").map(|n| n + 2),
            _ => return word(text, at),
        };
        match end {
            Some(end) => at += end,
            None => return word(text, text.len()),
        }
    }
}

/// The name of a function where it is called.
pub(super) fn call(text: &str, name: &str) -> Option<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let found = lower.match_indices(&name.to_ascii_lowercase()).find(|(at, name)| {
        lower[at + name.len()..].trim_start_matches(['"', '`', ']']).trim_start().starts_with('(')
            && word(text, *at).len() == name.len()
    });
    found.map(|(at, name)| at..at + name.len())
}

/// Where a name stands in a text as a word of its own.
pub(super) fn mentioned(name: &str, text: &str) -> Option<usize> {
    if name.is_empty() {
        return None;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name)
        .map(|(at, _)| at)
        .find(|at| !text[..*at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word))
}

pub(super) fn first_line(text: &str, range: Range<usize>) -> Range<usize> {
    let line = text[range.clone()].lines().next().unwrap_or_default().trim_end().len();
    range.start..range.start + line
}

/// The word at a place, at least one character.
pub(super) fn word(text: &str, start: usize) -> Range<usize> {
    let mut start = start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let rest = &text[start..];
    let length =
        rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
    let length = if length == 0 { rest.chars().next().map_or(0, char::len_utf8) } else { length };
    start..start + length
}

/// Tables whose names stand in a statement.
pub(super) fn named_tables<'t>(
    sql: &str,
    tables: &'t BTreeMap<String, Table>,
) -> Vec<(&'t String, &'t Table)> {
    let words: BTreeSet<String> = sql
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .map(str::to_ascii_lowercase)
        .collect();
    tables.iter().filter(|(name, _)| words.contains(&name.to_ascii_lowercase())).collect()
}

/// What to type instead of a column that is not there.
pub(super) fn column_help(name: &str, tables: &[(&String, &Table)]) -> String {
    let columns =
        tables.iter().flat_map(|(_, table)| table.columns.iter().map(|c| c.name.as_str()));
    if let Some(near) = closest(name, columns) {
        return format!("did you mean `{near}`?");
    }
    let has = tables.iter().map(|(name, table)| {
        let columns: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        format!("`{name}` has {}", columns.join(", "))
    });
    let has: Vec<String> = has.collect();
    if has.is_empty() { "text goes in single quotes".to_owned() } else { has.join("; ") }
}

/// How many tables a help line names.
const MOST_TABLES: usize = 20;

/// What to type instead of a table that is not there.
pub(super) fn table_help(name: &str, tables: &BTreeMap<String, Table>) -> String {
    let known: Vec<&str> = tables.keys().map(String::as_str).collect();
    match closest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "the database has no table".to_owned(),
        None => {
            let shown = known.iter().take(MOST_TABLES).map(|t| format!("`{t}`"));
            let more = match known.len().saturating_sub(MOST_TABLES) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("there are {}{more}", shown.collect::<Vec<_>>().join(", "))
        }
    }
}

/// The address of an IPv6 host, without the brackets that it has in a URL and drivers leave on it.
pub(super) fn unbracketed(host: &str) -> Option<String> {
    Some(host.strip_prefix('[')?.strip_suffix(']')?.to_owned())
}

/// What `column IN ('a', 'b')` allows.
pub(super) fn choices(check: &Expr) -> Option<(String, Vec<String>)> {
    match check {
        Expr::Nested(inner) => choices(inner),
        Expr::InList { expr, list, negated: false } => {
            let Expr::Identifier(column) = expr.as_ref() else { return None };
            let values = list.iter().map(|item| match item {
                Expr::Value(value) => match &value.value {
                    Value::SingleQuotedString(text) => Some(text.clone()),
                    Value::Number(number, _) => Some(number.to_string()),
                    _ => None,
                },
                _ => None,
            });
            Some((column.value.clone(), values.collect::<Option<Vec<_>>>()?))
        }
        _ => None,
    }
}
