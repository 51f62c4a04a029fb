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

use crate::runtime::audit::Audit;
use crate::runtime::database::{Database, Migration, Settings};
use crate::runtime::failure::Failure;
use crate::runtime::metrics::Metrics;
use crate::runtime::secret::Signer;
use crate::runtime::watch::Watches;
use crate::runtime::{answer, audit, handle, listing, progress, telemetry, watch};

/// Migrations: version, name and text, in order.
pub const MIGRATIONS: &[Migration] = &[
    (1, "customers", include_str!("../migrations/0001_customers.sql")),
    (2, "catalogue", include_str!("../migrations/0002_catalogue.sql")),
    (3, "orders", include_str!("../migrations/0003_orders.sql")),
    (4, "reviews", include_str!("../migrations/0004_reviews.sql")),
    (5, "changes", include_str!("../migrations/0005_changes.sql")),
    (6, "rights", include_str!("../migrations/0006_rights.sql")),
    (7, "audit", include_str!("../migrations/0007_audit.sql")),
];

/// How the database behind a URL is reached.
pub fn settings(url: String) -> Settings {
    Settings {
        url,
        max_connections: 20,
        min_connections: 2,
        acquire_timeout: Duration::from_secs(5),
        idle_timeout: Duration::from_secs(600),
        statement_timeout: Duration::from_secs(10),
        statements: 1500,
        breaker: crate::runtime::breaker::Rule {
            failures: 5,
            open: Duration::from_secs(5),
        },
    }
}

/// What every handler shares.
#[derive(Debug)]
pub struct Shared {
    /// The database.
    pub database: Arc<Database>,
    /// Signs what clients bring back.
    pub signer: Signer,
    /// A line for each call.
    audit: Arc<Audit>,
    /// What is counted.
    metrics: Arc<Metrics>,
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
        let watches = Watches::new(
            Arc::clone(&database),
            crate::resources::watch,
            crate::resources::CHANNELS,
        );
        let audit = Audit::new(&crate::audited::RULES);
        let metrics = Metrics::new(&database, &audit, &descriptors.tools);
        let implementation = Implementation::new("store", "1.0.0")
            .with_title("Online store")
            .with_description(
                "Customers, catalogue, orders, payments and reviews of an online store.",
            );
        let identity = serde_json::to_value(&implementation)?;
        let shared = Shared {
            database,
            signer: Signer::from_environment(),
            audit,
            metrics,
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

    /// A line for each call.
    pub fn audit(&self) -> Arc<Audit> {
        Arc::clone(&self.0.audit)
    }

    /// What is counted.
    pub fn metrics(&self) -> Arc<Metrics> {
        Arc::clone(&self.0.metrics)
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
                "Orders are known by their number, variants by their SKU, products and categories by their slug.\nAmounts are decimal strings in euros; days and months are those of UTC.\nRead docs://guide before you cancel or refund.",
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
        let entry = self.0.audit.begin(&context, None, "tools/call", &request.name);
        entry.given(request.arguments.as_ref());
        entry
            .of(async {
                let execution = self.0.metrics.execution(&request.name);
                execution
                    .of(async {
                        if let Err(failure) = entry.assured() {
                            let mut result = failure.into_result();
                            answer::sign(&mut result.meta, &context, &self.0.identity);
                            return Ok(result.into());
                        }
                        execution.begins();
                        let arguments = request.arguments.unwrap_or_default();
                        let Some(call) = crate::tools::call(
                            &self.0,
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
                        let run = telemetry::request(
                            &context,
                            "tools/call",
                            &request.name,
                            run,
                        );
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
            })
            .await
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
        let entry = self.0.audit.begin(&context, None, "resources/read", &request.uri);
        entry
            .of(async {
                self.0
                    .metrics
                    .answered(
                        "resources/read",
                        async {
                            let read = crate::resources::read(&self.0, &request.uri);
                            let read = telemetry::request(
                                &context,
                                "resources/read",
                                &request.uri,
                                read,
                            );
                            let read = handle::request(
                                    &context,
                                    "resources/read",
                                    &request.uri,
                                    read,
                                )
                                .await?;
                            let mut result = read
                                .map_err(|failure| answer::not_read(
                                    failure,
                                    &request.uri,
                                ))?;
                            answer::sign(&mut result.meta, &context, &self.0.identity);
                            Ok(result.into())
                        },
                    )
                    .await
            })
            .await
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
        let entry = self.0.audit.begin(&context, None, "prompts/get", &request.name);
        entry.given(request.arguments.as_ref());
        entry
            .of(async {
                self.0
                    .metrics
                    .answered(
                        "prompts/get",
                        async {
                            let arguments = request.arguments.unwrap_or_default();
                            let get = crate::prompts::get(
                                &self.0,
                                &request.name,
                                arguments,
                            );
                            let get = telemetry::request(
                                &context,
                                "prompts/get",
                                &request.name,
                                get,
                            );
                            let got = handle::request(
                                    &context,
                                    "prompts/get",
                                    &request.name,
                                    get,
                                )
                                .await?;
                            let mut result = got
                                .ok_or_else(|| answer::unknown("prompt", &request.name))??;
                            answer::sign(&mut result.meta, &context, &self.0.identity);
                            Ok(result.into())
                        },
                    )
                    .await
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
                None,
                "completion/complete",
                match &request.r#ref {
                    Reference::Prompt(prompt) => &prompt.name,
                    Reference::Resource(resource) => &resource.uri,
                    _ => "",
                },
            );
        entry
            .of(async {
                self.0
                    .metrics
                    .answered(
                        "completion/complete",
                        async {
                            use crate::completions::{Owner, complete};
                            let owner = match &request.r#ref {
                                Reference::Prompt(prompt) => Owner::Prompt(&prompt.name),
                                Reference::Resource(resource) => {
                                    Owner::Resource(&resource.uri)
                                }
                                _ => return Ok(CompleteResult::default()),
                            };
                            let argument = &request.argument;
                            let values = complete(
                                &self.0,
                                owner,
                                &argument.name,
                                &argument.value,
                            );
                            let values = telemetry::request(
                                &context,
                                "completion/complete",
                                &argument.name,
                                values,
                            );
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
                        },
                    )
                    .await
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
                    method @ ("resources/subscribe"
                    | "resources/unsubscribe") if answer::is_stateless(&context) => {
                        ErrorData::new(
                            ErrorCode::METHOD_NOT_FOUND,
                            method.to_owned(),
                            None,
                        )
                    }
                    method @ "subscriptions/listen" if !answer::is_stateless(
                        &context,
                    ) => {
                        ErrorData::new(
                            ErrorCode::METHOD_NOT_FOUND,
                            method.to_owned(),
                            None,
                        )
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
                None,
                &request.method,
                audit::subject(&request.method, request.params.as_ref())
                    .unwrap_or_default(),
            );
        entry.of(async { answer }).await
    }
}
