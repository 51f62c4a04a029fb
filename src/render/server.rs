//! The files that hold the server together: `lib.rs`, `main.rs`, `server.rs`, `rows.rs`.

use proc_macro2::TokenStream;
use quote::quote;

use super::print::{id, sentence};
use super::{completions, print, statement, tools};
use crate::database::facts::Flavour;
use crate::ir::{Backend, ClientCache, Engine, LogFormat, Plan, Server, Statement, Tool, Watch};

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
            #completions
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
    let signer_field = (pages || server.elicits()).then(|| {
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
    let confirmations = confirms.then(|| quote!(confirmations: Confirmations::new(),));
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
    let metrics = server.observability.metrics.then(|| {
        let tools = (!server.tools.is_empty()).then(|| quote!(, &descriptors.tools));
        quote!(let metrics = Metrics::new(&database #tools);)
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
    let has = Has {
        watches,
        logs,
        auth,
        metrics: metrics.is_some(),
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
                #metrics_field
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
                pub fn new(database: Arc<Database>) -> Result<Self, serde_json::Error> {
                    let descriptors = Descriptors::read()?;
                    #watched
                    #metrics
                    let implementation = #implementation;
                    let identity = serde_json::to_value(&implementation)?;
                    let shared = Shared {
                        database, #signer #confirmations #metrics_given descriptors, implementation, identity
                    };
                    Ok(Self(Arc::new(shared) #client #level #nobody))
                }

                #called_by
                #accessor

                #metrics_accessor
            }

            #handler
        },
        NAMES,
    )
}

/// What `server.rs` uses bare. No type of a spec stands beside it.
const NAMES: &[(&str, &str)] = &[
    ("CacheScope", "rmcp::model"),
    ("CallToolRequestParams", "rmcp::model"),
    ("Caller", "crate::runtime::auth"),
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
    ("ReadResourceRequestParams", "rmcp::model"),
    ("ReadResourceResponse", "rmcp::model"),
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
fn migrated(server: &Server) -> bool {
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
        quote!(statement_timeout: #timeout, statements: #statements, #flavour)
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

/// What a server has.
#[derive(Clone, Copy)]
struct Has {
    icons: bool,
    tools: bool,
    confirms: bool,
    tools_ask: bool,
    prompts_ask: bool,
    resources: bool,
    watches: bool,
    logs: bool,
    auth: bool,
    metrics: bool,
    otlp: bool,
    prompts: bool,
    completions: bool,
    progress: bool,
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

fn handler(server: &Server, has: Has) -> TokenStream {
    let instructions = server.instructions.as_ref().map(|text| {
        let text = text.trim_end();
        quote!(.with_instructions(#text))
    });
    let capability = |there: bool, name: &str| {
        let name = id(name);
        there.then(|| quote!(.#name()))
    };
    let tools_on = capability(has.tools, "enable_tools");
    let resources_on = capability(has.resources, "enable_resources");
    let subscribe_on = capability(has.watches, "enable_resources_subscribe");
    let logging_on = capability(has.logs, "enable_logging");
    let deprecated = has.logs.then(deprecated);
    let prompts_on = capability(has.prompts, "enable_prompts");
    let completions_on = capability(has.completions, "enable_completions");
    let methods = [
        (has.tools, "tools/call"),
        (has.resources, "resources/read"),
        (has.watches, "resources/subscribe"),
        (has.watches, "resources/unsubscribe"),
        (has.watches, "subscriptions/listen"),
        (has.prompts, "prompts/get"),
        (has.completions, "completion/complete"),
        (has.logs, "logging/setLevel"),
    ];
    let methods = methods.into_iter().filter(|(there, _)| *there).map(|(_, method)| method);
    let methods: Vec<&str> = methods.collect();
    let known = match methods.as_slice() {
        [] => None,
        [method] => Some(quote!(method @ #method)),
        methods => Some(quote!(method @ (#(#methods)|*))),
    };
    // Each era of the protocol has methods of its own to subscribe.
    let not_found = quote!(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, method.to_owned(), None));
    let of_handshake: Vec<&str> = [
        (has.watches, "resources/subscribe"),
        (has.watches, "resources/unsubscribe"),
        (has.logs, "logging/setLevel"),
    ]
    .into_iter()
    .filter_map(|(there, method)| there.then_some(method))
    .collect();
    let of_handshake = (!of_handshake.is_empty()).then(
        || quote!(method @ (#(#of_handshake)|*) if answer::is_stateless(&context) => #not_found,),
    );
    let without = has.watches.then(|| {
        quote! {
            method @ "subscriptions/listen" if !answer::is_stateless(&context) => #not_found,
        }
    });
    let context = id(if of_handshake.is_some() { "context" } else { "_context" });
    let known = known.map(|pattern| {
        quote! {
            #pattern => {
                ErrorData::invalid_params(format!("the params of {method} cannot be read"), None)
            }
        }
    });
    let fresh = client_cache(&server.client_cache);
    let tools = has.tools.then(|| tools_handlers(has, &fresh));
    let resources = has.resources.then(|| resources_handlers(has, &fresh));
    let watches = has.watches.then(|| watch_handlers(has));
    let prompts = has.prompts.then(|| prompts_handlers(has, &fresh));
    let logs = has.logs.then(|| log_handler(has));
    let completions =
        has.completions.then(|| completion_handler(has, completions::any_contextual(server)));
    quote! {
        impl ServerHandler for Server {
            #deprecated
            fn get_info(&self) -> ServerConfig {
                let capabilities = ServerCapabilities::builder()
                    #tools_on #resources_on #subscribe_on #prompts_on #completions_on #logging_on
                    .build();
                ServerConfig::new(capabilities)
                    .with_server_info(self.0.implementation.clone()) #instructions
            }

            async fn discover(
                &self,
                _context: RequestContext<RoleServer>,
            ) -> Result<DiscoverResult, ErrorData> {
                let revisions = self.supported_protocol_versions().into_owned();
                Ok(DiscoverResult::from_server_info(revisions, self.get_info()) #fresh)
            }

            #tools
            #resources
            #watches
            #prompts
            #completions
            #logs

            async fn on_custom_request(
                &self,
                request: CustomRequest,
                #context: RequestContext<RoleServer>,
            ) -> Result<CustomResult, ErrorData> {
                // A known method comes here when its params cannot be read.
                Err(match request.method.as_str() {
                    #of_handshake
                    #without
                    #known
                    method => #not_found,
                })
            }
        }
    }
}

/// How long clients may keep a result.
pub(super) fn client_cache(cache: &ClientCache) -> TokenStream {
    let ttl = u64::try_from(cache.ttl.as_millis()).unwrap_or(u64::MAX);
    let ttl = proc_macro2::Literal::u64_unsuffixed(ttl);
    let scope = id(if cache.public { "Public" } else { "Private" });
    quote!(.with_ttl_ms(#ttl).with_cache_scope(CacheScope::#scope))
}

/// What a request is answered with, and counted.
fn counted(has: Has, method: &str, answer: TokenStream) -> TokenStream {
    if !has.metrics {
        return answer;
    }
    quote!(self.0.metrics.answered(#method, async { #answer }).await)
}

/// An answer within a span.
fn traced(has: Has, method: &str, name: &TokenStream, answer: &str) -> Option<TokenStream> {
    let answer = id(answer);
    has.otlp.then(|| quote!(let #answer = telemetry::request(&context, #method, #name, #answer);))
}

/// Asks for what is missing of a request before it is looked at. `refused` is what becomes of it when
/// the person gives no answer.
fn filled(forms: &TokenStream, refused: &TokenStream) -> TokenStream {
    quote! {
        let mut request = request;
        let answers = (request.input_responses.as_ref(), request.request_state.as_deref());
        let filled = ask::fill(
            #forms(&request.name), &request.name, &mut request.arguments, answers, &self.0.signer, &context,
        );
        match filled.await? {
            ask::Filled::Whole => {}
            ask::Filled::Asked(mut result) => {
                answer::sign(&mut result.meta, &context, &self.0.identity);
                return Ok(result.into());
            }
            ask::Filled::Refused(failure) => return #refused,
        }
    }
}

fn tools_handlers(has: Has, fresh: &TokenStream) -> TokenStream {
    let filled = has
        .tools_ask
        .then(|| filled(&quote!(crate::tools::forms), &quote!(Ok(failure.into_result().into()))));
    let asked = has.confirms.then(|| {
        quote! {
            if let Some(question) = crate::tools::question(&request.name, request.arguments.as_ref()) {
                let asked = self.0.confirmations.ask(&self.0.signer, question, &request, &context);
                if let Some(mut response) = asked.await? {
                    if let Some(meta) = confirm::meta(&mut response) {
                        answer::sign(meta, &context, &self.0.identity);
                    }
                    return Ok(response);
                }
            }
        }
    });
    let call = if has.progress { quote!(progress::told(&context, call)) } else { quote!(call) };
    let (seen, list) = visible(has, "tools", &quote!(access::tool(&it.name)));
    let allowed = caller(has).map(|caller| {
        quote! {
            #caller
            if let Err(missing) = caller.has(access::tool(&request.name)) {
                let mut result = Failure::from(missing).into_result();
                answer::sign(&mut result.meta, &context, &self.0.identity);
                return Ok(result.into());
            }
        }
    });
    let told = has.logs.then(|| {
        let level = level(has);
        quote!(let run = #level.told(&context, &request.name, run);)
    });
    let traced = traced(has, "tools/call", &quote!(&request.name), "run");
    let begins = has.metrics.then(|| quote!(execution.begins();));
    let answer = quote! {
        #allowed
        #filled
        #asked
        #begins
        let arguments = request.arguments.unwrap_or_default();
        let Some(call) = crate::tools::call(&self.0, &request.name, arguments) else {
            return Err(answer::unknown("tool", &request.name));
        };
        let run = async { #call.await.unwrap_or_else(Failure::into_result) };
        #told
        #traced
        let mut result = handle::request(&context, "tools/call", &request.name, run).await?;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result.into())
    };
    let answered = if has.metrics {
        quote! {
            let execution = self.0.metrics.execution(&request.name);
            execution.of(async { #answer }).await
        }
    } else {
        answer
    };
    quote! {
        async fn list_tools(
            &self,
            request: Option<PaginatedRequestParams>,
            context: RequestContext<RoleServer>,
        ) -> Result<ListToolsResult, ErrorData> {
            #seen
            let (tools, next) = listing::page("tools", #list, request)?;
            let mut result = ListToolsResult::with_all_items(tools) #fresh;
            result.next_cursor = next;
            answer::sign(&mut result.meta, &context, &self.0.identity);
            Ok(result)
        }

        fn get_tool(&self, name: &str) -> Option<Tool> {
            self.0.descriptors.tools.iter().find(|tool| tool.name == name).cloned()
        }

        async fn call_tool(
            &self,
            request: CallToolRequestParams,
            context: RequestContext<RoleServer>,
        ) -> Result<CallToolResponse, ErrorData> {
            #answered
        }
    }
}

fn resources_handlers(has: Has, fresh: &TokenStream) -> TokenStream {
    let (seen, list) = visible(has, "resources", &quote!(access::resource(&it.uri)));
    let needs = quote!(access::resource(&it.uri_template));
    let (templates_seen, templates_list) = visible(has, "resource_templates", &needs);
    let allowed = allowed(has, &quote!(access::resource(&request.uri)));
    let traced = traced(has, "resources/read", &quote!(&request.uri), "read");
    let answer = quote! {
        #allowed
        let read = crate::resources::read(&self.0, &request.uri);
        #traced
        let read = handle::request(&context, "resources/read", &request.uri, read).await?;
        let mut result = read.map_err(|failure| answer::not_read(failure, &request.uri))?;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result.into())
    };
    let answered = counted(has, "resources/read", answer);
    quote! {
        async fn list_resources(
            &self,
            request: Option<PaginatedRequestParams>,
            context: RequestContext<RoleServer>,
        ) -> Result<ListResourcesResult, ErrorData> {
            #seen
            let (resources, next) = listing::page("resources", #list, request)?;
            let mut result = ListResourcesResult::with_all_items(resources) #fresh;
            result.next_cursor = next;
            answer::sign(&mut result.meta, &context, &self.0.identity);
            Ok(result)
        }

        async fn list_resource_templates(
            &self,
            request: Option<PaginatedRequestParams>,
            context: RequestContext<RoleServer>,
        ) -> Result<ListResourceTemplatesResult, ErrorData> {
            #templates_seen
            let (templates, next) =
                listing::page("resource templates", #templates_list, request)?;
            let mut result = ListResourceTemplatesResult::with_all_items(templates) #fresh;
            result.next_cursor = next;
            answer::sign(&mut result.meta, &context, &self.0.identity);
            Ok(result)
        }

        async fn read_resource(
            &self,
            request: ReadResourceRequestParams,
            context: RequestContext<RoleServer>,
        ) -> Result<ReadResourceResponse, ErrorData> {
            #answered
        }
    }
}

/// The caller that a server is for, which stands behind what each client has of its own.
fn own(watches: bool, logs: bool) -> TokenStream {
    let index = syn::Index::from(1 + usize::from(watches) + usize::from(logs));
    quote!(self.#index)
}

/// The caller of a request, where callers are known.
fn caller(has: Has) -> Option<TokenStream> {
    let own = own(has.watches, has.logs);
    has.auth.then(|| quote!(let caller = auth::caller(&context, &#own);))
}

/// Refuses a request whose caller may not use what it is about.
fn allowed(has: Has, needs: &TokenStream) -> Option<TokenStream> {
    let caller = caller(has)?;
    Some(quote! {
        #caller
        caller.has(#needs)?;
    })
}

/// Those of a list that the caller may use.
fn visible(has: Has, list: &str, needs: &TokenStream) -> (Option<TokenStream>, TokenStream) {
    let name = id(list);
    let all = quote!(&self.0.descriptors.#name);
    match caller(has) {
        Some(caller) => {
            let seen = quote! {
                #caller
                let #name = caller.visible(#all, |it| #needs);
            };
            (Some(seen), quote!(&#name))
        }
        None => (None, all),
    }
}

/// The level of the client's log messages, which stands behind what it is subscribed to.
fn level(has: Has) -> TokenStream {
    if has.watches { quote!(self.2) } else { quote!(self.1) }
}

fn deprecated() -> TokenStream {
    quote!(#[expect(deprecated, reason = "clients have log messages up to 2026-07-28")])
}

fn log_handler(has: Has) -> TokenStream {
    let (deprecated, level) = (deprecated(), level(has));
    quote! {
        #deprecated
        async fn set_level(
            &self,
            request: rmcp::model::SetLevelRequestParams,
            context: RequestContext<RoleServer>,
        ) -> Result<(), ErrorData> {
            #level.set(request.level, &context)
        }
    }
}

fn watch_handlers(has: Has) -> TokenStream {
    let allowed = allowed(has, &quote!(access::resource(&request.uri)));
    // Over HTTP the front has looked at what is asked for.
    let granted = match has.auth {
        true => {
            let own = own(has.watches, has.logs);
            quote! {
                let mut granted = self.1.granted(requested);
                if let (Some(own), Some(uris)) = (&#own, &mut granted.resource_subscriptions) {
                    uris.retain(|uri| own.has(access::resource(uri)).is_ok());
                }
                Some(granted)
            }
        }
        false => quote!(Some(self.1.granted(requested))),
    };
    quote! {
        fn accepted_subscription_filter(
            &self,
            requested: &SubscriptionFilter,
        ) -> Option<SubscriptionFilter> {
            #granted
        }

        async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
            self.1.listen(&context).await
        }

        async fn subscribe(
            &self,
            request: SubscribeRequestParams,
            context: RequestContext<RoleServer>,
        ) -> Result<(), ErrorData> {
            #allowed
            self.1.subscribe(&request.uri, &context).await
        }

        async fn unsubscribe(
            &self,
            request: UnsubscribeRequestParams,
            _context: RequestContext<RoleServer>,
        ) -> Result<(), ErrorData> {
            self.1.unsubscribe(&request.uri);
            Ok(())
        }
    }
}

fn prompts_handlers(has: Has, fresh: &TokenStream) -> TokenStream {
    let traced = traced(has, "prompts/get", &quote!(&request.name), "get");
    let filled = has
        .prompts_ask
        .then(|| filled(&quote!(crate::prompts::forms), &quote!(Err(failure.into()))));
    let (seen, list) = visible(has, "prompts", &quote!(access::prompt(&it.name)));
    let allowed = allowed(has, &quote!(access::prompt(&request.name)));
    let answer = quote! {
        #allowed
        #filled
        let arguments = request.arguments.unwrap_or_default();
        let get = crate::prompts::get(&self.0, &request.name, arguments);
        #traced
        let got = handle::request(&context, "prompts/get", &request.name, get).await?;
        let mut result = got.ok_or_else(|| answer::unknown("prompt", &request.name))??;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result.into())
    };
    let answered = counted(has, "prompts/get", answer);
    quote! {
        async fn list_prompts(
            &self,
            request: Option<PaginatedRequestParams>,
            context: RequestContext<RoleServer>,
        ) -> Result<ListPromptsResult, ErrorData> {
            #seen
            let (prompts, next) = listing::page("prompts", #list, request)?;
            let mut result = ListPromptsResult::with_all_items(prompts) #fresh;
            result.next_cursor = next;
            answer::sign(&mut result.meta, &context, &self.0.identity);
            Ok(result)
        }

        async fn get_prompt(
            &self,
            request: GetPromptRequestParams,
            context: RequestContext<RoleServer>,
        ) -> Result<GetPromptResponse, ErrorData> {
            #answered
        }
    }
}

fn completion_handler(has: Has, contextual: bool) -> TokenStream {
    let allowed = caller(has).map(|caller| {
        quote! {
            #caller
            caller.has(match owner {
                Owner::Prompt(name) => access::needs("prompts/get", name),
                Owner::Resource(uri) => access::needs("resources/read", uri),
            })?;
        }
    });
    let traced = traced(has, "completion/complete", &quote!(&argument.name), "values");
    let others = contextual.then(|| {
        quote! {
            let others = request.context.and_then(|context| context.arguments).unwrap_or_default();
            // Some clients send what was not typed yet as an empty text.
            let others = others.into_iter().filter(|(_, value)| !value.is_empty());
            let others = others.map(|(name, value)| (name, value.into())).collect();
        }
    });
    let others_given = contextual.then(|| quote!(, others));
    let answer = quote! {
        use crate::completions::{Owner, complete};
        let owner = match &request.r#ref {
            Reference::Prompt(prompt) => Owner::Prompt(&prompt.name),
            Reference::Resource(resource) => Owner::Resource(&resource.uri),
            _ => return Ok(CompleteResult::default()),
        };
        #allowed
        let argument = &request.argument;
        #others
        let values = complete(&self.0, owner, &argument.name, &argument.value #others_given);
        #traced
        let values = handle::request(&context, "completion/complete", &argument.name, values);
        let values = values.await??;
        let mut result = answer::completed(values)?;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result)
    };
    let answered = counted(has, "completion/complete", answer);
    quote! {
        async fn complete(
            &self,
            request: CompleteRequestParams,
            context: RequestContext<RoleServer>,
        ) -> Result<CompleteResult, ErrorData> {
            #answered
        }
    }
}

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
    let imports = if migrated {
        quote! {
            #use_auth
            use #krate::runtime::database::{self, Database};
            use #krate::runtime::management::Management;
            use #krate::runtime::{http, #use_keys logging, stdio, stop};
            use #krate::server::{MIGRATIONS, Server, settings};
        }
    } else {
        quote! {
            #use_auth
            use #krate::runtime::database::Database;
            use #krate::runtime::management::Management;
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
                #[doc = " When it ends: 2027-01-31T00:00:00Z. Without, never."]
                #[arg(long)]
                expires: Option<DateTime<Utc>>,
            },
        }
    });
    let keyed = api_keys.map(|_| {
        quote! {
            Command::Key { client, scopes, expires } => {
                let known = |scope: &str| RULES.scopes.iter().any(|known| known.name == scope);
                if let Some(scope) = scopes.iter().find(|s| !s.ends_with('*') && !known(s)) {
                    return Err(format!("there is no scope `{scope}`").into());
                }
                let (shown, key) = keys::mint(client, scopes, expires);
                println!("key:   {shown}");
                println!("entry: {}", serde_json::to_string(&key)?);
            }
        }
    });
    let metrics = server.observability.metrics.then(|| quote!(, server.metrics()));
    let management_port = server.observability.management_port;
    let management_bind = management_port.then(|| quote!(management_bind,));
    let management_argument = management_port.then(|| {
        quote! {
            #[doc = " Where to answer /health, /livez, /readyz and the like, apart from clients; with stdio as well."]
            #[arg(long, env = "MANAGEMENT_BIND")]
            management_bind: Option<SocketAddr>,
        }
    });
    let management =
        quote!(let management = Management::new(Arc::clone(&database), stop.clone() #metrics););
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
                    #public_url_argument
                    #management_argument
                    #log_format_argument
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
                        keep_alive, max_connections, #max_sessions #public_url #management_bind #log_format_name
                    } => {
                        let _logs = logging::start(#log_as);
                        #telemetry_starts
                        let database = Arc::new(#opened.await?);
                        let server = Server::new(Arc::clone(&database))?;
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
                                    #sessions_option
                                    #public_url
                                };
                                #managed_http
                                http::serve(server, &management, bind, &options, #auth stop).await?;
                            }
                        }
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
