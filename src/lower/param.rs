//! Params, properties and named types.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Clamp, Ident, Kind, NamedType, Param, Presence, Type, param_schema, sample};
use crate::spec::document;

use super::claims;
use super::constraint::{clamp, constraints, ranges};
use super::context::{At, Context, list};
use super::kind::{number_format, object, text};
use super::names::binding_name;
use super::sensitive;

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
                sensitive: written.sensitive,
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
        header: None,
        sensitive: false,
        claim: None,
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

pub(super) fn params_under(
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
    same_headers(context, written, at);
    lowered.into_iter().collect()
}

/// No two params have one header; headers are the same in upper and lower case.
fn same_headers(context: &mut Context, written: &IndexMap<String, document::Param>, at: &At) {
    let mut seen: Vec<(String, &String)> = Vec::new();
    for (name, param) in written {
        let Some(header) = param.header.as_ref().map(|header| header.to_ascii_lowercase()) else {
            continue;
        };
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == header) {
            let span = context.value(&at.key(name).key("header"));
            let first = context.value(&at.key(first).key("header"));
            context.report(
                Diagnostic::new(Code::NameCollision, span, "another param has this header")
                    .also(first, "the first one")
                    .help("give one of them another name; upper and lower case are the same"),
            );
        }
        seen.push((header, name));
    }
}

/// A header is a word, and what it holds is a single value of a tool's own param.
fn header(context: &mut Context, written: &document::Param, ty: &Type, at: &At, owner: Owner) {
    let Some(header) = &written.header else { return };
    let word = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let single = !matches!(ty.resolved(), Kind::Array(_) | Kind::Object(_) | Kind::Number);
    let at = at.key("header");
    let (span, wrong, help) = if owner != Owner::Tool {
        let help = "MCP has headers for a tool's own params alone: remove `header`";
        (context.key(&at), "this param cannot come in a header", help)
    } else if !single || written.nullable {
        let help = "MCP has headers for texts, whole numbers and booleans that are never null";
        (context.key(&at), "this value cannot come in a header", help)
    } else if header.is_empty() || header.len() > 64 || !header.chars().all(word) {
        let help = "write a word of letters, digits and `-`, of 64 at most: `header: Region`";
        (context.value(&at), "this cannot name a header", help)
    } else {
        return;
    };
    context.report(Diagnostic::new(Code::InvalidConstraint, span, wrong).help(help));
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
    header(context, written, &ty, at, owner);
    let sensitive = sensitive::of(context, written, &ty, at, owner);
    claims::key(context, written, at, owner);
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
        header: written.header.clone(),
        sensitive,
        claim: written.claim.clone(),
    };
    check_values(context, &param, written, at, before);
    (context.diagnostics.len() == before).then_some(param)
}

fn presence(context: &mut Context, written: &document::Param, at: &At, owner: Owner) -> Presence {
    if owner == Owner::Resource
        && written.claim.is_none()
        && (written.optional || written.default.is_some())
    {
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
        ("sensitive", item && written.sensitive),
        ("optional", written.optional),
        ("nullable", written.nullable),
        ("default", written.default.is_some()),
        ("clamp", written.clamp.is_some()),
        ("complete", written.complete.is_some()),
        ("header", written.header.is_some()),
        ("claim", written.claim.is_some()),
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
    if written.choice_names.is_some() && !matches!(kind, Kind::Choice(_)) {
        let span = context.key(&at.key("enumNames"));
        let message = "`enumNames` gives titles to an `enum` of strings";
        context.report(
            Diagnostic::new(Code::InvalidConstraint, span, message)
                .help("list the values in `enum`, or remove it"),
        );
    }
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
    let Some(validator) = validator(param) else { return };
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

/// What a client's own look at a value of a param is.
pub(super) fn validator(param: &Param) -> Option<jsonschema::Validator> {
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    options.build(&param_schema(param)).ok()
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
