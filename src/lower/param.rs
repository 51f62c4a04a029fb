//! Params, properties and named types.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Number, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    Choice, ChoiceType, Clamp, Constraint, Ident, Kind, NamedType, ObjectType, Param, Presence,
    Scalar, TextFormat, Type, UnknownRule, param_schema, sample,
};
use crate::spec::document;

use super::context::{At, Context, list};
use super::names::binding_name;

/// The names of types in one Rust module, so that no two are the same.
pub(super) struct TypeNames {
    module: Ident,
    taken: BTreeSet<String>,
}

impl TypeNames {
    pub(super) fn new(module: Ident) -> Self {
        Self { module, taken: BTreeSet::new() }
    }

    /// A type's name after `ident`, with the parent's or the module's name in front where the short
    /// one is taken.
    pub(super) fn unique(&mut self, ident: &Ident, parent: Option<&Ident>) -> Ident {
        let short = ident.clone().as_type().ok();
        let names = short
            .into_iter()
            .chain(parent.map(|parent| ident.under(parent)))
            .chain(std::iter::once(ident.under(&self.module)))
            .chain((2..).map(|n| ident.numbered(n)));
        let free =
            |name: &Ident| !self.taken.contains(name.pascal()) && name.clone().as_type().is_ok();
        let mut names = names.filter(free);
        let name = names.next().unwrap_or_else(|| ident.clone());
        drop(names);
        self.taken.insert(name.pascal().to_owned());
        name
    }
}

/// Whose param it is; decides which keys it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// A tool.
    Tool,
    /// A resource template.
    Resource,
    /// A prompt.
    Prompt,
    /// An object.
    Object,
}

/// Lowers the `types` section.
pub(super) fn named_types(
    context: &mut Context,
    types: &IndexMap<String, document::Param>,
    at: &At,
) {
    let module = Ident::new("types").expect("a name");
    let mut names = TypeNames::new(module);
    let mut idents = Vec::new();
    // A type may use one that is written further down.
    for name in by_use(types) {
        let Some(written) = types.get(name) else { continue };
        let at = at.key(name);
        let lowered = context.type_ident(name, &at).and_then(|ident| {
            idents.push((ident.clone(), context.key(&at)));
            names.taken.insert(ident.pascal().to_owned());
            refuse_param_keys(context, written, &at, "a named type");
            let before = context.diagnostics.len();
            let ty = ty(context, written, &at, &ident, None, &mut names)?;
            let ty = named_choice(ty, &ident);
            let named = NamedType {
                ident,
                title: written.title.clone(),
                description: written.description.clone(),
                examples: written.examples.clone(),
                ty,
            };
            let probe = probe(&named);
            check_values(context, &probe, written, &at, before);
            Some(Arc::new(named))
        });
        context.types.insert(name.to_owned(), lowered);
    }
    // From here on in the order of the spec.
    context.types.sort_by_cached_key(|name, _| types.get_index_of(name));
    let idents: Vec<_> = idents.iter().map(|(ident, span)| (ident, *span)).collect();
    context.distinct(idents);
}

/// The names of types, each behind those that it uses. Those that use each other in a circle come
/// in the order of the spec, and the first of them is reported for what it does not find.
fn by_use(types: &IndexMap<String, document::Param>) -> Vec<&str> {
    fn visit<'t>(
        name: &'t str,
        types: &'t IndexMap<String, document::Param>,
        seen: &mut BTreeSet<&'t str>,
        order: &mut Vec<&'t str>,
    ) {
        let Some((name, written)) = types.get_key_value(name) else { return };
        if seen.insert(name) {
            used(written, &mut |inner| visit(inner, types, seen, order));
            order.push(name);
        }
    }
    fn used<'t>(written: &'t document::Param, visit: &mut dyn FnMut(&'t str)) {
        if let Some(kind) = &written.kind {
            visit(kind);
        }
        if let Some(items) = &written.items {
            used(items, visit);
        }
        for property in written.properties.iter().flat_map(IndexMap::values) {
            used(property, visit);
        }
    }
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    for name in types.keys() {
        visit(name, types, &mut seen, &mut order);
    }
    order
}

/// An enum that is a named type of its own has the type's name.
fn named_choice(mut ty: Type, ident: &Ident) -> Type {
    match &mut ty.kind {
        Kind::Choice(choice) => choice.ident = ident.clone(),
        Kind::Object(object) => object.ident = ident.clone(),
        Kind::Text
        | Kind::Integer
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
        | Kind::Named(_) => {}
    }
    ty
}

/// A param that has a named type and nothing else.
fn probe(named: &NamedType) -> Param {
    Param {
        ident: named.ident.clone(),
        title: None,
        description: None,
        examples: named.examples.clone(),
        ty: named.ty.clone(),
        presence: Presence::Required,
        nullable: false,
        clamp: None,
    }
}

/// Lowers a list of params. `None` when one of them is broken.
pub(super) fn params(
    context: &mut Context,
    written: &IndexMap<String, document::Param>,
    at: &At,
    owner: Owner,
    names: &mut TypeNames,
) -> Option<Vec<Param>> {
    params_under(context, written, at, owner, None, names)
}

fn params_under(
    context: &mut Context,
    written: &IndexMap<String, document::Param>,
    at: &At,
    owner: Owner,
    parent: Option<&Ident>,
    names: &mut TypeNames,
) -> Option<Vec<Param>> {
    let lowered: Vec<Option<Param>> = written
        .iter()
        .map(|(name, written)| param(context, name, written, &at.key(name), owner, parent, names))
        .collect();
    let idents: Vec<_> = lowered
        .iter()
        .flatten()
        .map(|param| (&param.ident, context.key(&at.key(param.ident.wire()))))
        .collect();
    context.distinct(idents);
    lowered.into_iter().collect()
}

fn param(
    context: &mut Context,
    name: &str,
    written: &document::Param,
    at: &At,
    owner: Owner,
    parent: Option<&Ident>,
    names: &mut TypeNames,
) -> Option<Param> {
    let before = context.diagnostics.len();
    let ident = binding_name(context, name, at);
    if written.complete.is_some() && matches!(owner, Owner::Tool | Owner::Object) {
        let span = context.key(&at.key("complete"));
        context.report(
            Diagnostic::new(Code::UnknownKey, span, "tools have no completions")
                .help("MCP completes the params of resources and prompts only: remove `complete`"),
        );
    }
    let ident = ident?;
    let ty = ty(context, written, at, &ident, parent, names);
    let presence = presence(context, written, at, owner);
    let ty = ty?;
    let clamp = clamp(context, written, &ty, at);
    if matches!(owner, Owner::Prompt | Owner::Resource)
        && matches!(ty.resolved(), Kind::Array(_) | Kind::Object(_))
    {
        let span = context.value(&at.key("type"));
        context.report(
            Diagnostic::new(
                Code::InvalidConstraint,
                span,
                "params of resources and prompts are single values",
            )
            .help("MCP sends them as text: use `string`, `integer`, `number` or `boolean`"),
        );
    }
    let description = described(written, &ty, clamp.as_ref());
    let param = Param {
        ident,
        title: written.title.clone(),
        description,
        examples: written.examples.clone(),
        ty,
        presence,
        nullable: written.nullable,
        clamp,
    };
    check_values(context, &param, written, at, before);
    (context.diagnostics.len() == before).then_some(param)
}

fn presence(context: &mut Context, written: &document::Param, at: &At, owner: Owner) -> Presence {
    if owner == Owner::Resource && (written.optional || written.default.is_some()) {
        let key = if written.optional { "optional" } else { "default" };
        let span = context.key(&at.key(key));
        context.report(
            Diagnostic::new(
                Code::InvalidConstraint,
                span,
                "a placeholder of a URI is always there",
            )
            .help(format!("remove `{key}`")),
        );
    }
    match &written.default {
        Some(_) if written.optional => {
            let span = context.key(&at.key("optional"));
            context.report(
                Diagnostic::new(
                    Code::Exclusive,
                    span,
                    "a param with a `default` is never absent, so it is not `optional`",
                )
                .also(context.key(&at.key("default")), "the default")
                .help("remove one of the two"),
            );
            Presence::Optional
        }
        Some(value) => Presence::Default(value.clone()),
        None if written.optional => Presence::Optional,
        None => Presence::Required,
    }
}

/// What clients read about the param: its own words or its type's, and what `clamp` does.
fn described(written: &document::Param, ty: &Type, clamp: Option<&Clamp>) -> Option<String> {
    let named = match &ty.kind {
        Kind::Named(named) => named.description.clone(),
        _ => None,
    };
    let Some(clamp) = clamp else { return written.description.clone() };
    let mut sentences: Vec<String> = written.description.clone().or(named).into_iter().collect();
    if let Some(minimum) = clamp.minimum {
        sentences.push(format!("Lesser values are taken as {minimum}."));
    }
    if let Some(maximum) = clamp.maximum {
        sentences.push(format!("Greater values are taken as {maximum}."));
    }
    Some(sentences.join(" "))
}

/// What a list holds, as diagnostics call it.
const ITEM: &str = "an item";

/// Keys that say something about a param, not about a type.
fn refuse_param_keys(context: &mut Context, written: &document::Param, at: &At, what: &str) {
    // A named type has words of its own; those of an item would reach nobody.
    let item = what == ITEM;
    let keys = [
        ("title", item && written.title.is_some()),
        ("description", item && written.description.is_some()),
        ("examples", item && !written.examples.is_empty()),
        ("optional", written.optional),
        ("nullable", written.nullable),
        ("default", written.default.is_some()),
        ("clamp", written.clamp.is_some()),
        ("complete", written.complete.is_some()),
    ];
    for (key, present) in keys {
        if present {
            let span = context.key(&at.key(key));
            context.report(
                Diagnostic::new(Code::InvalidConstraint, span, format!("{what} has no `{key}`"))
                    .help("write it on the param"),
            );
        }
    }
}

/// Lowers a type. `ident` names the Rust type of an enum or an object.
fn ty(
    context: &mut Context,
    written: &document::Param,
    at: &At,
    ident: &Ident,
    parent: Option<&Ident>,
    names: &mut TypeNames,
) -> Option<Type> {
    let Some(name) = &written.kind else {
        let span = context.key(at);
        let types: Vec<&str> = context.types.keys().map(String::as_str).collect();
        let declared =
            if types.is_empty() { String::new() } else { format!(", or {}", list(&types)) };
        let help = format!(
            "add `type:` with `string`, `integer`, `number`, `boolean`, `array` or `object`{declared}"
        );
        context.report(
            Diagnostic::new(Code::MissingKey, span, format!("`{}` has no type", ident.wire()))
                .help(help),
        );
        return None;
    };
    let kind = match name.as_str() {
        "string" => text(context, written, at, ident, parent, names)?,
        "integer" => number_format(context, written, at, Kind::Integer)?,
        "number" => number_format(context, written, at, Kind::Number)?,
        "boolean" => number_format(context, written, at, Kind::Boolean)?,
        "array" => {
            let Some(items) = &written.items else {
                let span = context.key(at);
                context.report(
                    Diagnostic::new(Code::MissingKey, span, "a list has no `items`")
                        .help("say what it holds: `items: { type: string }`"),
                );
                return None;
            };
            let at = at.key("items");
            refuse_param_keys(context, items, &at, ITEM);
            Kind::Array(Box::new(ty(context, items, &at, ident, parent, names)?))
        }
        "object" => object(context, written, at, ident, parent, names)?,
        other => {
            if written.choices.is_some() {
                let span = context.key(&at.key("enum"));
                context.report(
                    Diagnostic::new(
                        Code::InvalidConstraint,
                        span,
                        "a named type has no second `enum`",
                    )
                    .help("declare a type of its own for these values under `types`"),
                );
            }
            Kind::Named(context.named_type(other, &at.key("type"))?)
        }
    };
    if !matches!(kind, Kind::Array(_)) {
        refuse_beside(context, written.items.is_some(), "items", "array", at);
    }
    if !matches!(kind, Kind::Object(_)) {
        refuse_beside(context, written.properties.is_some(), "properties", "object", at);
        refuse_beside(context, written.unknown.is_some(), "unknown", "object", at);
    }
    let before = context.diagnostics.len();
    let constraints = constraints(context, written, &kind, at);
    let ty = Type { kind, constraints };
    ranges(context, &ty, at);
    (context.diagnostics.len() == before).then_some(ty)
}

fn refuse_beside(context: &mut Context, present: bool, key: &str, kind: &str, at: &At) {
    if present {
        let span = context.key(&at.key(key));
        context.report(
            Diagnostic::new(
                Code::InvalidConstraint,
                span,
                format!("`{key}` is for `type: {kind}`"),
            )
            .help(format!("remove `{key}`, or write `type: {kind}`")),
        );
    }
}

const FORMATS: &[&str] = &[
    "date",
    "time",
    "date-time",
    "uuid",
    "email",
    "uri",
    "hostname",
    "ipv4",
    "ipv6",
    "decimal",
    "byte",
    "json",
];

fn text(
    context: &mut Context,
    written: &document::Param,
    at: &At,
    ident: &Ident,
    parent: Option<&Ident>,
    names: &mut TypeNames,
) -> Option<Kind> {
    let kind = match written.format.as_deref() {
        None => Kind::Text,
        Some(format) => match text_format(format) {
            Some(kind) => kind,
            None => {
                let span = context.value(&at.key("format"));
                let help = if matches!(format, "int32" | "int64") {
                    "that format is for `type: integer`".to_owned()
                } else {
                    super::context::name_help(format, FORMATS, "format")
                };
                context.report(
                    Diagnostic::new(
                        Code::InvalidValue,
                        span,
                        format!("there is no format `{format}`"),
                    )
                    .help(help),
                );
                return None;
            }
        },
    };
    let Some(values) = &written.choices else { return Some(kind) };
    if written.format.is_some() {
        let span = context.key(&at.key("enum"));
        context.report(
            Diagnostic::new(
                Code::InvalidConstraint,
                span,
                "`enum` and `format` do not go together",
            )
            .help("remove `format`: the values say it all"),
        );
        return None;
    }
    let ident = names.unique(ident, parent);
    Some(Kind::Choice(ChoiceType { ident, choices: choices(context, values, &at.key("enum"))? }))
}

/// The kind of a text format that has a Rust type of its own, or `Text` for one that is a rule.
pub(super) fn text_format(format: &str) -> Option<Kind> {
    match format {
        "date" => Some(Kind::Date),
        "time" => Some(Kind::Time),
        "date-time" => Some(Kind::DateTime),
        "uuid" => Some(Kind::Uuid),
        "decimal" => Some(Kind::Decimal),
        "byte" => Some(Kind::Bytes),
        "json" => Some(Kind::Json),
        "email" | "uri" | "hostname" | "ipv4" | "ipv6" => Some(Kind::Text),
        _ => None,
    }
}

fn choices(context: &mut Context, values: &[Value], at: &At) -> Option<Vec<Choice>> {
    if values.is_empty() {
        let span = context.value(at);
        context.report(
            Diagnostic::new(
                Code::InvalidConstraint,
                span,
                "an `enum` without a value refuses everything",
            )
            .help("list the values that are allowed"),
        );
        return None;
    }
    let mut texts: Vec<&str> = Vec::new();
    let before = context.diagnostics.len();
    for (index, value) in values.iter().enumerate() {
        let span = context.value(&at.item(index));
        match value.as_str() {
            Some(text) if texts.contains(&text) => context.report(
                Diagnostic::new(Code::InvalidConstraint, span, format!("`{text}` is there twice"))
                    .help("remove one"),
            ),
            Some(text) => texts.push(text),
            None => context.report(
                Diagnostic::new(
                    Code::InvalidConstraint,
                    span,
                    format!("`{value}` is not a string"),
                )
                .help(format!("put it in quotes: \"{value}\"")),
            ),
        }
    }
    (context.diagnostics.len() == before).then(|| choice_idents(&texts))
}

/// Variants' names; values that have none in Rust, or the same as another, are numbered.
pub(super) fn choice_idents(values: &[&str]) -> Vec<Choice> {
    let idents = values.iter().enumerate().map(|(index, value)| {
        let ident = Ident::of_prose(value).unwrap_or_else(|_| Ident::of_nothing(value, index + 1));
        Choice { ident }
    });
    distinct_choices(idents.collect())
}

/// The choices with names that differ in Rust: later ones get a number.
pub(super) fn distinct_choices(choices: Vec<Choice>) -> Vec<Choice> {
    let mut taken = BTreeSet::new();
    let distinct = choices.into_iter().map(|Choice { ident }| {
        let mut candidate = ident.clone();
        let mut n = 2;
        while !taken.insert(candidate.pascal().to_owned()) {
            candidate = ident.numbered(n);
            n += 1;
        }
        Choice { ident: candidate }
    });
    distinct.collect()
}

fn number_format(
    context: &mut Context,
    written: &document::Param,
    at: &At,
    kind: Kind,
) -> Option<Kind> {
    let Some(format) = &written.format else { return Some(kind) };
    if kind == Kind::Integer && matches!(format.as_str(), "int32" | "int64") {
        return Some(kind);
    }
    let span = context.value(&at.key("format"));
    let help = match (format.as_str(), &kind) {
        ("decimal", _) => "exact numbers travel as text: write `type: string`".to_owned(),
        (_, Kind::Integer) => "an integer takes `int32` or `int64`".to_owned(),
        _ if text_format(format).is_some() => "that format is for `type: string`".to_owned(),
        _ => "remove it".to_owned(),
    };
    let written_type = written.kind.as_deref().unwrap_or_default();
    context.report(
        Diagnostic::new(
            Code::InvalidConstraint,
            span,
            format!("`type: {written_type}` has no format `{format}`"),
        )
        .help(help),
    );
    None
}

fn object(
    context: &mut Context,
    written: &document::Param,
    at: &At,
    ident: &Ident,
    parent: Option<&Ident>,
    names: &mut TypeNames,
) -> Option<Kind> {
    let Some(properties) = written.properties.as_ref().filter(|properties| !properties.is_empty())
    else {
        let span = context.key(at);
        context.report(
            Diagnostic::new(Code::MissingKey, span, "an object has no `properties`").help(
                "name what it holds under `properties`; for any JSON write `type: string` with `format: json`",
            ),
        );
        return None;
    };
    let name = names.unique(ident, parent);
    let at = at.key("properties");
    let properties = params_under(context, properties, &at, Owner::Object, Some(ident), names)?;
    Some(Kind::Object(ObjectType { ident: name, properties, unknown: unknown(written.unknown) }))
}

/// The rule for what is not declared; to refuse is the default.
pub(super) fn unknown(written: Option<document::Unknown>) -> UnknownRule {
    match written {
        None | Some(document::Unknown::Refuse) => UnknownRule::Refuse,
        Some(document::Unknown::Ignore) => UnknownRule::Ignore,
    }
}

/// The constraints that are written, each one that its kind takes.
fn constraints(
    context: &mut Context,
    written: &document::Param,
    kind: &Kind,
    at: &At,
) -> Vec<Constraint> {
    let ty = Type { kind: kind.clone(), constraints: Vec::new() };
    let resolved = ty.resolved().clone();
    let mut all: Vec<Constraint> = Vec::new();
    if let Some(format) = written.format.as_deref() {
        let rule = TextFormat::ALL.into_iter().find(|rule| rule.name() == format);
        match (&kind, rule) {
            (Kind::Named(_), _) => {
                let span = context.key(&at.key("format"));
                context.report(
                    Diagnostic::new(
                        Code::InvalidConstraint,
                        span,
                        "a named type brings its own format",
                    )
                    .help("remove `format`, or declare a type of its own under `types`"),
                );
            }
            (_, Some(rule)) => all.push(Constraint::Format(rule)),
            (_, None) if format == "int32" => {
                all.push(Constraint::Minimum(Scalar::Integer(i32::MIN.into())));
                all.push(Constraint::Maximum(Scalar::Integer(i32::MAX.into())));
            }
            (_, None) => {}
        }
    }
    if let Some(pattern) = &written.pattern {
        if let Err(error) = regex::Regex::new(pattern) {
            let span = context.value(&at.key("pattern"));
            context.report(
                Diagnostic::new(Code::InvalidConstraint, span, "the pattern cannot be compiled")
                    .label(one_line(&error))
                    .help("use what the `regex` crate takes: no look-around, no back-references"),
            );
        } else {
            all.push(Constraint::Pattern(pattern.clone()));
        }
    }
    all.extend(written.min_length.map(Constraint::MinLength));
    all.extend(written.max_length.map(Constraint::MaxLength));
    type OfBound = fn(Scalar) -> Constraint;
    let bounds: [(&str, &Option<Number>, OfBound); 5] = [
        ("minimum", &written.minimum, Constraint::Minimum),
        ("maximum", &written.maximum, Constraint::Maximum),
        ("exclusiveMinimum", &written.exclusive_minimum, Constraint::ExclusiveMinimum),
        ("exclusiveMaximum", &written.exclusive_maximum, Constraint::ExclusiveMaximum),
        ("multipleOf", &written.multiple_of, Constraint::MultipleOf),
    ];
    for (key, bound, constraint) in bounds {
        if let Some(bound) = bound
            && let Some(scalar) = scalar(context, bound, &resolved, &at.key(key))
        {
            // A bound that `int32` brought gives way to a tighter one.
            let constraint = constraint(scalar);
            let own = all.iter().position(|other| other.keyword() == constraint.keyword());
            match own {
                Some(own) if !tightens(&constraint, &all[own]) => {
                    let span = context.value(&at.key(key));
                    context.report(
                        Diagnostic::new(
                            Code::InvalidConstraint,
                            span,
                            "`format: int32` is as tight already",
                        )
                        .help("remove the bound, or make it tighter"),
                    );
                }
                Some(own) => all[own] = constraint,
                None => all.push(constraint),
            }
        }
    }
    if let Some(values) = &written.choices
        && matches!(
            resolved,
            Kind::Integer | Kind::Number | Kind::Boolean | Kind::Array(_) | Kind::Object(_)
        )
        && !matches!(kind, Kind::Named(_))
    {
        let scalars: Vec<Option<Scalar>> = values
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let at = at.key("enum").item(index);
                match value {
                    Value::Number(number) => scalar(context, number, &resolved, &at),
                    _ => {
                        let span = context.value(&at);
                        context.report(
                            Diagnostic::new(
                                Code::InvalidConstraint,
                                span,
                                "this value does not fit the type",
                            )
                            .help("list numbers here, or write `type: string`"),
                        );
                        None
                    }
                }
            })
            .collect();
        all.extend(scalars.into_iter().collect::<Option<Vec<_>>>().map(Constraint::OneOf));
    }
    all.extend(written.constant.clone().map(Constraint::Const));
    all.extend(written.min_items.map(Constraint::MinItems));
    all.extend(written.max_items.map(Constraint::MaxItems));
    if written.unique_items == Some(true) {
        all.push(Constraint::UniqueItems);
    }
    all.retain(|constraint| {
        let fits = constraint.applies_to(&resolved);
        if !fits {
            let span = context.key(&at.key(constraint.keyword()));
            let written_type = written.kind.as_deref().unwrap_or_default();
            let with_format =
                written.format.as_ref().map(|f| format!(" with `format: {f}`")).unwrap_or_default();
            context.report(
                Diagnostic::new(
                    Code::InvalidConstraint,
                    span,
                    format!(
                        "`{}` says nothing about `type: {written_type}`{with_format}",
                        constraint.keyword()
                    ),
                )
                .help(format!("remove `{}`", constraint.keyword())),
            );
        }
        fits
    });
    all
}

fn scalar(context: &mut Context, number: &Number, kind: &Kind, at: &At) -> Option<Scalar> {
    let whole = number.as_i64().map(Scalar::Integer);
    let scalar = match kind {
        Kind::Integer => whole,
        _ => number.as_f64().filter(|number| number.is_finite()).map(Scalar::Number),
    };
    if scalar.is_none() {
        let span = context.value(at);
        context.report(
            Diagnostic::new(
                Code::InvalidConstraint,
                span,
                format!("`{number}` is not a 64-bit integer"),
            )
            .help("write a whole number, or `type: number`"),
        );
    }
    scalar
}

/// Bounds that contradict each other, or that a named type has tighter already.
fn ranges(context: &mut Context, ty: &Type, at: &At) {
    let all = ty.all_constraints();
    let number = |keyword: &str| {
        ty.constraints.iter().chain(all.iter().copied()).find_map(|constraint| match constraint {
            Constraint::Minimum(n)
            | Constraint::Maximum(n)
            | Constraint::ExclusiveMinimum(n)
            | Constraint::ExclusiveMaximum(n)
                if constraint.keyword() == keyword =>
            {
                Some(n.as_f64())
            }
            #[expect(clippy::cast_precision_loss, reason = "lengths are compared, not stored")]
            Constraint::MinLength(n)
            | Constraint::MaxLength(n)
            | Constraint::MinItems(n)
            | Constraint::MaxItems(n)
                if constraint.keyword() == keyword =>
            {
                Some(*n as f64)
            }
            _ => None,
        })
    };
    let pairs = [
        ("minLength", "maxLength", false),
        ("minItems", "maxItems", false),
        ("minimum", "maximum", false),
        ("exclusiveMinimum", "maximum", true),
        ("minimum", "exclusiveMaximum", true),
        ("exclusiveMinimum", "exclusiveMaximum", true),
    ];
    let mut problems = Vec::new();
    for (low, high, strict) in pairs {
        if let (Some(least), Some(greatest)) = (number(low), number(high))
            && (least > greatest || (strict && least >= greatest))
        {
            problems.push(
                Diagnostic::new(
                    Code::InvalidConstraint,
                    context.value(&at.key(low)),
                    format!("no value is left between `{low}: {least}` and `{high}: {greatest}`"),
                )
                .help("mend one of the two"),
            );
        }
    }
    for constraint in &ty.constraints {
        if let Constraint::MultipleOf(factor) = constraint
            && factor.as_f64() <= 0.0
        {
            problems.push(
                Diagnostic::new(
                    Code::InvalidConstraint,
                    context.value(&at.key("multipleOf")),
                    "`multipleOf` must be greater than 0",
                )
                .help("write a positive number"),
            );
        }
        if let Kind::Named(named) = &ty.kind {
            let inner = named.ty.all_constraints();
            let same = inner.iter().find(|other| other.keyword() == constraint.keyword());
            if same.is_some_and(|other| !tightens(constraint, other)) {
                problems.push(
                    Diagnostic::new(
                        Code::InvalidConstraint,
                        context.key(&at.key(constraint.keyword())),
                        format!(
                            "`{}` has a `{}` that is as tight",
                            named.ident.wire(),
                            constraint.keyword()
                        ),
                    )
                    .help("remove it here, or make it tighter"),
                );
            }
        }
    }
    for problem in problems {
        context.report(problem);
    }
}

/// Whether a constraint refuses more than another of the same keyword.
pub(super) fn tightens(constraint: &Constraint, other: &Constraint) -> bool {
    match (constraint, other) {
        (Constraint::MinLength(a), Constraint::MinLength(b))
        | (Constraint::MinItems(a), Constraint::MinItems(b)) => a > b,
        (Constraint::MaxLength(a), Constraint::MaxLength(b))
        | (Constraint::MaxItems(a), Constraint::MaxItems(b)) => a < b,
        (Constraint::Minimum(a), Constraint::Minimum(b))
        | (Constraint::ExclusiveMinimum(a), Constraint::ExclusiveMinimum(b)) => {
            a.as_f64() > b.as_f64()
        }
        (Constraint::Maximum(a), Constraint::Maximum(b))
        | (Constraint::ExclusiveMaximum(a), Constraint::ExclusiveMaximum(b)) => {
            a.as_f64() < b.as_f64()
        }
        _ => false,
    }
}

/// Whether a constraint refuses a number.
fn refuses(constraint: &Constraint, value: Scalar) -> bool {
    let value = value.as_f64();
    match constraint {
        Constraint::Minimum(bound) => value < bound.as_f64(),
        Constraint::Maximum(bound) => value > bound.as_f64(),
        Constraint::ExclusiveMinimum(bound) => value <= bound.as_f64(),
        Constraint::ExclusiveMaximum(bound) => value >= bound.as_f64(),
        Constraint::MultipleOf(factor) => {
            let quotient = value / factor.as_f64();
            (quotient - quotient.round()).abs() > 1e-9
        }
        Constraint::OneOf(values) => values.iter().all(|known| known.as_f64() != value),
        _ => false,
    }
}

fn clamp(context: &mut Context, written: &document::Param, ty: &Type, at: &At) -> Option<Clamp> {
    let clamp = written.clamp.as_ref()?;
    let at = at.key("clamp");
    if !matches!(ty.resolved(), Kind::Integer | Kind::Number) {
        let span = context.key(&at);
        context.report(
            Diagnostic::new(Code::InvalidConstraint, span, "only numbers can be clamped")
                .help("remove `clamp`"),
        );
        return None;
    }
    if clamp.minimum.is_none() && clamp.maximum.is_none() {
        let span = context.value(&at);
        context.report(
            Diagnostic::new(Code::MissingKey, span, "`clamp` has neither end")
                .help("write `clamp: { maximum: 100 }`"),
        );
        return None;
    }
    let mut end = |bound: &Option<Number>, key: &str, other: bool| {
        if bound.is_some() && other {
            let span = context.key(&at.key(key));
            context.report(
                Diagnostic::new(
                    Code::InvalidConstraint,
                    span,
                    format!("what lies beyond this `{key}` is refused already, so there is nothing to clamp"),
                )
                .help("keep either the bound or `clamp`"),
            );
        }
        bound.as_ref().and_then(|bound| scalar(context, bound, ty.resolved(), &at.key(key)))
    };
    // Who pulls a value in cannot say in the schema that it is refused.
    let all = ty.all_constraints();
    let has = |keywords: &[&str]| all.iter().any(|known| keywords.contains(&known.keyword()));
    let low = has(&["minimum", "exclusiveMinimum", "enum", "const"]);
    let high = has(&["maximum", "exclusiveMaximum", "enum", "const"]);
    let minimum = end(&clamp.minimum, "minimum", low);
    let maximum = end(&clamp.maximum, "maximum", high);
    for (key, bound) in [("minimum", minimum), ("maximum", maximum)] {
        let refusing = bound.and_then(|bound| {
            ty.all_constraints().into_iter().find(|constraint| refuses(constraint, bound))
        });
        if let Some(refusing) = refusing {
            let message =
                format!("a value that is pulled here is refused by `{}`", refusing.keyword());
            let span = context.value(&at.key(key));
            context.report(
                Diagnostic::new(Code::InvalidConstraint, span, message)
                    .help("clamp to a value that the param takes"),
            );
        }
    }
    if let (Some(low), Some(high)) = (minimum, maximum)
        && low.as_f64() > high.as_f64()
    {
        let span = context.value(&at);
        context.report(
            Diagnostic::new(
                Code::InvalidConstraint,
                span,
                format!("the least value {low} is greater than the greatest {high}"),
            )
            .help("swap them"),
        );
    }
    Some(Clamp { minimum, maximum })
}

/// Default and examples against the schema that clients see, and that any value is left at all.
/// `before` is how many diagnostics there were before the param; a broken one is not judged twice.
pub(super) fn check_values(
    context: &mut Context,
    param: &Param,
    written: &document::Param,
    at: &At,
    before: usize,
) {
    if context.diagnostics.len() != before {
        return;
    }
    let schema = param_schema(param);
    let built = jsonschema::draft202012::options().should_validate_formats(true).build(&schema);
    let Ok(validator) = built else { return };
    let default = written.default.iter().map(|value| (at.key("default"), value, "default"));
    let examples = written
        .examples
        .iter()
        .enumerate()
        .map(|(index, value)| (at.key("examples").item(index), value, "example"));
    for (at, value, what) in default.chain(examples) {
        let clamped = clamped(param, value);
        if let Err(error) = validator.validate(value) {
            let span = context.value(&at);
            context.report(
                Diagnostic::new(
                    Code::InvalidDefault,
                    span,
                    format!("the {what} is not a valid value"),
                )
                .label(one_line(&error))
                .help("write a value that the param takes"),
            );
        } else if crate::ir::unreadable(&param.ty, value) {
            let span = context.value(&at);
            let message = format!("the {what} is not in the format of `{}`", param.ident.wire());
            context.report(
                Diagnostic::new(Code::InvalidDefault, span, message)
                    .help("bytes are written in base64, JSON as a string"),
            );
        } else if clamped {
            let span = context.value(&at);
            context.report(
                Diagnostic::new(
                    Code::InvalidDefault,
                    span,
                    format!("the {what} lies outside of `clamp`"),
                )
                .help("write a value inside of the range"),
            );
        }
    }
    if context.diagnostics.len() == before && sample(param).is_none() {
        let span = context.key(at);
        context.report(
            Diagnostic::new(
                Code::InvalidConstraint,
                span,
                format!("no value comes to mind that `{}` takes", param.ident.wire()),
            )
            .help("if there is one, add it: `examples: [ … ]`; otherwise mend the constraints"),
        );
    }
}

fn clamped(param: &Param, value: &Value) -> bool {
    let (Some(clamp), Some(value)) = (&param.clamp, value.as_f64()) else { return false };
    clamp.minimum.is_some_and(|low| value < low.as_f64())
        || clamp.maximum.is_some_and(|high| value > high.as_f64())
}

/// The first line of an error's text that says something.
pub(super) fn one_line(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    let short: String = line.chars().take(160).collect();
    short.trim_start_matches("error: ").trim_end_matches('.').to_owned()
}
