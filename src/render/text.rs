//! Files that are no Rust: templates with the escaping of their format.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, context};

use serde_json::{Value, json};

use super::publish;
use crate::database::facts::{Effect, Flavour};
use crate::ir::{Backend, Engine, LogFormat, Plan, Server};

/// A crate that generated code may depend on: its name in Rust, its line in the manifest.
const DEPENDENCIES: &[(&str, &str)] = &[
    (
        "axum",
        r#"axum = { version = "0.8.9", default-features = false, features = ["http1", "tokio"] }"#,
    ),
    ("base64", r#"base64 = "0.22""#),
    (
        "chrono",
        r#"chrono = { version = "0.4.45", default-features = false, features = ["serde", "std"] }"#,
    ),
    ("clap", r#"clap = { version = "4.6.9", features = ["derive", "env"] }"#),
    ("fallible_iterator", r#"fallible-iterator = "0.2""#),
    (
        "futures_util",
        r#"futures-util = { version = "0.3", default-features = false, features = ["std"] }"#,
    ),
    (
        "deadpool",
        r#"deadpool = { version = "0.13.1", default-features = false, features = ["managed", "rt_tokio_1"] }"#,
    ),
    ("form_urlencoded", r#"form_urlencoded = "1""#),
    ("getrandom", r#"getrandom = "0.4.3""#),
    ("hmac", r#"hmac = "0.13.0""#),
    (
        "hyper",
        r#"hyper = { version = "1", default-features = false, features = ["http1", "server"] }"#,
    ),
    (
        "hyper_util",
        r#"hyper-util = { version = "0.1", default-features = false, features = ["service", "tokio"] }"#,
    ),
    ("ipnet", r#"ipnet = "2.12.2""#),
    ("jsonwebtoken", r#"jsonwebtoken = { version = "11.1.0", default-features = false }"#),
    ("log", r#"log = "0.4""#),
    (
        "minijinja",
        r#"minijinja = { version = "3.1.0", default-features = false, features = ["builtins", "debug", "json", "macros", "multi_template", "serde"] }"#,
    ),
    ("moka", r#"moka = { version = "0.12.16", default-features = false, features = ["sync"] }"#),
    (
        "opentelemetry",
        r#"opentelemetry = { version = "0.33.1", default-features = false, features = ["metrics", "trace"] }"#,
    ),
    (
        "opentelemetry_otlp",
        r#"opentelemetry-otlp = { version = "0.33.1", default-features = false, features = ["http-proto", "internal-logs", "metrics", "reqwest-blocking-client", "trace"] }"#,
    ),
    (
        "opentelemetry_sdk",
        r#"opentelemetry_sdk = { version = "0.33.1", default-features = false, features = ["metrics", "trace"] }"#,
    ),
    ("postgres_protocol", r#"postgres-protocol = "0.6.12""#),
    ("prometheus_client", r#"prometheus-client = "0.26.0""#),
    (
        "redis",
        r#"redis = { version = "1.8.1", default-features = false, features = ["script", "tokio-rustls-comp"] }"#,
    ),
    (
        "regex",
        r#"regex = { version = "1.13.2", default-features = false, features = ["std", "unicode"] }"#,
    ),
    (
        "reqwest",
        r#"reqwest = { version = "0.13.5", default-features = false, features = ["rustls-no-provider"] }"#,
    ),
    ("ring", r#"ring = "0.17.14""#),
    (
        "rmcp",
        r#"rmcp = { version = "3.11.0", default-features = false, features = ["server", "transport-io", "transport-streamable-http-server"] }"#,
    ),
    (
        "rustls",
        r#"rustls = { version = "0.23.46", default-features = false, features = ["ring", "std", "tls12"] }"#,
    ),
    ("rustls_native_certs", r#"rustls-native-certs = "0.8.5""#),
    ("serde", r#"serde = { version = "1", features = ["derive"] }"#),
    (
        "serde_json",
        r#"serde_json = { version = "1", features = ["float_roundtrip", "preserve_order"] }"#,
    ),
    ("sha2", r#"sha2 = "0.11.1""#),
    ("subtle", r#"subtle = { version = "2", default-features = false }"#),
    (
        "sysinfo",
        r#"sysinfo = { version = "0.38.4", default-features = false, features = ["system"] }"#,
    ),
    (
        "tokio",
        r#"tokio = { version = "1.54.1", features = ["io-util", "macros", "net", "rt-multi-thread", "signal", "sync", "time"] }"#,
    ),
    ("tokio_util", r#"tokio-util = "0.7""#),
    (
        "tower_http",
        r#"tower-http = { version = "0.6", default-features = false, features = ["cors"] }"#,
    ),
    ("tracing", r#"tracing = "0.1""#),
    (
        "tracing_subscriber",
        r#"tracing-subscriber = { version = "0.3", default-features = false, features = ["env-filter", "fmt"] }"#,
    ),
    ("webpki_roots", r#"webpki-roots = "1.0.10""#),
];

/// `Cargo.toml`: what the Rust texts of the crate name.
pub(super) fn manifest<'t>(server: &Server, rust: impl Iterator<Item = &'t str>) -> String {
    let rust: Vec<&str> = rust.collect();
    let names = |name: &str| {
        let path = format!("{name}::");
        rust.iter().any(|text| {
            text.match_indices(&path).any(|(at, _)| {
                !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':'))
            })
        })
    };
    let features = match server.database.engine {
        Engine::Sqlite => r#""migrate", "runtime-tokio", "sqlite-bundled""#,
        Engine::Postgres => r#""migrate", "postgres", "runtime-tokio", "tls-rustls-ring-webpki""#,
        Engine::Mysql => {
            r#""bigdecimal", "chrono", "migrate", "mysql", "runtime-tokio", "tls-rustls-ring-webpki""#
        }
    };
    let sqlx = format!(
        "sqlx = {{ version = \"0.9.0\", default-features = false, features = [{features}] }}"
    );
    let listed = DEPENDENCIES.iter().filter(|(name, _)| names(name)).map(|(name, line)| {
        // A log as JSON is a feature.
        let json = *name == "tracing_subscriber" && server.observability.logs.is_some();
        if json { line.replace(r#""fmt""#, r#""fmt", "json""#) } else { (*line).to_owned() }
    });
    let mut dependencies: Vec<String> = listed.chain(std::iter::once(sqlx)).collect();
    dependencies.sort_unstable();
    let description = server.description.as_deref().or(server.title.as_deref());
    render(
        include_str!("../../templates/Cargo.toml.j2"),
        &context! {
            name => server.name.wire(),
            version => server.version.clone(),
            description => one_line(description.unwrap_or("An MCP server")),
            dependencies,
            engine => server.database.engine.name(),
        },
    )
}

/// What it takes to run the server: an image, a compose file for it, a systemd unit.
pub(super) fn deployment(server: &Server) -> [(String, String); 4] {
    let name = server.name.wire();
    let context = context! {
        name,
        title => one_line(server.title.as_deref().unwrap_or(name)),
        pages => has_pages(server),
        asks => server.elicits(),
        variables => variables(server),
        signed => signed(server),
        shared => server.shared,
        addresses => server.sees_addresses(),
        audit_file => super::audited::in_file(server),
        engine => server.database.engine.name(),
        migrations => !server.database.migrations.is_empty(),
        registry_name => server.publish.as_ref().map(|it| publish::registry_name(server, it)),
    };
    let file = |path: &str, template: &str| (path.to_owned(), render(template, &context));
    [
        file("Dockerfile", include_str!("../../templates/Dockerfile.j2")),
        file(".dockerignore", include_str!("../../templates/dockerignore")),
        file("compose.yaml", include_str!("../../templates/compose.yaml.j2")),
        file(&format!("deploy/{name}.service"), include_str!("../../templates/service.j2")),
    ]
}

/// What the server signs, for people; empty where it signs nothing.
fn signed(server: &Server) -> String {
    let parts: Vec<&str> = [
        (has_pages(server), "the cursors of pages"),
        (server.elicits(), "what clients bring back with an answer of a person"),
        (server.hashes(), "the digests that stand for masked values"),
    ]
    .into_iter()
    .filter_map(|(there, what)| there.then_some(what))
    .collect();
    match parts.as_slice() {
        [first, last] => format!("{first}, and {last}"),
        [first, next, last] => format!("{first}, {next}, and {last}"),
        parts => parts.concat(),
    }
}

/// The variables that say how callers are known.
fn variables(server: &Server) -> Vec<String> {
    let variables = server.auth.iter().flat_map(crate::ir::Auth::variables);
    variables.map(str::to_owned).collect()
}

/// How callers are known, for people; nothing where anybody may call.
fn auth(server: &Server) -> Option<minijinja::Value> {
    let auth = server.auth.as_ref()?;
    let scopes = auth.scopes.iter().map(|scope| {
        let more = match scope.includes.as_slice() {
            [] => String::new(),
            others => format!(" (with {})", others.join(", ")),
        };
        context! { name => scope.name.clone(), description => format!("{}{more}", one_line(&scope.description)) }
    });
    let (jwt, asked) = (auth.jwt.as_ref(), auth.introspection.as_ref());
    Some(context! {
        scopes => scopes.collect::<Vec<_>>(),
        variables => variables(server),
        api_keys => auth.api_keys.clone(),
        jwt => jwt.map(|jwt| context! { issuer => jwt.issuer.clone(), audience => jwt.audience.clone() }),
        introspection => asked.map(|asked| context! { url => asked.url.clone(), audience => asked.audience.clone() }),
    })
}

/// What needs a session, for people; empty where nothing does.
fn in_sessions(server: &Server) -> String {
    let parts = [
        (server.elicits(), "what asks a person"),
        (server.watches(), "`resources/subscribe`"),
        (server.logging, "log messages"),
    ];
    let parts: Vec<&str> =
        parts.into_iter().filter_map(|(there, part)| there.then_some(part)).collect();
    match parts.as_slice() {
        [] => String::new(),
        [one] => format!("{one} needs"),
        [others @ .., last] => format!("{} and {last} need", others.join(", ")),
    }
}

/// Whether a tool pages, so that there are cursors to sign.
fn has_pages(server: &Server) -> bool {
    server.tools.iter().any(|tool| matches!(&tool.backend, Backend::Sql(Plan::Paged { .. })))
}

/// `README.md`.
pub(super) fn readme(server: &Server) -> String {
    let tools: Vec<minijinja::Value> = server
        .tools
        .iter()
        .map(|tool| {
            let Backend::Sql(plan) = &tool.backend;
            context! {
                name => tool.ident.wire(),
                description => one_line(&tool.description),
                effect => effect(plan),
                confirms => tool.confirm.is_some(),
            }
        })
        .collect();
    let resources: Vec<minijinja::Value> = server
        .resources
        .iter()
        .map(|resource| {
            context! {
                uri => resource.uri_text(),
                description => one_line(resource.description.as_deref().unwrap_or(&resource.name)),
                watched => resource.watch.is_some(),
            }
        })
        .collect();
    let prompts: Vec<minijinja::Value> = server
        .prompts
        .iter()
        .map(|prompt| {
            let description = prompt.description.as_deref().or(prompt.title.as_deref());
            context! {
                name => prompt.ident.wire(),
                description => one_line(description.unwrap_or(prompt.ident.wire())),
            }
        })
        .collect();
    render(
        include_str!("../../templates/README.md.j2"),
        &context! {
            name => server.name.wire(),
            title => server.title.as_deref().unwrap_or(server.name.wire()),
            description => server.description.as_deref().map(one_line),
            spec => server.spec.clone(),
            tools,
            resources,
            prompts,
            signed => signed(server),
            confirms => server.confirms(),
            watches => server.watches(),
            metrics => server.observability.metrics,
            management_port => server.observability.management_port,
            otlp => server.observability.otlp,
            logs => server.observability.logs.map(|format| match format {
                LogFormat::Text => "text",
                LogFormat::Json => "json",
            }),
            sessions => in_sessions(server),
            shared => server.shared,
            addresses => server.sees_addresses(),
            audit => server.audit.as_ref().map(super::audited::for_people),
            audit_file => super::audited::in_file(server),
            limits => super::limits::for_people(server),
            auth => auth(server),
            engine => server.database.engine.name(),
            database => database_title(server),
            migrations => !server.database.migrations.is_empty(),
            grants => server.database.grants.is_some(),
            clients => clients(server),
            published => server.publish.is_some(),
            remote => server.publish.as_ref().and_then(|publish| publish.url.clone()),
        },
    )
}

/// Clients and what stands in their configuration.
fn clients(server: &Server) -> minijinja::Value {
    let name = server.name.wire();
    let entry = publish::stdio_entry(server);
    let typed = |kind: &str, entry: &Value| {
        let mut typed = json!({ "type": kind });
        if let (Some(typed), Some(entry)) = (typed.as_object_mut(), entry.as_object()) {
            typed.extend(entry.clone());
        }
        typed
    };
    let indented = |value: &Value| {
        let text = format!("{value:#}");
        text.lines().map(|line| format!("    {line}\n")).collect::<String>()
    };
    let url = publish::example_url(server);
    context! {
        most => indented(&json!({ "mcpServers": { name: entry } })),
        vscode => indented(&json!({ "servers": { name: typed("stdio", &entry) } })),
        zed => indented(&json!({ "context_servers": { name: entry } })),
        opencode => indented(&json!({ "mcp": { name: {
            "type": "local",
            "command": [entry["command"], "serve"],
            "environment": entry["env"],
        } } })),
        database_url => url,
    }
}

/// The database that a server needs, for people.
fn database_title(server: &Server) -> &'static str {
    match (server.database.engine, server.database.flavour) {
        (_, Some(Flavour::Mariadb)) => "MariaDB",
        (engine, _) => engine.title(),
    }
}

fn effect(plan: &Plan) -> &'static str {
    let Effect { inserts, updates, deletes, locks } = plan.effect();
    match (inserts, updates, deletes) {
        (false, false, false) if !locks => "reads",
        (false, false, false) => "locks",
        (true, false, false) => "inserts",
        (false, true, false) => "updates",
        (false, false, true) => "deletes",
        _ => "writes",
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn render(template: &str, context: &minijinja::Value) -> String {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .unwrap_or_else(|error| panic!("the delimiters are the usual ones: {error}"));
    environment.set_syntax(syntax);
    // A basic string of TOML has JSON's escapes.
    environment.add_filter("toml", |text: String| serde_json::Value::String(text).to_string());
    // In a unit, `%` starts a specifier, and a backslash at the end of a line goes on.
    environment.add_filter("unit", |text: String| text.replace('%', "%%").replace('\\', "/"));
    environment.add_filter("cell", |text: String| {
        text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;")
    });
    environment
        .render_str(template, context)
        .unwrap_or_else(|error| panic!("a template of mcpgen does not render: {error:#}"))
}
