//! Resources and completions.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::database::facts::{SqlType, StatementFacts, Table};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    Access, ClientCache, Completion, CompletionFrom, EmbeddedFile, Ident, Kind, Param, Presence,
    Resource, ResourceContent, UriPart,
};
use crate::spec::document;

use super::auth;
use super::bind::{self, Scope};
use super::claims;
use super::column::noun;
use super::content;
use super::context::{At, Context, list, name_help};
use super::names::public_name;
use super::param::{self, Owner, TypeNames};
use super::result::{self, Answering, Place};
use super::{tool, uri};

/// Lowers the `resources` section; `None` when one of the resources is broken.
pub(super) fn resources(
    context: &mut Context,
    written: &IndexMap<String, document::Resource>,
    at: &At,
) -> Option<Vec<Resource>> {
    let mut idents = Vec::new();
    let lowered: Vec<Option<Resource>> = written
        .iter()
        .map(|(name, written)| {
            let at = at.key(name);
            let ident = public_name(context, name, &at)?;
            idents.push((ident.clone(), context.key(&at)));
            resource(context, ident, written, &at)
        })
        .collect();
    context.distinct(idents.iter().map(|(ident, span)| (ident, *span)));
    same_uris(context, written, at);
    lowered.into_iter().collect()
}

/// No two resources answer to the same URIs.
fn same_uris(context: &mut Context, written: &IndexMap<String, document::Resource>, at: &At) {
    let shape = |uri: &str| {
        let mut shape = String::new();
        let mut inside = false;
        for c in uri.chars() {
            inside = (inside || c == '{') && c != '}';
            if !inside {
                shape.push(c);
            }
        }
        shape
    };
    let mut seen: Vec<(String, &String)> = Vec::new();
    for (name, resource) in written {
        let shape = shape(&resource.uri);
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == shape) {
            let span = context.value(&at.key(name).key("uri"));
            let first_span = context.value(&at.key(first).key("uri"));
            context.report(
                Diagnostic::new(
                    Code::InvalidUri,
                    span,
                    format!("`{first}` answers to the same URIs"),
                )
                .also(first_span, "the first one")
                .help("give one of them another URI"),
            );
        }
        seen.push((shape, name));
    }
}

fn resource(
    context: &mut Context,
    ident: Ident,
    written: &document::Resource,
    at: &At,
) -> Option<Resource> {
    let before = context.diagnostics.len();
    let mut names = TypeNames::new(ident.clone());
    let parts = uri::parts(context, &written.uri, &at.key("uri"));
    let params =
        param::params(context, &written.params, &at.key("params"), Owner::Resource, &mut names);
    if let (Some(parts), Some(params)) = (&parts, &params) {
        placeholders(context, parts, params, written, at);
    }
    let whole = params.is_some();
    let mut params = params.unwrap_or_default();
    let content = content(context, &ident, written, &mut params, at, &mut names, whole);
    let watch = match &written.watch {
        Some(watch) => {
            super::watch::watch(context, &ident, watch, content.as_ref(), &params, at).map(Some)
        }
        None => Some(None),
    };
    let completions =
        completions(context, &format!("resources/{}", ident.wire()), &written.params, &params, at);
    let mime_type = mime_type(context, written, content.as_ref(), at);
    let who = (written.scopes.as_deref(), written.public);
    let access = auth::access(context, who, "a resource", at);
    claims::callers(context, &params, written.public, "a resource", at);
    claims::unwatched(context, &params, written.watch.is_some(), at);
    let fixed = written.sql.is_none() && written.sql_file.is_none();
    let ttl = if fixed { super::FIXED } else { std::time::Duration::ZERO };
    // What not everybody sees in full is not the same for all.
    let masked = match &content {
        Some(ResourceContent::Rows { result, .. }) => {
            !crate::ir::seen(&result.answer.masks()).is_empty()
        }
        _ => false,
    };
    let restricted = access != Access::Public || masked;
    let default = ClientCache { ttl, public: fixed && !restricted };
    let client_cache =
        super::client_cache(context, written.client_cache.as_ref(), at, default, restricted);
    let (audience, priority) = content::annotations(written.annotations.as_ref());
    let icons = content::icons(context, &written.icons, at);
    let resource = Resource {
        name: written.name.clone().unwrap_or_else(|| ident.wire().to_owned()),
        ident,
        uri: parts?,
        title: written.title.clone(),
        description: written.description.clone(),
        mime_type: mime_type?,
        params,
        completions: completions?,
        content: content?,
        watch: watch?,
        access,
        audience,
        priority,
        icons,
        client_cache: client_cache?,
    };
    (context.diagnostics.len() == before).then_some(resource)
}

/// Placeholders and params are the same names.
fn placeholders(
    context: &mut Context,
    parts: &[UriPart],
    params: &[Param],
    written: &document::Resource,
    at: &At,
) {
    let mut seen: Vec<&str> = Vec::new();
    for part in parts {
        let UriPart::Param(ident) = part else { continue };
        let name = ident.wire();
        let range =
            written.uri.find(&format!("{{{name}}}")).map_or(0..0, |at| at..at + name.len() + 2);
        let span = context.text(&at.key("uri"), range);
        if seen.contains(&name) {
            context.report(
                Diagnostic::new(Code::InvalidUri, span, format!("`{{{name}}}` is there twice"))
                    .help("give each placeholder a name of its own"),
            );
        }
        seen.push(name);
        let param = params.iter().find(|param| param.ident.wire() == name);
        if param.is_some_and(|param| !param.is_argument()) {
            let message = format!("`{{{name}}}` is a claim of the caller, not a part of the URI");
            context.report(
                Diagnostic::new(Code::InvalidUri, span, message)
                    .help("take it out of `uri`, or remove `claim`"),
            );
        }
        if param.is_none() {
            let known: Vec<&str> = params.iter().map(|param| param.ident.wire()).collect();
            let help = if known.is_empty() {
                format!("declare it: `params: {{ {name}: {{ type: integer }} }}`")
            } else {
                name_help(name, &known, "param")
            };
            context.report(
                Diagnostic::new(
                    Code::InvalidUri,
                    span,
                    format!("the placeholder `{{{name}}}` has no param"),
                )
                .help(help),
            );
        }
    }
    let unnamed = |param: &&Param| param.is_argument() && !seen.contains(&param.ident.wire());
    for param in params.iter().filter(unnamed) {
        let name = param.ident.wire();
        let span = context.key(&at.key("params").key(name));
        context.report(
            Diagnostic::new(
                Code::InvalidUri,
                span,
                format!("the URI has no placeholder `{{{name}}}`"),
            )
            .help("add it to `uri`, or remove the param"),
        );
    }
}

fn content(
    context: &mut Context,
    ident: &Ident,
    written: &document::Resource,
    params: &mut [Param],
    at: &At,
    names: &mut TypeNames,
    whole: bool,
) -> Option<ResourceContent> {
    let given: Vec<&str> = [
        ("text", written.text.is_some()),
        ("file", written.file.is_some()),
        ("sql", written.sql.is_some()),
        ("sql_file", written.sql_file.is_some()),
        ("table", written.table.is_some()),
    ]
    .into_iter()
    .filter(|(_, present)| *present)
    .map(|(key, _)| key)
    .collect();
    let key = match given.as_slice() {
        [key] => *key,
        [] => {
            let keys = ["text", "file", "sql", "sql_file", "table"];
            if !keys.iter().any(|key| context.poisoned(&at.key(key))) {
                let span = context.key(at);
                context.report(
                    Diagnostic::new(Code::MissingKey, span, "the resource has no content")
                        .help(format!("add one of {}", list(&keys))),
                );
            }
            return None;
        }
        [first, second, ..] => {
            let span = context.key(&at.key(second));
            let first_span = context.key(&at.key(first));
            context.report(
                Diagnostic::new(
                    Code::Exclusive,
                    span,
                    format!("the resource has both `{first}` and `{second}`"),
                )
                .also(first_span, "the first one")
                .help("keep one of them"),
            );
            return None;
        }
    };
    let with_sql = matches!(key, "sql" | "sql_file");
    for (key, present) in [("returns", written.returns.is_some()), ("blob", written.blob.is_some())]
    {
        if present && !with_sql {
            let span = context.key(&at.key(key));
            context.report(
                Diagnostic::new(Code::Exclusive, span, format!("`{key}` goes with `sql`"))
                    .help(format!("remove `{key}`")),
            );
        }
    }
    if !with_sql && !written.params.is_empty() {
        let span = context.key(&at.key("params"));
        context.report(
            Diagnostic::new(
                Code::Exclusive,
                span,
                format!("a resource with `{key}` has no params"),
            )
            .help("use `sql`, or remove `params`"),
        );
    }
    match key {
        "text" => Some(ResourceContent::Text(written.text.clone()?)),
        "file" => {
            let path = written.file.as_deref()?;
            let file = embedded(context, path, written.mime_type.as_deref())?;
            Some(ResourceContent::File(file))
        }
        "table" => {
            let name = written.table.as_deref()?;
            match context.facts.tables.get(name) {
                Some(table) => Some(ResourceContent::Table(table_json(name, table))),
                // Without a database nothing is known, which is reported.
                None if !context.asked => None,
                None => {
                    let known: Vec<&str> =
                        context.facts.tables.keys().map(String::as_str).collect();
                    let span = context.value(&at.key("table"));
                    context.report(
                        Diagnostic::new(
                            Code::UnknownName,
                            span,
                            format!("there is no table `{name}`"),
                        )
                        .help(name_help(name, &known, "table")),
                    );
                    None
                }
            }
        }
        _ => rows(context, ident, written, params, at, names, whole),
    }
}

fn rows(
    context: &mut Context,
    ident: &Ident,
    written: &document::Resource,
    params: &mut [Param],
    at: &At,
    names: &mut TypeNames,
    whole: bool,
) -> Option<ResourceContent> {
    let place = format!("resources/{}", ident.wire());
    let parsed = context.statement(&place)?;
    let facts = context.statement_facts(&place);
    if let Some(facts) = facts {
        bind::fit_to_columns(context, parsed, facts, params);
        reads_only(context, facts, at, "a resource");
    }
    let statement = if whole {
        bind::statement(context, parsed, &parsed.template, facts, &Scope::of(params))
    } else {
        None
    };
    if whole {
        let bound = bind::bound_names(&parsed.template);
        for param in params.iter() {
            let at = at.key("params").key(param.ident.wire());
            tool::report_unused(context, param, param.ident.wire(), &bound, &at);
        }
    }
    let facts = facts?;
    if let Some(column) = &written.blob {
        if written.returns.is_some() {
            let span = context.key(&at.key("returns"));
            context.report(
                Diagnostic::new(Code::Exclusive, span, "`blob` and `returns` do not go together")
                    .help("keep one of them"),
            );
        }
        let position = facts.columns.iter().position(|other| other.name == *column);
        if position.is_none() {
            let known: Vec<&str> =
                facts.columns.iter().map(|column| column.name.as_str()).collect();
            let span = context.value(&at.key("blob"));
            context.report(
                Diagnostic::new(
                    Code::UnknownName,
                    span,
                    format!("the statement returns no column `{column}`"),
                )
                .help(name_help(column, &known, "column")),
            );
        }
        let position = position?;
        let found = &facts.columns[position];
        if found.kind.as_ref().is_some_and(|kind| *kind != crate::database::facts::SqlType::Blob) {
            let span = context.value(&at.key("blob"));
            context.report(
                Diagnostic::new(
                    Code::ColumnMismatch,
                    span,
                    format!("the column `{column}` holds no bytes"),
                )
                .help("select a BLOB column, or use `returns`"),
            );
        }
        let nullable = found.nullable;
        return Some(ResourceContent::Blob { statement: statement?, column: position, nullable });
    }
    let answering = Answering { parsed, facts, owner: at };
    let result = result::shape(
        context,
        &answering,
        written.returns.as_ref(),
        None,
        params,
        Place::Inner,
        names,
    );
    Some(ResourceContent::Rows { statement: statement?, result: Box::new(result?) })
}

/// Reports a statement that changes something where only reading makes sense.
pub(super) fn reads_only(context: &mut Context, facts: &StatementFacts, at: &At, what: &str) {
    if facts.effect.reads_only() {
        return;
    }
    let span = context.value(&at.key("sql"));
    context.report(
        Diagnostic::new(
            Code::InvalidEffect,
            span,
            format!("{what} only reads, and this statement writes"),
        )
        .help("make it a tool"),
    );
}

/// A table as clients see it.
fn table_json(name: &str, table: &Table) -> Value {
    let columns: Vec<Value> = table
        .columns
        .iter()
        .map(|column| {
            let mut shown = json!({
                "name": column.name,
                "type": column.declared,
                "nullable": column.nullable,
            });
            if let Some(default) = &column.default {
                shown["default"] = json!(default);
            }
            if column.generated {
                shown["generated"] = json!(true);
            }
            if let Some(choices) = &column.choices {
                shown["allowed"] = json!(choices);
            }
            if let Some(comment) = &column.comment {
                shown["description"] = json!(comment);
            }
            shown
        })
        .collect();
    json!({
        "table": name,
        "columns": columns,
        "primary_key": table.primary_key,
        "foreign_keys": table.foreign_keys.iter().map(|key| json!({
            "columns": key.columns,
            "references": { "table": key.table, "columns": key.references },
        })).collect::<Vec<_>>(),
        "indexes": table.indexes.iter().map(|index| json!({
            "name": index.name,
            "columns": index.columns,
            "unique": index.unique,
        })).collect::<Vec<_>>(),
    })
}

/// A file that is copied into the crate. A missing one has been reported where files are read.
pub(super) fn embedded(
    context: &Context,
    path: &str,
    mime_type: Option<&str>,
) -> Option<EmbeddedFile> {
    let bytes = context.files.bytes(path)?.to_vec();
    let mime_type = mime_type.unwrap_or_else(|| mime_of(path));
    let text = is_textual(mime_type) && std::str::from_utf8(&bytes).is_ok();
    let name = path.trim_start_matches("./").replace("../", "").replace(['/', '\\'], "_");
    Some(EmbeddedFile { name, bytes, text })
}

fn is_textual(mime_type: &str) -> bool {
    let plain = mime_type.split(';').next().unwrap_or_default().trim();
    plain.starts_with("text/")
        || matches!(
            plain,
            "application/json"
                | "application/xml"
                | "application/yaml"
                | "application/sql"
                | "image/svg+xml"
        )
        || plain.ends_with("+json")
        || plain.ends_with("+xml")
}

/// The MIME type of a file by its ending.
pub(super) fn mime_of(path: &str) -> &'static str {
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "md" | "markdown" => "text/markdown",
        "txt" => "text/plain",
        "html" | "htm" => "text/html",
        "css" => "text/css",
        "csv" => "text/csv",
        "json" => "application/json",
        "yaml" | "yml" => "application/yaml",
        "xml" => "application/xml",
        "sql" => "application/sql",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        _ => "application/octet-stream",
    }
}

fn mime_type(
    context: &mut Context,
    written: &document::Resource,
    content: Option<&ResourceContent>,
    at: &At,
) -> Option<String> {
    let Some(mime_type) = &written.mime_type else {
        let default = match content? {
            ResourceContent::Text(_) => "text/plain",
            ResourceContent::File(_) => mime_of(written.file.as_deref().unwrap_or_default()),
            ResourceContent::Rows { .. } | ResourceContent::Table(_) => "application/json",
            ResourceContent::Blob { .. } => "application/octet-stream",
        };
        return Some(default.to_owned());
    };
    if !known_mime_type(context, mime_type, &at.key("mime_type")) {
        return None;
    }
    let plain = mime_type.split(';').next().unwrap_or_default().trim();
    let json = matches!(content, Some(ResourceContent::Rows { .. } | ResourceContent::Table(_)));
    if json && plain != "application/json" && !plain.ends_with("+json") {
        let span = context.value(&at.key("mime_type"));
        context.report(
            Diagnostic::new(Code::InvalidValue, span, "rows and tables are served as JSON")
                .help("remove `mime_type`, or write `application/json`"),
        );
        return None;
    }
    Some(mime_type.clone())
}

/// Whether a text is a MIME type; reports one that is none.
pub(super) fn known_mime_type(context: &mut Context, mime_type: &str, at: &At) -> bool {
    let plain = mime_type.split(';').next().unwrap_or_default().trim();
    let token = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c))
    };
    let fits = plain.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub));
    if !fits {
        let span = context.value(at);
        context.report(
            Diagnostic::new(Code::InvalidValue, span, format!("`{mime_type}` is no MIME type"))
                .help("write a type and a subtype: `text/markdown`"),
        );
    }
    fits
}

/// How the params of a resource or a prompt are completed: by their enum, or by a statement.
pub(super) fn completions(
    context: &mut Context,
    place: &str,
    written: &IndexMap<String, document::Param>,
    params: &[Param],
    at: &At,
) -> Option<Vec<Completion>> {
    let mut completions = Vec::new();
    let mut whole = true;
    for param in params.iter().filter(|param| param.is_argument()) {
        let name = param.ident.wire();
        let at = at.key("params").key(name).key("complete");
        if written.get(name).is_some_and(|written| written.complete.is_some()) {
            let place = format!("{place}/complete/{name}");
            match completion(context, &place, param, params, &at) {
                Some(from) => completions.push(Completion { param: param.ident.clone(), from }),
                None => whole = false,
            }
        } else if let Kind::Choice(choice) = param.ty.resolved() {
            let values =
                choice.choices.iter().map(|choice| choice.ident.wire().to_owned()).collect();
            completions.push(Completion {
                param: param.ident.clone(),
                from: CompletionFrom::Choices(values),
            });
        }
    }
    whole.then_some(completions)
}

/// The statement that completes `own`, one of `params`.
fn completion(
    context: &mut Context,
    place: &str,
    own: &Param,
    params: &[Param],
    at: &At,
) -> Option<CompletionFrom> {
    let before = context.diagnostics.len();
    let parsed = context.statement(place)?;
    let facts = context.statement_facts(place);
    let bound: BTreeSet<String> = bind::bound_names(&parsed.template);
    let name = own.ident.wire();
    if bound.contains(name) && name != "prefix" {
        let span = context.value(at);
        context.report(
            Diagnostic::new(
                Code::InvalidBinding,
                span,
                format!("`{name}` is what is being completed"),
            )
            .help("bind `:prefix`: what was typed of it so far"),
        );
        return None;
    }
    let others: Vec<Param> = params
        .iter()
        .filter(|param| bound.contains(param.ident.wire()) && param.ident.wire() != "prefix")
        .map(|param| match param.is_argument() {
            true => Param { presence: Presence::Optional, nullable: false, ..param.clone() },
            // Who wants the values is always known.
            false => param.clone(),
        })
        .collect();
    if let Some(facts) = facts {
        bind::fit_to_columns(context, parsed, facts, &mut others.clone());
    }
    let scope = Scope { prefix: true, ..Scope::of(&others) };
    let statement = bind::statement(context, parsed, &parsed.template, facts, &scope);
    if !bound.contains("prefix") {
        let span = context.value(at);
        context.report(
            Diagnostic::new(Code::Unused, span, "the completion does not bind `:prefix`")
                .help("filter by what was typed so far: `… WHERE name LIKE :prefix || '%'`"),
        );
    }
    let facts = facts?;
    reads_only(context, facts, at, "a completion");
    if facts.columns.len() != 1 {
        let span = context.value(at);
        context.report(
            Diagnostic::new(
                Code::InvalidReturns,
                span,
                format!(
                    "a completion is one column, and this statement returns {}",
                    facts.columns.len()
                ),
            )
            .help("select the value alone"),
        );
    }
    // SQLite gives any value as text; the others give what a column holds.
    let text_type = match context.loaded.document.database.engine {
        document::Engine::Sqlite => None,
        document::Engine::Postgres => Some("TEXT"),
        document::Engine::Mysql => Some("CHAR"),
    };
    let kind = facts.columns.first().and_then(|column| column.kind.as_ref());
    if let (Some(text), Some(kind)) = (text_type, kind.filter(|kind| **kind != SqlType::Text)) {
        let span = context.value(at);
        let message = format!("a completion is text, and this column is {}", noun(kind));
        let column = &facts.columns[0].name;
        context.report(
            Diagnostic::new(Code::InvalidReturns, span, message)
                .help(format!("write `CAST({column} AS {text})`")),
        );
    }
    let whole = context.diagnostics.len() == before;
    statement.filter(|_| whole).map(|statement| CompletionFrom::Sql { statement, others })
}
