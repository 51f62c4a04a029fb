//! Arguments that a tool takes, and arguments just inside and just outside of each constraint.
//!
//! They become tests of the generated crate. Every candidate is checked with a JSON Schema
//! validator against the schema that clients see, so that a test never claims what the schema
//! does not say.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value, json};

use super::{
    Constraint, Kind, Param, Presence, RequireRule, Requirement, Scalar, Tool, Type, UnknownRule,
    input_schema, param_schema,
};

/// A call at the edge of a constraint.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// The param's dotted name: `filters.role`.
    pub param: String,
    /// The keyword: `maxLength`, or `type` and `required`, which every param has.
    pub keyword: &'static str,
    /// The arguments of the whole call.
    pub arguments: Value,
    /// Whether the arguments are valid.
    pub valid: bool,
}

/// A value that the param takes; none when mcpgen cannot think of one.
#[must_use]
pub fn sample(param: &Param) -> Option<Value> {
    let given = param.examples.iter().cloned();
    let default = match &param.presence {
        Presence::Default(value) => Some(value.clone()),
        Presence::Required | Presence::Optional => None,
    };
    let schema = validator(&param_schema(param))?;
    given.chain(default).chain(candidates(&param.ty)).find(|value| schema.is_valid(value))
}

/// Arguments that the tool takes: what is required, what `require` asks for, nothing else.
#[must_use]
pub fn sample_arguments(tool: &Tool) -> Option<Map<String, Value>> {
    arguments_with(&tool.params, &tool.require, None)
}

/// A call on either side of each constraint.
#[must_use]
pub fn edges(tool: &Tool) -> Vec<Edge> {
    let mut edges = Vec::new();
    let Some(schema) = validator(&input_schema(&tool.params, tool.unknown)) else { return edges };
    for param in tool.params.iter().filter(|param| param.is_argument()) {
        let Some(base) = arguments_with(&tool.params, &tool.require, Some(param)) else { continue };
        let path = [param.ident.wire()];
        walk(param, &path, &Value::Object(base), &schema, &mut edges);
    }
    edges
}

fn walk(
    param: &Param,
    path: &[&str],
    base: &Value,
    schema: &jsonschema::Validator,
    edges: &mut Vec<Edge>,
) {
    let dotted = path.join(".");
    let mut push = |keyword, arguments: Option<Value>, valid: bool| {
        let fitting = arguments.filter(|arguments| schema.is_valid(arguments) == valid);
        if let Some(arguments) = fitting {
            edges.push(Edge { param: dotted.clone(), keyword, arguments, valid });
        }
    };
    if matches!(param.presence, Presence::Required) {
        push("required", Some(without(base, path)), false);
    }
    push("type", replaced(base, path, wrong_type(&param.ty)), false);
    let Some(sample) = at(base, path) else { return };
    for constraint in param.ty.all_constraints() {
        let (inside, outside) = constraint.edge(sample);
        push(constraint.keyword(), inside.and_then(|value| replaced(base, path, value)), true);
        push(constraint.keyword(), outside.and_then(|value| replaced(base, path, value)), false);
    }
    match param.ty.resolved() {
        Kind::Choice(choice) => {
            let last = choice.choices.last().map(|choice| json!(choice.ident.wire()));
            push("enum", last.and_then(|value| replaced(base, path, value)), true);
            push("enum", replaced(base, path, json!("none of these")), false);
        }
        Kind::Date | Kind::Time | Kind::DateTime | Kind::Uuid | Kind::Decimal => {
            push("format", replaced(base, path, json!("not in the format")), false);
        }
        Kind::Object(object) => {
            if object.unknown == UnknownRule::Refuse {
                let mut path = path.to_vec();
                path.push("not_a_property");
                push("additionalProperties", replaced(base, &path, json!(1)), false);
            }
            for property in &object.properties {
                let mut path = path.to_vec();
                path.push(property.ident.wire());
                let Some(value) = self::sample(property) else { continue };
                let Some(base) = replaced(base, &path, value) else { continue };
                walk(property, &path, &base, schema, edges);
            }
        }
        Kind::Text
        | Kind::Integer
        | Kind::Unsigned
        | Kind::Number
        | Kind::Boolean
        | Kind::Bytes
        | Kind::Json
        | Kind::Array(_)
        | Kind::Named(_) => {}
    }
}

/// The least arguments that hold `focus` and keep to `require`.
fn arguments_with(
    params: &[Param],
    require: &[Requirement],
    focus: Option<&Param>,
) -> Option<Map<String, Value>> {
    let mut names: Vec<&str> = params
        .iter()
        .filter(|param| param.is_argument() && matches!(param.presence, Presence::Required))
        .chain(focus)
        .map(|param| param.ident.wire())
        .collect();
    for requirement in require {
        let group: Vec<&str> = requirement.params.iter().map(super::Ident::wire).collect();
        let given = group.iter().any(|name| names.contains(name));
        match requirement.rule {
            RequireRule::OneOf | RequireRule::AnyOf if !given => names.extend(group.first()),
            RequireRule::AllOrNone if given => names.extend(group),
            RequireRule::OneOf
            | RequireRule::AnyOf
            | RequireRule::AllOrNone
            | RequireRule::AtMostOne => {}
        }
    }
    params
        .iter()
        .filter(|param| names.contains(&param.ident.wire()))
        .map(|param| Some((param.ident.wire().to_owned(), sample(param)?)))
        .collect()
}

/// Whether the schema takes a text that the param cannot be read from: base64 and JSON, whose
/// content JSON Schema only annotates.
#[must_use]
pub fn unreadable(ty: &Type, value: &Value) -> bool {
    match (ty.resolved(), value) {
        (Kind::Bytes, Value::String(text)) => {
            let digits = text.trim_end_matches('=');
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
            text.len() % 4 != 0 || text.len() - digits.len() > 2 || !digits.chars().all(plain)
        }
        (Kind::Json, Value::String(text)) => serde_json::from_str::<Value>(text).is_err(),
        (Kind::Array(item), Value::Array(values)) => {
            values.iter().any(|value| unreadable(item, value))
        }
        (Kind::Object(object), Value::Object(members)) => {
            object.properties.iter().any(|property| {
                members
                    .get(property.ident.wire())
                    .is_some_and(|value| unreadable(&property.ty, value))
            })
        }
        _ => false,
    }
}

fn validator(schema: &Value) -> Option<jsonschema::Validator> {
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).ok()
}

/// A value of no type that the param could be read from.
fn wrong_type(ty: &Type) -> Value {
    match ty.resolved() {
        Kind::Array(_) | Kind::Object(_) => json!(7),
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
        | Kind::Choice(_)
        | Kind::Named(_) => json!(["not", "a", "value"]),
    }
}

/// Values worth trying, the plainest first.
fn candidates(ty: &Type) -> Vec<Value> {
    let constraints = ty.all_constraints();
    let mut values: Vec<Value> = constraints
        .iter()
        .filter_map(|constraint| match constraint {
            Constraint::Const(value) => Some(vec![value.clone()]),
            Constraint::OneOf(values) => Some(values.iter().map(|v| v.to_json()).collect()),
            Constraint::Format(format) => Some(vec![json!(format.sample())]),
            Constraint::Pattern(pattern) => Some(vec![json!(matching(pattern)?)]),
            Constraint::MultipleOf(factor) => Some(multiples(*factor, &constraints)),
            _ => None,
        })
        .flatten()
        .collect();
    values.extend(plain(ty.resolved()));
    // Edges of the constraints are values too, and so are what lies just beside them.
    let seeds = values.clone();
    for constraint in &constraints {
        for seed in seeds.iter().take(3) {
            let (inside, outside) = constraint.edge(seed);
            values.extend(inside);
            values.extend(outside);
        }
    }
    values
}

fn plain(kind: &Kind) -> Vec<Value> {
    match kind {
        Kind::Text => vec![json!("text"), json!("example text"), json!("a")],
        Kind::Integer | Kind::Unsigned => vec![json!(1), json!(0), json!(10)],
        Kind::Number => vec![json!(1.5), json!(1.0), json!(0.5), json!(0.0)],
        Kind::Boolean => vec![json!(true)],
        Kind::Date => vec![json!("2024-02-29")],
        Kind::Time => vec![json!("12:30:00")],
        Kind::DateTime => vec![json!("2024-02-29T12:30:00Z")],
        Kind::Uuid => vec![json!("6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f")],
        Kind::Decimal => vec![json!("12.50")],
        Kind::Bytes => vec![json!("aGVsbG8=")],
        Kind::Json => vec![json!("{}")],
        Kind::Choice(choice) => choice.choices.iter().map(|c| json!(c.ident.wire())).collect(),
        Kind::Array(item) => {
            let mut distinct: Vec<Value> = Vec::new();
            for value in candidates(item) {
                if !distinct.contains(&value) {
                    distinct.push(value);
                }
            }
            let one = distinct.iter().take(1).cloned().collect();
            let two = distinct.iter().take(2).cloned().collect();
            vec![one, two, Value::Array(distinct), json!([])]
        }
        Kind::Object(object) => {
            let required = object
                .properties
                .iter()
                .filter(|property| matches!(property.presence, Presence::Required))
                .map(|property| Some((property.ident.wire().to_owned(), sample(property)?)))
                .collect::<Option<Map<_, _>>>();
            required.map(Value::Object).into_iter().collect()
        }
        // `resolved` never gives a named type.
        Kind::Named(_) => Vec::new(),
    }
}

/// The first few multiples at or above the least value.
fn multiples(factor: Scalar, constraints: &[&Constraint]) -> Vec<Value> {
    let least = constraints
        .iter()
        .filter_map(|constraint| match constraint {
            Constraint::Minimum(bound) | Constraint::ExclusiveMinimum(bound) => {
                Some(bound.as_f64())
            }
            _ => None,
        })
        .fold(0.0_f64, f64::max);
    let first = (least / factor.as_f64()).ceil();
    (0..3)
        .map(|n| match factor {
            #[expect(clippy::cast_possible_truncation, reason = "the validator has the last word")]
            Scalar::Integer(factor) => json!((first as i64 + n).saturating_mul(factor)),
            #[expect(clippy::cast_precision_loss, reason = "n is 0, 1 or 2")]
            Scalar::Number(factor) => json!((first + n as f64) * factor),
        })
        .collect()
}

/// The shortest plain text that the pattern finds itself in.
fn matching(pattern: &str) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    write_matching(&hir, &mut text)?;
    regex::Regex::new(pattern).ok()?.is_match(&text).then_some(text)
}

fn write_matching(hir: &Hir, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            // A letter or digit reads better in a test than a control character.
            let readable = ['a', 'A', '0', '1', '-', '_', ' '];
            let inside =
                |c: &char| class.iter().any(|range| (range.start()..=range.end()).contains(c));
            let first = class.iter().next().map(|range| range.start());
            text.push(readable.into_iter().find(inside).or(first)?);
        }
        HirKind::Class(Class::Bytes(class)) => {
            text.push(char::from(class.iter().next()?.start()));
        }
        HirKind::Repetition(repetition) => {
            for _ in 0..repetition.min.min(1000) {
                write_matching(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => write_matching(&capture.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write_matching(part, text))?,
        HirKind::Alternation(parts) => write_matching(parts.first()?, text)?,
    }
    Some(())
}

fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, name| value.get(name))
}

fn replaced(base: &Value, path: &[&str], with: Value) -> Option<Value> {
    let mut whole = base.clone();
    let (last, parents) = path.split_last()?;
    let parent = parents.iter().try_fold(&mut whole, |value, name| value.get_mut(name))?;
    parent.as_object_mut()?.insert((*last).to_owned(), with);
    Some(whole)
}

fn without(base: &Value, path: &[&str]) -> Value {
    let mut whole = base.clone();
    if let Some((last, parents)) = path.split_last()
        && let Some(parent) = parents.iter().try_fold(&mut whole, |value, name| value.get_mut(name))
        && let Some(object) = parent.as_object_mut()
    {
        object.remove(*last);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Ident;

    fn param(kind: Kind, constraints: Vec<Constraint>) -> Param {
        Param {
            ident: Ident::new("p").expect("a name"),
            title: None,
            description: None,
            examples: Vec::new(),
            ty: Type { kind, constraints },
            presence: Presence::Required,
            nullable: false,
            clamp: None,
            header: None,
            sensitive: false,
            claim: None,
        }
    }

    #[test]
    fn patterns_get_a_matching_sample() {
        for (pattern, expected) in [
            ("^[A-Z]{3}-[0-9]{4}$", "AAA-0000"),
            ("^(ab|cd)+$", "ab"),
            ("x", "x"),
            (r"^\d{2,}\s?$", "00"),
        ] {
            let param = param(Kind::Text, vec![Constraint::Pattern(pattern.to_owned())]);
            assert_eq!(sample(&param), Some(json!(expected)), "{pattern}");
        }
    }

    #[test]
    fn constraints_together() {
        let bounds = vec![
            Constraint::Minimum(Scalar::Integer(11)),
            Constraint::Maximum(Scalar::Integer(20)),
            Constraint::MultipleOf(Scalar::Integer(6)),
        ];
        assert_eq!(sample(&param(Kind::Integer, bounds)), Some(json!(12)));
        let impossible = vec![Constraint::MinLength(3), Constraint::Pattern("^a$".to_owned())];
        assert_eq!(sample(&param(Kind::Text, impossible)), None);
    }

    #[test]
    fn an_email_of_any_length() {
        use crate::ir::TextFormat;
        let constraints = vec![Constraint::Format(TextFormat::Email), Constraint::MaxLength(254)];
        let longest = param(Kind::Text, constraints);
        let sample = sample(&longest).expect("an address");
        let (inside, outside) = Constraint::MaxLength(254).edge(&sample);
        let schema = validator(&param_schema(&longest)).expect("a schema");
        assert!(schema.is_valid(&inside.expect("254 characters")));
        assert!(!schema.is_valid(&outside.expect("255 characters")));
    }
}
