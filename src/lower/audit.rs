//! What is written of calls.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::database::facts::{SqlType, Table};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Audit, AuditSink, Engine, Ident, Kind, Presence, Type};
use crate::spec::document::{self, AuditStream, Param, SpecDocument};
use crate::sql::quote;

use super::bind::{self, Scope};
use super::context::{At, Context, list, name_help};

/// The place of the statement that inserts a line, among those of the spec.
pub const PLACE: &str = "audit/audit";

/// A column of the table of lines.
struct Needed {
    name: &'static str,
    /// Its types in PostgreSQL, MySQL and SQLite, for whoever makes the table.
    types: [&'static str; 3],
    /// The types that take its values.
    kinds: &'static [SqlType],
    /// How long its values can be, where they are texts.
    length: u64,
    nullable: bool,
}

const fn text(name: &'static str, length: u64, nullable: bool) -> Needed {
    let types = ["text", "varchar(300)", "TEXT"];
    Needed { name, types, kinds: &[SqlType::Text], length, nullable }
}

const fn count(name: &'static str) -> Needed {
    let types = ["bigint", "bigint", "INTEGER"];
    let kinds = &[SqlType::Integer, SqlType::Unsigned, SqlType::Decimal];
    Needed { name, types, kinds, length: 0, nullable: true }
}

/// The columns, in the order in which the runtime binds them (`templates/runtime/src/audit_table.rs`).
const COLUMNS: [Needed; 15] = [
    Needed {
        name: "time",
        types: ["timestamptz", "datetime(3)", "TEXT"],
        kinds: &[SqlType::DateTime, SqlType::Text],
        length: 24,
        nullable: false,
    },
    text("client", 257, true),
    text("address", 45, true),
    text("transport", 5, false),
    text("session", 16, true),
    text("method", 32, true),
    text("name", 257, true),
    Needed {
        name: "arguments",
        types: ["jsonb", "json", "TEXT"],
        kinds: &[SqlType::Json, SqlType::Text],
        length: 8200,
        nullable: true,
    },
    text("outcome", 16, false),
    text("error_type", 64, true),
    count("rows"),
    count("bytes"),
    Needed {
        name: "duration_ms",
        types: ["double precision", "double", "REAL"],
        kinds: &[SqlType::Real, SqlType::Decimal],
        length: 0,
        nullable: false,
    },
    text("request_id", 40, false),
    text("trace_id", 32, true),
];

/// The columns of a table of lines.
fn needed(arguments: bool) -> impl Iterator<Item = &'static Needed> {
    COLUMNS.iter().filter(move |column| arguments || column.name != "arguments")
}

/// The statement that inserts a line.
pub(super) fn insert(written: &document::Audit, engine: Engine) -> Option<String> {
    let Some(document::AuditSink::Table(document::AuditTable { table })) = &written.sink else {
        return None;
    };
    let columns: Vec<String> =
        needed(written.arguments).map(|column| quote::name(engine, column.name)).collect();
    let values: Vec<String> =
        needed(written.arguments).map(|column| format!(":{}", column.name)).collect();
    let table = quote::name(engine, table);
    Some(format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), values.join(", ")))
}

/// The table of lines, as one would make it.
fn made(table: &str, arguments: bool, engine: Engine) -> String {
    let columns: Vec<String> = needed(arguments)
        .map(|column| {
            let [postgres, mysql, sqlite] = column.types;
            let ty = match engine {
                Engine::Postgres => postgres,
                Engine::Mysql => mysql,
                Engine::Sqlite => sqlite,
            };
            let null = if column.nullable { "" } else { " NOT NULL" };
            format!("{} {ty}{null}", quote::name(engine, column.name))
        })
        .collect();
    format!("CREATE TABLE {} ({})", quote::name(engine, table), columns.join(", "))
}

/// The statement that inserts lines into a table, which must take all that they say.
fn table(
    context: &mut Context,
    table: &str,
    arguments: bool,
    at: &At,
) -> Option<Box<ir::Statement>> {
    let engine: Engine = context.loaded.document.database.engine.into();
    if !context.asked {
        return None;
    }
    let span = context.value(&at.key("table"));
    let wrong = match context.facts.tables.get(table) {
        None => Some(format!("there is no table `{table}`")),
        Some(known) => unfit(table, known, arguments),
    };
    if let Some(wrong) = wrong {
        let help = match context.facts.tables.contains_key(table) && table != "audit_log" {
            true => {
                let own = made("audit_log", arguments, engine);
                format!("give lines a table of their own, by a migration: `{own}`")
            }
            false => format!("make it by a migration: `{}`", made(table, arguments, engine)),
        };
        context.report(Diagnostic::new(Code::ColumnMismatch, span, wrong).help(help));
        return None;
    }
    let params: Vec<ir::Param> = needed(arguments)
        .filter_map(|column| {
            Some(ir::Param {
                ident: Ident::new(column.name).ok()?,
                title: None,
                description: None,
                examples: Vec::new(),
                ty: Type { kind: Kind::Text, constraints: Vec::new() },
                presence: Presence::Required,
                nullable: true,
                clamp: None,
                header: None,
                sensitive: false,
                claim: None,
            })
        })
        .collect();
    let parsed = context.statement(PLACE)?;
    let Some(facts) = context.statement_facts(PLACE) else {
        let message = format!("the database takes no line in `{table}`");
        context.report(
            Diagnostic::new(Code::SqlError, span, message)
                .help(format!("it must take this: `{}`", parsed.text)),
        );
        return None;
    };
    let scope = Scope::of(&params);
    bind::statement(context, parsed, &parsed.template, Some(facts), &scope).map(Box::new)
}

/// Why a table does not take lines.
fn unfit(name: &str, table: &Table, arguments: bool) -> Option<String> {
    if table.view {
        return Some(format!("`{name}` is a view"));
    }
    let find = |needed: &Needed| table.columns.iter().find(|it| it.name == needed.name);
    let missing: Vec<&str> =
        needed(arguments).filter(|it| find(it).is_none()).map(|it| it.name).collect();
    if !missing.is_empty() {
        let columns = if missing.len() == 1 { "column" } else { "columns" };
        return Some(format!("the table `{name}` lacks the {columns} {}", list(&missing)));
    }
    for needed in needed(arguments) {
        let column = find(needed)?;
        let what = format!("the column `{}` of `{name}`", needed.name);
        if column.generated || column.kind.as_ref().is_some_and(|it| !needed.kinds.contains(it)) {
            return Some(format!("{what} is of the type `{}`", column.declared));
        }
        if needed.nullable && !column.nullable {
            return Some(format!("{what} is NOT NULL, and not every call has one"));
        }
        if column.max_length.is_some_and(|most| most < needed.length) {
            return Some(format!("{what} holds less than {} characters", needed.length));
        }
    }
    let other = table.columns.iter().find(|column| {
        let ours = COLUMNS.iter().any(|needed| needed.name == column.name);
        let filled =
            column.nullable || column.default.is_some() || column.numbered || column.generated;
        !ours && !filled && table.primary_key != [column.name.clone()]
    })?;
    Some(format!("the column `{}` of `{name}` is NOT NULL and has no default", other.name))
}

/// Lowers `audit`.
pub(super) fn audit(context: &mut Context, written: &document::Audit, at: &At) -> Option<Audit> {
    let document = &context.loaded.document;
    let redact_at = at.key("redact");
    let names = names(document);
    if !written.redact.is_empty() && !written.arguments && !in_uris(document, &written.redact) {
        let span = context.key(&redact_at);
        context.report(
            Diagnostic::new(Code::Exclusive, span, "no arguments are written, so none is left out")
                .help("add `arguments: true`, or remove `redact`"),
        );
    }
    let known: Vec<&str> = names.iter().copied().collect();
    for (index, name) in written.redact.iter().enumerate() {
        let span = context.value(&redact_at.item(index));
        if !names.contains(name.as_str()) {
            context.report(
                Diagnostic::new(
                    Code::UnknownName,
                    span,
                    format!("no param and no property is called `{name}`"),
                )
                .help(name_help(name, &known, "param")),
            );
        } else if written.redact[..index].contains(name) {
            context.report(
                Diagnostic::new(Code::Exclusive, span, format!("`{name}` is there twice"))
                    .help("remove one"),
            );
        }
    }
    let writes = !document.tools.is_empty();
    if written.required == Some(true) && !writes {
        let span = context.key(&at.key("required"));
        context.report(
            Diagnostic::new(Code::Exclusive, span, "there is no tool that could be refused")
                .help("remove `required`"),
        );
    }
    Some(Audit {
        sink: match &written.sink {
            None | Some(document::AuditSink::Stream(AuditStream::Stderr)) => AuditSink::Stderr,
            Some(document::AuditSink::Stream(AuditStream::File)) => AuditSink::File,
            Some(document::AuditSink::Table(sink)) => {
                AuditSink::Table(table(context, &sink.table, written.arguments, &at.key("sink"))?)
            }
        },
        arguments: written.arguments,
        redact: written.redact.clone(),
        required: written.required.unwrap_or(true),
    })
}

/// Whether the URI of a resource has one of these params.
fn in_uris(document: &SpecDocument, redact: &[String]) -> bool {
    let mut params = document.resources.values().flat_map(|resource| resource.params.keys());
    params.any(|name| redact.contains(name))
}

/// The names of all params and properties.
fn names(document: &SpecDocument) -> BTreeSet<&str> {
    fn within<'d>(params: &'d IndexMap<String, Param>, names: &mut BTreeSet<&'d str>) {
        for (name, param) in params {
            names.insert(name);
            of_type(param, names);
        }
    }
    fn of_type<'d>(param: &'d Param, names: &mut BTreeSet<&'d str>) {
        if let Some(properties) = &param.properties {
            within(properties, names);
        }
        if let Some(items) = &param.items {
            of_type(items, names);
        }
    }
    let mut names = BTreeSet::new();
    for param in document.types.values() {
        of_type(param, &mut names);
    }
    let tools = document.tools.values().map(|tool| &tool.params);
    let resources = document.resources.values().map(|resource| &resource.params);
    let prompts = document.prompts.values().map(|prompt| &prompt.params);
    for params in tools.chain(resources).chain(prompts) {
        within(params, &mut names);
    }
    names
}
