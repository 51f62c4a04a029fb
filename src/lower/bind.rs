//! Bindings: from a name in a statement to where its value comes from.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::database::facts::{
    BindingFacts, ColumnRef, SqlType, StatementFacts, Table, TableColumn,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    Bind, BindFrom, Column, Constraint, Engine, Ident, Kind, Param, Scalar, Statement, Type,
};
use crate::sql::{Binding, Piece, Style, Template, wire};

use super::constraint::tightens;
use super::context::{Context, list, name_help};
use super::kind::choice_idents;
use super::statement::Parsed;

/// What a statement may bind.
pub(super) struct Scope<'s> {
    /// Params of the tool, the resource or the prompt.
    pub(super) params: &'s [Param],
    /// Earlier steps that answer with one row, and their columns.
    pub(super) steps: Vec<(Ident, Vec<Column>)>,
    /// Earlier steps that answer with the number of a new row, bound as `:step.id`.
    pub(super) inserted: Vec<Ident>,
    /// Steps whose columns cannot be bound, and why; none for a step that is broken.
    pub(super) other_steps: Vec<(String, Option<&'static str>)>,
    /// Whether it is a completion, which binds `:prefix`.
    pub(super) prefix: bool,
    /// Columns of a cursor, in order.
    pub(super) cursor: Vec<String>,
}

impl<'s> Scope<'s> {
    pub(super) fn of(params: &'s [Param]) -> Self {
        Self {
            params,
            steps: Vec::new(),
            inserted: Vec::new(),
            other_steps: Vec::new(),
            prefix: false,
            cursor: Vec::new(),
        }
    }
}

/// Resolves every binding of `template`, a form of the statement `parsed`.
pub(super) fn statement(
    context: &mut Context,
    parsed: &Parsed,
    template: &Template,
    facts: Option<&StatementFacts>,
    scope: &Scope,
) -> Option<Statement> {
    let before = context.diagnostics.len();
    let mut binds: Vec<Bind> = Vec::new();
    for (binding, clause) in bindings(template) {
        let Some(bind) = resolve(context, parsed, binding, scope) else { continue };
        // Of a statement that the database refused it says no types of params.
        if facts.is_some() {
            check_list(context, parsed, binding, &bind);
        }
        // In a completion, NULL is an argument that is not there yet.
        if !scope.prefix {
            check_presence(context, parsed, binding, clause, &bind);
        }
        if !binds.iter().any(|known| known.name == bind.name) {
            binds.push(bind);
        }
    }
    for piece in &template.pieces {
        if let Piece::Clause(clause) = piece {
            check_clause(context, parsed, clause, &binds);
        }
    }
    let facts = facts?;
    let mut style = Style::of(parsed.engine);
    for bind in &mut binds {
        let known = facts.bindings.get(&bind.name);
        bind.wire = known.and_then(|known| known.wire.clone());
        let cast = bind.wire.as_deref().and_then(|wire| cast(&bind.from, wire));
        if let Some(cast) = cast {
            style.casts.insert(bind.name.clone(), cast.to_owned());
        }
    }
    (context.diagnostics.len() == before).then(|| Statement {
        template: template.clone(),
        style,
        binds,
        effect: facts.effect,
    })
}

/// What PostgreSQL casts a text to, where a value travels as one.
fn cast<'w>(from: &BindFrom, wire: &'w str) -> Option<&'w str> {
    let text = |wire: &str| matches!(wire, "text" | "character varying");
    let kind = match from {
        BindFrom::Param { path } => path.last().map(|param| param.ty.resolved()),
        BindFrom::Step { column, .. } => Some(match &column.kind {
            Kind::Named(named) => named.ty.resolved(),
            kind => kind,
        }),
        BindFrom::Prefix => Some(&Kind::Text),
        BindFrom::InsertedId { .. } | BindFrom::Cursor(_) | BindFrom::PageLimit => None,
    };
    let as_text = matches!(kind, Some(Kind::Text | Kind::Decimal)) && !text(wire);
    if as_text { Some(wire) } else { wire::cast(wire) }
}

/// Every binding of a template, with whether it stands in an optional clause.
fn bindings(template: &Template) -> Vec<(&Binding, bool)> {
    let mut all = Vec::new();
    for piece in &template.pieces {
        match piece {
            Piece::Text { .. } => {}
            Piece::Bind(binding) => all.push((binding, false)),
            Piece::Clause(clause) => {
                for piece in &clause.pieces {
                    if let Piece::Bind(binding) = piece {
                        all.push((binding, true));
                    }
                }
            }
        }
    }
    all
}

fn resolve(
    context: &mut Context,
    parsed: &Parsed,
    binding: &Binding,
    scope: &Scope,
) -> Option<Bind> {
    let name = binding.path.join(".");
    let bind = |from| Some(Bind { name: name.clone(), from, list: binding.list, wire: None });
    let path: Vec<&str> = binding.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["$limit"] => return bind(BindFrom::PageLimit),
        ["$cursor", column] => {
            let at = scope.cursor.iter().position(|name| name == column)?;
            return bind(BindFrom::Cursor(at));
        }
        ["prefix"] if scope.prefix => return bind(BindFrom::Prefix),
        _ => {}
    }
    let (first, rest) = path.split_first()?;
    if let Some(param) = scope.params.iter().find(|param| param.ident.wire() == *first) {
        return bind(BindFrom::Param { path: descend(context, parsed, binding, param, rest)? });
    }
    if let Some(step) = scope.inserted.iter().find(|step| step.wire() == *first)
        && rest == ["id"]
    {
        return bind(BindFrom::InsertedId { step: step.clone() });
    }
    if let Some((step, columns)) = scope.steps.iter().find(|(step, _)| step.wire() == *first) {
        return bind(step_column(context, parsed, binding, step, columns, rest)?);
    }
    let span = parsed.span(context.loaded, binding.at.clone());
    if let Some((_, why)) = scope.other_steps.iter().find(|(step, _)| step == first) {
        // What is wrong with it is reported where it stands.
        let Some(why) = why else { return None };
        context.report(
            Diagnostic::new(
                Code::UndeclaredBinding,
                span,
                format!("`:{name}` has no value: {why}"),
            )
            .help("bind a column of an earlier step that `returns: one`"),
        );
        return None;
    }
    let mut known: Vec<&str> = scope.params.iter().map(|param| param.ident.wire()).collect();
    known.extend(scope.steps.iter().map(|(step, _)| step.wire()));
    if scope.prefix {
        known.push("prefix");
    }
    let nested = scope.params.iter().find_map(|param| match param.ty.resolved() {
        Kind::Object(object) => object
            .properties
            .iter()
            .find(|property| property.ident.wire() == *first)
            .map(|property| format!("{}.{}", param.ident.wire(), property.ident.wire())),
        _ => None,
    });
    let help = match nested {
        _ if *first == "claims" && !rest.is_empty() => {
            let claim = rest.join(".");
            let name = rest.join("_");
            format!(
                "declare a param, `{name}: {{ type: string, claim: {claim} }}`, and bind `:{name}`"
            )
        }
        Some(nested) => format!("did you mean `:{nested}`?"),
        None if known.is_empty() => {
            format!("declare it: `params: {{ {first}: {{ type: string }} }}`")
        }
        None => format!("{}, or declare it under `params`", name_help(first, &known, "param")),
    };
    context.report(
        Diagnostic::new(Code::UndeclaredBinding, span, format!("`:{name}` is not declared"))
            .help(help),
    );
    None
}

fn descend(
    context: &mut Context,
    parsed: &Parsed,
    binding: &Binding,
    param: &Param,
    rest: &[&str],
) -> Option<Vec<Param>> {
    let mut path = vec![param.clone()];
    for name in rest {
        let parent = path.last()?.clone();
        let span = parsed.span(context.loaded, binding.at.clone());
        let Kind::Object(object) = parent.ty.resolved() else {
            context.report(
                Diagnostic::new(
                    Code::UndeclaredBinding,
                    span,
                    format!("`{}` is no object, so it has no `{name}`", parent.ident.wire()),
                )
                .help(format!("write `:{}`", parent.ident.wire())),
            );
            return None;
        };
        let Some(property) =
            object.properties.iter().find(|property| property.ident.wire() == *name)
        else {
            let known: Vec<&str> = object.properties.iter().map(|p| p.ident.wire()).collect();
            context.report(
                Diagnostic::new(
                    Code::UndeclaredBinding,
                    span,
                    format!("`{}` has no property `{name}`", parent.ident.wire()),
                )
                .help(name_help(name, &known, "property")),
            );
            return None;
        };
        path.push(property.clone());
    }
    Some(path)
}

/// A param in `IN (:name)` is a list.
fn check_list(context: &mut Context, parsed: &Parsed, binding: &Binding, bind: &Bind) {
    let BindFrom::Param { path } = &bind.from else { return };
    let is_list = path.last().is_some_and(|bound| matches!(bound.ty.resolved(), Kind::Array(_)));
    if binding.list && !is_list {
        let span = parsed.span(context.loaded, binding.at.clone());
        context.report(
            Diagnostic::new(
                Code::InvalidBinding,
                span,
                format!("`IN (:{})` takes a list, and it is none", binding.path.join(".")),
            )
            .help("write `= :name`, or give it `type: array` with `items`"),
        );
    }
}

fn step_column(
    context: &mut Context,
    parsed: &Parsed,
    binding: &Binding,
    step: &Ident,
    columns: &[Column],
    rest: &[&str],
) -> Option<BindFrom> {
    let known: Vec<&str> = columns.iter().map(|column| column.ident.wire()).collect();
    let found = match rest {
        [name] => columns.iter().find(|column| column.ident.wire() == *name),
        _ => None,
    };
    if let Some(column) = found {
        return Some(BindFrom::Step { step: step.clone(), column: Box::new(column.clone()) });
    }
    let span = parsed.span(context.loaded, binding.at.clone());
    let name = rest.join(".");
    let message = if name.is_empty() {
        format!("`:{}` is a row; a statement binds one of its columns", step.wire())
    } else {
        format!("the step `{}` answers no column `{name}`", step.wire())
    };
    let help = name_help(&name, &known, "column");
    context.report(Diagnostic::new(Code::UndeclaredBinding, span, message).help(help));
    None
}

/// An optional param has a value only inside of an optional clause, unless NULL is a value.
fn check_presence(
    context: &mut Context,
    parsed: &Parsed,
    binding: &Binding,
    in_clause: bool,
    bind: &Bind,
) {
    let BindFrom::Param { path } = &bind.from else { return };
    let Some(bound) = path.last() else { return };
    let optional = path.iter().find(|param| param.optional());
    let Some(optional) = optional.filter(|_| !in_clause && !bound.nullable) else { return };
    let span = parsed.span(context.loaded, binding.at.clone());
    let name = binding.path.join(".");
    context.report(
        Diagnostic::new(
            Code::OptionalOutsideClause,
            span,
            format!("`{}` is optional, and here it always needs a value", optional.ident.wire()),
        )
        .help(format!(
            "put what depends on it into an optional clause, `[[ AND x = :{name} ]]`, give it a `default`, or write `nullable: true` where NULL is meant"
        )),
    );
}

/// A clause that is always there is no optional clause.
fn check_clause(
    context: &mut Context,
    parsed: &Parsed,
    clause: &crate::sql::Clause,
    binds: &[Bind],
) {
    let mut decides = false;
    let mut all_known = true;
    let mut names = Vec::new();
    for piece in &clause.pieces {
        let Piece::Bind(binding) = piece else { continue };
        let name = binding.path.join(".");
        match binds.iter().find(|bind| bind.name == name) {
            Some(Bind { from: BindFrom::Param { path }, .. }) => {
                decides |= path.iter().any(Param::optional);
            }
            Some(_) => {}
            None => all_known = false,
        }
        names.push(name);
    }
    if decides || !all_known {
        return;
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let span = parsed.span(context.loaded, clause.at.clone());
    let (plural, verb) = if names.len() == 1 { ("", "is") } else { ("s", "are") };
    context.report(
        Diagnostic::new(
            Code::InvalidClause,
            span,
            format!("this clause is always there: {} {verb} never left out", list(&names)),
        )
        .help(format!("remove `[[` and `]]`, or make the param{plural} `optional: true`")),
    );
}

/// Dotted names of everything that a template binds.
pub(super) fn bound_names(template: &Template) -> BTreeSet<String> {
    bindings(template).into_iter().map(|(binding, _)| binding.path.join(".")).collect()
}

/// Makes params as tight as the columns that they are assigned to, and reports params that the
/// database contradicts.
pub(super) fn fit_to_columns(
    context: &mut Context,
    parsed: &Parsed,
    facts: &StatementFacts,
    params: &mut [Param],
) {
    for (name, known) in &facts.bindings {
        let mut parts = name.split('.');
        let Some(first) = parts.next() else { continue };
        let Some(param) = params.iter_mut().find(|param| param.ident.wire() == first) else {
            continue;
        };
        let Some(param) = property_mut(param, parts) else { continue };
        let range = bindings(&parsed.template)
            .into_iter()
            .find(|(binding, _)| binding.path.join(".") == *name)
            .map_or(0..0, |(binding, _)| binding.at.clone());
        let span = parsed.span(context.loaded, range);
        let problems = fit(context, known, param, parsed.engine);
        for (message, help) in problems {
            context.report(Diagnostic::new(Code::ColumnMismatch, span, message).help(help));
        }
    }
}

fn property_mut<'p, 'n>(
    param: &'p mut Param,
    mut rest: impl Iterator<Item = &'n str>,
) -> Option<&'p mut Param> {
    let Some(name) = rest.next() else { return Some(param) };
    match &mut param.ty.kind {
        Kind::Object(object) => {
            let property =
                object.properties.iter_mut().find(|property| property.ident.wire() == name)?;
            property_mut(property, rest)
        }
        // A named type is shared: one statement does not tighten it for the others.
        _ => None,
    }
}

fn fit(
    context: &Context,
    known: &BindingFacts,
    param: &mut Param,
    engine: Engine,
) -> Vec<(String, String)> {
    let mut problems = Vec::new();
    if let Some(kind) = &known.kind {
        if !takes(kind, param.ty.resolved()) {
            let message = format!(
                "`{}` is {}, and the database takes {} here",
                param.ident.wire(),
                kind_name(param.ty.resolved()),
                known.wire.as_deref().unwrap_or_default()
            );
            problems.push((message, format!("write {}", spelled(kind))));
            return problems;
        }
        let shown = known.wire.as_deref().unwrap_or_default();
        if let Some((least, greatest)) = known.wire.as_deref().and_then(wire::range) {
            tighten_range(param, least, greatest);
        }
        if let Some(choices) = &known.choices {
            problems.extend(tighten_choices(param, choices, shown));
        }
    }
    let assigned = known.assigned.iter().map(|r| (r, Met::Assigned));
    let compared = known.compared.iter().map(|r| (r, Met::Compared));
    let spread = known.spread.iter().map(|r| (r, Met::Spread));
    for (reference, met) in assigned.chain(compared).chain(spread) {
        let Some((table, column)) = column(context, reference) else { continue };
        let shown = format!("{}.{}", reference.table, reference.column);
        let element = match (param.ty.resolved(), met) {
            (Kind::Array(item), Met::Spread) => item.resolved().clone(),
            (Kind::Array(_), Met::Compared) => {
                let name = param.ident.wire();
                let message =
                    format!("`{name}` is a list, and is compared as one value with `{shown}`");
                problems.push((message, format!("write `IN (:{name})`, with nothing else in it")));
                continue;
            }
            (kind, _) => kind.clone(),
        };
        if met == Met::Spread && matches!(element, Kind::Bytes) && engine == Engine::Sqlite {
            let message =
                format!("`{}` is a list of bytes, which cannot be spread", param.ident.wire());
            problems.push((message, "compare one value".to_owned()));
            continue;
        }
        let assigned = met == Met::Assigned;
        // What the database says of the binding itself goes first.
        if let Some(kind) = column.kind.as_ref().filter(|_| known.kind.is_none())
            && !fits(&element, kind, assigned)
        {
            let message = format!(
                "`{}` is {}, and the column `{shown}` is {}",
                param.ident.wire(),
                kind_name(&element),
                column.declared
            );
            problems.push((message, format!("write {}", spelled(kind))));
            continue;
        }
        if assigned {
            problems.extend(tighten(param, table, column, &shown));
        }
    }
    problems
}

/// How a binding meets a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Met {
    Assigned,
    Compared,
    Spread,
}

fn column<'f>(
    context: &Context<'f>,
    reference: &ColumnRef,
) -> Option<(&'f Table, &'f TableColumn)> {
    let table = context.facts.tables.get(&reference.table)?;
    let column = table.columns.iter().find(|column| column.name == reference.column)?;
    Some((table, column))
}

fn tighten(
    param: &mut Param,
    table: &Table,
    column: &TableColumn,
    shown: &str,
) -> Vec<(String, String)> {
    let mut problems = Vec::new();
    let name = param.ident.wire().to_owned();
    // SQLite gives a NULL INTEGER PRIMARY KEY the next number; a default helps no explicit NULL.
    let numbered = table.primary_key == [column.name.clone()]
        && (column.declared.eq_ignore_ascii_case("INTEGER") || column.numbered);
    if param.nullable && !column.nullable && !numbered && !column.generated {
        let message = format!("`{name}` may be null, and the column `{shown}` is NOT NULL");
        problems.push((message, "remove `nullable: true`".to_owned()));
    }
    if let Some((least, greatest)) = column.range {
        tighten_range(param, least, greatest);
    }
    // The list first: it says more than a length.
    if let Some(choices) = &column.choices {
        problems.extend(tighten_choices(param, choices, shown));
    }
    if let Some(most) = column.max_length {
        problems.extend(tighten_length(param, most, shown));
    }
    problems
}

/// Keeps an integer within what the database's type holds.
fn tighten_range(param: &mut Param, least: i64, greatest: i64) {
    if !matches!(param.ty.resolved(), Kind::Integer) {
        return;
    }
    // The JSON Schema of a few values says more.
    let all = param.ty.all_constraints();
    if all.iter().any(|known| matches!(known, Constraint::OneOf(_) | Constraint::Const(_))) {
        return;
    }
    let lower = all.iter().any(|known| match known {
        Constraint::Minimum(bound) | Constraint::ExclusiveMinimum(bound) => {
            bound.as_i64().is_some_and(|bound| bound >= least)
        }
        _ => false,
    });
    let upper = all.iter().any(|known| match known {
        Constraint::Maximum(bound) | Constraint::ExclusiveMaximum(bound) => {
            bound.as_i64().is_some_and(|bound| bound <= greatest)
        }
        _ => false,
    });
    let clamped_low = param.clamp.as_ref().is_some_and(|clamp| clamp.minimum.is_some());
    let clamped_high = param.clamp.as_ref().is_some_and(|clamp| clamp.maximum.is_some());
    if !lower && !clamped_low {
        param.ty.constraints.retain(|known| known.keyword() != "minimum");
        param.ty.constraints.push(Constraint::Minimum(Scalar::Integer(least)));
    }
    if !upper && !clamped_high {
        param.ty.constraints.retain(|known| known.keyword() != "maximum");
        param.ty.constraints.push(Constraint::Maximum(Scalar::Integer(greatest)));
    }
}

/// Whether PostgreSQL's type of a binding takes values of a kind. What is not bound as it is travels
/// as text and is cast by the server.
fn takes(sql: &SqlType, kind: &Kind) -> bool {
    match sql {
        SqlType::Array(item) => match kind {
            Kind::Array(own) => takes(item, own.resolved()),
            _ => false,
        },
        SqlType::Integer => matches!(kind, Kind::Integer),
        SqlType::Unsigned => matches!(kind, Kind::Integer | Kind::Unsigned),
        SqlType::Real => matches!(kind, Kind::Integer | Kind::Number | Kind::Decimal),
        SqlType::Decimal => {
            matches!(kind, Kind::Integer | Kind::Unsigned | Kind::Number | Kind::Decimal)
        }
        SqlType::Boolean => matches!(kind, Kind::Boolean),
        SqlType::Blob => matches!(kind, Kind::Bytes),
        SqlType::Date => matches!(kind, Kind::Date),
        SqlType::Time => matches!(kind, Kind::Time),
        SqlType::DateTime => matches!(kind, Kind::DateTime | Kind::Date),
        SqlType::Uuid => matches!(kind, Kind::Uuid),
        SqlType::Json => matches!(kind, Kind::Json | Kind::Array(_) | Kind::Object(_)),
        SqlType::Text => !matches!(
            kind,
            Kind::Integer | Kind::Unsigned | Kind::Number | Kind::Boolean | Kind::Bytes
        ),
        SqlType::Interval
        | SqlType::Inet
        | SqlType::MacAddress
        | SqlType::Bits
        | SqlType::Range
        | SqlType::Composite => matches!(kind, Kind::Text | Kind::Choice(_)),
    }
}

fn tighten_length(param: &mut Param, most: u64, shown: &str) -> Option<(String, String)> {
    let name = param.ident.wire();
    match param.ty.resolved() {
        Kind::Text => {
            let limit = Constraint::MaxLength(most);
            let own = param.ty.constraints.iter().find(|c| c.keyword() == "maxLength");
            if let Some(Constraint::MaxLength(length)) = own
                && *length > most
            {
                let message = format!(
                    "`{name}` takes {length} characters, and the column `{shown}` holds {most}"
                );
                return Some((message, format!("write `maxLength: {most}`")));
            }
            let all = param.ty.all_constraints();
            let tightest = all.iter().rev().find(|c| c.keyword() == limit.keyword());
            if tightest.is_none_or(|known| tightens(&limit, known)) {
                param.ty.constraints.push(limit);
            }
            None
        }
        Kind::Choice(choice) => {
            let long = choice
                .choices
                .iter()
                .map(|choice| choice.ident.wire())
                .find(|value| value.chars().count() as u64 > most)?;
            let message = format!(
                "`{long}` is longer than the column `{shown}`, which holds {most} characters"
            );
            Some((message, "shorten the value, or widen the column".to_owned()))
        }
        Kind::Integer
        | Kind::Unsigned
        | Kind::Number
        | Kind::Boolean
        | Kind::Date
        | Kind::Time
        | Kind::DateTime
        | Kind::Uuid
        | Kind::Decimal
        | Kind::Bytes
        | Kind::Json
        | Kind::Array(_)
        | Kind::Object(_)
        | Kind::Named(_) => None,
    }
}

fn tighten_choices(param: &mut Param, allowed: &[String], shown: &str) -> Option<(String, String)> {
    let name = param.ident.wire().to_owned();
    let names: Vec<&str> = allowed.iter().map(String::as_str).collect();
    match param.ty.resolved().clone() {
        Kind::Choice(choice) => {
            let other = choice
                .choices
                .iter()
                .map(|choice| choice.ident.wire())
                .find(|value| !names.contains(value))?;
            let message = format!("`{name}` takes `{other}`, and the column `{shown}` does not");
            Some((message, format!("the column allows {}", list(&names))))
        }
        // Text becomes the list, as far as it takes the values.
        Kind::Text if matches!(param.ty.kind, Kind::Text) => {
            let names: Vec<&str> =
                names.into_iter().filter(|value| valid(param, &Value::from(*value))).collect();
            if names.is_empty() {
                let message = format!("`{name}` takes nothing that the column `{shown}` takes");
                let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
                return Some((message, format!("the column allows {}", list(&allowed))));
            }
            let ident = param.ident.clone();
            let ident = ident.clone().as_type().unwrap_or_else(|_| ident.under(&ident));
            let choices = choice_idents(&names);
            let choice = crate::ir::ChoiceType { ident, choices, named: false };
            param.ty = Type { kind: Kind::Choice(choice), constraints: Vec::new() };
            None
        }
        Kind::Integer => {
            let numbers: Option<Vec<Scalar>> =
                allowed.iter().map(|value| value.parse().ok().map(Scalar::Integer)).collect();
            let numbers = numbers?;
            let own =
                param.ty.all_constraints().into_iter().find_map(|constraint| match constraint {
                    Constraint::OneOf(values) => Some(values.clone()),
                    _ => None,
                });
            match own {
                None => {
                    param.ty.constraints.push(Constraint::OneOf(numbers));
                    None
                }
                Some(own) => {
                    let other = own.iter().find(|value| !numbers.contains(value))?;
                    let message =
                        format!("`{name}` takes {other}, and the column `{shown}` does not");
                    Some((message, format!("the column allows {}", list(&names))))
                }
            }
        }
        Kind::Text
        | Kind::Unsigned
        | Kind::Number
        | Kind::Boolean
        | Kind::Date
        | Kind::Time
        | Kind::DateTime
        | Kind::Uuid
        | Kind::Decimal
        | Kind::Bytes
        | Kind::Json
        | Kind::Array(_)
        | Kind::Object(_)
        | Kind::Named(_) => None,
    }
}

/// The key of a default or an example that is not valid any more after the param has become tighter.
pub(super) fn unfit(param: &Param) -> Option<&'static str> {
    if let crate::ir::Presence::Default(value) = &param.presence
        && !valid(param, value)
    {
        return Some("default");
    }
    param.examples.iter().any(|value| !valid(param, value)).then_some("examples")
}

fn valid(param: &Param, value: &Value) -> bool {
    let schema = crate::ir::param_schema(param);
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .is_ok_and(|schema| schema.is_valid(value))
        && !crate::ir::unreadable(&param.ty, value)
}

/// Whether a column takes values of a kind. A comparison takes more than an assignment.
fn fits(kind: &Kind, column: &SqlType, assigned: bool) -> bool {
    match kind {
        Kind::Text => match column {
            SqlType::Text
            | SqlType::Interval
            | SqlType::Inet
            | SqlType::MacAddress
            | SqlType::Bits
            | SqlType::Range => true,
            SqlType::Date | SqlType::Time | SqlType::DateTime | SqlType::Uuid | SqlType::Json => {
                !assigned
            }
            SqlType::Integer
            | SqlType::Unsigned
            | SqlType::Real
            | SqlType::Decimal
            | SqlType::Boolean
            | SqlType::Blob
            | SqlType::Composite
            | SqlType::Array(_) => false,
        },
        Kind::Choice(_) => *column == SqlType::Text,
        Kind::Unsigned => matches!(column, SqlType::Unsigned | SqlType::Integer),
        Kind::Integer => matches!(
            column,
            SqlType::Integer | SqlType::Unsigned | SqlType::Real | SqlType::Decimal
        ),
        Kind::Number => {
            matches!(column, SqlType::Real)
                || (!assigned && matches!(column, SqlType::Integer | SqlType::Decimal))
        }
        Kind::Boolean => matches!(column, SqlType::Boolean | SqlType::Integer),
        Kind::Date => {
            matches!(column, SqlType::Date | SqlType::Text)
                || (!assigned && *column == SqlType::DateTime)
        }
        Kind::Time => matches!(column, SqlType::Time | SqlType::Text),
        Kind::DateTime => {
            matches!(column, SqlType::DateTime | SqlType::Text)
                || (!assigned && *column == SqlType::Date)
        }
        Kind::Uuid => matches!(column, SqlType::Uuid | SqlType::Text),
        Kind::Decimal => matches!(column, SqlType::Decimal | SqlType::Text),
        Kind::Bytes => *column == SqlType::Blob,
        Kind::Json | Kind::Array(_) | Kind::Object(_) => {
            matches!(column, SqlType::Json | SqlType::Text)
        }
        Kind::Named(named) => fits(named.ty.resolved(), column, assigned),
    }
}

fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "a string",
        Kind::Integer => "an integer",
        Kind::Unsigned => "an integer without a sign",
        Kind::Number => "a number",
        Kind::Boolean => "a boolean",
        Kind::Date => "a date",
        Kind::Time => "a time",
        Kind::DateTime => "a date-time",
        Kind::Uuid => "a uuid",
        Kind::Decimal => "a decimal",
        Kind::Bytes => "bytes",
        Kind::Json => "JSON",
        Kind::Choice(_) => "an enum of strings",
        Kind::Array(_) => "an array",
        Kind::Object(_) => "an object",
        Kind::Named(_) => "a named type",
    }
}

/// How a spec writes the type of a column.
pub(super) fn spelled(kind: &SqlType) -> &'static str {
    match kind {
        SqlType::Unsigned => "`type: integer` with `format: uint64`",
        SqlType::Interval => "`type: string` with `format: duration`",
        SqlType::Inet
        | SqlType::MacAddress
        | SqlType::Bits
        | SqlType::Range
        | SqlType::Composite => "`type: string`",
        SqlType::Array(_) => "`type: array` with `items` of its type",
        SqlType::Integer => "`type: integer`",
        SqlType::Real => "`type: number`",
        SqlType::Decimal => "`type: string` with `format: decimal`",
        SqlType::Text => "`type: string`",
        SqlType::Boolean => "`type: boolean`",
        SqlType::Blob => "`type: string` with `format: byte`",
        SqlType::Date => "`type: string` with `format: date`",
        SqlType::Time => "`type: string` with `format: time`",
        SqlType::DateTime => "`type: string` with `format: date-time`",
        SqlType::Uuid => "`type: string` with `format: uuid`",
        SqlType::Json => "`type: string` with `format: json`",
    }
}
