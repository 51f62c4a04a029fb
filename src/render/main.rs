//! `main.rs`: the command line of a server.

use proc_macro2::TokenStream;
use quote::quote;

use super::print;
use super::print::id;
use super::server::{has_sessions, migrated};
use crate::ir::{Engine, LogFormat, Server};

/// `main.rs`.
pub(super) fn main(server: &Server) -> String {
    let krate = id(server.name.snake());
    let engine = server.database.engine;
    let scheme = engine.name();
    let default_url = format!("sqlite:{}.db", server.name.wire());
    let url = match engine {
        Engine::Sqlite => quote! {
            #[doc = " The database: sqlite:FILE. It is created and migrated where there is none."]
            #[arg(long, global = true, env = "DATABASE_URL", default_value = #default_url, hide_env_values = true)]
            database_url: String,
        },
        Engine::Postgres | Engine::Mysql => {
            let about = format!(" The database: {scheme}://USER:PASSWORD@HOST/DATABASE.");
            quote! {
                #[doc = #about]
                #[arg(long, global = true, env = "DATABASE_URL", default_value = "", hide_env_values = true, hide_default_value = true)]
                database_url: String,
            }
        }
    };
    // An SQLite server migrates its own file; a serving role of a database server cannot.
    let opened = match engine {
        Engine::Sqlite => quote!(Database::open(settings(url), MIGRATIONS)),
        Engine::Postgres | Engine::Mysql => quote!(Database::open(settings(url))),
    };
    let migrated = migrated(server);
    let migrate = migrated.then(|| {
        quote! {
            #[doc = " Applies the migrations that were not applied yet."]
            Migrate,
        }
    });
    let migrates = migrated.then(|| {
        quote! {
            Command::Migrate => {
                database::migrate(&url, MIGRATIONS).await?;
                println!("the database is up to date");
            }
        }
    });
    let api_keys = server.auth.as_ref().and_then(|auth| auth.api_keys.as_ref());
    let use_keys = api_keys.map(|_| quote!(keys,));
    let use_dates = api_keys.map(|_| {
        quote!(
            use chrono::{DateTime, Utc};
        )
    });
    let use_auth = server.auth.as_ref().map(|_| {
        quote! {
            use #krate::access::RULES;
            use #krate::runtime::auth::Auth;
        }
    });
    let redis = server.shared.then(|| quote!(, &redis));
    let rates = server.counts_requests().then(|| quote!(, limits::RATES));
    let most = server.counts_calls().then(|| quote!(, limits::MOST));
    let use_limits = server.is_limited().then(|| quote!(use #krate::limits;));
    let use_redis = server.shared.then(|| quote!(use #krate::runtime::shared::Redis;));
    let redis_names = server.shared.then(|| quote!(redis_url, redis_prefix,));
    let prefix = server.name.wire();
    let redis_arguments = server.shared.then(|| {
        quote! {
            #[doc = " The Redis that replicas share: redis://:PASSWORD@HOST, or rediss:// with TLS."]
            #[arg(long, env = "REDIS_URL", hide_env_values = true)]
            redis_url: Option<String>,
            #[doc = " What keys in it begin with; the same for all replicas."]
            #[arg(long, env = "REDIS_PREFIX", default_value = #prefix)]
            redis_prefix: String,
        }
    });
    let redis_opened = server
        .shared
        .then(|| quote!(let redis = Redis::connect(redis_url.as_deref(), &redis_prefix).await?;));
    let redis_managed = server.shared.then(|| quote!(, Arc::clone(&redis)));
    let sees_addresses = server.sees_addresses();
    let trusted_proxies = sees_addresses.then(|| quote!(trusted_proxies,));
    let proxies_option =
        sees_addresses.then(|| quote!(trusted_proxies: Proxies::new(&trusted_proxies)?,));
    let use_proxies = sees_addresses.then(|| quote!(use #krate::runtime::address::Proxies;));
    let proxies_argument = sees_addresses.then(|| {
        quote! {
            #[doc = " Proxies whose word is taken for where requests come from, over HTTP: 10.0.0.0/8."]
            #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',')]
            trusted_proxies: Vec<String>,
        }
    });
    let imports = if migrated {
        quote! {
            #use_auth
            #use_limits
            #use_proxies
            use #krate::runtime::database::{self, Database};
            use #krate::runtime::management::Management;
            #use_redis
            use #krate::runtime::{http, #use_keys logging, stdio, stop};
            use #krate::server::{MIGRATIONS, Server, settings};
        }
    } else {
        quote! {
            #use_auth
            #use_limits
            #use_proxies
            use #krate::runtime::database::Database;
            use #krate::runtime::management::Management;
            #use_redis
            use #krate::runtime::{http, #use_keys logging, stdio, stop};
            use #krate::server::{Server, settings};
        }
    };
    let schema: TokenStream = {
        let mut lists = Vec::new();
        let mut add = |there: bool, name: &str| {
            if there {
                let path = format!("../descriptors/{name}.json");
                lists.push(quote!((#name, include_str!(#path))));
            }
        };
        add(!server.tools.is_empty(), "tools");
        add(!server.resources.is_empty(), "resources");
        add(!server.resources.is_empty(), "resource_templates");
        add(!server.prompts.is_empty(), "prompts");
        quote!(&[#(#lists),*])
    };
    let about =
        server.description.as_deref().or(server.title.as_deref()).unwrap_or(server.name.wire());
    let sessions = has_sessions(server);
    let max_sessions = sessions.then(|| quote!(max_sessions,));
    let sessions_option = sessions.then(|| quote!(max_sessions: max_sessions as usize,));
    let sessions_argument = sessions.then(|| {
        quote! {
            #[doc = " Sessions at one time, over HTTP, for clients of revisions before 2026-07-28; with 0, nobody has"]
            #[doc = " one, and these clients cannot be asked or told anything between answers."]
            #[arg(long, env = "MAX_SESSIONS", default_value_t = 1000)]
            max_sessions: u32,
        }
    });
    let has_auth = server.auth.is_some();
    let public_url_argument = has_auth.then(|| {
        quote! {
            #[doc = " Where clients find the server, over HTTP: https://mcp.example."]
            #[arg(long, env = "PUBLIC_URL")]
            public_url: Option<String>,
        }
    });
    let public_url = has_auth.then(|| quote!(public_url,));
    let auth = has_auth.then(|| quote!(auth,));
    let known = has_auth.then(|| quote!(let auth = Arc::new(Auth::from_environment(&RULES)?);));
    let guarded = has_auth.then(|| {
        quote! {
            // Everybody may do everything there: that is for this machine alone.
            if auth.is_development() && !bind.ip().is_loopback() {
                return Err("nothing says how callers are known, and others could call".into());
            }
        }
    });
    let has_claims = !server.claims().is_empty();
    let claims_argument = has_claims.then(|| {
        quote! {
            #[doc = " What else is known of its owner: tenant=acme."]
            #[arg(long, value_delimiter = ',', value_parser = keys::claim)]
            claims: Vec<(String, String)>,
        }
    });
    let claims = has_claims.then(|| quote!(claims,));
    let claims_known = has_claims.then(|| {
        quote! {
            if let Some((claim, _)) = claims.iter().find(|(name, _)| !RULES.claims.contains(&name.as_str())) {
                return Err(format!("nothing asks for the claim `{claim}`").into());
            }
        }
    });
    let key = api_keys.map(|variable| {
        let docs = format!(" Makes a key for a client: prints it, and its entry for {variable}.");
        quote! {
            #[doc = #docs]
            Key {
                #[doc = " Whose it is."]
                client: String,
                #[doc = " What it lets its owner do."]
                #[arg(long, value_delimiter = ',')]
                scopes: Vec<String>,
                #claims_argument
                #[doc = " When it ends: 2027-01-31T00:00:00Z. Without, never."]
                #[arg(long)]
                expires: Option<DateTime<Utc>>,
            },
        }
    });
    let keyed = api_keys.map(|_| {
        quote! {
            Command::Key { client, scopes, #claims expires } => {
                let known = |scope: &str| RULES.scopes.iter().any(|known| known.name == scope);
                if let Some(scope) = scopes.iter().find(|s| !s.ends_with('*') && !known(s)) {
                    return Err(format!("there is no scope `{scope}`").into());
                }
                #claims_known
                let (shown, key) = keys::mint(client, scopes, #claims expires);
                println!("key:   {shown}");
                println!("entry: {}", serde_json::to_string(&key)?);
            }
        }
    });
    let metrics = server.observability.metrics.then(|| quote!(, server.metrics()));
    let caches = server.caches().then(|| quote!(, server.caches().all()));
    let management_port = server.observability.management_port;
    let management_bind = management_port.then(|| quote!(management_bind,));
    let management_argument = management_port.then(|| {
        quote! {
            #[doc = " Where to answer /health, /livez, /readyz and the like, apart from clients; with stdio as well."]
            #[arg(long, env = "MANAGEMENT_BIND")]
            management_bind: Option<SocketAddr>,
        }
    });
    let management = quote!(let management = Management::new(Arc::clone(&database), stop.clone() #metrics #caches #redis_managed););
    // Over stdio nothing but a port of its own tells of the server.
    let (managed, managed_http) = match management_port {
        false => (None, Some(management)),
        true => {
            let listens = quote! {
                #management
                if let Some(bind) = management_bind {
                    management.listen(bind).await?;
                }
            };
            (Some(listens), None)
        }
    };
    let called =
        has_auth.then(|| quote!(let server = server.called_by(auth.of_environment().await?);));
    let connected = management_port.then(|| quote!(let _client = management.connects();));
    let over_stdio = quote!(stdio::serve(server, max_request_bytes, stop).await?);
    let over_stdio = match has_auth || management_port {
        false => quote!(#over_stdio,),
        true => quote! {{
            #called
            #connected
            #over_stdio;
        }},
    };
    let otlp = server.observability.otlp;
    let (name, version) = (server.name.wire(), &server.version);
    let telemetry_starts =
        otlp.then(|| quote!(#krate::runtime::telemetry::start(#name, #version)?;));
    let telemetry_stops = otlp.then(|| quote!(#krate::runtime::telemetry::stop().await;));
    let log_format = server.observability.logs;
    let log_format_name = log_format.map(|_| quote!(log_format,));
    let log_format_argument = log_format.map(|format| {
        let format = id(match format {
            LogFormat::Text => "Text",
            LogFormat::Json => "Json",
        });
        quote! {
            #[doc = " How the log is written."]
            #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::#format)]
            log_format: LogFormat,
        }
    });
    let log_format_type = log_format.map(|_| {
        quote! {
            #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
            enum LogFormat {
                #[doc = " Lines for people."]
                Text,
                #[doc = " A JSON object a line."]
                Json,
            }
        }
    });
    let audit = server.audit.as_ref().map(|audit| super::audited::started(audit, &krate));
    let audit_names = audit.as_ref().map(|audit| &audit.names);
    let audit_arguments = audit.as_ref().map(|audit| &audit.arguments);
    let audit_starts = audit.as_ref().map(|audit| &audit.starts);
    let audit_kept = audit.as_ref().map(|_| quote!(let audit = server.audit();));
    let audit_option = audit.as_ref().map(|_| quote!(audit: Arc::clone(&audit),));
    let audit_closes = audit.as_ref().map(|_| quote!(audit.close().await;));
    let log_as = log_format.map(|_| quote!(log_format == LogFormat::Json));
    let end = server.watches().then(|| quote!(server.watches().end_at(stop.clone());));
    print::file(
        "The command line of the server.",
        quote! {
            use std::io::{ErrorKind, Write};
            use std::net::SocketAddr;

            #use_dates
            use clap::{Parser, Subcommand, ValueEnum};

            #imports

            #[doc = " What clients are told about the server, by kind."]
            const DESCRIPTORS: &[(&str, &str)] = #schema;

            #[derive(Debug, Parser)]
            #[command(version, about = #about)]
            struct Arguments {
                #url
                #[command(subcommand)]
                command: Command,
            }

            #[derive(Debug, Subcommand)]
            enum Command {
                #[doc = " Serves MCP clients."]
                Serve {
                    #[doc = " How clients talk to the server."]
                    #[arg(long, value_enum, default_value_t = Transport::Stdio)]
                    transport: Transport,
                    #[doc = " Where to listen, over HTTP."]
                    #[arg(long, env = "BIND", default_value = "127.0.0.1:8000")]
                    bind: SocketAddr,
                    #[doc = " Host names that requests may name, beside those of this machine; `*` for all."]
                    #[arg(long, env = "ALLOWED_HOSTS", value_delimiter = ',')]
                    allowed_hosts: Vec<String>,
                    #[doc = " Origins that browsers may call from, beside those of this machine; `*` for all."]
                    #[arg(long, env = "ALLOWED_ORIGINS", value_delimiter = ',')]
                    allowed_origins: Vec<String>,
                    #[doc = " The largest request, in bytes."]
                    #[arg(long, env = "MAX_REQUEST_BYTES", default_value_t = 1024 * 1024)]
                    max_request_bytes: usize,
                    #[doc = " How long a request may take to come, and then to be answered, over HTTP, in seconds."]
                    #[arg(long, env = "REQUEST_TIMEOUT", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
                    request_timeout: u64,
                    #[doc = " How long a call may be silent before it gives a sign of life, over HTTP, in seconds."]
                    #[arg(long, env = "KEEP_ALIVE", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
                    keep_alive: u64,
                    #[doc = " Connections at one time, over HTTP; those that ask nothing make room for others."]
                    #[arg(long, env = "MAX_CONNECTIONS", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..))]
                    max_connections: u32,
                    #sessions_argument
                    #proxies_argument
                    #redis_arguments
                    #public_url_argument
                    #management_argument
                    #log_format_argument
                    #audit_arguments
                },
                #[doc = " Says whether the database answers; exits with 1 when it does not."]
                Health,
                #key
                #migrate
                #[doc = " Prints what clients are told: tools, resources and prompts as JSON."]
                Schema,
            }

            #[derive(Debug, Clone, Copy, ValueEnum)]
            enum Transport {
                #[doc = " Standard input and output, one client."]
                Stdio,
                #[doc = " Streamable HTTP at /mcp, with /health, /livez and /readyz beside it."]
                Http,
            }

            #log_format_type

            #[doc = " Ends the process itself: the runtime would wait for a read of standard input that nobody can"]
            #[doc = " call off."]
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
                        transport, bind, allowed_hosts, allowed_origins, max_request_bytes, request_timeout,
                        keep_alive, max_connections, #max_sessions #trusted_proxies #redis_names #public_url #management_bind #log_format_name #audit_names
                    } => {
                        let _logs = logging::start(#log_as);
                        #telemetry_starts
                        let database = Arc::new(#opened.await?);
                        #redis_opened
                        let server = Server::new(Arc::clone(&database) #redis #rates #most)?;
                        #audit_kept
                        #audit_starts
                        #known
                        let stop = stop::on_signal();
                        #end
                        #managed
                        match transport {
                            Transport::Stdio => #over_stdio
                            Transport::Http => {
                                #guarded
                                let options = http::Options {
                                    allowed_hosts,
                                    allowed_origins,
                                    max_request_bytes,
                                    request_timeout: Duration::from_secs(request_timeout),
                                    keep_alive: Duration::from_secs(keep_alive),
                                    max_connections: max_connections as usize,
                                    #audit_option
                                    #sessions_option
                                    #proxies_option
                                    #public_url
                                };
                                #managed_http
                                http::serve(server, &management, bind, &options, #auth stop).await?;
                            }
                        }
                        #audit_closes
                        database.close().await;
                        #telemetry_stops
                    }
                    Command::Health => {
                        let database = Database::connect(settings(url))?;
                        database.ping().await.map_err(|failure| failure.message)?;
                        println!("ok");
                    }
                    #keyed
                    #migrates
                    Command::Schema => print_schema()?,
                }
                Ok(())
            }

            #[doc = " One JSON object with a list for each kind. A reader that has seen enough is no failure."]
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
        },
    )
}
