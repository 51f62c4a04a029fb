//! From what was written and what the database said to a valid server.
//!
//! Every rule that looks at more than one key lives here. Nothing here reads a
//! file or talks to a database, and nothing stops at the first error: what
//! cannot be lowered is reported and left out, and the rest goes on.

mod audit;
mod auth;
mod bind;
mod cache;
mod claims;
mod column;
mod constraint;
mod content;
mod context;
mod form;
pub(crate) mod infer;
mod kind;
mod limits;
mod mask;
mod names;
mod param;
mod prompt;
mod publish;
mod resilience;
mod resource;
mod result;
mod row;
mod sample;
mod sensitive;
mod statement;
mod template;
mod tenant;
mod test;
mod tool;
mod uri;
mod watch;

pub use audit::PLACE as AUDIT;
pub use statement::{Parsed, Statements, read as read_statements};

use std::time::Duration;

use crate::database::facts::Facts;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir;
use crate::spec::document;
use crate::spec::{Files, Loaded};

use context::{At, Context};

/// Makes a server, or says everything that is wrong.
///
/// The server is there only when there is no diagnostic at all, neither here nor in `known`, the
/// number of diagnostics of earlier stages. `asked` says whether the facts are there at all.
pub fn lower(
    loaded: &Loaded,
    files: &Files,
    statements: &Statements,
    (facts, asked): (&Facts, bool),
    spec_name: &str,
) -> (Option<ir::Server>, Vec<Diagnostic>) {
    let mut context = Context::new(loaded, files, statements, facts, asked);
    let document = &loaded.document;
    let at = At::root();

    let name = server_name(&mut context, &document.server.name);
    server_version(&mut context, &document.server.version);
    let icons = content::icons(&mut context, &document.server.icons, &at.key("server"));
    let publish = publish::publish(&mut context, &document.server);
    let database = database(&mut context, &document.database);
    if let Some(database) = &database {
        context.statement_timeout = database.statement_timeout;
    }
    context.retry = resilience::of_all(&mut context, document);
    param::named_types(&mut context, &document.types, &at.key("types"));
    row::shared_rows(&mut context, document);
    let server_at = at.key("server");
    if document.server.logging && document.tools.is_empty() {
        let span = context.key(&server_at.key("logging"));
        context.report(
            Diagnostic::new(Code::Exclusive, span, "there is no tool whose calls could be told of")
                .help("remove `logging`"),
        );
    }
    let auth = match &document.auth {
        Some(written) => auth::auth(&mut context, written, &at.key("auth")).map(Some),
        None => Some(None),
    };
    let audit = match &document.audit {
        Some(written) => audit::audit(&mut context, written, &at.key("audit")).map(Some),
        None => Some(None),
    };
    let observability = observability(&mut context, document.observability.as_ref());
    let shared = limits::shared(&mut context);
    let rate_limit = document
        .rate_limit
        .map(|written| limits::rate(&mut context, written, &at.key("rate_limit")));
    let tools = tool::tools(&mut context, &document.tools, &at.key("tools"));
    let resources = resource::resources(&mut context, &document.resources, &at.key("resources"));
    let prompts = prompt::prompts(
        &mut context,
        &document.prompts,
        resources.as_deref().unwrap_or_default(),
        &at.key("prompts"),
    );
    let restricted = [
        tools.iter().flatten().any(|tool| tool.access != ir::Access::Public),
        resources.iter().flatten().any(|resource| resource.access != ir::Access::Public),
        prompts.iter().flatten().any(|prompt| prompt.access != ir::Access::Public),
    ];
    // What a caller may not use is not listed, so that each has lists of its own.
    let restricted = restricted.contains(&true);
    let lists = ir::ClientCache { ttl: FIXED, public: !restricted };
    let server_cache = document.server.client_cache.as_ref();
    let client_cache = client_cache(&mut context, server_cache, &server_at, lists, restricted);
    let tests = test::tests(
        &mut context,
        &document.tests,
        tools.as_deref().unwrap_or_default(),
        resources.as_deref().unwrap_or_default(),
        prompts.as_deref().unwrap_or_default(),
        &at.key("tests"),
    );
    let tenant = document.database.tenant.as_ref();
    let tenant = tenant.and_then(|written| tenant::tenant(&mut context, written));
    context.report_unused();

    let (types, rows) = (context.types_in_order(), context.rows_in_order());
    let server: Option<ir::Server> = (|| {
        let (database, tools) = (database?, tools?);
        let grants = ir::Grants::of(database.engine, facts, &tools);
        Some(ir::Server {
            name: name?,
            title: document.server.title.clone(),
            version: document.server.version.clone(),
            description: document.server.description.clone(),
            instructions: document.server.instructions.clone(),
            client_cache: client_cache?,
            logging: document.server.logging,
            observability,
            icons,
            publish,
            spec: spec_name.to_owned(),
            auth: auth?,
            audit: audit?,
            database: ir::Database { grants, tenant, ..database },
            shared,
            rate_limit,
            types,
            rows,
            tools,
            resources: resources?,
            prompts: prompts?,
            tests: tests?,
        })
    })();
    if let Some(server) = &server
        && let Some(tenant) = &server.database.tenant
    {
        tenant::types(&mut context, server, tenant);
    }
    let diagnostics = context.diagnostics;
    (server.filter(|_| diagnostics.is_empty()), diagnostics)
}

fn observability(
    context: &mut Context,
    written: Option<&document::Observability>,
) -> ir::Observability {
    let Some(written) = written else { return ir::Observability::default() };
    if *written == document::Observability::default() {
        let span = context.key(&At::root().key("observability"));
        context.report(
            Diagnostic::new(Code::MissingKey, span, "nothing of the server can be seen with this")
                .help("add `metrics: true`, or remove `observability`"),
        );
    }
    let logs = written.logs.map(|format| match format {
        document::LogFormat::Text => ir::LogFormat::Text,
        document::LogFormat::Json => ir::LogFormat::Json,
    });
    ir::Observability {
        metrics: written.metrics,
        otlp: written.otlp,
        logs,
        management_port: written.management_port,
    }
}

fn server_name(context: &mut Context, name: &str) -> Option<ir::Ident> {
    let at = At::root().key("server").key("name");
    let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
        && name.len() <= 64;
    if !fits {
        context.report(
            Diagnostic::new(
                Code::InvalidName,
                context.value(&at),
                format!("`{name}` cannot name a crate"),
            )
            .help("use lower case letters, digits, `-` and `_`, a letter first, 64 at most"),
        );
        return None;
    }
    // Names that Cargo refuses for a package, or that a dependency of the crate has.
    const TAKEN: &[&str] = &[
        "test",
        "core",
        "std",
        "alloc",
        "proc-macro",
        "proc_macro",
        "build",
        "deps",
        "examples",
        "incremental",
        "ipnet",
        "redis",
        "rmcp",
        "sqlx",
        "tokio",
        "axum",
        "serde",
        "serde_json",
        "clap",
        "tracing",
        "chrono",
    ];
    let ident = context.ident(name, &at)?;
    if TAKEN.contains(&name) || ident.snake().ends_with('_') {
        context.report(
            Diagnostic::new(
                Code::InvalidName,
                context.value(&at),
                format!("`{name}` cannot name a crate: Rust or a dependency has that name"),
            )
            .help(format!("add a word: `{name}-server`")),
        );
        return None;
    }
    Some(ident)
}

fn server_version(context: &mut Context, version: &str) {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<&str> = core.split('.').collect();
    let plain =
        |part: &&str| part.parse::<u64>().is_ok() && (part.len() == 1 || !part.starts_with('0'));
    let tail = version[core.len()..]
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'));
    if numbers.len() != 3 || !numbers.iter().all(plain) || !tail {
        let span = context.value(&At::root().key("server").key("version"));
        context.report(
            Diagnostic::new(Code::InvalidValue, span, format!("`{version}` is not a version"))
                .help("write three numbers, as in `1.0.0`"),
        );
    }
}

fn database(context: &mut Context, database: &document::Database) -> Option<ir::Database> {
    let at = At::root().key("database");
    schema_source(context, database, &at);
    let pool_at = at.key("pool");
    let pool = &database.pool;
    let max = pool.max.unwrap_or(20);
    let min = pool.min.unwrap_or_else(|| max.min(5));
    if min > max {
        let span = context.value(&pool_at.key("min"));
        context.report(
            Diagnostic::new(
                Code::InvalidConstraint,
                span,
                format!("`min` is {min}, more than `max`, which is {max}"),
            )
            .help(format!("write `min: {max}` or less, or raise `max`")),
        );
    }
    let acquire =
        duration(context, pool.acquire_timeout.as_ref(), &pool_at.key("acquire_timeout"), 30);
    let idle = duration(context, pool.idle_timeout.as_ref(), &pool_at.key("idle_timeout"), 600);
    let timeout =
        duration(context, database.statement_timeout.as_ref(), &at.key("statement_timeout"), 30);
    let breaker = resilience::breaker(context, database, &at);
    Some(ir::Database {
        engine: database.engine.into(),
        migrations: context
            .files
            .migrations
            .iter()
            .map(|migration| ir::Migration {
                name: migration.name.clone(),
                sql: context.loaded_text(migration.file).to_owned(),
            })
            .collect(),
        pool_max: max,
        pool_min: min,
        acquire_timeout: acquire?,
        idle_timeout: idle?,
        statement_timeout: timeout?,
        breaker,
        flavour: context.facts.flavour,
        // Known when the tools are.
        grants: None,
        tenant: None,
    })
}

/// The schema comes from migrations or from a database that is there.
fn schema_source(context: &mut Context, database: &document::Database, at: &At) {
    let diagnostic = match (&database.migrations, database.schema) {
        (Some(_), Some(_)) => {
            let (second, first) =
                (context.key(&at.key("schema")), context.key(&at.key("migrations")));
            Diagnostic::new(Code::Exclusive, second, "the schema comes from one place")
                .also(first, "the first one")
                .help("keep `migrations`, or `schema: live` where others migrate the database")
        }
        (None, None) if context.misspelt(at, "migrations") || context.misspelt(at, "schema") => {
            return;
        }
        (None, None) => {
            Diagnostic::new(Code::MissingKey, context.key(at), "`database` has no schema").help(
                "add `migrations: FOLDER`, or `schema: live` where others migrate the database",
            )
        }
        (None, Some(document::Schema::Live)) if database.engine == document::Engine::Sqlite => {
            let span = context.value(&at.key("schema"));
            Diagnostic::new(Code::NotSupported, span, "a live schema is for PostgreSQL and MySQL")
                .help("write `migrations: FOLDER`: an SQLite server brings its schema along")
        }
        (Some(_), None) | (None, Some(document::Schema::Live)) => return,
    };
    context.report(diagnostic);
}

/// Reads a length of time; `default` is in seconds.
/// How long clients may keep what does not change while a server runs.
const FIXED: Duration = Duration::from_secs(3600);

/// `restricted` is whether not everybody may see what is kept.
fn client_cache(
    context: &mut Context,
    written: Option<&document::ClientCache>,
    at: &At,
    default: ir::ClientCache,
    restricted: bool,
) -> Option<ir::ClientCache> {
    let Some(written) = written else { return Some(default) };
    let at = at.key("client_cache");
    let ttl = duration(context, Some(&written.ttl), &at.key("ttl"), 0)?;
    let public = written.scope == Some(document::CacheScope::Public);
    if public && restricted {
        let span = context.value(&at.key("scope"));
        let message = "what not everybody may see is kept for everybody";
        context.report(
            Diagnostic::new(Code::InvalidValue, span, message).help("write `scope: private`"),
        );
    }
    Some(ir::ClientCache { ttl, public })
}

fn duration(
    context: &mut Context,
    written: Option<&document::Duration>,
    at: &At,
    default: u64,
) -> Option<Duration> {
    let Some(document::Duration(text)) = written else { return Some(Duration::from_secs(default)) };
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let value = digits.parse::<u64>().ok();
    let duration = match (&text[digits.len()..], value) {
        ("ms", Some(n)) => Some(Duration::from_millis(n)),
        ("s", Some(n)) => Some(Duration::from_secs(n)),
        ("m", Some(n)) => Some(Duration::from_secs(n * 60)),
        ("h", Some(n)) => Some(Duration::from_secs(n * 3600)),
        _ => None,
    };
    if duration.is_none_or(|duration| duration.is_zero()) {
        let span = context.value(at);
        context.report(
            Diagnostic::new(Code::InvalidValue, span, format!("`{text}` is not a length of time"))
                .help("write a whole number above 0 and a unit: `500ms`, `30s`, `5m`, `1h`"),
        );
        return None;
    }
    duration
}
