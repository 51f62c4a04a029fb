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

use crate::runtime::concurrency::{Calls, Most};
use crate::runtime::database::{Database, Migration, Settings};
use crate::runtime::failure::Failure;
use crate::runtime::rate::{Rate, Rates};
use crate::runtime::secret::Signer;
use crate::runtime::shared::Redis;
use crate::runtime::{answer, handle, listing, progress};

/// Migrations: version, name and text, in order.
pub const MIGRATIONS: &[Migration] = &[
    (1, "accounts", include_str!("../migrations/0001_accounts.sql")),
    (2, "entries", include_str!("../migrations/0002_entries.sql")),
    (3, "views", include_str!("../migrations/0003_views.sql")),
    (4, "postings_of_drafts", include_str!("../migrations/0004_postings_of_drafts.sql")),
    (5, "double_entry", include_str!("../migrations/0005_double_entry.sql")),
];

/// How the database behind a URL is reached.
pub fn settings(url: String) -> Settings {
    Settings {
        url,
        max_connections: 10,
        min_connections: 1,
        acquire_timeout: Duration::from_secs(5),
        idle_timeout: Duration::from_secs(300),
        statement_timeout: Duration::from_secs(10),
        statements: 900,
        flavour: crate::runtime::database::Flavour::MariaDb,
    }
}

/// What every handler shares.
#[derive(Debug)]
pub struct Shared {
    /// The database.
    pub database: Arc<Database>,
    /// Signs what clients bring back.
    pub signer: Signer,
    /// How many requests came.
    rates: Rates,
    /// How many calls run.
    pub calls: Calls,
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
pub struct Server(Arc<Shared>);

impl Server {
    /// A server on a database.
    ///
    /// # Errors
    /// The descriptors in this crate are not what the protocol has: they were edited.
    pub fn new(
        database: Arc<Database>,
        redis: &Arc<Redis>,
        rates: &'static [Rate],
        most: &[Most],
    ) -> Result<Self, serde_json::Error> {
        let descriptors = Descriptors::read()?;
        let rates = Rates::new(rates, &descriptors.tools, redis);
        let implementation = Implementation::new("ledger", "1.0.0")
            .with_title("General ledger")
            .with_description(
                "Accounts, journal, periods, budgets and reports of a small company.",
            );
        let identity = serde_json::to_value(&implementation)?;
        let shared = Shared {
            database,
            signer: Signer::from_environment(),
            rates,
            calls: Calls::new(most, redis),
            descriptors,
            implementation,
            identity,
        };
        Ok(Self(Arc::new(shared)))
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
                "Accounts are known by their number, periods by YYYY-MM. Amounts are decimal strings.\nWhat is posted stays: reverse_entry takes it back. Read docs://guide before you post.",
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
        let admitted = self.0.rates.admit("tools/call", Some(&request.name), &context);
        if let Err(failure) = admitted.await {
            let mut result = failure.into_result();
            answer::sign(&mut result.meta, &context, &self.0.identity);
            return Ok(result.into());
        }
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
        self.0.rates.admit("resources/read", None, &context).await?;
        let read = crate::resources::read(&self.0, &request.uri);
        let read = handle::request(&context, "resources/read", &request.uri, read)
            .await?;
        let mut result = read
            .map_err(|failure| answer::not_read(failure, &request.uri))?;
        answer::sign(&mut result.meta, &context, &self.0.identity);
        Ok(result.into())
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
        self.0.rates.admit("prompts/get", None, &context).await?;
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
        self.0.rates.admit("completion/complete", None, &context).await?;
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
        _context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
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
                    ErrorData::new(ErrorCode::METHOD_NOT_FOUND, method.to_owned(), None)
                }
            },
        )
    }
}
