//! What clients are told about a server: the lists of the protocol, as JSON.

use serde_json::{Map, Value, json};

use crate::ir::{
    Backend, Hints, Icon, Kind, Prompt, Resource, ResourceContent, Role, Server, Tool,
    input_schema, is_asked, output_schema,
};
use crate::tree::FileTree;

/// Adds `descriptors/*.json`.
pub(super) fn add(server: &Server, files: &mut FileTree) {
    let mut add = |name: &str, list: Vec<Value>| {
        files.add(format!("descriptors/{name}.json"), pretty(&Value::Array(list)));
    };
    if !server.icons.is_empty() {
        add("icons", server.icons.iter().map(icon).collect());
    }
    if !server.tools.is_empty() {
        let tool = |tool: &Tool| self::tool(tool, server.says_when(tool));
        add("tools", server.tools.iter().map(tool).collect());
    }
    if !server.resources.is_empty() {
        let of = |templated: bool| {
            server.resources.iter().filter(move |resource| resource.templated() == templated)
        };
        add("resources", of(false).map(resource).collect());
        add("resource_templates", of(true).map(resource).collect());
    }
    if !server.prompts.is_empty() {
        add("prompts", server.prompts.iter().map(prompt).collect());
    }
    for resource in &server.resources {
        if let ResourceContent::Table(table) = &resource.content {
            files.add(format!("descriptors/tables/{}.json", resource.ident.snake()), pretty(table));
        }
    }
}

pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// An object without the members that have no value.
pub(super) fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let members = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(members.collect::<Map<_, _>>())
}

fn tool(tool: &Tool, retry_after: bool) -> Value {
    let Backend::Sql(plan) = &tool.backend;
    object([
        ("name", Some(json!(tool.ident.wire()))),
        ("title", tool.title.as_ref().map(|title| json!(title))),
        ("description", Some(json!(tool.description.trim()))),
        ("inputSchema", Some(taken(tool))),
        ("outputSchema", Some(output_schema(plan, retry_after))),
        ("annotations", Some(hints(tool.hints))),
        ("icons", icons(&tool.icons)),
    ])
}

fn icons(icons: &[Icon]) -> Option<Value> {
    (!icons.is_empty()).then(|| icons.iter().map(icon).collect())
}

pub(super) fn icon(icon: &Icon) -> Value {
    object([
        ("src", Some(json!(icon.src))),
        ("mimeType", icon.mime_type.as_ref().map(|mime_type| json!(mime_type))),
        ("sizes", (!icon.sizes.is_empty()).then(|| json!(icon.sizes))),
        ("theme", icon.theme.map(|theme| json!(theme))),
    ])
}

fn hints(hints: Hints) -> Value {
    json!({
        "readOnlyHint": hints.read_only,
        "destructiveHint": hints.destructive,
        "idempotentHint": hints.idempotent,
        "openWorldHint": hints.open_world,
    })
}

fn resource(resource: &Resource) -> Value {
    let place = if resource.templated() { "uriTemplate" } else { "uri" };
    let size = match &resource.content {
        ResourceContent::Text(text) => Some(text.len()),
        ResourceContent::File(file) => Some(file.bytes.len()),
        ResourceContent::Table(table) => Some(pretty(table).len()),
        ResourceContent::Rows { .. } | ResourceContent::Blob { .. } => None,
    };
    let audience: Vec<&str> = resource
        .audience
        .iter()
        .map(|role| match role {
            Role::User => "user",
            Role::Assistant => "assistant",
        })
        .collect();
    let annotations = (!audience.is_empty() || resource.priority.is_some()).then(|| {
        object([
            ("audience", (!audience.is_empty()).then(|| json!(audience))),
            ("priority", resource.priority.map(|priority| json!(priority))),
        ])
    });
    object([
        (place, Some(json!(resource.uri_text()))),
        ("name", Some(json!(resource.name))),
        ("title", resource.title.as_ref().map(|title| json!(title))),
        ("description", resource.description.as_ref().map(|text| json!(text.trim()))),
        ("mimeType", Some(json!(resource.mime_type))),
        ("size", size.map(|size| json!(size))),
        ("annotations", annotations),
        ("icons", icons(&resource.icons)),
    ])
}

/// What a tool takes. What a person can be asked for, a client may leave out.
fn taken(tool: &Tool) -> Value {
    let mut schema = input_schema(&tool.params, tool.unknown);
    let asked = |name: &Value| {
        tool.params.iter().any(|param| name == param.ident.wire() && is_asked(&tool.ask, param))
    };
    if let Some(object) = schema.as_object_mut()
        && let Some(required) = object.get_mut("required").and_then(Value::as_array_mut)
    {
        required.retain(|name| !asked(name));
        if required.is_empty() {
            object.shift_remove("required");
        }
    }
    schema
}

fn prompt(prompt: &Prompt) -> Value {
    let arguments: Vec<Value> = prompt
        .params
        .iter()
        .filter(|param| param.is_argument())
        .map(|param| {
            let named = match &param.ty.kind {
                Kind::Named(named) => named.description.as_ref(),
                _ => None,
            };
            object([
                ("name", Some(json!(param.ident.wire()))),
                ("title", param.title.as_ref().map(|title| json!(title))),
                (
                    "description",
                    param.description.as_ref().or(named).map(|text| json!(text.trim())),
                ),
                (
                    "required",
                    Some(json!(
                        matches!(param.presence, crate::ir::Presence::Required)
                            && !is_asked(&prompt.ask, param)
                    )),
                ),
            ])
        })
        .collect();
    object([
        ("name", Some(json!(prompt.ident.wire()))),
        ("title", prompt.title.as_ref().map(|title| json!(title))),
        ("description", prompt.description.as_ref().map(|text| json!(text.trim()))),
        ("arguments", Some(json!(arguments))),
        ("icons", icons(&prompt.icons)),
    ])
}
