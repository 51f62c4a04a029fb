//! A server on a database of its own, and a client that talks to it.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "confirm")]
use rmcp::ClientHandler;
use rmcp::model::ClientConfig;
#[cfg(any(feature = "text", feature = "call-replies"))]
use rmcp::model::ContentBlock;
#[cfg(any(feature = "protocol", feature = "confirm"))]
use rmcp::model::ErrorData;
#[cfg(any(
    feature = "claiming",
    feature = "tools",
    feature = "prompts",
    feature = "prompt-replies"
))]
use rmcp::model::JsonObject;
#[cfg(feature = "tools")]
use rmcp::model::{CallToolRequestParams, CallToolResult};
#[cfg(feature = "confirm")]
use rmcp::model::{
    ClientCapabilities, ElicitRequestParams, ElicitResult, ElicitationAction, ErrorCode,
};
#[cfg(any(feature = "prompts", feature = "prompt-replies"))]
use rmcp::model::{GetPromptRequestParams, GetPromptResult};
#[cfg(feature = "resources")]
use rmcp::model::{ReadResourceRequestParams, ResourceContents};
#[cfg(feature = "confirm")]
use rmcp::service::RequestContext;
use rmcp::service::RunningService;
#[cfg(any(feature = "tools", feature = "protocol"))]
use rmcp::service::ServiceError;
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
#[cfg(feature = "replies")]
use rmcp::{ClientLifecycleMode, ClientServiceExt as _};
use rmcp::{RoleClient, ServiceExt};
use serde_json::Value;
#[cfg(feature = "watches")]
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::process::{Child, Command};

use crate::scratch::Scratch;
#[cfg(feature = "auth")]
use crate::subject::access::RULES;
#[cfg(feature = "most")]
use crate::subject::limits::MOST;
#[cfg(feature = "auth")]
use crate::subject::runtime::auth::Caller;
#[cfg(feature = "most")]
use crate::subject::runtime::concurrency::Most;
#[cfg(feature = "rates")]
use crate::subject::runtime::rate::Rate;
#[cfg(feature = "shared")]
use crate::subject::runtime::shared::Redis;
use crate::subject::runtime::stdio;
#[cfg(feature = "watches")]
use crate::subject::runtime::watch::Watches;
use crate::subject::server::Server;

/// The tools as clients are told about them.
#[cfg(feature = "tools")]
pub const TOOLS: &str = include_str!("../../descriptors/tools.json");

/// What a person says to every question.
#[cfg(feature = "confirm")]
#[derive(Debug, Clone)]
pub enum Reply {
    /// Yes.
    Accept,
    /// No.
    #[cfg(feature = "decline")]
    Decline,
    /// Nothing: the question is dismissed.
    #[cfg(feature = "cancel")]
    Cancel,
    /// The client cannot ask.
    #[cfg(feature = "unsupported")]
    Unsupported,
    /// To each form its own, by a param that no other has: what is filled in, `decline` or `cancel`.
    #[cfg(feature = "forms")]
    Forms(Value),
}

#[cfg(feature = "confirm")]
impl Reply {
    fn action(&self) -> Option<ElicitationAction> {
        match self {
            Self::Accept => Some(ElicitationAction::Accept),
            #[cfg(feature = "decline")]
            Self::Decline => Some(ElicitationAction::Decline),
            #[cfg(feature = "cancel")]
            Self::Cancel => Some(ElicitationAction::Cancel),
            #[cfg(feature = "unsupported")]
            Self::Unsupported => None,
            #[cfg(feature = "forms")]
            Self::Forms(_) => Some(ElicitationAction::Accept),
        }
    }
}

#[cfg(feature = "confirm")]
impl ClientHandler for Reply {
    fn get_info(&self) -> ClientConfig {
        let mut config = ClientConfig::default();
        if self.action().is_some() {
            config.capabilities = ClientCapabilities::builder().enable_elicitation().build();
        }
        config
    }

    #[cfg(not(feature = "forms"))]
    async fn create_elicitation(
        &self,
        _request: ElicitRequestParams,
        _context: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        self.action().map(ElicitResult::new).ok_or_else(unable)
    }

    #[cfg(feature = "forms")]
    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        _context: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        let Self::Forms(answers) = self else {
            return self.action().map(ElicitResult::new).ok_or_else(unable);
        };
        let asks = |param: &str| match &request {
            ElicitRequestParams::FormElicitationParams { requested_schema, .. } => {
                requested_schema.properties.contains_key(param)
            }
            _ => false,
        };
        let answer = answers.as_object().and_then(|all| all.iter().find(|(param, _)| asks(param)));
        let (_, answer) = answer.ok_or_else(unable)?;
        Ok(match answer.as_str() {
            None => ElicitResult::new(ElicitationAction::Accept).with_content(answer.clone()),
            Some("decline") => ElicitResult::new(ElicitationAction::Decline),
            Some(_) => ElicitResult::new(ElicitationAction::Cancel),
        })
    }
}

#[cfg(feature = "confirm")]
fn unable() -> ErrorData {
    ErrorData::new(ErrorCode::METHOD_NOT_FOUND, "this client cannot ask", None)
}

/// The ways in which clients are asked: on a session, and by the result of a call.
#[cfg(feature = "replies")]
pub fn eras() -> [ClientLifecycleMode; 2] {
    let preferred_versions = vec![rmcp::model::ProtocolVersion::V_2026_07_28];
    [ClientLifecycleMode::Initialize, ClientLifecycleMode::Discover { preferred_versions }]
}

/// What is served as a client.
#[cfg(not(feature = "confirm"))]
type Person = ClientConfig;
#[cfg(feature = "confirm")]
type Person = Reply;

#[cfg(not(feature = "confirm"))]
fn person() -> Person {
    ClientConfig::default()
}

#[cfg(feature = "confirm")]
fn person() -> Person {
    Reply::Accept
}

/// A client of a server that has a database of its own.
pub struct Fixture {
    /// The client.
    pub client: RunningService<RoleClient, Person>,
    /// The database; it goes with the fixture.
    pub scratch: Scratch,
    /// The server's process, where it has one that the client does not own.
    process: Option<Child>,
    /// Where the server listens, over HTTP.
    pub address: Option<String>,
    /// Who the client is.
    #[cfg(all(feature = "auth", feature = "replies"))]
    caller: Arc<Caller>,
}

impl Fixture {
    /// A server in this process, after these SQL scripts have run.
    #[cfg(not(feature = "servers"))]
    pub async fn new(seeds: &[&str]) -> Self {
        Self::on(Scratch::new(seeds).await).await
    }

    /// A server in this process, after these SQL scripts have run; none where no database server is
    /// named for tests.
    #[cfg(feature = "servers")]
    pub async fn new(seeds: &[&str]) -> Option<Self> {
        Some(Self::on(Scratch::new(seeds).await?).await)
    }

    /// A server in this process, on a way to its database that can be cut.
    #[cfg(feature = "detoured")]
    pub async fn detoured(seeds: &[&str]) -> Option<Self> {
        let mut scratch = Scratch::new(seeds).await?;
        scratch.detour().await;
        Some(Self::on(scratch).await)
    }

    /// A server in this process that answers so many requests; others answer all of them.
    #[cfg(all(feature = "limited", not(feature = "servers")))]
    pub async fn limited(seeds: &[&str], rates: &'static [Rate]) -> Self {
        let scratch = Scratch::new(seeds).await;
        let fixture = Self::within(
            scratch,
            #[cfg(feature = "rates")]
            rates,
            #[cfg(feature = "most")]
            MOST,
        );
        fixture.await
    }

    /// A server in this process that answers so many requests; others answer all of them.
    #[cfg(all(feature = "limited", feature = "servers"))]
    pub async fn limited(seeds: &[&str], rates: &'static [Rate]) -> Option<Self> {
        let scratch = Scratch::new(seeds).await?;
        let fixture = Self::within(
            scratch,
            #[cfg(feature = "rates")]
            rates,
            #[cfg(feature = "most")]
            MOST,
        );
        Some(fixture.await)
    }

    /// A server in this process of whose tools so many calls may run.
    #[cfg(all(feature = "full", not(feature = "servers")))]
    pub async fn full(seeds: &[&str], most: &[Most]) -> Self {
        let scratch = Scratch::new(seeds).await;
        let fixture = Self::within(
            scratch,
            #[cfg(feature = "rates")]
            &[],
            #[cfg(feature = "most")]
            most,
        );
        fixture.await
    }

    /// A server in this process of whose tools so many calls may run.
    #[cfg(all(feature = "full", feature = "servers"))]
    pub async fn full(seeds: &[&str], most: &[Most]) -> Option<Self> {
        let scratch = Scratch::new(seeds).await?;
        let fixture = Self::within(
            scratch,
            #[cfg(feature = "rates")]
            &[],
            #[cfg(feature = "most")]
            most,
        );
        Some(fixture.await)
    }

    /// The real binary over standard input and output.
    #[cfg(not(feature = "servers"))]
    pub async fn over_stdio(seeds: &[&str]) -> Self {
        Self::stdio_on(Scratch::new(seeds).await).await
    }

    /// The real binary over standard input and output.
    #[cfg(feature = "servers")]
    pub async fn over_stdio(seeds: &[&str]) -> Option<Self> {
        Some(Self::stdio_on(Scratch::new(seeds).await?).await)
    }

    /// The real binary over HTTP.
    #[cfg(not(feature = "servers"))]
    pub async fn over_http(seeds: &[&str]) -> Self {
        Self::http_on(Scratch::new(seeds).await).await
    }

    /// The real binary over HTTP.
    #[cfg(feature = "servers")]
    pub async fn over_http(seeds: &[&str]) -> Option<Self> {
        Some(Self::http_on(Scratch::new(seeds).await?).await)
    }

    #[cfg(any(feature = "rates", feature = "most"))]
    async fn on(scratch: Scratch) -> Self {
        let fixture = Self::within(
            scratch,
            #[cfg(feature = "rates")]
            &[],
            #[cfg(feature = "most")]
            MOST,
        );
        fixture.await
    }

    #[cfg(any(feature = "rates", feature = "most"))]
    async fn within(
        scratch: Scratch,
        #[cfg(feature = "rates")] rates: &'static [Rate],
        #[cfg(feature = "most")] most: &[Most],
    ) -> Self {
        let server = made(
            &scratch,
            #[cfg(feature = "rates")]
            rates,
            #[cfg(feature = "most")]
            most,
        );
        let server = server.await;
        #[cfg(feature = "auth")]
        let caller = caller(Some(&["*"]));
        #[cfg(feature = "auth")]
        let server = server.called_by(Arc::clone(&caller));
        let client = person().serve(serving(server)).await;
        Self {
            client: client.expect("the server answers"),
            scratch,
            process: None,
            address: None,
            #[cfg(all(feature = "auth", feature = "replies"))]
            caller,
        }
    }

    #[cfg(not(any(feature = "rates", feature = "most")))]
    async fn on(scratch: Scratch) -> Self {
        #[cfg(feature = "auth")]
        let caller = caller(Some(&["*"]));
        let server = served(
            &scratch,
            #[cfg(feature = "auth")]
            &caller,
        );
        let client = person().serve(server.await).await;
        Self {
            client: client.expect("the server answers"),
            scratch,
            process: None,
            address: None,
            #[cfg(all(feature = "auth", feature = "replies"))]
            caller,
        }
    }

    async fn stdio_on(scratch: Scratch) -> Self {
        let mut command = command(&scratch);
        command.env("RUST_LOG", "off");
        let transport = TokioChildProcess::new(command).expect("the binary starts");
        let client = person().serve(transport).await.expect("the server answers");
        Self {
            client,
            scratch,
            process: None,
            address: None,
            #[cfg(all(feature = "auth", feature = "replies"))]
            caller: caller(Some(&["*"])),
        }
    }

    async fn http_on(scratch: Scratch) -> Self {
        let mut process = command(&scratch)
            .args(["--transport", "http", "--bind", "127.0.0.1:0"])
            .env("RUST_LOG", "info")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the binary starts");
        let mut log = BufReader::new(process.stderr.take().expect("a pipe")).lines();
        let address = loop {
            let line = log.next_line().await.expect("a readable log").expect("the server listens");
            let address = line.split_once("serving http://");
            if let Some((address, _)) = address.and_then(|(_, rest)| rest.split_once("/mcp")) {
                break address.to_owned();
            }
        };
        // The pipe is read to its end, so that the server never waits for it.
        tokio::spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
        // Where its library has TLS, for the sake of the server or of others that are built beside it, the
        // client of these tests wants a provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let transport = StreamableHttpClientTransport::from_uri(format!("http://{address}/mcp"));
        let client = person().serve(transport).await.expect("the server answers");
        Self {
            client,
            scratch,
            process: Some(process),
            address: Some(address),
            #[cfg(all(feature = "auth", feature = "replies"))]
            caller: caller(Some(&["*"])),
        }
    }

    /// The same database with another caller, whose token says this.
    #[cfg(feature = "claiming")]
    pub async fn claiming(self, scopes: &[&str], claims: Value) -> Self {
        let mut caller = Caller::new(&RULES, "test", scopes);
        caller.set_claims(&RULES, &object(claims));
        self.being(Arc::new(caller)).await
    }

    /// The same database with another caller: with these scopes, or nobody.
    #[cfg(feature = "claiming")]
    pub async fn called_by(self, scopes: Option<&[&str]>) -> Self {
        self.being(caller(scopes)).await
    }

    #[cfg(feature = "claiming")]
    async fn being(self, caller: Arc<Caller>) -> Self {
        let client = person().serve(served(&self.scratch, &caller).await).await;
        Self {
            client: client.expect("the server answers"),
            #[cfg(feature = "replies")]
            caller,
            ..self
        }
    }

    /// The same database with another caller: with these scopes, or nobody.
    #[cfg(all(feature = "callers", not(feature = "claiming")))]
    pub async fn called_by(self, scopes: Option<&[&str]>) -> Self {
        let caller = caller(scopes);
        let client = person().serve(served(&self.scratch, &caller).await).await;
        Self {
            client: client.expect("the server answers"),
            #[cfg(feature = "replies")]
            caller,
            ..self
        }
    }

    /// A server in this process, and beside its client another one, of another name.
    #[cfg(feature = "another")]
    pub async fn with_another(scratch: Scratch) -> (Self, RunningService<RoleClient, Person>) {
        #[cfg(not(any(feature = "shared", feature = "rates", feature = "most")))]
        let server = Server::new(Arc::new(scratch.open().await)).expect("sound descriptors");
        #[cfg(any(feature = "shared", feature = "rates", feature = "most"))]
        let server = made(
            &scratch,
            #[cfg(feature = "rates")]
            &[],
            #[cfg(feature = "most")]
            MOST,
        )
        .await;
        let other = Caller::new(&RULES, "another", &["*"]);
        #[cfg(feature = "claims")]
        let other = {
            let mut other = other;
            other.set_claims(&RULES, &serde_json::from_str(crate::CLAIMS).expect("an object"));
            other
        };
        let (one, other) = (caller(Some(&["*"])), Arc::new(other));
        let [client, another] = [&one, &other].map(|caller| {
            let server = server.clone().called_by(Arc::clone(caller));
            person().serve(serving(server))
        });
        let fixture = Self {
            client: client.await.expect("the server answers"),
            scratch,
            process: None,
            address: None,
            #[cfg(feature = "replies")]
            caller: one,
        };
        (fixture, another.await.expect("the server answers"))
    }

    /// Stops the server and waits until it is gone.
    pub async fn stop(mut self) {
        self.client.cancel().await.expect("the client stops");
        if let Some(mut process) = self.process.take() {
            process.kill().await.expect("the server stops");
        }
        // The database goes last.
        drop(self.scratch);
    }

    /// Calls a tool, and checks what comes back against the tool's output schema.
    #[cfg(feature = "tools")]
    pub async fn call(&self, tool: &str, arguments: Value) -> CallToolResult {
        let result = self.try_call(tool, arguments).await.expect("a result");
        let structured = result.structured_content.as_ref().expect("structured content");
        conforms(tool, structured, usize::from(result.is_error == Some(true)));
        result
    }

    /// Another client of the same database, whose person replies like this.
    #[cfg(feature = "replies")]
    async fn replying(
        &self,
        reply: Reply,
        era: &ClientLifecycleMode,
    ) -> RunningService<RoleClient, Reply> {
        let server = served(
            &self.scratch,
            #[cfg(feature = "auth")]
            &self.caller,
        );
        let client = reply.serve_with_lifecycle(server.await, era.clone()).await;
        client.expect("the server answers")
    }

    /// Calls a tool that asks first, as another client of the same database whose person replies like
    /// this.
    #[cfg(feature = "call-replies")]
    pub async fn call_replying(
        &self,
        reply: Reply,
        era: &ClientLifecycleMode,
        tool: &str,
        arguments: Value,
    ) -> CallToolResult {
        let client = self.replying(reply, era).await;
        let params = CallToolRequestParams::new(tool.to_owned()).with_arguments(object(arguments));
        let result = match client.call_tool(params).await {
            // Where the protocol has an error for it, there is no result.
            Err(ServiceError::McpError(error))
                if error.code == ErrorCode::MISSING_REQUIRED_CLIENT_CAPABILITY =>
            {
                let mut result =
                    CallToolResult::error(vec![ContentBlock::text(error.message.clone())]);
                result.structured_content = Some(
                    serde_json::json!({ "type": "CONFIRMATION_UNAVAILABLE", "message": error.message }),
                );
                return result;
            }
            result => result.expect("a result"),
        };
        let structured = result.structured_content.as_ref().expect("structured content");
        conforms(tool, structured, usize::from(result.is_error == Some(true)));
        result
    }

    /// Calls a tool that may be unknown.
    #[cfg(feature = "tools")]
    pub async fn try_call(
        &self,
        tool: &str,
        arguments: Value,
    ) -> Result<CallToolResult, ServiceError> {
        let params = CallToolRequestParams::new(tool.to_owned()).with_arguments(object(arguments));
        self.client.call_tool(params).await
    }

    /// The arguments are taken, whatever the database says to them.
    #[cfg(feature = "takes")]
    pub async fn takes(&self, tool: &str, arguments: Value) {
        let result = self.call(tool, arguments.clone()).await;
        let kind = error(&result).map(|(kind, _)| kind);
        assert_ne!(kind.as_deref(), Some("INVALID_ARGUMENTS"), "{arguments}: {result:?}");
    }

    /// The arguments are refused, and the message names the param.
    #[cfg(feature = "refuses")]
    pub async fn refuses(&self, tool: &str, arguments: Value, param: &str) {
        let result = self.call(tool, arguments.clone()).await;
        let (kind, message) = error(&result).unwrap_or_else(|| panic!("{arguments} was taken"));
        assert_eq!(kind, "INVALID_ARGUMENTS", "{arguments}: {message}");
        assert!(message.contains(param), "the message does not name `{param}`: {message}");
    }

    /// Reads a resource: its text, or its bytes in base64.
    #[cfg(feature = "resources")]
    pub async fn read(&self, uri: &str) -> Result<String, ErrorData> {
        let read = self.client.read_resource(ReadResourceRequestParams::new(uri)).await;
        let mut contents = protocol(read)?.contents;
        assert_eq!(contents.len(), 1, "{uri}");
        match contents.remove(0) {
            ResourceContents::TextResourceContents { text, .. } => Ok(text),
            ResourceContents::BlobResourceContents { blob, .. } => Ok(blob),
            other => panic!("{uri}: {other:?}"),
        }
    }

    /// Gets a prompt.
    #[cfg(feature = "prompts")]
    pub async fn prompt(&self, name: &str, arguments: Value) -> Result<GetPromptResult, ErrorData> {
        let params = GetPromptRequestParams::new(name).with_arguments(object(arguments));
        protocol(self.client.get_prompt(params).await)
    }

    /// Gets a prompt that asks first, as another client whose person replies like this.
    #[cfg(feature = "prompt-replies")]
    pub async fn prompt_replying(
        &self,
        reply: Reply,
        era: &ClientLifecycleMode,
        name: &str,
        arguments: Value,
    ) -> Result<GetPromptResult, ErrorData> {
        let client = self.replying(reply, era).await;
        let params = GetPromptRequestParams::new(name).with_arguments(object(arguments));
        protocol(client.get_prompt(params).await)
    }
}

/// What each request says of itself in the revision without a handshake.
pub fn stateless() -> Value {
    serde_json::json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    })
}

/// Messages to a server in this process, as they stand, and what it says until each with an id is
/// answered.
#[cfg(not(feature = "servers"))]
pub async fn raw(messages: &[&str]) -> Vec<Value> {
    spoken(&Scratch::new(&[]).await, messages).await
}

/// Messages to a server in this process, as they stand, and what it says until each with an id is
/// answered; none where no database server is named for tests.
#[cfg(feature = "servers")]
pub async fn raw(messages: &[&str]) -> Option<Vec<Value>> {
    Some(spoken(&Scratch::new(&[]).await?, messages).await)
}

async fn spoken(scratch: &Scratch, messages: &[&str]) -> Vec<Value> {
    let server = served(
        scratch,
        #[cfg(feature = "auth")]
        &caller(Some(&["*"])),
    )
    .await;
    let (reader, mut writer) = tokio::io::split(server);
    let mut lines = BufReader::new(reader).lines();
    let mut answers = Vec::new();
    for message in messages {
        writer.write_all(format!("{message}\n").as_bytes()).await.expect("the server reads");
        // What has no method is the answer, and ends this; a subscription is acknowledged instead.
        while message.contains("\"id\"") {
            let line = tokio::time::timeout(Duration::from_secs(10), lines.next_line()).await;
            let line =
                line.expect("an answer in time").expect("the server writes").expect("an answer");
            let answer: Value = serde_json::from_str(&line).expect("JSON");
            let acknowledged = answer["method"] == "notifications/subscriptions/acknowledged";
            let ends = answer["method"].is_null() || acknowledged;
            answers.push(answer);
            if ends {
                break;
            }
        }
    }
    answers
}

/// Asks a server over HTTP, byte by byte: the status, and the body.
#[cfg(feature = "post")]
pub async fn post(address: &str, head: &str, body: &str) -> (u16, String) {
    let length = body.len();
    let request = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\n{head}Content-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    );
    said(address, &request).await
}

/// Asks for a path over HTTP; the status and the body of what comes back.
#[cfg(feature = "get")]
pub async fn get(address: &str, path: &str) -> (u16, String) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    said(address, &request).await
}

/// What is said to a request.
#[cfg(any(feature = "get", feature = "post"))]
async fn said(address: &str, request: &str) -> (u16, String) {
    use tokio::io::AsyncReadExt;
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer);
    tokio::time::timeout(Duration::from_secs(10), read).await.expect("in time").expect("an answer");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    (status.expect("a status"), body.to_owned())
}

/// The command that serves a database.
fn command(scratch: &Scratch) -> Command {
    let mut command = Command::new(crate::BINARY);
    command.arg("serve").env("DATABASE_URL", scratch.url());
    #[cfg(feature = "claims")]
    command.env("DEVELOPMENT_CLAIMS", crate::CLAIMS);
    #[cfg(feature = "shared")]
    command
        .env("REDIS_URL", redis_url().unwrap_or_default())
        .env("REDIS_PREFIX", redis_prefix(scratch));
    // Each process has a file of its own.
    #[cfg(feature = "audit-file")]
    {
        static FILES: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = FILES.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("mcpgen-audit-{}-{number}.jsonl", std::process::id());
        command.env("AUDIT_FILE", std::env::temp_dir().join(name));
    }
    command
}

/// Calls a tool as this client.
#[cfg(feature = "another")]
pub async fn call_as(
    client: &RunningService<RoleClient, Person>,
    tool: &str,
    arguments: Value,
) -> CallToolResult {
    let params = CallToolRequestParams::new(tool.to_owned()).with_arguments(object(arguments));
    client.call_tool(params).await.expect("a result")
}

/// A server in this process; what comes back is the client's end.
async fn served(scratch: &Scratch, #[cfg(feature = "auth")] caller: &Arc<Caller>) -> DuplexStream {
    #[cfg(not(any(feature = "shared", feature = "rates", feature = "most")))]
    let server = Server::new(Arc::new(scratch.open().await)).expect("the descriptors are sound");
    #[cfg(any(feature = "shared", feature = "rates", feature = "most"))]
    let server = made(
        scratch,
        #[cfg(feature = "rates")]
        &[],
        #[cfg(feature = "most")]
        MOST,
    )
    .await;
    #[cfg(feature = "auth")]
    let server = server.called_by(Arc::clone(caller));
    serving(server)
}

/// A server on a database, with these limits.
#[cfg(any(feature = "shared", feature = "rates", feature = "most"))]
async fn made(
    scratch: &Scratch,
    #[cfg(feature = "rates")] rates: &'static [Rate],
    #[cfg(feature = "most")] most: &[Most],
) -> Server {
    #[cfg(feature = "shared")]
    let redis = {
        let url = redis_url();
        Redis::connect(url.as_deref(), &redis_prefix(scratch))
            .await
            .expect("TEST_REDIS_URL is a URL")
    };
    let server = Server::new(
        Arc::new(scratch.open().await),
        #[cfg(feature = "shared")]
        &redis,
        #[cfg(feature = "rates")]
        rates,
        #[cfg(feature = "most")]
        most,
    );
    server.expect("the descriptors are sound")
}

/// The Redis that servers share; none where no Redis is named for tests.
#[cfg(feature = "shared")]
pub fn redis_url() -> Option<String> {
    use std::io::Write as _;
    static SAID: std::sync::Once = std::sync::Once::new();
    let url = std::env::var("TEST_REDIS_URL").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        // Past the test harness, which keeps what passing tests print to itself.
        SAID.call_once(|| {
            let name = env!("CARGO_PKG_NAME");
            let said = writeln!(
                std::io::stderr(),
                "skipped: the tests of {name} need TEST_REDIS_URL=URL of a Redis"
            );
            said.expect("standard error is open");
        });
    }
    url
}

/// What the servers of one database share there, and others do not.
#[cfg(feature = "shared")]
fn redis_prefix(scratch: &Scratch) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    (std::process::id(), scratch.url()).hash(&mut hasher);
    format!("mcpgen_test:{:x}", hasher.finish())
}

/// A caller with these scopes, or nobody.
#[cfg(feature = "auth")]
fn caller(scopes: Option<&[&str]>) -> Arc<Caller> {
    let known = scopes.map(|scopes| Caller::new(&RULES, "test", scopes));
    #[cfg(feature = "claims")]
    let known = known.map(|mut known| {
        known.set_claims(&RULES, &serde_json::from_str(crate::CLAIMS).expect("an object"));
        known
    });
    Arc::new(known.unwrap_or_default())
}

fn serving(server: Server) -> DuplexStream {
    let (near, far) = tokio::io::duplex(64 * 1024);
    tokio::spawn(async move {
        let (input, output) = tokio::io::split(far);
        stdio::over(server, input, output, 1024 * 1024).await.expect("the server runs");
    });
    near
}

/// How a client asks to hear of changes.
#[cfg(feature = "watches")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By `resources/subscribe`, before 2026-07-28.
    Subscribe,
    /// By `subscriptions/listen`, since then.
    Listen,
}

/// A client that is subscribed to URIs, of a server of its own on the same database.
#[cfg(feature = "watches")]
pub struct Watcher {
    way: Way,
    uris: Vec<String>,
    watches: Arc<Watches>,
    lines: tokio::io::Lines<BufReader<tokio::io::ReadHalf<DuplexStream>>>,
    writer: tokio::io::WriteHalf<DuplexStream>,
}

#[cfg(feature = "watches")]
impl Watcher {
    /// Subscribes; from then on every change is seen.
    pub async fn new(scratch: &Scratch, way: Way, uris: &[&str]) -> Self {
        #[cfg(not(any(feature = "shared", feature = "rates", feature = "most")))]
        let server = Server::new(Arc::new(scratch.open().await)).expect("sound descriptors");
        #[cfg(any(feature = "shared", feature = "rates", feature = "most"))]
        let server = made(
            scratch,
            #[cfg(feature = "rates")]
            &[],
            #[cfg(feature = "most")]
            MOST,
        )
        .await;
        #[cfg(feature = "auth")]
        let server = server.called_by(caller(Some(&["*"])));
        let watches = Arc::clone(server.watches());
        let (reader, writer) = tokio::io::split(serving(server));
        let lines = BufReader::new(reader).lines();
        let uris = uris.iter().map(|&uri| uri.to_owned()).collect();
        let mut watcher = Self { way, uris, watches, lines, writer };
        watcher.begin().await;
        watcher
    }

    async fn begin(&mut self) {
        match self.way {
            Way::Subscribe => {
                let client = json!({ "name": "test", "version": "1" });
                let params = json!({
                    "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client,
                });
                self.say(json!({ "id": 0, "method": "initialize", "params": params })).await;
                let answer = self.hear().await;
                assert_eq!(answer["result"]["capabilities"]["resources"]["subscribe"], true);
                self.say(json!({ "method": "notifications/initialized" })).await;
                for uri in self.uris.clone() {
                    let params = json!({ "uri": uri });
                    self.say(json!({ "id": 1, "method": "resources/subscribe", "params": params }))
                        .await;
                    let answer = self.hear().await;
                    assert!(answer["result"].is_object(), "{uri}: {answer}");
                }
            }
            Way::Listen => {
                let meta = json!({
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                    "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
                    "io.modelcontextprotocol/clientCapabilities": {},
                });
                let wanted = json!({ "resourceSubscriptions": self.uris });
                let params = json!({ "_meta": meta, "notifications": wanted });
                self.say(json!({ "id": 1, "method": "subscriptions/listen", "params": params }))
                    .await;
                let answer = self.hear().await;
                assert_eq!(
                    answer["method"], "notifications/subscriptions/acknowledged",
                    "{answer}"
                );
                assert_eq!(answer["params"]["notifications"], wanted);
                // What is acknowledged is watched in a moment.
                self.watched(self.uris.len()).await;
            }
        }
        self.watches.look().await;
    }

    /// The client hears of these URIs, and of no others.
    pub async fn hears(&mut self, expected: &[&str]) {
        self.watches.look().await;
        let mut missing = expected.to_vec();
        loop {
            // What must come may take its time; what must not come would be there by now.
            let wait = Duration::from_millis(if missing.is_empty() { 300 } else { 20_000 });
            let Ok(line) = tokio::time::timeout(wait, self.lines.next_line()).await else { break };
            let line = line.expect("the server writes").expect("the server is there");
            let told: Value = serde_json::from_str(&line).expect("JSON");
            assert_eq!(told["method"], "notifications/resources/updated", "{told}");
            let uri = told["params"]["uri"].as_str().expect("a URI");
            assert!(expected.contains(&uri), "{uri} did not change");
            let stream = &told["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"];
            assert_eq!(stream.as_i64(), (self.way == Way::Listen).then_some(1), "{told}");
            missing.retain(|missing| *missing != uri);
        }
        assert!(missing.is_empty(), "nothing was heard of {missing:?}");
    }

    /// Ends the subscriptions: nothing is watched any more.
    pub async fn leaves(&mut self) {
        match self.way {
            Way::Subscribe => {
                for uri in self.uris.clone() {
                    let params = json!({ "uri": uri });
                    self.say(
                        json!({ "id": 2, "method": "resources/unsubscribe", "params": params }),
                    )
                    .await;
                    let answer = self.hear().await;
                    assert!(answer["result"].is_object(), "{uri}: {answer}");
                }
            }
            Way::Listen => {
                let params = json!({ "requestId": 1 });
                self.say(json!({ "method": "notifications/cancelled", "params": params })).await;
            }
        }
        self.watched(0).await;
    }

    async fn watched(&self, count: usize) {
        let waits = async {
            while self.watches.watched() != count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waits).await.expect("in time");
    }

    async fn say(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        let line = format!("{message}\n");
        self.writer.write_all(line.as_bytes()).await.expect("the server reads");
    }

    async fn hear(&mut self) -> Value {
        let line = tokio::time::timeout(Duration::from_secs(10), self.lines.next_line()).await;
        let line = line.expect("an answer in time").expect("the server writes").expect("an answer");
        serde_json::from_str(&line).expect("JSON")
    }
}

#[cfg(any(
    feature = "claiming",
    feature = "tools",
    feature = "prompts",
    feature = "prompt-replies"
))]
fn object(arguments: Value) -> JsonObject {
    match arguments {
        Value::Object(object) => object,
        other => panic!("arguments are an object, not {other}"),
    }
}

/// The structured content is what the tool's output schema says: 0 for an answer, 1 for an error.
#[cfg(feature = "tools")]
fn conforms(tool: &str, structured: &Value, case: usize) {
    let tools: Value = serde_json::from_str(TOOLS).expect("JSON");
    let tools = tools.as_array().expect("a list");
    let tool = tools.iter().find(|known| known["name"] == tool).expect("a tool of this server");
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    let schema = options.build(&tool["outputSchema"]["anyOf"][case]).expect("a valid schema");
    let errors: Vec<String> =
        schema.iter_errors(structured).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{}: {errors:?} in {structured}", tool["name"]);
}

/// An error of the protocol, where there is one.
#[cfg(feature = "protocol")]
pub fn protocol<T>(result: Result<T, ServiceError>) -> Result<T, ErrorData> {
    match result {
        Ok(value) => Ok(value),
        Err(ServiceError::McpError(error)) => Err(error),
        Err(other) => panic!("the connection failed: {other}"),
    }
}

/// Type and message of an error result.
#[cfg(feature = "error")]
pub fn error(result: &CallToolResult) -> Option<(String, String)> {
    let structured = result.structured_content.as_ref()?;
    let text = |member: &str| structured[member].as_str().unwrap_or_default().to_owned();
    (result.is_error == Some(true)).then(|| (text("type"), text("message")))
}

/// The text of a result.
#[cfg(feature = "text")]
pub fn text(result: &CallToolResult) -> String {
    let texts = result.content.iter().filter_map(ContentBlock::as_text);
    texts.map(|text| text.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// Every member of `expected` is in `found`; lists have the same length.
#[cfg(feature = "subsets")]
pub fn assert_subset(found: &Value, expected: &Value) {
    fn is_subset(found: &Value, expected: &Value) -> bool {
        match (found, expected) {
            (Value::Object(found), Value::Object(expected)) => {
                expected.iter().all(|(name, expected)| {
                    found.get(name).is_some_and(|found| is_subset(found, expected))
                })
            }
            (Value::Array(found), Value::Array(expected)) => {
                found.len() == expected.len()
                    && found
                        .iter()
                        .zip(expected)
                        .all(|(found, expected)| is_subset(found, expected))
            }
            (Value::Number(found), Value::Number(expected)) => found.as_f64() == expected.as_f64(),
            (found, expected) => found == expected,
        }
    }
    assert!(is_subset(found, expected), "expected {expected:#} in {found:#}");
}
