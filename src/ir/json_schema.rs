//! JSON Schema 2020-12 of what goes in and what comes out.
//!
//! Schemas are written out whole, without `$ref`, and without combinators at
//! the root, because several model APIs refuse both. Null is `anyOf`, never a
//! list of types, which the strict mode of MCP's own Inspector warns about.

use serde_json::{Map, Value, json};

use super::{
    Answer, Column, EchoSource, JsonShape, Kind, Param, Plan, Presence, ResultShape, RowUse, Type,
    UnknownRule, WireForm,
};

/// The schema of a list of params: an object.
#[must_use]
pub fn input_schema(params: &[Param], unknown: UnknownRule) -> Value {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    write_properties(&mut schema, params, unknown);
    Value::Object(schema)
}

/// The schema of a form: what the protocol lets a form hold, of what the params say.
#[must_use]
pub fn form_schema(params: &[Param]) -> Value {
    const KEYWORDS: &[&str] = &[
        "type",
        "title",
        "description",
        "default",
        "enum",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "items",
        "minItems",
        "maxItems",
    ];
    const FORMATS: &[&str] = &["email", "uri", "date", "date-time"];
    let mut properties = Map::new();
    for param in params {
        let Value::Object(mut schema) = param_schema(param) else { continue };
        let format = schema.remove("format");
        schema.retain(|keyword, _| KEYWORDS.contains(&keyword.as_str()));
        if let Some(format) = format.filter(|f| f.as_str().is_some_and(|f| FORMATS.contains(&f))) {
            schema.insert("format".to_owned(), format);
        }
        // A form shows titles itself, where other schemas say them.
        match param.ty.resolved() {
            Kind::Array(item) if !titles(&item.kind).is_empty() => {
                schema.insert("items".to_owned(), json!({ "anyOf": constants(&item.kind) }));
            }
            kind if !titles(kind).is_empty() => {
                if matches!(kind, Kind::Choice(choice) if choice.named) {
                    let names: Vec<&str> = titles(kind).iter().map(|(_, title)| *title).collect();
                    schema.insert("enumNames".to_owned(), json!(names));
                } else {
                    schema.remove("enum");
                    schema.insert("oneOf".to_owned(), constants(kind));
                }
                match own_description(param) {
                    Some(description) => {
                        schema.insert("description".to_owned(), json!(description))
                    }
                    None => schema.remove("description"),
                };
            }
            _ => {}
        }
        properties.insert(param.ident.wire().to_owned(), schema.into());
    }
    let required: Vec<&str> = params
        .iter()
        .filter(|param| matches!(param.presence, Presence::Required))
        .map(|param| param.ident.wire())
        .collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The values of an enum as schemas, each with its title.
fn constants(kind: &Kind) -> Value {
    titles(kind).iter().map(|(value, title)| json!({ "const": value, "title": title })).collect()
}

/// What a param means, in its own words or in those of its type.
fn own_description(param: &Param) -> Option<&str> {
    let mut kind = &param.ty.kind;
    let mut description = param.description.as_deref();
    while let Kind::Named(named) = kind {
        description = description.or(named.description.as_deref());
        kind = &named.ty.kind;
    }
    description
}

/// The schema of one param.
#[must_use]
pub fn param_schema(param: &Param) -> Value {
    let mut schema = type_schema(&param.ty);
    if param.nullable {
        let mut described = Map::new();
        for keyword in ["title", "description"] {
            if let Some(value) = schema.remove(keyword) {
                described.insert(keyword.to_owned(), value);
            }
        }
        described.insert("anyOf".to_owned(), json!([schema, { "type": "null" }]));
        schema = described;
    }
    if let Some(title) = &param.title {
        schema.insert("title".to_owned(), json!(title));
    }
    describe(&mut schema, param.description.as_deref(), &param.ty.kind);
    if !param.examples.is_empty() {
        schema.insert("examples".to_owned(), json!(param.examples));
    }
    if let Presence::Default(value) = &param.presence {
        schema.insert("default".to_owned(), value.clone());
    }
    if let Some(header) = &param.header {
        schema.insert("x-mcp-header".to_owned(), json!(header));
    }
    Value::Object(schema)
}

/// The schema of a plan's structured content: what it answers, or what went wrong.
///
/// Clients check both against it, the official TypeScript SDK among them, so both must be in it.
/// The object at the root is what the protocol asks for.
///
/// `retry_after` is whether an error can say when to call again.
#[must_use]
pub fn output_schema(plan: &Plan, retry_after: bool) -> Value {
    let mut error = error_schema();
    if retry_after {
        error["properties"]["retry_after"] =
            json!({ "type": "integer", "minimum": 1, "description": "Seconds." });
    }
    json!({ "type": "object", "anyOf": [plan_schema(plan), error] })
}

/// The schema of what a plan answers when nothing goes wrong.
#[must_use]
pub fn plan_schema(plan: &Plan) -> Value {
    match plan {
        Plan::Single { result, .. } | Plan::Sorted { result, .. } => result_schema(result, false),
        Plan::Paged { result, .. } => result_schema(result, true),
        Plan::Steps(steps) => {
            let mut properties = Map::new();
            for step in steps {
                properties.insert(step.ident.wire().to_owned(), answer_schema(&step.result.answer));
            }
            let required: Vec<&str> = steps.iter().map(|step| step.ident.wire()).collect();
            object(properties, &required)
        }
    }
}

/// The schema of an error's structured content.
fn error_schema() -> Value {
    json!({
        "type": "object",
        "description": "What went wrong, when isError is true.",
        "properties": {
            "type": { "type": "string" },
            "message": { "type": "string" },
            "retryable": { "type": "boolean" },
            "suggestions": { "type": "array", "items": { "type": "string" } },
            "backoff": { "type": "string" },
            "request_id": { "type": "string" },
        },
        "required": ["type", "message", "retryable", "suggestions", "request_id"],
        "additionalProperties": false,
    })
}

fn result_schema(result: &ResultShape, paged: bool) -> Value {
    let mut properties = Map::new();
    let mut required = vec![result.member.wire()];
    properties.insert(result.member.wire().to_owned(), answer_schema(&result.answer));
    if result.count {
        let count = json!({ "type": "integer", "minimum": 0, "description": "Number of rows in this answer." });
        properties.insert("count".to_owned(), count);
        required.push("count");
    }
    for echo in &result.echo {
        let schema = match &echo.source {
            EchoSource::Param(param) => {
                if !param.optional() {
                    required.push(echo.ident.wire());
                }
                echo_schema(param)
            }
            EchoSource::Params { params, .. } => {
                required.push(echo.ident.wire());
                let always: Vec<&str> =
                    params.iter().filter(|p| !p.optional()).map(|p| p.ident.wire()).collect();
                let members =
                    params.iter().map(|p| (p.ident.wire().to_owned(), echo_schema(p))).collect();
                object(members, &always)
            }
        };
        properties.insert(echo.ident.wire().to_owned(), schema);
    }
    if paged {
        let cursor = json!({
            "anyOf": [{ "type": "string" }, { "type": "null" }],
            "description": "Pass it as cursor to get the next page; null on the last page.",
        });
        properties.insert("next_cursor".to_owned(), cursor);
        required.push("next_cursor");
    }
    if result.bounded() {
        let truncated = json!({ "type": "boolean", "description": "Whether rows were left out because the result was too large." });
        properties.insert("truncated".to_owned(), truncated);
        required.push("truncated");
    }
    object(properties, &required)
}

/// The kind of an argument that comes back. What a clamp or a rule about missing values adds to
/// a param's own schema is not said of its echo.
fn echo_schema(param: &Param) -> Value {
    let schema = value_schema(&param.ty);
    if param.nullable { nullable(schema) } else { Value::Object(schema) }
}

fn answer_schema(answer: &Answer) -> Value {
    match answer {
        Answer::One(row) => row_schema(row),
        Answer::Optional(row) => json!({ "anyOf": [row_schema(row), { "type": "null" }] }),
        Answer::Many(row) => json!({ "type": "array", "items": row_schema(row) }),
        Answer::Scalar(column) => column_schema(column),
        Answer::Affected => {
            json!({ "type": "integer", "minimum": 0, "description": "Number of rows changed." })
        }
        Answer::InsertedId => {
            json!({ "type": "integer", "minimum": 0, "description": "Number of the new row." })
        }
    }
}

fn row_schema(row: &RowUse) -> Value {
    let columns = || row.row.columns.iter().filter(|column| !column.block);
    let properties = columns().map(|c| (c.ident.wire().to_owned(), column_schema(c))).collect();
    let required: Vec<&str> = columns().map(|c| c.ident.wire()).collect();
    object(properties, &required)
}

fn column_schema(column: &Column) -> Value {
    let mut schema = match (&column.kind, column.json) {
        (Kind::Json, Some(JsonShape::Array)) => keyword("type", "array"),
        (Kind::Json, Some(JsonShape::Object | JsonShape::Record)) => keyword("type", "object"),
        // Any item of a list of the database can be NULL.
        (Kind::Array(item), _) => {
            let mut schema = keyword("type", "array");
            schema.insert("items".to_owned(), nullable(value_schema(item)));
            schema
        }
        (Kind::Text, _) if column.form == Some(WireForm::Interval) => {
            let mut schema = keyword("type", "string");
            schema.insert("format".to_owned(), json!("duration"));
            schema
        }
        // Any JSON value: a schema without a type.
        (Kind::Json, None) => Map::new(),
        // What stands in its place is a text like any other.
        (Kind::Uuid, _)
            if column.mask.as_ref().is_some_and(|it| it.kind != super::MaskKind::Null) =>
        {
            kind_schema(&Kind::Text, value_schema)
        }
        (kind, _) => kind_schema(kind, value_schema),
    };
    if column.nullable && !schema.is_empty() {
        let Value::Object(wrapped) = nullable(schema) else {
            unreachable!("nullable makes an object")
        };
        schema = wrapped;
    }
    describe(&mut schema, column.description.as_deref(), &column.kind);
    Value::Object(schema)
}

fn nullable(schema: Map<String, Value>) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn object(properties: Map<String, Value>, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn write_properties(schema: &mut Map<String, Value>, params: &[Param], unknown: UnknownRule) {
    let arguments = params.iter().filter(|param| param.is_argument());
    let properties: Map<String, Value> =
        arguments.clone().map(|p| (p.ident.wire().to_owned(), param_schema(p))).collect();
    let required: Vec<&str> = arguments
        .filter(|param| matches!(param.presence, Presence::Required))
        .map(|param| param.ident.wire())
        .collect();
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    match unknown {
        UnknownRule::Refuse => schema.insert("additionalProperties".to_owned(), json!(false)),
        UnknownRule::Ignore => None,
    };
}

/// The schema of an argument: everything that is enforced.
fn type_schema(ty: &Type) -> Map<String, Value> {
    let mut schema = match &ty.kind {
        Kind::Named(named) => {
            let mut schema = type_schema(&named.ty);
            if let Some(title) = &named.title {
                schema.insert("title".to_owned(), json!(title));
            }
            describe(&mut schema, named.description.as_deref(), &named.ty.kind);
            if !named.examples.is_empty() {
                schema.insert("examples".to_owned(), json!(named.examples));
            }
            schema
        }
        Kind::Object(object) => {
            let mut schema = keyword("type", "object");
            write_properties(&mut schema, &object.properties, object.unknown);
            schema
        }
        kind => {
            let mut schema = kind_schema(kind, type_schema);
            describe(&mut schema, None, kind);
            schema
        }
    };
    for constraint in &ty.constraints {
        constraint.write(&mut schema);
    }
    schema
}

/// The schema of a value that comes out: its kind alone. What a param must keep to is a promise of
/// clients; a database may hold other values.
fn value_schema(ty: &Type) -> Map<String, Value> {
    match &ty.kind {
        Kind::Object(object) => {
            let mut schema = keyword("type", "object");
            let properties: Map<String, Value> = object
                .properties
                .iter()
                .map(|p| (p.ident.wire().to_owned(), echo_schema(p)))
                .collect();
            schema.insert("properties".to_owned(), Value::Object(properties));
            schema
        }
        kind => kind_schema(kind, value_schema),
    }
}

fn kind_schema(kind: &Kind, inner: fn(&Type) -> Map<String, Value>) -> Map<String, Value> {
    let text = |format: &str| {
        let mut schema = keyword("type", "string");
        schema.insert("format".to_owned(), json!(format));
        schema
    };
    match kind {
        Kind::Text => keyword("type", "string"),
        Kind::Integer => keyword("type", "integer"),
        Kind::Unsigned => {
            let mut schema = keyword("type", "integer");
            schema.insert("minimum".to_owned(), json!(0));
            schema.insert("maximum".to_owned(), json!(u64::MAX));
            schema
        }
        Kind::Number => keyword("type", "number"),
        Kind::Boolean => keyword("type", "boolean"),
        Kind::Date => text("date"),
        // JSON Schema's own `time` has a zone, and a time of day has none.
        Kind::Time => {
            let mut schema = keyword("type", "string");
            let pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?$";
            schema.insert("pattern".to_owned(), json!(pattern));
            schema
        }
        Kind::DateTime => text("date-time"),
        Kind::Uuid => text("uuid"),
        Kind::Decimal => {
            let mut schema = keyword("type", "string");
            schema.insert("pattern".to_owned(), json!(r"^-?[0-9]+(\.[0-9]+)?$"));
            schema
        }
        Kind::Bytes => {
            let mut schema = keyword("type", "string");
            schema.insert("contentEncoding".to_owned(), json!("base64"));
            schema
        }
        Kind::Json => {
            let mut schema = keyword("type", "string");
            schema.insert("contentMediaType".to_owned(), json!("application/json"));
            schema
        }
        Kind::Choice(choice) => {
            let mut schema = keyword("type", "string");
            let values: Vec<&str> = choice.choices.iter().map(|c| c.ident.wire()).collect();
            schema.insert("enum".to_owned(), json!(values));
            schema
        }
        Kind::Array(item) => {
            let mut schema = keyword("type", "array");
            schema.insert("items".to_owned(), Value::Object(inner(item)));
            schema
        }
        Kind::Named(named) => inner(&named.ty),
        // Objects are written by the callers, which know whose properties they are.
        Kind::Object(_) => keyword("type", "object"),
    }
}

/// Writes a description, with the titles of an enum: a model reads what people read.
fn describe(schema: &mut Map<String, Value>, description: Option<&str>, kind: &Kind) {
    let titles: Vec<String> =
        titles(kind).into_iter().map(|(value, title)| format!("{value}: {title}")).collect();
    let titles = (!titles.is_empty()).then(|| format!("{}.", titles.join("; ")));
    let parts: Vec<&str> = description.into_iter().chain(titles.as_deref()).collect();
    if !parts.is_empty() {
        schema.insert("description".to_owned(), json!(parts.join(" ")));
    }
}

/// The values of an enum whose values have titles, with these.
fn titles(kind: &Kind) -> Vec<(&str, &str)> {
    match kind {
        Kind::Choice(choice) => choice
            .choices
            .iter()
            .filter_map(|choice| Some((choice.ident.wire(), choice.title.as_deref()?)))
            .collect(),
        Kind::Named(named) => titles(&named.ty.kind),
        _ => Vec::new(),
    }
}

fn keyword(name: &str, value: &str) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), json!(value))])
}
