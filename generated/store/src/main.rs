//! The command line of the server.

use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};
use store::runtime::address::Proxies;
use store::runtime::database::{self, Database};
use store::runtime::management::Management;
use store::runtime::{http, logging, stdio, stop};
use store::server::{MIGRATIONS, Server, settings};

/// What clients are told about the server, by kind.
const DESCRIPTORS: &[(&str, &str)] = &[
    ("tools", include_str!("../descriptors/tools.json")),
    ("resources", include_str!("../descriptors/resources.json")),
    ("resource_templates", include_str!("../descriptors/resource_templates.json")),
    ("prompts", include_str!("../descriptors/prompts.json")),
];

#[derive(Debug, Parser)]
#[command(
    version,
    about = "Customers, catalogue, orders, payments and reviews of an online store."
)]
struct Arguments {
    /// The database: postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        default_value = "",
        hide_env_values = true,
        hide_default_value = true
    )]
    database_url: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves MCP clients.
    Serve {
        /// How clients talk to the server.
        #[arg(long, value_enum, default_value_t = Transport::Stdio)]
        transport: Transport,
        /// Where to listen, over HTTP.
        #[arg(long, env = "BIND", default_value = "127.0.0.1:8000")]
        bind: SocketAddr,
        /// Host names that requests may name, beside those of this machine; `*` for all.
        #[arg(long, env = "ALLOWED_HOSTS", value_delimiter = ',')]
        allowed_hosts: Vec<String>,
        /// Origins that browsers may call from, beside those of this machine; `*` for all.
        #[arg(long, env = "ALLOWED_ORIGINS", value_delimiter = ',')]
        allowed_origins: Vec<String>,
        /// The largest request, in bytes.
        #[arg(long, env = "MAX_REQUEST_BYTES", default_value_t = 1024*1024)]
        max_request_bytes: usize,
        /// How long a request may take to come, and then to be answered, over HTTP, in seconds.
        #[arg(
            long,
            env = "REQUEST_TIMEOUT",
            default_value_t = 60,
            value_parser = clap::value_parser!(u64).range(1..)
        )]
        request_timeout: u64,
        /// How long a call may be silent before it gives a sign of life, over HTTP, in seconds.
        #[arg(
            long,
            env = "KEEP_ALIVE",
            default_value_t = 10,
            value_parser = clap::value_parser!(u64).range(1..)
        )]
        keep_alive: u64,
        /// Connections at one time, over HTTP; those that ask nothing make room for others.
        #[arg(
            long,
            env = "MAX_CONNECTIONS",
            default_value_t = 512,
            value_parser = clap::value_parser!(u32).range(1..)
        )]
        max_connections: u32,
        /// Sessions at one time, over HTTP, for clients of revisions before 2026-07-28; with 0, nobody has
        /// one, and these clients cannot be asked or told anything between answers.
        #[arg(long, env = "MAX_SESSIONS", default_value_t = 1000)]
        max_sessions: u32,
        /// Proxies whose word is taken for where requests come from, over HTTP: 10.0.0.0/8.
        #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',')]
        trusted_proxies: Vec<String>,
        /// Where to answer /health, /livez, /readyz and the like, apart from clients; with stdio as well.
        #[arg(long, env = "MANAGEMENT_BIND")]
        management_bind: Option<SocketAddr>,
        /// How the log is written.
        #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Json)]
        log_format: LogFormat,
    },
    /// Says whether the database answers; exits with 1 when it does not.
    Health,
    /// Applies the migrations that were not applied yet.
    Migrate,
    /// Prints what clients are told: tools, resources and prompts as JSON.
    Schema,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Transport {
    /// Standard input and output, one client.
    Stdio,
    /// Streamable HTTP at /mcp, with /health, /livez and /readyz beside it.
    Http,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object a line.
    Json,
}

/// Ends the process itself: the runtime would wait for a read of standard input that nobody can
/// call off.
#[tokio::main]
async fn main() {
    let ended = run(Arguments::parse()).await;
    if let Err(error) = &ended {
        logging::ending(&**error);
    }
    std::process::exit(i32::from(ended.is_err()));
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let url = arguments.database_url;
    match arguments.command {
        Command::Serve {
            transport,
            bind,
            allowed_hosts,
            allowed_origins,
            max_request_bytes,
            request_timeout,
            keep_alive,
            max_connections,
            max_sessions,
            trusted_proxies,
            management_bind,
            log_format,
        } => {
            let _logs = logging::start(log_format == LogFormat::Json);
            store::runtime::telemetry::start("store", "1.0.0")?;
            let database = Arc::new(Database::open(settings(url)).await?);
            let server = Server::new(Arc::clone(&database))?;
            let audit = server.audit();
            audit.insert_into(Arc::clone(&database));
            let stop = stop::on_signal();
            server.watches().end_at(stop.clone());
            let management = Management::new(
                Arc::clone(&database),
                stop.clone(),
                server.metrics(),
            );
            if let Some(bind) = management_bind {
                management.listen(bind).await?;
            }
            match transport {
                Transport::Stdio => {
                    let _client = management.connects();
                    stdio::serve(server, max_request_bytes, stop).await?;
                }
                Transport::Http => {
                    let options = http::Options {
                        allowed_hosts,
                        allowed_origins,
                        max_request_bytes,
                        request_timeout: Duration::from_secs(request_timeout),
                        keep_alive: Duration::from_secs(keep_alive),
                        max_connections: max_connections as usize,
                        audit: Arc::clone(&audit),
                        max_sessions: max_sessions as usize,
                        trusted_proxies: Proxies::new(&trusted_proxies)?,
                    };
                    http::serve(server, &management, bind, &options, stop).await?;
                }
            }
            audit.close().await;
            database.close().await;
            store::runtime::telemetry::stop().await;
        }
        Command::Health => {
            let database = Database::connect(settings(url))?;
            database.ping().await.map_err(|failure| failure.message)?;
            println!("ok");
        }
        Command::Migrate => {
            database::migrate(&url, MIGRATIONS).await?;
            println!("the database is up to date");
        }
        Command::Schema => print_schema()?,
    }
    Ok(())
}

/// One JSON object with a list for each kind. A reader that has seen enough is no failure.
fn print_schema() -> Result<(), Box<dyn std::error::Error>> {
    let mut lists = serde_json::Map::new();
    for (kind, list) in DESCRIPTORS {
        lists.insert((*kind).to_owned(), serde_json::from_str(list)?);
    }
    let text = serde_json::to_string_pretty(&lists)?;
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
