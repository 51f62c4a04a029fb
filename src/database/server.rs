//! Databases that are servers: a scratch database of mcpgen's own on one of them, or one that is
//! there and is only asked.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::ir::Engine;
use crate::sql::{Problem, Rendered};

use super::facts::{Facts, Flavour, StatementFacts, Table};
use super::least::{self, Attempt, Surroundings};
use super::live::Aside;
use super::rights::Right;
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

    /// Runs a migration.
    async fn migrate(&mut self, sql: &str) -> Result<(), Failed>;

    /// Whether the server still answers.
    async fn ping(&mut self) -> Result<(), String>;

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

    /// Makes a role that may do nothing, and that goes with the database; `false` where this user may
    /// make none.
    async fn enlist(&mut self, url: &str, database: &str) -> Result<bool, String>;

    /// Gives rights to the role, or takes them.
    async fn allow(&mut self, rights: &[&Right], give: bool) -> Result<(), String>;

    /// Takes everything that the role has from it.
    async fn disallow(&mut self, rights: &BTreeSet<Right>) -> Result<(), String>;

    /// Whether the role may run a statement. What it does is undone.
    async fn attempt(
        &mut self,
        variant: &Rendered,
        facts: &StatementFacts,
    ) -> Result<Attempt, String>;

    /// What there is beside tables.
    async fn surroundings(&mut self) -> Result<Surroundings, String>;
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

/// How long a server may take to let us in, or to answer a question.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

/// How long it may take to make or to drop the scratch database, whose files it copies.
const LONGER: Duration = Duration::from_secs(60);

/// What asking came to: the answers, or nothing because the process shall end.
type Asked = Option<(Facts, Vec<Refusal>)>;

/// Asks a server about a schema and statements.
pub(super) fn describe<S: Server>(
    schema: Schema,
    requests: &[Request],
    urls: &[String],
) -> (Facts, Vec<Refusal>) {
    let Some(url) = url_for(S::ENGINE, urls) else { return unnamed(S::ENGINE, urls) };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refused(error.to_string(), "try again"),
    };
    let asked = match schema {
        Schema::Live => runtime.block_on(async {
            tokio::select! {
                asked = ask_live::<S>(url, requests) => asked.map(Some),
                () = interrupted() => Ok(None),
            }
        }),
        Schema::Migrations(migrations) => in_scratch::<S>(&runtime, url, migrations, requests),
    };
    match asked {
        Ok(Some(found)) => found,
        // The exit code of a shell's job that Ctrl-C ended.
        Ok(None) => std::process::exit(130),
        Err(message) => {
            refused(message, "check the URL, and that the server runs and lets this user in")
        }
    }
}

fn refused(message: String, help: &str) -> (Facts, Vec<Refusal>) {
    (Facts::default(), vec![Refusal::Server { message, help: help.to_owned() }])
}

/// No URL names a server of the engine.
fn unnamed(engine: Engine, urls: &[String]) -> (Facts, Vec<Refusal>) {
    let (title, scheme) = (engine.title(), schemes(engine)[0]);
    let message = match urls {
        [] => format!("the statements must be checked against {title}, and no server is named"),
        _ => format!(
            "the statements must be checked against {title}, and no URL begins with `{scheme}://`"
        ),
    };
    let help = format!(
        "set MCPGEN_DATABASE_URL={scheme}://USER@HOST/DATABASE, or pass --database-url; with an up-to-date lock none is needed"
    );
    refused(message, &help)
}

/// Asks in a scratch database, which is dropped again whatever happens.
fn in_scratch<S: Server>(
    runtime: &tokio::runtime::Runtime,
    url: &str,
    migrations: &[Migration],
    requests: &[Request],
) -> Result<Asked, String> {
    let name = scratch_name();
    let mut stop = Box::pin(interrupted());
    let connected = runtime.block_on(async {
        tokio::select! {
            connected = connect::<S>(url, None, false) => connected.map(Some),
            () = &mut stop => Ok(None),
        }
    });
    let Some(mut server) = connected? else { return Ok(None) };
    // No signal cuts this short: the database could come about after it was looked for.
    let create = async { tokio::time::timeout(LONGER, server.create(&name)).await };
    match runtime.block_on(create) {
        Ok(created) => created?,
        Err(_) => {
            let title = S::ENGINE.title();
            return Err(format!("{title} does not answer; drop the database `{name}` by hand"));
        }
    }
    let ask = async {
        tokio::select! {
            asked = ask_scratch::<S>(url, &name, migrations, requests) => asked.map(Some),
            () = &mut stop => Ok(None),
        }
    };
    let asked = std::panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(ask)));
    let dropped = runtime.block_on(async {
        tokio::select! {
            dropped = drop_scratch::<S>(url, &name) => dropped,
            // Who asks twice does not want to wait.
            () = interrupted() => Err("the process was told to stop".to_owned()),
        }
    });
    match (asked, dropped) {
        (Err(panic), _) => std::panic::resume_unwind(panic),
        (Ok(asked), Ok(())) => asked,
        (Ok(asked), Err(error)) => {
            let before = asked.err().map(|message| format!("{message}; ")).unwrap_or_default();
            Err(format!("{before}drop the scratch database `{name}` by hand: {error}"))
        }
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
    in_time::<S, _>(PATIENCE, S::connect(url, database, read_only)).await
}

/// What a server says to a question, unless it says nothing.
pub(super) async fn in_time<S: Server, T>(
    wait: Duration,
    question: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    let answer = tokio::time::timeout(wait, question).await;
    answer.unwrap_or_else(|_| Err(format!("{} does not answer", S::ENGINE.title())))
}

async fn drop_scratch<S: Server>(url: &str, name: &str) -> Result<(), String> {
    let mut server = connect::<S>(url, None, false).await?;
    in_time::<S, _>(LONGER, server.drop(name)).await
}

async fn ask_scratch<S: Server>(
    url: &str,
    name: &str,
    migrations: &[Migration<'_>],
    requests: &[Request<'_>],
) -> Result<(Facts, Vec<Refusal>), String> {
    let mut server = connect::<S>(url, Some(name), false).await?;
    for migration in migrations {
        if let Err(refusal) = apply(&mut server, name, migration).await {
            answers(&mut server).await?;
            return Ok((Facts::default(), vec![*refusal]));
        }
    }
    let (mut facts, refusals) = ask(&mut server, requests).await?;
    if refusals.is_empty() && in_time::<S, _>(PATIENCE, server.enlist(url, name)).await? {
        let found = least::find(&mut server, requests, &mut facts).await;
        if found.is_err() {
            // The facts are there all the same, if the server is.
            answers(&mut server).await?;
        }
    }
    Ok((facts, refusals))
}

async fn ask_live<S: Server>(
    url: &str,
    requests: &[Request<'_>],
) -> Result<(Facts, Vec<Refusal>), String> {
    ask(&mut connect::<S>(url, None, true).await?, requests).await
}

async fn ask<S: Server>(
    server: &mut S,
    requests: &[Request<'_>],
) -> Result<(Facts, Vec<Refusal>), String> {
    let mut facts = Facts {
        flavour: in_time::<S, _>(PATIENCE, server.flavour()).await?,
        tables: in_time::<S, _>(PATIENCE, server.tables()).await?,
        ..Facts::default()
    };
    let mut refusals = Vec::new();
    for request in requests {
        let place = request.place.clone();
        // A table that somebody has locked is waited for.
        let asked = async { Ok(server.statement(request, &facts.tables).await) };
        match in_time::<S, _>(LONGER, asked).await? {
            Ok(found) => {
                facts.statements.insert(place, found);
            }
            Err(problem) => {
                answers(server).await?;
                refusals.push(Refusal::Statement { place, problem: *problem });
            }
        }
    }
    Ok((facts, refusals))
}

/// What was refused is the fault of what was asked only while the server is there.
async fn answers<S: Server>(server: &mut S) -> Result<(), String> {
    in_time::<S, _>(PATIENCE, server.ping()).await
}

/// Applies a migration, unless it reaches beyond its own database.
async fn apply<S: Server>(
    server: &mut S,
    scratch: &str,
    migration: &Migration<'_>,
) -> Result<(), Box<Refusal>> {
    let (file, sql) = (migration.file, migration.sql);
    if let Some(migration::Beyond { at, message, help }) = migration::beyond(sql, S::ENGINE) {
        return Err(Box::new(Refusal::Migration { file, at, message, help: help.to_owned() }));
    }
    server.migrate(sql).await.map_err(|failed| {
        let start = failed.at.unwrap_or_else(|| migration::statement(sql, S::ENGINE, failed.done));
        let help =
            failed.help.unwrap_or("mend the migration; `migrate` would stop at the same place");
        Box::new(Refusal::Migration {
            file,
            at: super::words::word(sql, start),
            // A name that is another one in every run says nothing.
            message: failed.message.replace(&format!("`{scratch}`."), ""),
            help: help.to_owned(),
        })
    })
}

/// Why a migration failed.
#[derive(Debug)]
pub(super) struct Failed {
    /// The byte of its text, where the server says it.
    pub(super) at: Option<usize>,
    /// How many of its statements ran before.
    pub(super) done: usize,
    /// What the server says.
    pub(super) message: String,
    /// What to do, where that is known.
    pub(super) help: Option<&'static str>,
}

/// What a server or the way to it says, without the URL.
pub(super) fn shown(error: &sqlx::Error) -> String {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error)
            if matches!(
                error.kind(),
                BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
            ) =>
        {
            "the server closed the connection".to_owned()
        }
        other => other.to_string(),
    }
}
