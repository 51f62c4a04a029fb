//! The JSON Schema of a spec, and what it refuses as diagnostics.

use std::collections::BTreeSet;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Value, json};

use crate::diagnostic::{Code, Diagnostic, closest};

use super::SpecDocument;
use super::places::Places;

/// The JSON Schema of a spec, as `mcpgen schema` prints it.
#[must_use]
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12()
        .with_transform(RecursiveTransform(without_null))
        .into_generator()
        .into_root_schema_for::<SpecDocument>()
        .to_value();
    schema["title"] = json!("mcpgen spec");
    schema
}

/// A key without a value says nothing, so null is no value of an optional key.
fn without_null(schema: &mut schemars::Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            object.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(any)) = object.get_mut("anyOf") {
        any.retain(|branch| branch != &json!({ "type": "null" }));
        if let [one] = any.as_slice() {
            let one = one.clone();
            object.remove("anyOf");
            if let Value::Object(one) = one {
                object.extend(one);
            }
        }
    }
    if object.get("default") == Some(&Value::Null) {
        object.remove("default");
    }
}

/// Checks a spec against the schema.
///
/// What is refused is also taken out of `value`, so that the rest can be looked at in the same
/// run; the pointers of what went are returned. A value that must be there takes its owner along:
/// the tool, the resource, the case.
pub(super) fn check(value: &mut Value, places: &Places) -> (Vec<Diagnostic>, BTreeSet<String>) {
    let schema = schema();
    let validator =
        jsonschema::draft202012::new(&plain_enums(&schema)).expect("the schema is valid");
    let mut diagnostics = Vec::new();
    let mut poisoned = BTreeSet::new();
    // What is left after the first round can miss what was taken out; later rounds only prune.
    for round in 0..8 {
        let refusals = refusals(&validator, value, &schema, places);
        if refusals.is_empty() {
            break;
        }
        for refusal in refusals {
            if round == 0 {
                diagnostics.push(refusal.diagnostic);
            }
            prune(value, &refusal.pointer, &mut poisoned);
        }
    }
    (diagnostics, poisoned)
}

/// The schema with `oneOf` of constants, which lets editors describe each, as `enum`, whose refusal
/// names the values.
fn plain_enums(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let constants = members.get("oneOf").and_then(Value::as_array).and_then(|branches| {
                branches
                    .iter()
                    .map(|branch| branch.get("const").cloned())
                    .collect::<Option<Vec<_>>>()
            });
            match constants {
                Some(constants) => json!({ "type": "string", "enum": constants }),
                None => members
                    .iter()
                    .map(|(name, member)| (name.clone(), plain_enums(member)))
                    .collect(),
            }
        }
        Value::Array(items) => items.iter().map(plain_enums).collect(),
        other => other.clone(),
    }
}

struct Refusal {
    diagnostic: Diagnostic,
    /// What cannot stay.
    pointer: String,
}

fn refusals(validator: &Validator, value: &Value, schema: &Value, places: &Places) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for error in validator.iter_errors(value) {
        describe(&error, schema, value, places, &mut refusals);
    }
    refusals
}

fn describe(
    error: &ValidationError,
    schema: &Value,
    root: &Value,
    places: &Places,
    refusals: &mut Vec<Refusal>,
) {
    let pointer = error.instance_path().as_str().to_owned();
    let mut push =
        |diagnostic: Diagnostic, pointer: String| refusals.push(Refusal { diagnostic, pointer });
    let here = places.value(&pointer);
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for key in unexpected {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                let pointer = format!("{pointer}/{escaped}");
                push(unknown_key(key, &pointer, schema, root, places), pointer);
            }
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            let span = places.key(&pointer);
            let diagnostic =
                Diagnostic::new(Code::MissingKey, span, format!("`{key}` is missing here"))
                    .help(format!("add `{key}: …`"));
            push(diagnostic, pointer);
        }
        ValidationErrorKind::Type { kind } => {
            let found = noun(error.instance());
            let diagnostic = Diagnostic::new(
                Code::WrongType,
                here,
                format!("this is {found}, and {} is expected", expected(kind)),
            )
            .help(match value_help(&pointer) {
                GENERAL_HELP => type_help(error.instance(), kind),
                special => special.to_owned(),
            });
            push(diagnostic, pointer);
        }
        ValidationErrorKind::AnyOf { context } => {
            // The branch that takes the value's own type says best what is wrong with it.
            let fitting = context.iter().find(|errors| {
                !errors.iter().any(|inner| {
                    matches!(inner.kind(), ValidationErrorKind::Type { .. })
                        && inner.instance_path().as_str() == pointer
                })
            });
            match fitting {
                Some(errors) => {
                    errors.iter().for_each(|inner| describe(inner, schema, root, places, refusals))
                }
                None => {
                    let found = noun(error.instance());
                    let diagnostic = Diagnostic::new(
                        Code::WrongType,
                        here,
                        format!("{found} cannot stand here"),
                    )
                    .help("see the language page for the forms that this key takes");
                    push(diagnostic, pointer);
                }
            }
        }
        ValidationErrorKind::Enum { options } => {
            let value = error.instance().as_str().unwrap_or_default().to_owned();
            let known: Vec<&str> =
                options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let help = match closest(&value, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "write one of {}",
                    known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")
                ),
            };
            let shown = error.instance();
            let message = format!("`{shown}` is not taken here").replace('"', "");
            push(Diagnostic::new(Code::InvalidValue, here, message).help(help), pointer);
        }
        _ => {
            let message = error.to_string();
            let short: String =
                message.lines().next().unwrap_or_default().chars().take(200).collect();
            let diagnostic =
                Diagnostic::new(Code::InvalidValue, here, short).help(value_help(&pointer));
            push(diagnostic, pointer);
        }
    }
}

fn value_help(pointer: &str) -> &'static str {
    match pointer.rsplit('/').next().unwrap_or_default() {
        "mcpgen" => "this is version 1 of the language: write `mcpgen: 1`",
        "timeout" | "statement_timeout" | "acquire_timeout" | "idle_timeout" => {
            "write a whole number and a unit: `500ms`, `30s`, `5m`, `1h`"
        }
        "requests" | "burst" => "write a whole number from 1 to 1000000",
        "concurrency" | "calls" => "write a whole number from 1 to 10000",
        _ => GENERAL_HELP,
    }
}

/// What to type where nothing more is known.
const GENERAL_HELP: &str = "write a value that the key takes";

fn unknown_key(
    key: &str,
    pointer: &str,
    schema: &Value,
    root: &Value,
    places: &Places,
) -> Diagnostic {
    let span = places.key(pointer);
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    let known = keys_at(schema, root, parent);
    let near = closest(key, known.iter().map(String::as_str));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if key.contains(' ') => {
            "quote the text before it: inside of `{ }` a comma ends a value".to_owned()
        }
        None => {
            let keys: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
            format!("the keys here are {}", keys.join(", "))
        }
    };
    Diagnostic::new(Code::UnknownKey, span, format!("there is no key `{key}` here")).help(help)
}

/// The keys that the schema knows at a place.
fn keys_at(schema: &Value, root: &Value, pointer: &str) -> Vec<String> {
    let mut node = schema;
    let mut value = root;
    for part in pointer.split('/').skip(1) {
        let name = part.replace("~1", "/").replace("~0", "~");
        node = resolve(schema, node, value);
        let next = node["properties"].get(&name).or_else(|| {
            let open = node.get("additionalProperties").filter(|open| open.is_object());
            open.or_else(|| node.get("items"))
        });
        let Some(next) = next else { return Vec::new() };
        node = next;
        value = match value {
            Value::Array(items) => name.parse::<usize>().ok().and_then(|n| items.get(n)),
            other => other.get(&name),
        }
        .unwrap_or(&Value::Null);
    }
    let node = resolve(schema, node, value);
    node["properties"]
        .as_object()
        .map(|properties| properties.keys().cloned().collect())
        .unwrap_or_default()
}

/// Follows references, and of several branches takes the one for the value's type.
fn resolve<'s>(schema: &'s Value, mut node: &'s Value, value: &Value) -> &'s Value {
    loop {
        if let Some(reference) = node["$ref"].as_str() {
            node = schema.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null);
        } else if let Some(branches) = node["anyOf"].as_array() {
            let object = |branch: &&Value| {
                let branch = resolve(schema, branch, value);
                branch["type"] == "object" || branch.get("properties").is_some()
            };
            match branches.iter().find(|branch| value.is_object() == object(branch)) {
                Some(branch) => node = branch,
                None => return node,
            }
        } else {
            return node;
        }
    }
}

/// Takes out what cannot stay. A list goes as a whole, so that the places of its other items stay
/// true; a required key takes its owner along in a later round.
fn prune(value: &mut Value, pointer: &str, poisoned: &mut BTreeSet<String>) {
    let mut pointer = pointer.to_owned();
    loop {
        let Some((parent, key)) = pointer.rsplit_once('/') else {
            *value = json!({});
            return;
        };
        match value.pointer_mut(parent) {
            Some(Value::Object(object)) => {
                object.remove(&key.replace("~1", "/").replace("~0", "~"));
                poisoned.insert(pointer.clone());
                return;
            }
            Some(_) => pointer = parent.to_owned(),
            None => return,
        }
    }
}

fn noun(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

fn expected(kind: &TypeKind) -> String {
    let name = |kind: String| match kind.as_str() {
        "string" => "text".to_owned(),
        "integer" => "a whole number".to_owned(),
        "number" => "a number".to_owned(),
        "boolean" => "`true` or `false`".to_owned(),
        "array" => "a list".to_owned(),
        "object" => "a mapping".to_owned(),
        other => other.to_owned(),
    };
    match kind {
        TypeKind::Single(kind) => name(kind.to_string()),
        TypeKind::Multiple(kinds) => {
            kinds.iter().map(|kind| name(kind.to_string())).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn type_help(value: &Value, kind: &TypeKind) -> String {
    let text = matches!(kind, TypeKind::Single(kind) if kind.to_string() == "string");
    match value {
        Value::Null => "write a value, or remove the key".to_owned(),
        Value::Number(_) | Value::Bool(_) if text => format!("put it in quotes: \"{value}\""),
        _ => format!("write {}", expected(kind)),
    }
}
