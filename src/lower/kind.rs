//! Kinds of values: formats of text, enums, objects.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Choice, ChoiceType, Ident, Kind, ObjectType, UnknownRule};
use crate::spec::document;

use super::context::{At, Context};
use super::param::{Owner, TypeNames, params_under};

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
    "duration",
];

pub(super) fn text(
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
                let help = if matches!(format, "int32" | "int64" | "uint64") {
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
    let mut choices = choices(context, values, &at.key("enum"))?;
    let named = written.choice_names.as_ref();
    if let Some(names) = named {
        if names.len() != choices.len() || choices.iter().any(|choice| choice.title.is_some()) {
            let span = context.value(&at.key("enumNames"));
            let message = "`enumNames` has one title for each value of a list, in its order";
            context.report(
                Diagnostic::new(Code::InvalidConstraint, span, message)
                    .help("write the titles beside the values: `enum: { o: Open, s: Shipped }`"),
            );
            return None;
        }
        for (choice, name) in choices.iter_mut().zip(names) {
            choice.title = Some(name.clone());
        }
    }
    Some(Kind::Choice(ChoiceType { ident, choices, named: named.is_some() }))
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
        "email" | "uri" | "hostname" | "ipv4" | "ipv6" | "duration" => Some(Kind::Text),
        _ => None,
    }
}

pub(super) fn choices(
    context: &mut Context,
    values: &document::Choices,
    at: &At,
) -> Option<Vec<Choice>> {
    let choices = match values {
        document::Choices::Plain(values) => choice_idents(&texts(context, values, at)?),
        document::Choices::Titled(titles) => titled(context, titles, at)?,
    };
    if choices.is_empty() {
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
    Some(choices)
}

/// The values of a list, which are strings, each of them once.
fn texts<'v>(context: &mut Context, values: &'v [Value], at: &At) -> Option<Vec<&'v str>> {
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
    (context.diagnostics.len() == before).then_some(texts)
}

/// The values of a map, with their titles.
fn titled(
    context: &mut Context,
    titles: &IndexMap<String, String>,
    at: &At,
) -> Option<Vec<Choice>> {
    let before = context.diagnostics.len();
    for (value, title) in titles {
        if title.trim().is_empty() {
            let span = context.value(&at.key(value));
            context.report(
                Diagnostic::new(Code::InvalidValue, span, format!("`{value}` has an empty title"))
                    .help(format!("write what people read for it, or a list: `enum: [{value}]`")),
            );
        }
    }
    let values: Vec<&str> = titles.keys().map(String::as_str).collect();
    let choices = choice_idents(&values).into_iter().zip(titles.values());
    let choices = choices.map(|(choice, title)| Choice { title: Some(title.clone()), ..choice });
    (context.diagnostics.len() == before).then(|| choices.collect())
}

/// Variants' names; values that have none in Rust, or the same as another, are numbered.
pub(super) fn choice_idents(values: &[&str]) -> Vec<Choice> {
    let idents = values.iter().enumerate().map(|(index, value)| {
        let ident = Ident::of_prose(value).unwrap_or_else(|_| Ident::of_nothing(value, index + 1));
        Choice { ident, title: None }
    });
    distinct_choices(idents.collect())
}

/// The choices with names that differ in Rust: later ones get a number.
pub(super) fn distinct_choices(mut choices: Vec<Choice>) -> Vec<Choice> {
    let mut taken = BTreeSet::new();
    for choice in &mut choices {
        let own = choice.ident.clone();
        let mut n = 2;
        while !taken.insert(choice.ident.pascal().to_owned()) {
            choice.ident = own.numbered(n);
            n += 1;
        }
    }
    choices
}

pub(super) fn number_format(
    context: &mut Context,
    written: &document::Param,
    at: &At,
    kind: Kind,
) -> Option<Kind> {
    let Some(format) = &written.format else { return Some(kind) };
    if kind == Kind::Integer && matches!(format.as_str(), "int32" | "int64") {
        return Some(kind);
    }
    if kind == Kind::Integer && format == "uint64" {
        return Some(Kind::Unsigned);
    }
    let span = context.value(&at.key("format"));
    let help = match (format.as_str(), &kind) {
        ("decimal", _) => "exact numbers travel as text: write `type: string`".to_owned(),
        (_, Kind::Integer) => "an integer takes `int32`, `int64` or `uint64`".to_owned(),
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

pub(super) fn object(
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
