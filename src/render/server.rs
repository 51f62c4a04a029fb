//! `lib.rs`, `server.rs`, `rows.rs` and `types.rs`: what the rest of a crate hangs on.

use proc_macro2::TokenStream;
use quote::quote;

use super::audited::{self, Audited};
use super::handlers::{Has, handler, own};
use super::limits::{self, Counting};
use super::print::{id, sentence};
use super::{completions, print, resilience, statement, tools};
use crate::database::facts::Flavour;
use crate::ir::{Backend, Engine, Plan, Server, Statement, Tool, Watch};

/// `rows.rs`.
pub(super) fn rows(server: &Server) -> String {
    let rows = server
        .rows
        .iter()
        .map(|row| statement::row(row, None, &format!("A row `{}`.", row.ident.wire())));
    print::file("Rows that several statements share.", quote!(#(#rows)*))
}

/// `types.rs`.
pub(super) fn named_types(server: &Server) -> String {
    print::file("Types that several params share.", super::types::named_types(&server.types))
}

/// `lib.rs`.
pub(super) fn lib(server: &Server) -> String {
    let when = |there: bool, name: &str| {
        let name = id(name);
        there.then(|| quote!(pub mod #name;))
    };
    let access = when(server.auth.is_some(), "access");
    let caches = when(server.caches(), "caches");
    let audited = when(audited::module(server).is_some(), "audited");
    let limits = when(server.is_limited(), "limits");
    let completions = when(completions::any(server), "completions");
    let prompts = when(!server.prompts.is_empty(), "prompts");
    let resources = when(!server.resources.is_empty(), "resources");
    let rows = when(!server.rows.is_empty(), "rows");
    let tools = when(!server.tools.is_empty(), "tools");
    let types = when(!server.types.is_empty(), "types");
    let about = server.description.as_deref().or(server.title.as_deref());
    let docs = format!(
        "{} An MCP server that mcpgen wrote out of `{}`; change the spec and build it again.",
        sentence(about.unwrap_or(server.name.wire())),
        server.spec,
    );
    print::file(
        &docs,
        quote! {
            #access
            #audited
            #caches
            #completions
            #limits
            #prompts
            #resources
            #rows
            pub mod runtime;
            pub mod server;
            #tools
            #types
        },
    )
}

/// `server.rs`.
pub(super) fn server(server: &Server) -> String {
    let pages =
        server.tools.iter().any(|tool| matches!(&tool.backend, Backend::Sql(Plan::Paged { .. })));
    let confirms = server.confirms();
    let signer_field = (pages || server.elicits() || server.hashes()).then(|| {
        quote! {
            #[doc = " Signs what clients bring back."]
            pub signer: Signer,
        }
    });
    let signer = signer_field.is_some().then(|| quote!(signer: Signer::from_environment(),));
    let confirmations_field = confirms.then(|| {
        quote! {
            #[doc = " What was confirmed, and cannot be used again."]
            confirmations: Confirmations,
        }
    });
    let confirmations = confirms.then(|| match server.shared {
        true => quote!(confirmations: Confirmations::shared(redis),),
        false => quote!(confirmations: Confirmations::new(),),
    });
    let caches = server.caches();
    let caches_field = caches.then(|| {
        quote! {
            #[doc = " What tools have answered."]
            pub caches: Caches,
        }
    });
    let redis = server.shared.then(|| quote!(redis));
    let caches_made = caches.then(|| quote!(let caches = Caches::empty(#redis);));
    let caches_given = caches.then(|| quote!(caches,));
    let caches_accessor = caches.then(|| {
        quote! {
            #[doc = " What tools have answered."]
            pub fn caches(&self) -> &Caches {
                &self.0.caches
            }
        }
    });
    let migrations = server.database.migrations.iter().map(|migration| {
        let version = version(&migration.name);
        let version = proc_macro2::Literal::i64_unsuffixed(version);
        let name = migration.name.trim_end_matches(".sql");
        let name = name.split_once('_').map_or(name, |(_, name)| name);
        let path = format!("../migrations/{}", migration.name);
        quote!((#version, #name, include_str!(#path)))
    });
    let migrations = migrated(server).then(|| {
        quote! {
            #[doc = " Migrations: version, name and text, in order."]
            pub const MIGRATIONS: &[Migration] = &[#(#migrations),*];
        }
    });
    let settings = settings(server);
    let watches = server.watches();
    let channels = server
        .resources
        .iter()
        .any(|resource| matches!(resource.watch, Some(Watch::Channel(_))))
        .then(|| quote!(crate::resources::CHANNELS,));
    let client_field = watches.then(|| quote!(, watch::Client));
    let logs = server.logging;
    let level_field = logs.then(|| quote!(, client_log::Level));
    let level = logs.then(|| quote!(, client_log::Level::default()));
    let auth = server.auth.is_some();
    let caller_field = auth.then(|| quote!(, Option<Arc<Caller>>));
    let nobody = auth.then(|| quote!(, None));
    let called_by = auth.then(|| {
        let own = own(watches, logs);
        quote! {
            #[doc = " The same server for one caller, whatever a request says: over stdio."]
            pub fn called_by(mut self, caller: Arc<Caller>) -> Self {
                #own = Some(caller);
                self
            }
        }
    });
    let watched = watches.then(|| {
        quote! {
            let watches = Watches::new(Arc::clone(&database), crate::resources::watch, #channels);
        }
    });
    let client = watches.then(|| quote!(, watch::Client::of(watches)));
    let audit = server.audit.is_some();
    let rules = audited::module(server).map(|_| quote!(&crate::audited::RULES));
    let audit_made = audit.then(|| quote!(let audit = Audit::new(#rules);));
    let audit_field = audit.then(|| {
        quote! {
            #[doc = " A line for each call."]
            audit: Arc<Audit>,
        }
    });
    let audit_given = audit.then(|| quote!(audit,));
    let audit_accessor = audit.then(|| {
        quote! {
            #[doc = " A line for each call."]
            pub fn audit(&self) -> Arc<Audit> {
                Arc::clone(&self.0.audit)
            }
        }
    });
    let metrics = server.observability.metrics.then(|| {
        let audit = audit.then(|| quote!(, &audit));
        let tools = (!server.tools.is_empty()).then(|| quote!(, &descriptors.tools));
        let caches = caches.then(|| quote!(, caches.all()));
        quote!(let metrics = Metrics::new(&database #audit #tools #caches);)
    });
    let metrics_field = metrics.is_some().then(|| {
        quote! {
            #[doc = " What is counted."]
            metrics: Arc<Metrics>,
        }
    });
    let metrics_given = metrics.is_some().then(|| quote!(metrics,));
    let metrics_accessor = metrics.is_some().then(|| {
        quote! {
            #[doc = " What is counted."]
            pub fn metrics(&self) -> Arc<Metrics> {
                Arc::clone(&self.0.metrics)
            }
        }
    });
    let accessor = watches.then(|| {
        quote! {
            #[doc = " What clients are subscribed to."]
            pub fn watches(&self) -> &Arc<Watches> {
                self.1.watches()
            }
        }
    });
    let Counting { fields: counts, parameters, made, given } = limits::counting(server);
    let has = Has {
        watches,
        logs,
        auth,
        metrics: metrics.is_some(),
        audit: Audited::of(server),
        rates: server.counts_requests(),
        counts_by_address: server.counts_by_address(),
        otlp: server.observability.otlp,
        icons: !server.icons.is_empty(),
        tools: !server.tools.is_empty(),
        confirms,
        tools_ask: server.tools_ask(),
        prompts_ask: server.prompts_ask(),
        resources: !server.resources.is_empty(),
        prompts: !server.prompts.is_empty(),
        completions: completions::any(server),
        progress: server.tools.iter().any(Tool::tells_progress),
        takes: super::claims::Takes::of(server),
    };
    let descriptors = descriptors(has);
    let implementation = implementation(server, has);
    let handler = handler(server, has);
    print::file_with(
        "The server: what every handler shares, and what the protocol asks of it.",
        quote! {
            #migrations

            #settings

            #[doc = " What every handler shares."]
            #[derive(Debug)]
            pub struct Shared {
                #[doc = " The database."]
                pub database: Arc<Database>,
                #signer_field
                #confirmations_field
                #caches_field
                #audit_field
                #metrics_field
                #counts
                descriptors: Descriptors,
                #[doc = " What the server says of itself, and the same as JSON for results."]
                implementation: Implementation,
                identity: Value,
            }

            #descriptors

            #[doc = " The server; copies of it are one server."]
            #[derive(Debug, Clone)]
            pub struct Server(Arc<Shared> #client_field #level_field #caller_field);

            impl Server {
                #[doc = " A server on a database."]
                #[doc = ""]
                #[doc = " # Errors"]
                #[doc = " The descriptors in this crate are not what the protocol has: they were edited."]
                pub fn new(database: Arc<Database> #parameters) -> Result<Self, serde_json::Error> {
                    let descriptors = Descriptors::read()?;
                    #watched
                    #caches_made
                    #audit_made
                    #metrics
                    #made
                    let implementation = #implementation;
                    let identity = serde_json::to_value(&implementation)?;
                    let shared = Shared {
                        database, #signer #confirmations #caches_given #audit_given #metrics_given #given descriptors, implementation, identity
                    };
                    Ok(Self(Arc::new(shared) #client #level #nobody))
                }

                #called_by
                #accessor

                #audit_accessor

                #metrics_accessor
                #caches_accessor
            }

            #handler
        },
        NAMES,
    )
}

/// What `server.rs` uses bare. No type of a spec stands beside it.
const NAMES: &[(&str, &str)] = &[
    ("Audit", "crate::runtime::audit"),
    ("CacheScope", "rmcp::model"),
    ("CallToolRequestParams", "rmcp::model"),
    ("Caches", "crate::caches"),
    ("Caller", "crate::runtime::auth"),
    ("Calls", "crate::runtime::concurrency"),
    ("CallToolResponse", "rmcp::model"),
    ("CompleteRequestParams", "rmcp::model"),
    ("CompleteResult", "rmcp::model"),
    ("Confirmations", "crate::runtime::confirm"),
    ("CustomRequest", "rmcp::model"),
    ("CustomResult", "rmcp::model"),
    ("Database", "crate::runtime::database"),
    ("DiscoverResult", "rmcp::model"),
    ("ErrorCode", "rmcp::model"),
    ("Metrics", "crate::runtime::metrics"),
    ("Most", "crate::runtime::concurrency"),
    ("Migration", "crate::runtime::database"),
    ("ErrorData", "rmcp::model"),
    ("GetPromptRequestParams", "rmcp::model"),
    ("GetPromptResponse", "rmcp::model"),
    ("Icon", "rmcp::model"),
    ("Implementation", "rmcp::model"),
    ("ListPromptsResult", "rmcp::model"),
    ("ListResourceTemplatesResult", "rmcp::model"),
    ("ListResourcesResult", "rmcp::model"),
    ("ListToolsResult", "rmcp::model"),
    ("PaginatedRequestParams", "rmcp::model"),
    ("Prompt", "rmcp::model"),
    ("Rate", "crate::runtime::rate"),
    ("Rates", "crate::runtime::rate"),
    ("ReadResourceRequestParams", "rmcp::model"),
    ("ReadResourceResponse", "rmcp::model"),
    ("Redis", "crate::runtime::shared"),
    ("Reference", "rmcp::model"),
    ("RequestContext", "rmcp::service"),
    ("Resource", "rmcp::model"),
    ("ResourceTemplate", "rmcp::model"),
    ("RoleServer", "rmcp"),
    ("ServerCapabilities", "rmcp::model"),
    ("ServerConfig", "rmcp::model"),
    ("ServerHandler", "rmcp"),
    ("Settings", "crate::runtime::database"),
    ("Signer", "crate::runtime::secret"),
    ("SubscribeRequestParams", "rmcp::model"),
    ("SubscriptionContext", "rmcp::service"),
    ("SubscriptionFilter", "rmcp::model"),
    ("Tool", "rmcp::model"),
    ("Value", "serde_json"),
    ("UnsubscribeRequestParams", "rmcp::model"),
    ("Watches", "crate::runtime::watch"),
];

/// The number in front of a migration's name.
fn version(name: &str) -> i64 {
    name.split(|c: char| !c.is_ascii_digit())
        .next()
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

/// Whether clients of the older revisions get sessions over HTTP: where the server has something to
/// say to them that is no answer.
pub(super) fn has_sessions(server: &Server) -> bool {
    server.elicits() || server.watches() || server.logging
}

/// Whether the server brings its schema along.
pub(super) fn migrated(server: &Server) -> bool {
    !server.database.migrations.is_empty()
}

/// How many texts of statements a connection may meet, within reason: so many stay prepared.
fn statements(server: &Server) -> usize {
    let variants = |statement: &Statement| 1_usize << statement.template.clauses().min(6);
    let tools = server.tools.iter().map(|tool| {
        let Backend::Sql(plan) = &tool.backend;
        match plan {
            Plan::Single { statement, .. } => variants(statement),
            Plan::Sorted { orders, .. } => orders.iter().map(|o| variants(&o.statement)).sum(),
            Plan::Paged { orders, .. } => {
                orders.iter().map(|o| variants(&o.first) + variants(&o.next)).sum()
            }
            Plan::Steps(steps) => steps.iter().map(|step| variants(&step.statement)).sum(),
        }
    });
    let watches = server.resources.iter().filter(|resource| resource.watch.is_some());
    let others = server.resources.len()
        + watches.count()
        + server.prompts.iter().map(|prompt| prompt.queries.len()).sum::<usize>()
        + server.prompts.iter().map(|prompt| prompt.completions.len()).sum::<usize>();
    // A list has as many texts as it has sizes in powers of two.
    (tools.sum::<usize>() + others).next_multiple_of(50).clamp(100, 2000)
}

fn settings(server: &Server) -> TokenStream {
    let database = &server.database;
    let more = (database.engine != Engine::Sqlite).then(|| {
        let timeout = server.tools.iter().map(|tool| tool.timeout).max();
        let timeout = tools::duration(timeout.unwrap_or_default().max(database.statement_timeout));
        let statements = proc_macro2::Literal::usize_unsuffixed(statements(server));
        let flavour = database.flavour.map(|flavour| {
            let flavour = id(match flavour {
                Flavour::Mysql => "MySql",
                Flavour::Mariadb => "MariaDb",
            });
            quote!(flavour: crate::runtime::database::Flavour::#flavour,)
        });
        let breaker = resilience::breaker(database.breaker);
        quote!(statement_timeout: #timeout, statements: #statements, #flavour #breaker)
    });
    let max = proc_macro2::Literal::u32_unsuffixed(database.pool_max);
    let min = proc_macro2::Literal::u32_unsuffixed(database.pool_min);
    let acquire = tools::duration(database.acquire_timeout);
    let idle = tools::duration(database.idle_timeout);
    quote! {
        #[doc = " How the database behind a URL is reached."]
        pub fn settings(url: String) -> Settings {
            Settings {
                url,
                max_connections: #max,
                min_connections: #min,
                acquire_timeout: #acquire,
                idle_timeout: #idle,
                #more
            }
        }
    }
}

fn descriptors(has: Has) -> TokenStream {
    let mut fields = Vec::new();
    let mut reads = Vec::new();
    let mut add = |there: bool, name: &str, ty: &str, docs: &str| {
        if there {
            let path = format!("../descriptors/{name}.json");
            let (name, ty) = (id(name), id(ty));
            fields.push(quote!(#[doc = #docs] #name: Vec<#ty>));
            reads.push(quote!(#name: serde_json::from_str(include_str!(#path))?));
        }
    };
    add(has.icons, "icons", "Icon", " Pictures of the server.");
    add(has.tools, "tools", "Tool", " Tools.");
    add(has.resources, "resources", "Resource", " Fixed resources.");
    add(has.resources, "resource_templates", "ResourceTemplate", " Resources with placeholders.");
    add(has.prompts, "prompts", "Prompt", " Prompts.");
    quote! {
        #[doc = " What clients are told about the server, read once."]
        #[derive(Debug)]
        struct Descriptors { #(#fields,)* }

        impl Descriptors {
            fn read() -> Result<Self, serde_json::Error> {
                Ok(Self { #(#reads,)* })
            }
        }
    }
}

/// What the server says of itself.
fn implementation(server: &Server, has: Has) -> TokenStream {
    let name = server.name.wire();
    let version = &server.version;
    let title = server.title.as_ref().map(|title| quote!(.with_title(#title)));
    let description = server.description.as_ref().map(|text| quote!(.with_description(#text)));
    let icons = has.icons.then(|| quote!(.with_icons(descriptors.icons.clone())));
    quote!(Implementation::new(#name, #version) #title #description #icons)
}
