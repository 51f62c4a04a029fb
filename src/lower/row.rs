//! Shared rows: one Rust struct for the results of several statements.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, closest};
use crate::ir::{Column, Row};
use crate::spec::document::{Returns, SpecDocument};

use super::column::columns;
use super::context::{At, Context, name_help};
use super::result::Answering;

/// Builds every row of `rows` from the statements that use it.
///
/// They must return the same columns with the same types, in any order; a
/// column that can be NULL in one of them can be NULL in the row.
pub(super) fn shared_rows(context: &mut Context, document: &SpecDocument) {
    let mut idents = Vec::new();
    let mut rows: Vec<(String, Option<Row>)> = Vec::new();
    for name in document.rows.keys() {
        let at = At::root().key("rows").key(name);
        let ident = context.type_ident(name, &at);
        if let Some(ident) = ident {
            idents.push((ident.clone(), context.key(&at)));
            if document.types.contains_key(name) {
                let span = context.key(&at);
                context.report(
                    Diagnostic::new(Code::NameCollision, span, format!("`{name}` is a type, too"))
                        .help("rename one of them"),
                );
            }
            rows.push((name.clone(), Some(Row { ident, columns: Vec::new() })));
        } else {
            rows.push((name.clone(), None));
        }
    }
    context.distinct(idents.iter().map(|(ident, span)| (ident, *span)));
    for user in users(document) {
        let Some((_, slot)) = rows.iter_mut().find(|(name, _)| *name == user.row) else {
            unknown_row(context, &user, document);
            continue;
        };
        merge(context, document, &user, slot);
    }
    for (name, row) in rows {
        let complete = row.filter(|row| !row.columns.is_empty());
        context.rows.insert(name, complete.map(Arc::new));
    }
}

/// A statement that answers with a shared row.
struct User {
    row: String,
    /// Key among the statements: `tools/get_user`.
    place: String,
    /// Place of what holds the statement and `returns`.
    at: At,
}

fn users(document: &SpecDocument) -> Vec<User> {
    let mut users = Vec::new();
    let mut add = |returns: Option<&Returns>, place: String, at: At| {
        if let Some(Returns::Shape(shape)) = returns
            && let Some(row) = &shape.row
        {
            users.push(User { row: row.clone(), place, at });
        }
    };
    let root = At::root();
    for (name, tool) in &document.tools {
        let at = root.key("tools").key(name);
        add(tool.returns.as_ref(), format!("tools/{name}"), at.clone());
        for (step, written) in &tool.steps {
            let at = at.key("steps").key(step);
            add(written.returns.as_ref(), format!("tools/{name}/{step}"), at);
        }
    }
    for (name, resource) in &document.resources {
        let at = root.key("resources").key(name);
        add(resource.returns.as_ref(), format!("resources/{name}"), at);
    }
    for (name, prompt) in &document.prompts {
        for (query, written) in &prompt.data {
            let at = root.key("prompts").key(name).key("data").key(query);
            add(written.returns.as_ref(), format!("prompts/{name}/{query}"), at);
        }
    }
    users
}

fn unknown_row(context: &mut Context, user: &User, document: &SpecDocument) {
    if context.poisoned(&At::root().key("rows").key(&user.row)) {
        return;
    }
    let known: Vec<&str> = document.rows.keys().map(String::as_str).collect();
    // The one that was meant is used.
    if let Some(near) = closest(&user.row, known.iter().copied()) {
        context.shared_row(near);
    }
    let span = context.value(&user.at.key("returns").key("row"));
    context.report(
        Diagnostic::new(Code::UnknownName, span, format!("there is no row `{}`", user.row))
            .help(format!("{}, or declare it under `rows`", name_help(&user.row, &known, "row"))),
    );
}

fn merge(context: &mut Context, document: &SpecDocument, user: &User, slot: &mut Option<Row>) {
    context.shared_row(&user.row);
    let (Some(parsed), Some(facts)) =
        (context.statement(&user.place), context.statement_facts(&user.place))
    else {
        return;
    };
    if facts.columns.is_empty() {
        // A statement without rows is reported with its form.
        return;
    }
    let Some(row) = slot else { return };
    let declared = document.rows.get(&user.row).cloned().unwrap_or_default();
    let declared_at = At::root().key("rows").key(&user.row);
    let first = row.columns.is_empty();
    let answering = Answering { parsed, facts, owner: &user.at };
    // The row's own errors are those of its declaration: they stand under `rows/NAME`.
    let before = context.diagnostics.len();
    let found = columns(context, &answering, &declared, &declared_at);
    if !first {
        // The same declaration was judged with the first statement.
        dedup(context, before);
    }
    let Some(found) = found else {
        if first {
            *slot = None;
        }
        return;
    };
    if first {
        row.columns = found;
        return;
    }
    let span = context.value(&user.at.key("returns").key("row"));
    if let Some(diagnostic) = difference(&user.row, &row.columns, &found) {
        context
            .report(Diagnostic::new(Code::InvalidReturns, span, diagnostic.0).help(diagnostic.1));
        return;
    }
    for column in &mut row.columns {
        let other = found.iter().find(|other| other.ident == column.ident);
        column.nullable |= other.is_some_and(|other| other.nullable);
    }
}

fn dedup(context: &mut Context, from: usize) {
    let mut index = from;
    while index < context.diagnostics.len() {
        if context.diagnostics[..index].contains(&context.diagnostics[index]) {
            context.diagnostics.remove(index);
        } else {
            index += 1;
        }
    }
}

fn difference(row: &str, ours: &[Column], theirs: &[Column]) -> Option<(String, String)> {
    let missing =
        ours.iter().find(|column| !theirs.iter().any(|other| other.ident == column.ident));
    if let Some(missing) = missing {
        let name = missing.ident.wire();
        return Some((
            format!("the row `{row}` has a column `{name}`, and this statement returns none"),
            format!("select `{name}`, too, or use another row"),
        ));
    }
    let extra = theirs.iter().find(|column| !ours.iter().any(|other| other.ident == column.ident));
    if let Some(extra) = extra {
        let name = extra.ident.wire();
        return Some((
            format!("the row `{row}` has no column `{name}`, and this statement returns one"),
            format!("leave `{name}` out, or use another row"),
        ));
    }
    let other = theirs.iter().find(|column| {
        ours.iter().any(|own| {
            own.ident == column.ident && (&own.kind, own.json) != (&column.kind, column.json)
        })
    })?;
    let name = other.ident.wire();
    Some((
        format!(
            "the column `{name}` has another type here than in the statement that uses `{row}` first"
        ),
        format!("declare its type in the row: `rows: {{ {row}: {{ {name}: {{ type: … }} }} }}`"),
    ))
}
