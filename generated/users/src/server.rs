//! The server: what every handler shares, and what the protocol asks of it.

use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult,
    CustomRequest, CustomResult, ErrorCode, ErrorData, GetPromptRequestParams,
    GetPromptResponse, Implementation, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, Prompt,
    ReadResourceRequestParams, ReadResourceResponse, Reference, Resource,
    ResourceTemplate, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};

use crate::runtime::answer;
use crate::runtime::cursor::Signer;
use crate::runtime::database::{Database, Migration, Settings};
use crate::runtime::failure::Failure;

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
    /// Signs the cursors of pages.
    pub signer: Signer,
    descriptors: Descriptors,
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
    pub fn new(database: Arc<Database>) -> Result<Self, serde_json::Error> {
        let descriptors = Descriptors::read()?;
        Ok(
            Self(
                Arc::new(Shared {
                    database,
                    signer: Signer::from_environment(),
                    descriptors,
                }),
            ),
        )
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
        let implementation = Implementation::new("users", "1.0.0")
            .with_title("User directory")
            .with_description("Find and create users of the example application.");
        ServerConfig::new(capabilities)
            .with_server_info(implementation)
            .with_instructions(
                "Use query_users to find people before you create one. Ids are stable.",
            )
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.0.descriptors.tools.clone()))
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
        let result = answer::unless_cancelled(&context.ct, call).await?;
        Ok(result.unwrap_or_else(Failure::into_result).into())
    }

    async fn list_resources(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        Ok(ListResourcesResult::with_all_items(self.0.descriptors.resources.clone()))
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let templates = self.0.descriptors.resource_templates.clone();
        Ok(ListResourceTemplatesResult::with_all_items(templates))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        Ok(crate::resources::read(&self.0, &request.uri).await?.into())
    }

    async fn list_prompts(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(self.0.descriptors.prompts.clone()))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        match crate::prompts::get(&self.0, &request.name, arguments).await {
            Some(result) => Ok(result?.into()),
            None => Err(answer::unknown("prompt", &request.name)),
        }
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        use crate::completions::{Owner, complete};
        let owner = match &request.r#ref {
            Reference::Prompt(prompt) => Owner::Prompt(&prompt.name),
            Reference::Resource(resource) => Owner::Resource(&resource.uri),
            _ => return Ok(CompleteResult::default()),
        };
        let argument = &request.argument;
        let values = complete(&self.0, owner, &argument.name, &argument.value).await?;
        Ok(answer::completed(values)?)
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
