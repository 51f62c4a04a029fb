//! Databases that are servers: a scratch database of mcpgen's own on one of them, or one that is
//! there and is only asked.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::ir::Engine;
use crate::sql::Problem;

use super::facts::{Facts, Flavour, StatementFacts, Table};
use super::live::Aside;
use super::{Migration, Refusal, Request, Schema, migration};

/// A connection to a server, and what it can be asked.
pub(super) trait Server: Sized {
    /// The engine.
    const ENGINE: Engine;

    /// Connects to the database that the URL names, or to another one of the same server.
    async fn connect(url: &str, database: Option<&str>, read_only: bool) -> Result<Self, String>;

    /// Makes a database.
    async fn create(&mut self, database: &str) -> Result<(), String>;

    /// Drops a database that [`Server::create`] made, whoever is connected to it.
    async fn drop(&mut self, database: &str) -> Result<(), String>;

    /// Runs a migration; what is wrong, and at which byte of its text, where that is known.
    async fn migrate(&mut self, sql: &str) -> Result<(), (Option<usize>, String)>;

    /// Which server it is, where that makes a difference.
    async fn flavour(&mut self) -> Result<Option<Flavour>, String>;

    /// Every table and view.
    async fn tables(&mut self) -> Result<BTreeMap<String, Table>, String>;

    /// The name of the database, and what is known of its tables beside the facts.
    async fn asides(&mut self) -> Result<(String, BTreeMap<String, Aside>), String>;

    /// What is known of a statement; nothing is executed.
    async fn statement(
        &mut self,
        request: &Request<'_>,
        tables: &BTreeMap<String, Table>,
    ) -> Result<StatementFacts, Box<Problem>>;
}

/// Schemes of an engine's URLs.
pub(super) fn schemes(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Sqlite => &["sqlite"],
        Engine::Postgres => &["postgres", "postgresql"],
        Engine::Mysql => &["mysql", "mariadb"],
    }
}

/// The first of the URLs that names a server of the engine.
#[must_use]
pub fn url_for(engine: Engine, urls: &[String]) -> Option<&String> {
    urls.iter().find(|url| {
        url.split_once(':').is_some_and(|(scheme, _)| schemes(engine).contains(&scheme))
    })
}

/// How long a server may take to let us in.
const PATIENCE: Duration = Duration::from_secs(15);

/// Asks a server about a schema and statements.
pub(super) fn describe<S: Server>(
    schema: Schema,
    requests: &[Request],
    urls: &[String],
) -> (Facts, Vec<Refusal>) {
    let refused = |message: String, help: &str| {
        (Facts::default(), vec![Refusal::Server { message, help: help.to_owned() }])
    };
    let title = S::ENGINE.title();
    let Some(url) = url_for(S::ENGINE, urls) else {
        let message = format!("the statements must be checked against {title}, and no server is named");
        let scheme = schemes(S::ENGINE)[0];
        let help = format!(
            "set MCPGEN_DATABASE_URL={scheme}://USER@HOST/DATABASE, or pass --database-url; with an up-to-date lock none is needed"
        );
        return refused(message, &help);
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refused(error.to_string(), "try again"),
    };
    let scratch = match schema {
        Schema::Migrations(_) => Some(scratch_name()),
        Schema::Live => None,
    };
    let ask = async {
        tokio::select! {
            asked = ask::<S>(url, scratch.as_deref(), schema, requests) => Some(asked),
            () = interrupted() => None,
        }
    };
    // Whatever happens on the way, what was made is dropped.
    let asked = std::panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(ask)));
    let dropped = match &scratch {
        Some(name) => runtime.block_on(drop_scratch::<S>(url, name)),
        None => Ok(()),
    };
    match (asked, dropped) {
        (Err(panic), _) => std::panic::resume_unwind(panic),
        // The exit code of a shell's job that Ctrl-C ended.
        (Ok(None), _) => std::process::exit(130),
        (Ok(Some(Err(message))), _) => {
            refused(message, "check the URL, and that the server runs and lets this user in")
        }
        (Ok(Some(Ok(_))), Err(message)) => refused(
            format!("the scratch database cannot be dropped again: {message}"),
            "drop it by hand",
        ),
        (Ok(Some(Ok(found))), Ok(())) => found,
    }
}

/// What a server says about the database that a URL names. Nothing is changed.
pub(super) fn read<S: Server>(
    url: &str,
) -> Result<(String, Facts, BTreeMap<String, Aside>), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let mut server = connect::<S>(url, None, true).await?;
        let (name, asides) = server.asides().await?;
        let facts = Facts {
            flavour: server.flavour().await?,
            tables: server.tables().await?,
            ..Facts::default()
        };
        Ok((name, facts, asides))
    })
}

/// A name that no other run has.
fn scratch_name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("mcpgen_scratch_{:x}_{:x}", std::process::id(), now.as_nanos())
}

/// Ends when the process is asked to stop.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        if let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)] = kinds.map(signal) {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn connect<S: Server>(
    url: &str,
    database: Option<&str>,
    read_only: bool,
) -> Result<S, String> {
    match tokio::time::timeout(PATIENCE, S::connect(url, database, read_only)).await {
        Ok(connected) => connected,
        Err(_) => Err(format!("{} does not answer", S::ENGINE.title())),
    }
}

async fn drop_scratch<S: Server>(url: &str, name: &str) -> Result<(), String> {
    connect::<S>(url, None, false).await?.drop(name).await
}

async fn ask<S: Server>(
    url: &str,
    scratch: Option<&str>,
    schema: Schema<'_>,
    requests: &[Request<'_>],
) -> Result<(Facts, Vec<Refusal>), String> {
    if let Some(name) = scratch {
        connect::<S>(url, None, false).await?.create(name).await?;
    }
    let mut server = connect::<S>(url, scratch, schema_is_live(schema)).await?;
    if let Schema::Migrations(migrations) = schema {
        for migration in migrations {
            if let Err(refusal) = apply(&mut server, migration).await {
                return Ok((Facts::default(), vec![*refusal]));
            }
        }
    }
    let mut facts = Facts {
        flavour: server.flavour().await?,
        tables: server.tables().await?,
        ..Facts::default()
    };
    let mut refusals = Vec::new();
    for request in requests {
        match server.statement(request, &facts.tables).await {
            Ok(found) => {
                facts.statements.insert(request.place.clone(), found);
            }
            Err(problem) => refusals
                .push(Refusal::Statement { place: request.place.clone(), problem: *problem }),
        }
    }
    Ok((facts, refusals))
}

fn schema_is_live(schema: Schema) -> bool {
    matches!(schema, Schema::Live)
}

/// Applies a migration, unless it reaches beyond its own database.
async fn apply<S: Server>(server: &mut S, migration: &Migration<'_>) -> Result<(), Box<Refusal>> {
    let refuse = |at: std::ops::Range<usize>, message: String, help: &str| {
        Box::new(Refusal::Migration {
            file: migration.file,
            at,
            message,
            help: help.to_owned(),
        })
    };
    if let Some((at, message)) = migration::beyond(migration.sql, S::ENGINE) {
        let help = "a migration changes the schema of its own database; do the rest by hand";
        return Err(refuse(at, message, help));
    }
    server.migrate(migration.sql).await.map_err(|(at, message)| {
        let start = at.unwrap_or(0);
        let at = super::words::word(migration.sql, start);
        refuse(at, message, "mend the migration; `migrate` would stop at the same place")
    })
}
