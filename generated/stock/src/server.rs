//! The server: what every handler shares, and what the protocol asks of it.

use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CompleteRequestParams,
    CompleteResult, CustomRequest, CustomResult, DiscoverResult, ErrorCode, ErrorData,
    GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, Prompt, ReadResourceRequestParams, ReadResourceResponse,
    Reference, Resource, ResourceTemplate, ServerCapabilities, ServerConfig,
    SubscribeRequestParams, SubscriptionFilter, Tool, UnsubscribeRequestParams,
};
use rmcp::service::{RequestContext, SubscriptionContext};
use rmcp::{RoleServer, ServerHandler};
use serde_json::Value;

use crate::caches::Caches;
use crate::runtime::database::{Database, Migration, Settings};
use crate::runtime::failure::Failure;
use crate::runtime::secret::Signer;
use crate::runtime::watch::Watches;
use crate::runtime::{answer, handle, listing, progress, watch};

/// Migrations: version, name and text, in order.
pub const MIGRATIONS: &[Migration] = &[
    (1, "stock", include_str!("../migrations/0001_stock.sql")),
    (2, "photos", include_str!("../migrations/0002_photos.sql")),
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
    /// What tools have answered.
    pub caches: Caches,
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
pub struct Server(Arc<Shared>, watch::Client);

impl Server {
    /// A server on a database.
    ///
    /// # Errors
    /// The descriptors in this crate are not what the protocol has: they were edited.
    pub fn new(database: Arc<Database>) -> Result<Self, serde_json::Error> {
        let descriptors = Descriptors::read()?;
        let watches = Watches::new(Arc::clone(&database), crate::resources::watch);
        let caches = Caches::empty();
        let implementation = Implementation::new("stock", "1.0.0")
            .with_title("Shop stock")
            .with_description(
                "Products, suppliers and stock movements of a small shop.",
            );
        let identity = serde_json::to_value(&implementation)?;
        let shared = Shared {
            database,
            signer: Signer::from_environment(),
            caches,
            descriptors,
            implementation,
            identity,
        };
        Ok(Self(Arc::new(shared), watch::Client::of(watches)))
    }

    /// What clients are subscribed to.
    pub fn watches(&self) -> &Arc<Watches> {
        self.1.watches()
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
            .enable_resources_subscribe()
            .enable_prompts()
            .enable_completions()
            .build();
        ServerConfig::new(capabilities)
            .with_server_info(self.0.implementation.clone())
            .with_instructions(
                "Stock is the sum of movements: use receive_stock, sell and count_stock to change it.\nPrices are decimal strings; dates are YYYY-MM-DD.",
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
                .with_cache_scope(CacheScope::Public),
        )
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let (tools, next) = listing::page("tools", &self.0.descriptors.tools, request)?;
        let mut result = ListToolsResult::with_all_items(tools)
            .with_ttl_ms(3600000)
            .with_cache_scope(CacheScope::Public);
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
        let arguments = request.arguments.unwrap_or_default();
        let Some(call) = crate::tools::call(&self.0, &request.name, arguments) else {
            return Err(answer::unknown("tool", &request.name));
        };
        let run = async {
            progress::told(&context, call).await.unwrap_or_else(Failure::into_result)
        };
        let mut result = handle::request(&context, "tools/call", &request.name, run)
            .await?;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result.into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let (resources, next) = listing::page(
            "resources",
            &self.0.descriptors.resources,
            request,
        )?;
        let mut result = ListResourcesResult::with_all_items(resources)
            .with_ttl_ms(3600000)
            .with_cache_scope(CacheScope::Public);
        result.next_cursor = next;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let (templates, next) = listing::page(
            "resource templates",
            &self.0.descriptors.resource_templates,
            request,
        )?;
        let mut result = ListResourceTemplatesResult::with_all_items(templates)
            .with_ttl_ms(3600000)
            .with_cache_scope(CacheScope::Public);
        result.next_cursor = next;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let read = crate::resources::read(&self.0, &request.uri);
        let read = handle::request(&context, "resources/read", &request.uri, read)
            .await?;
        let mut result = read
            .map_err(|failure| answer::not_read(failure, &request.uri))?;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result.into())
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        Some(self.1.granted(requested))
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        self.1.listen(&context).await
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
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

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let (prompts, next) = listing::page(
            "prompts",
            &self.0.descriptors.prompts,
            request,
        )?;
        let mut result = ListPromptsResult::with_all_items(prompts)
            .with_ttl_ms(3600000)
            .with_cache_scope(CacheScope::Public);
        result.next_cursor = next;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let get = crate::prompts::get(&self.0, &request.name, arguments);
        let got = handle::request(&context, "prompts/get", &request.name, get).await?;
        let mut result = got.ok_or_else(|| answer::unknown("prompt", &request.name))??;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result.into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        use crate::completions::{Owner, complete};
        let owner = match &request.r#ref {
            Reference::Prompt(prompt) => Owner::Prompt(&prompt.name),
            Reference::Resource(resource) => Owner::Resource(&resource.uri),
            _ => return Ok(CompleteResult::default()),
        };
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
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        Err(
            match request.method.as_str() {
                method @ ("resources/subscribe"
                | "resources/unsubscribe") if answer::is_stateless(&context) => {
                    ErrorData::new(ErrorCode::METHOD_NOT_FOUND, method.to_owned(), None)
                }
                method @ "subscriptions/listen" if !answer::is_stateless(&context) => {
                    ErrorData::new(ErrorCode::METHOD_NOT_FOUND, method.to_owned(), None)
                }
                method @ ("tools/call" | "resources/read" | "resources/subscribe"
                | "resources/unsubscribe" | "subscriptions/listen" | "prompts/get"
                | "completion/complete") => {
                    ErrorData::invalid_params(
                        format!("the params of {method} cannot be read"),
                        None,
                    )
                }
                method => {
                    ErrorData::new(ErrorCode::METHOD_NOT_FOUND, method.to_owned(), None)
                }
            },
        )
    }
}
