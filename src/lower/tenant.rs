//! Tenants that share a database: that every statement stays with the caller's.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::database::facts::SqlType;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Kind, Param, Server};
use crate::spec::document;
use crate::sql::Style;
use crate::sql::tenant::{Rules, Unproven, prove};

use super::context::{At, Context, name_help};
use super::param::validator;
use super::statement::Parsed;

/// Lowers `tenant` of the database, and proves every statement.
pub(super) fn tenant(context: &mut Context, written: &document::Tenant) -> Option<ir::Tenant> {
    let before = context.diagnostics.len();
    let at = At::root().key("database").key("tenant");
    if context.loaded.document.auth.is_none() && !context.poisoned(&At::root().key("auth")) {
        let span = context.key(&at);
        context.report(
            Diagnostic::new(Code::Exclusive, span, "`tenant` needs `auth`")
                .help("say under `auth` how callers are known, or remove it"),
        );
    }
    if written.claim.is_empty() || written.claim.contains(char::is_whitespace) {
        let span = context.value(&at.key("claim"));
        context.report(
            Diagnostic::new(Code::InvalidValue, span, "this names no claim")
                .help("write its name as tokens have it: `claim: tenant`"),
        );
    }
    let engine: ir::Engine = context.loaded.document.database.engine.into();
    let tenant = ir::Tenant::new(&written.column, &written.claim, context.facts, engine);
    // Without a database nothing is known, which is reported.
    if tenant.tables.is_empty() && context.asked {
        let tables = context.facts.tables.values();
        let columns = tables.flat_map(|table| &table.columns);
        let known: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        let span = context.value(&at.key("column"));
        let message = format!("no table has a column `{}`", written.column);
        let help = name_help(&written.column, &known, "column");
        context.report(Diagnostic::new(Code::UnknownName, span, message).help(help));
        return None;
    }
    let statements = context.statements;
    for (place, parsed) in statements {
        // What the database refused is not judged twice.
        if context.statement_facts(place).is_some() {
            statement(context, written, place, parsed);
        }
    }
    (context.diagnostics.len() == before).then_some(tenant)
}

/// Reports what is not proven of a statement: of the first variant that something is not proven of.
fn statement(context: &mut Context, tenant: &document::Tenant, place: &str, parsed: &Parsed) {
    let document = &context.loaded.document;
    let none = IndexMap::new();
    let mut parts = place.split('/');
    let params = match (parts.next(), parts.next()) {
        (Some("tools"), Some(name)) => document.tools.get(name).map(|it| &it.params),
        (Some("resources"), Some(name)) => document.resources.get(name).map(|it| &it.params),
        (Some("prompts"), Some(name)) => document.prompts.get(name).map(|it| &it.params),
        _ => None,
    };
    let params = params.unwrap_or(&none);
    let is_claim = |name: &str| {
        params.get(name).is_some_and(|param| param.claim.as_deref() == Some(&tenant.claim))
    };
    let own = params.keys().find(|name| is_claim(name));
    let param = own.map_or("tenant", String::as_str);
    let style = Style::of(parsed.engine);
    let unproven = parsed.template.masks().into_iter().find_map(|mask| {
        let rendered = parsed.template.numbered(mask, &style);
        let bindings = rendered.bindings.iter().enumerate();
        let claims: Vec<usize> =
            bindings.filter(|(_, name)| is_claim(name)).map(|(index, _)| index + 1).collect();
        let rules = Rules {
            engine: parsed.engine,
            tables: &context.facts.tables,
            column: &tenant.column,
            claims: &claims,
            param,
        };
        Some(prove(&rendered.sql, &rules)).filter(|unproven| !unproven.is_empty())
    });
    for Unproven { table, message, help } in unproven.unwrap_or_default() {
        let range = table
            .and_then(|(name, alias)| found(&parsed.text, &name, alias.as_deref()))
            .unwrap_or(0..parsed.text.len());
        let span = parsed.span(context.loaded, range);
        let declared = match own {
            Some(_) => String::new(),
            None => {
                let claim = &tenant.claim;
                format!(
                    ", and declare `{param}: {{ type: string, claim: {claim} }}` under `params`"
                )
            }
        };
        let help = match help.contains(&format!(":{param}")) {
            true => format!("{help}{declared}"),
            false => help,
        };
        context.report(Diagnostic::new(Code::InvalidEffect, span, message).help(help));
    }
}

/// Where a statement names a table: with this alias, or else the first time behind a word that tables
/// stand behind.
fn found(text: &str, name: &str, alias: Option<&str>) -> Option<std::ops::Range<usize>> {
    let name = regex::escape(name);
    let quoted = |name: &str| format!("[\"`\\[]?\\b{name}\\b[\"`\\]]?");
    let aliased = alias.map(|alias| {
        format!("(?is)({})\\s+(?:as\\s+)?{}", quoted(&name), quoted(&regex::escape(alias)))
    });
    let behind = format!(
        "(?is)(?:\\b(?:from|join|into|update|using|table)|,)\\s+(?:\\w+\\.)?({})",
        quoted(&name)
    );
    let patterns = aliased.into_iter().chain([behind, format!("(?is)({})", quoted(&name))]);
    patterns
        .filter_map(|pattern| regex::Regex::new(&pattern).ok())
        .find_map(|pattern| Some(pattern.captures(text)?.get(1)?.range()))
}

/// The claim's params have the type of the column: a comparison of two types could make two tenants one.
pub(super) fn types(context: &mut Context, server: &Server, tenant: &ir::Tenant) {
    let fits = |kind: &Kind, column: &SqlType| {
        matches!(
            (kind, column),
            (Kind::Text, SqlType::Text)
                | (Kind::Integer, SqlType::Integer | SqlType::Unsigned)
                | (Kind::Unsigned, SqlType::Unsigned)
                | (Kind::Uuid, SqlType::Uuid | SqlType::Text)
        )
    };
    let places = super::claims::places(&server.tools, &server.resources, &server.prompts);
    for (param, at) in places {
        if param.claim.as_deref() != Some(&tenant.claim) {
            continue;
        }
        let kind = param.ty.resolved();
        let own = |name: &str| name.eq_ignore_ascii_case(&tenant.column);
        let columns = context.facts.tables.iter().flat_map(|(name, table)| {
            table.columns.iter().filter(|column| own(&column.name)).map(move |it| (name, it))
        });
        let other = columns
            .filter_map(|(name, column)| Some((name, column, column.kind.as_ref()?)))
            .find(|(.., column)| !fits(kind, column));
        if let Some((name, column, _)) = other {
            let span = context.value(&at);
            let message = format!(
                "`{}` does not have the type of `{name}.{}`, which is {}",
                param.ident.wire(),
                column.name,
                column.declared
            );
            context.report(
                Diagnostic::new(Code::ColumnMismatch, span, message)
                    .help("give it that type: a string, an integer or a UUID, without an `enum`"),
            );
        }
    }
}

/// The two tenants of the tests, where the spec names them.
pub(super) fn of_tests<'d>(
    context: &mut Context<'d>,
    written: &'d document::Tests,
    at: &At,
) -> Option<(&'d str, &'d [Value])> {
    let both = written.tenants.as_deref()?;
    let at = at.key("tenants");
    let Some(tenant) = &context.loaded.document.database.tenant else {
        if !context.poisoned(&At::root().key("database").key("tenant")) {
            let span = context.key(&at);
            context.report(
                Diagnostic::new(Code::Exclusive, span, "`tenants` needs `tenant`")
                    .help("say under `database` whose a row is, or remove it"),
            );
        }
        return None;
    };
    if let [first, second] = both
        && first == second
    {
        let span = context.value(&at.item(1));
        context.report(
            Diagnostic::new(Code::InvalidTest, span, "both tenants are the same")
                .help("name another tenant of the seed"),
        );
    }
    Some((&tenant.claim, both))
}

/// The tenant of whoever tries to cross in tests: the second that the spec names, or any other value
/// that all params of the claim take.
pub(super) fn other_in_tests(
    context: &mut Context,
    tenants: Option<(&str, &[Value])>,
    claims: &Map<String, Value>,
    params: &[(&Param, At)],
    at: &At,
) -> Option<Value> {
    let claim = &context.loaded.document.database.tenant.as_ref()?.claim;
    let own = claims.get(claim)?;
    let same = params.iter().filter(|(param, _)| param.claim.as_ref() == Some(claim));
    let validators: Vec<_> = same.filter_map(|(param, _)| validator(param)).collect();
    let fits = |value: &Value| value != own && validators.iter().all(|it| it.is_valid(value));
    let derived = match own {
        Value::Number(number) => vec![number.as_i64().unwrap_or(0).wrapping_add(1).into()],
        _ => ["another", "b", "8d3d7c2e-2b7c-4a57-9d0e-52b1f7a8f6c1"].map(Value::from).to_vec(),
    };
    let given = tenants.and_then(|(_, both)| both.get(1));
    if let Some(found) = given.cloned().into_iter().chain(derived).find(fits) {
        if given.is_some_and(|given| *given != found) {
            let span = context.value(&at.key("tenants").item(1));
            context.report(
                Diagnostic::new(
                    Code::InvalidTest,
                    span,
                    "this is no other tenant that params take",
                )
                .help("write a value that every param of the claim takes, another than the first"),
            );
        }
        return Some(found);
    }
    let span = context.key(&At::root().key("database").key("tenant"));
    context.report(
        Diagnostic::new(Code::InvalidTest, span, "no other tenant comes to mind for the tests")
            .help("name two of the seed: `tests: { tenants: [acme, globex] }`"),
    );
    None
}
