//! The server: what every handler shares, and what the protocol asks of it.

use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CompleteRequestParams,
    CompleteResult, CustomRequest, CustomResult, DiscoverResult, ErrorCode, ErrorData,
    GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, Prompt, ReadResourceRequestParams, ReadResourceResponse,
    Reference, Resource, ResourceTemplate, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};
use serde_json::Value;

use crate::access;
use crate::caches::Caches;
use crate::runtime::audit::Audit;
use crate::runtime::auth::Caller;
use crate::runtime::confirm::Confirmations;
use crate::runtime::database::{Database, Migration, Settings};
use crate::runtime::failure::Failure;
use crate::runtime::rate::{Rate, Rates};
use crate::runtime::secret::Signer;
use crate::runtime::{answer, audit, auth, confirm, handle, listing, progress};

/// Migrations: version, name and text, in order.
pub const MIGRATIONS: &[Migration] = &[
    (1, "users", include_str!("../migrations/0001_users.sql")),
];

/// How the database behind a URL is reached.
pub fn settings(url: String) -> Settings {
    Settings {
        url,
        max_connections: 20,
        min_connections: 5,
        acquire_timeout: Duration::from_secs(30),
        idle_timeout: Duration::from_secs(600),
    }
}

/// What every handler shares.
#[derive(Debug)]
pub struct Shared {
    /// The database.
    pub database: Arc<Database>,
    /// Signs what clients bring back.
    pub signer: Signer,
    /// What was confirmed, and cannot be used again.
    confirmations: Confirmations,
    /// What tools have answered.
    pub caches: Caches,
    /// A line for each call.
    audit: Arc<Audit>,
    /// How many requests came.
    rates: Rates,
    descriptors: Descriptors,
    /// What the server says of itself, and the same as JSON for results.
    implementation: Implementation,
    identity: Value,
}

/// What clients are told about the server, read once.
#[derive(Debug)]
struct Descriptors {
    /// Tools.
    tools: Vec<Tool>,
    /// Fixed resources.
    resources: Vec<Resource>,
    /// Resources with placeholders.
    resource_templates: Vec<ResourceTemplate>,
    /// Prompts.
    prompts: Vec<Prompt>,
}

impl Descriptors {
    fn read() -> Result<Self, serde_json::Error> {
        Ok(Self {
            tools: serde_json::from_str(include_str!("../descriptors/tools.json"))?,
            resources: serde_json::from_str(
                include_str!("../descriptors/resources.json"),
            )?,
            resource_templates: serde_json::from_str(
                include_str!("../descriptors/resource_templates.json"),
            )?,
            prompts: serde_json::from_str(include_str!("../descriptors/prompts.json"))?,
        })
    }
}

/// The server; copies of it are one server.
#[derive(Debug, Clone)]
pub struct Server(Arc<Shared>, Option<Arc<Caller>>);

impl Server {
    /// A server on a database.
    ///
    /// # Errors
    /// The descriptors in this crate are not what the protocol has: they were edited.
    pub fn new(
        database: Arc<Database>,
        rates: &'static [Rate],
    ) -> Result<Self, serde_json::Error> {
        let descriptors = Descriptors::read()?;
        let caches = Caches::empty();
        let audit = Audit::new(&crate::audited::RULES);
        let rates = Rates::new(rates);
        let implementation = Implementation::new("users", "1.0.0")
            .with_title("User directory")
            .with_description("Find and create users of the example application.");
        let identity = serde_json::to_value(&implementation)?;
        let shared = Shared {
            database,
            signer: Signer::from_environment(),
            confirmations: Confirmations::new(),
            caches,
            audit,
            rates,
            descriptors,
            implementation,
            identity,
        };
        Ok(Self(Arc::new(shared), None))
    }

    /// The same server for one caller, whatever a request says: over stdio.
    pub fn called_by(mut self, caller: Arc<Caller>) -> Self {
        self.1 = Some(caller);
        self
    }

    /// A line for each call.
    pub fn audit(&self) -> Arc<Audit> {
        Arc::clone(&self.0.audit)
    }

    /// What tools have answered.
    pub fn caches(&self) -> &Caches {
        &self.0.caches
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .enable_prompts()
            .enable_completions()
            .build();
        ServerConfig::new(capabilities)
            .with_server_info(self.0.implementation.clone())
            .with_instructions(
                "Use query_users to find people before you create one. Ids are stable.",
            )
    }

    async fn discover(
        &self,
        _context: RequestContext<RoleServer>,
    ) -> Result<DiscoverResult, ErrorData> {
        let revisions = self.supported_protocol_versions().into_owned();
        Ok(
            DiscoverResult::from_server_info(revisions, self.get_info())
                .with_ttl_ms(3600000)
                .with_cache_scope(CacheScope::Private),
        )
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let caller = auth::caller(&context, &self.1);
        let tools = caller
            .visible(&self.0.descriptors.tools, |it| access::tool(&it.name));
        let (tools, next) = listing::page("tools", &tools, request)?;
        let mut result = ListToolsResult::with_all_items(tools)
            .with_ttl_ms(3600000)
            .with_cache_scope(CacheScope::Private);
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
        let entry = self
            .0
            .audit
            .begin(
                &context,
                auth::caller(&context, &self.1).client(),
                "tools/call",
                &request.name,
            );
        entry.given(request.arguments.as_ref());
        entry
            .of(async {
                let caller = auth::caller(&context, &self.1);
                if let Err(missing) = caller.has(access::tool(&request.name)) {
                    let mut result = Failure::from(missing).into_result();
                    answer::sign(&mut result.meta, &context, &self.0.identity);
                    return Ok(result.into());
                }
                let admitted = self
                    .0
                    .rates
                    .admit("tools/call", Some(&request.name), &context, &caller);
                if let Err(failure) = admitted.await {
                    let mut result = failure.into_result();
                    answer::sign(&mut result.meta, &context, &self.0.identity);
                    return Ok(result.into());
                }
                if let Some(question) = crate::tools::question(
                    &request.name,
                    request.arguments.as_ref(),
                ) {
                    let asked = self
                        .0
                        .confirmations
                        .ask(&self.0.signer, question, &request, &context);
                    if let Some(mut response) = asked.await? {
                        if let Some(meta) = confirm::meta(&mut response) {
                            answer::sign(meta, &context, &self.0.identity);
                        }
                        return Ok(response);
                    }
                }
                if let Err(failure) = entry.assured() {
                    let mut result = failure.into_result();
                    answer::sign(&mut result.meta, &context, &self.0.identity);
                    return Ok(result.into());
                }
                let arguments = request.arguments.unwrap_or_default();
                let Some(call) = crate::tools::call(
                    &self.0,
                    &caller,
                    &request.name,
                    arguments,
                ) else {
                    return Err(answer::unknown("tool", &request.name));
                };
                let run = async {
                    progress::told(&context, call)
                        .await
                        .unwrap_or_else(Failure::into_result)
                };
                let mut result = handle::request(
                        &context,
                        "tools/call",
                        &request.name,
                        run,
                    )
                    .await?;
                answer::sign(&mut result.meta, &context, &self.0.identity);
                Ok(result.into())
            })
            .await
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let caller = auth::caller(&context, &self.1);
        let resources = caller
            .visible(&self.0.descriptors.resources, |it| access::resource(&it.uri));
        let (resources, next) = listing::page("resources", &resources, request)?;
        let mut result = ListResourcesResult::with_all_items(resources)
            .with_ttl_ms(3600000)
            .with_cache_scope(CacheScope::Private);
        result.next_cursor = next;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let caller = auth::caller(&context, &self.1);
        let resource_templates = caller
            .visible(
                &self.0.descriptors.resource_templates,
                |it| access::resource(&it.uri_template),
            );
        let (templates, next) = listing::page(
            "resource templates",
            &resource_templates,
            request,
        )?;
        let mut result = ListResourceTemplatesResult::with_all_items(templates)
            .with_ttl_ms(3600000)
            .with_cache_scope(CacheScope::Private);
        result.next_cursor = next;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let entry = self
            .0
            .audit
            .begin(
                &context,
                auth::caller(&context, &self.1).client(),
                "resources/read",
                &request.uri,
            );
        entry
            .of(async {
                let caller = auth::caller(&context, &self.1);
                caller.has(access::resource(&request.uri))?;
                self.0.rates.admit("resources/read", None, &context, &caller).await?;
                let read = crate::resources::read(&self.0, &request.uri);
                let read = handle::request(
                        &context,
                        "resources/read",
                        &request.uri,
                        read,
                    )
                    .await?;
                let mut result = read
                    .map_err(|failure| answer::not_read(failure, &request.uri))?;
                answer::sign(&mut result.meta, &context, &self.0.identity);
                Ok(result.into())
            })
            .await
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let caller = auth::caller(&context, &self.1);
        let prompts = caller
            .visible(&self.0.descriptors.prompts, |it| access::prompt(&it.name));
        let (prompts, next) = listing::page("prompts", &prompts, request)?;
        let mut result = ListPromptsResult::with_all_items(prompts)
            .with_ttl_ms(3600000)
            .with_cache_scope(CacheScope::Private);
        result.next_cursor = next;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let entry = self
            .0
            .audit
            .begin(
                &context,
                auth::caller(&context, &self.1).client(),
                "prompts/get",
                &request.name,
            );
        entry.given(request.arguments.as_ref());
        entry
            .of(async {
                let caller = auth::caller(&context, &self.1);
                caller.has(access::prompt(&request.name))?;
                self.0.rates.admit("prompts/get", None, &context, &caller).await?;
                let arguments = request.arguments.unwrap_or_default();
                let get = crate::prompts::get(&self.0, &request.name, arguments);
                let got = handle::request(&context, "prompts/get", &request.name, get)
                    .await?;
                let mut result = got
                    .ok_or_else(|| answer::unknown("prompt", &request.name))??;
                answer::sign(&mut result.meta, &context, &self.0.identity);
                Ok(result.into())
            })
            .await
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let entry = self
            .0
            .audit
            .begin(
                &context,
                auth::caller(&context, &self.1).client(),
                "completion/complete",
                match &request.r#ref {
                    Reference::Prompt(prompt) => &prompt.name,
                    Reference::Resource(resource) => &resource.uri,
                    _ => "",
                },
            );
        entry
            .of(async {
                use crate::completions::{Owner, complete};
                let owner = match &request.r#ref {
                    Reference::Prompt(prompt) => Owner::Prompt(&prompt.name),
                    Reference::Resource(resource) => Owner::Resource(&resource.uri),
                    _ => return Ok(CompleteResult::default()),
                };
                let caller = auth::caller(&context, &self.1);
                caller
                    .has(
                        match owner {
                            Owner::Prompt(name) => access::needs("prompts/get", name),
                            Owner::Resource(uri) => access::needs("resources/read", uri),
                        },
                    )?;
                self.0
                    .rates
                    .admit("completion/complete", None, &context, &caller)
                    .await?;
                let argument = &request.argument;
                let values = complete(&self.0, owner, &argument.name, &argument.value);
                let values = handle::request(
                    &context,
                    "completion/complete",
                    &argument.name,
                    values,
                );
                let values = values.await??;
                let mut result = answer::completed(values)?;
                answer::sign(&mut result.meta, &context, &self.0.identity);
                Ok(result)
            })
            .await
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        let answer = {
            Err(
                match request.method.as_str() {
                    method @ ("tools/call" | "resources/read" | "prompts/get"
                    | "completion/complete") => {
                        ErrorData::invalid_params(
                            format!("the params of {method} cannot be read"),
                            None,
                        )
                    }
                    method => {
                        ErrorData::new(
                            ErrorCode::METHOD_NOT_FOUND,
                            method.to_owned(),
                            None,
                        )
                    }
                },
            )
        };
        if !audit::is_call(&request.method) {
            return answer;
        }
        let entry = self
            .0
            .audit
            .begin(
                &context,
                auth::caller(&context, &self.1).client(),
                &request.method,
                audit::subject(&request.method, request.params.as_ref())
                    .unwrap_or_default(),
            );
        entry.of(async { answer }).await
    }
}
