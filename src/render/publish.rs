//! What others need to install the server: `server.json` for the MCP registry, `mcpb/manifest.json` for a
//! bundle, and the entry of a client's configuration.

use serde_json::{Map, Value, json};

use super::access;
use super::descriptors::{object, pretty};
use crate::ir::{Access, Engine, Publish, Server};
use crate::tree::FileTree;

/// The schemas that the files keep to; tests/published in mcpgen has copies of them.
const SERVER_SCHEMA: &str =
    "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";
const MANIFEST_VERSION: &str = "0.3";

/// Adds the files of a server that is published.
pub(super) fn add(server: &Server, files: &mut FileTree) {
    let Some(publish) = &server.publish else { return };
    files.add("server.json", pretty(&registry(server, publish)));
    files.add("mcpb/manifest.json", pretty(&manifest(server, publish)));
}

/// The server's name in the MCP registry.
pub(super) fn registry_name(server: &Server, publish: &Publish) -> String {
    format!("{}/{}", publish.namespace, server.name.wire())
}

/// The entry of a client that starts servers: `mcpServers` in most of them.
pub(super) fn stdio_entry(server: &Server) -> Value {
    let redis = server.shared.then(|| json!("redis://:PASSWORD@HOST"));
    json!({
        "command": format!("/path/to/{}", server.name.wire()),
        "args": ["serve"],
        "env": object([
            ("DATABASE_URL", Some(json!(example_url(server)))),
            ("REDIS_URL", redis),
        ]),
    })
}

/// A URL of a database as one might be.
pub(super) fn example_url(server: &Server) -> String {
    match server.database.engine {
        Engine::Sqlite => format!("sqlite:/path/to/{}.db", server.name.wire()),
        engine @ (Engine::Postgres | Engine::Mysql) => {
            format!("{}://USER:PASSWORD@HOST/DATABASE", engine.name())
        }
    }
}

/// A variable that says how callers are known, or who calls over stdio.
struct Variable<'s> {
    name: &'s str,
    description: &'static str,
    required: bool,
    secret: bool,
}

/// What an installed server, which talks over stdio, must be told of its caller.
fn callers(server: &Server) -> Vec<Variable<'_>> {
    let Some(auth) = &server.auth else { return Vec::new() };
    let ways = [auth.api_keys.is_some(), auth.jwt.is_some(), auth.introspection.is_some()];
    let token = Variable {
        name: "ACCESS_TOKEN",
        description: "The key or the token of whoever uses it",
        required: access::accesses(server).all(|access| *access != Access::Public),
        secret: true,
    };
    let secret = auth.introspection.as_ref().map(|asked| asked.client_secret.as_str());
    let others = auth.variables().into_iter().map(|name| {
        let keys = auth.api_keys.as_deref() == Some(name);
        let is_secret = secret.and_then(|secret| secret.strip_prefix("${")?.strip_suffix('}'));
        Variable {
            name,
            description: match keys {
                true => "The digests of the keys that callers have, a list as JSON",
                false => "How tokens of callers are known, as the README says",
            },
            // Where there are several ways, one of them will do.
            required: ways.into_iter().filter(|way| *way).count() == 1,
            secret: keys || is_secret == Some(name),
        }
    });
    std::iter::once(token).chain(others).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn registry(server: &Server, publish: &Publish) -> Value {
    let image = publish.image.as_ref().map(|image| {
        let database = object([
            ("name", Some(json!("DATABASE_URL"))),
            ("description", Some(json!(format!("The database, as {}", example_url(server))))),
            ("isRequired", Some(json!(server.database.engine != Engine::Sqlite))),
            ("isSecret", Some(json!(server.database.engine != Engine::Sqlite))),
        ]);
        let callers = callers(server);
        let callers = callers.iter().map(|variable| {
            json!({
                "name": variable.name,
                "description": variable.description,
                "isRequired": variable.required,
                "isSecret": variable.secret,
            })
        });
        let variables: Vec<Value> = std::iter::once(database).chain(callers).collect();
        json!([{
            "registryType": "oci",
            "identifier": format!("{image}:{}", server.version),
            "transport": { "type": "stdio" },
            "packageArguments": [{ "type": "positional", "value": "serve" }],
            "environmentVariables": variables,
        }])
    });
    // The registry takes pictures by their address alone.
    let icons: Vec<Value> = server
        .icons
        .iter()
        .filter(|icon| icon.src.starts_with("https://") && icon.src.len() <= 255)
        .map(super::descriptors::icon)
        .collect();
    let repository = publish.repository.as_ref().map(|url| {
        let host = url.trim_start_matches("https://").split('/').next().unwrap_or_default();
        json!({ "url": url, "source": host.split('.').next().unwrap_or_default() })
    });
    object([
        ("$schema", Some(json!(SERVER_SCHEMA))),
        ("name", Some(json!(registry_name(server, publish)))),
        ("title", server.title.as_ref().map(|title| json!(title))),
        ("description", server.description.as_deref().map(|text| json!(one_line(text)))),
        ("version", Some(json!(server.version))),
        ("repository", repository),
        ("icons", (!icons.is_empty()).then(|| json!(icons))),
        ("packages", image),
        (
            "remotes",
            publish.url.as_ref().map(|url| json!([{ "type": "streamable-http", "url": url }])),
        ),
    ])
}

fn manifest(server: &Server, publish: &Publish) -> Value {
    let name = server.name.wire();
    let (setting, url) = match server.database.engine {
        Engine::Sqlite => (
            json!({
                "type": "string",
                "title": "Database file",
                "description": "It is created where there is none",
                "default": format!("${{HOME}}/{name}.db"),
                "required": true,
            }),
            "sqlite:${user_config.database}",
        ),
        Engine::Postgres | Engine::Mysql => (
            json!({
                "type": "string",
                "title": "Database",
                "description": format!("As {}", example_url(server)),
                "required": true,
                "sensitive": true,
            }),
            "${user_config.database}",
        ),
    };
    let (mut settings, mut env) = (Map::new(), Map::new());
    settings.insert("database".to_owned(), setting);
    env.insert("DATABASE_URL".to_owned(), json!(url));
    for variable in callers(server) {
        let name = variable.name;
        env.insert(name.to_owned(), json!(format!("${{user_config.{name}}}")));
        let setting = object([
            ("type", Some(json!("string"))),
            ("title", Some(json!(name))),
            ("description", Some(json!(variable.description))),
            // What is empty counts as not set.
            ("default", (!variable.required).then(|| json!(""))),
            ("required", Some(json!(variable.required))),
            ("sensitive", variable.secret.then(|| json!(true))),
        ]);
        settings.insert(name.to_owned(), setting);
    }
    let tools: Vec<Value> = server
        .tools
        .iter()
        .map(
            |tool| json!({ "name": tool.ident.wire(), "description": one_line(&tool.description) }),
        )
        .collect();
    object([
        ("manifest_version", Some(json!(MANIFEST_VERSION))),
        ("name", Some(json!(name))),
        ("display_name", server.title.as_ref().map(|title| json!(title))),
        ("version", Some(json!(server.version))),
        ("description", server.description.as_deref().map(|text| json!(one_line(text)))),
        ("author", Some(json!({ "name": publish.author }))),
        ("repository", publish.repository.as_ref().map(|url| json!({ "type": "git", "url": url }))),
        (
            "server",
            Some(json!({
                "type": "binary",
                "entry_point": format!("server/{name}"),
                "mcp_config": {
                    "command": format!("${{__dirname}}/server/{name}"),
                    "args": ["serve"],
                    "env": env,
                    "platform_overrides": {
                        "win32": { "command": format!("${{__dirname}}/server/{name}.exe") },
                    },
                },
            })),
        ),
        ("tools", (!tools.is_empty()).then(|| json!(tools))),
        // Their texts are made of data, so that they cannot stand here.
        ("prompts_generated", (!server.prompts.is_empty()).then(|| json!(true))),
        ("user_config", Some(Value::Object(settings))),
    ])
}
