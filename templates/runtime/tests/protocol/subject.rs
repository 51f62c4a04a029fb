//! A small server, and clients that speak to it in bytes.

use std::sync::Arc;
use std::time::Duration;

use mcpgen_runtime::address::Proxies;
use mcpgen_runtime::audit::{self, Audit};
use mcpgen_runtime::auth::{Asked, Auth, Jwt, Needs, Rules};
use mcpgen_runtime::database::{Database, Settings};
use mcpgen_runtime::failure::{Failure, Kind};
use mcpgen_runtime::http::{self, Options};
use mcpgen_runtime::management::Management;
use mcpgen_runtime::metrics::Metrics;
use mcpgen_runtime::shared::Redis;
use mcpgen_runtime::stdio;
use mcpgen_runtime::{answer, handle, progress};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData,
    ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, SubscriptionFilter,
    Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::io::{DuplexStream, Lines, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// Has a tool `echo`, a tool `wait`, which sleeps for `ms`, a tool `steps`, which has three of them and
/// begins again after two, and a tool `query`, which runs `sql`
/// and reads all rows or so many of them.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The database.
    pub database: Arc<Database>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

impl Subject {
    async fn new(settings: Settings) -> Self {
        let database = Arc::new(open(settings).await);
        let metrics = Metrics::new(&database, &Audit::new(&AUDIT), &tools(), Vec::new());
        Self { database, metrics }
    }
}

impl ServerHandler for Subject {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools()))
    }

    /// Streams that tell nothing.
    fn accepted_subscription_filter(
        &self,
        asked: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        Some(asked.clone())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let execution = self.metrics.execution(&request.name);
        execution.begins();
        let arguments = Value::Object(request.arguments.unwrap_or_default());
        // On the heap, as generated code has its calls.
        let run = Box::pin(async {
            match &*request.name {
                "wait" => {
                    let ms = arguments["ms"].as_u64().unwrap_or_default();
                    tokio::time::sleep(Duration::from_millis(ms)).await;
                }
                "steps" => {
                    for (done, name) in
                        [(1, "one"), (2, "two"), (1, "one"), (2, "two"), (3, "three")]
                    {
                        progress::step(done, 3, name);
                    }
                }
                "query" => {
                    let sql = arguments["sql"].as_str().unwrap_or_default().to_owned();
                    let mut session =
                        self.database.read(Duration::from_secs(60)).await.expect("a session");
                    let sql = sqlx::query(AssertSqlSafe(sql));
                    let rows = match arguments["most"].as_u64() {
                        Some(most) => {
                            let rows = session.bounded(sql, most as usize, usize::MAX, |_| Ok(()));
                            progress::rows(rows).await.map(|(rows, _)| rows)
                        }
                        None if arguments["silent"] == true => session.many(sql, |_| Ok(())).await,
                        None => progress::rows(session.many(sql, |_| Ok(()))).await,
                    };
                    return rows.map_or(-1, |rows| rows.len() as i64);
                }
                "echo" => {}
                _ => return -1,
            }
            0
        });
        let run = progress::told(&context, run);
        let answer = async {
            let rows = handle::request(&context, "tools/call", &request.name, run).await?;
            if !["echo", "wait", "steps", "query"].contains(&&*request.name) {
                return Err(answer::unknown("tool", &request.name));
            }
            if arguments["fails"] == true {
                let failure = Failure::new(Kind::RecordNotFound, "it is told to");
                return Ok(failure.into_result().into());
            }
            let text = json!({ "arguments": arguments, "rows": rows }).to_string();
            Ok(CallToolResult::success(vec![ContentBlock::text(text)]).into())
        };
        execution.of(answer).await
    }
}

fn tools() -> Vec<Tool> {
    let tool = |name| json!({ "name": name, "inputSchema": { "type": "object" } });
    let tools = ["echo", "wait", "steps", "query"].map(tool).map(serde_json::from_value);
    tools.into_iter().collect::<Result<_, _>>().expect("they are tools")
}

/// Limits that a test can reach.
pub fn options() -> Options {
    Options {
        allowed_hosts: vec!["mcp.example".to_owned(), String::new()],
        allowed_origins: vec![String::new(), "https://app.example/".to_owned()],
        max_request_bytes: 64 * 1024,
        request_timeout: Duration::from_secs(2),
        keep_alive: Duration::from_millis(200),
        max_connections: 64,
        trusted_proxies: Proxies::default(),
        public_url: None,
        audit: Audit::new(&AUDIT),
        max_sessions: 100,
    }
}

/// What is written of calls.
static AUDIT: audit::Rules =
    audit::Rules { required: |_| false, arguments: |_, _| &[], table: "", uris: |_| None };

/// Nothing is set up in tests, and everybody may call.
static RULES: Rules = Rules {
    claims: &[],
    scopes: &[],
    needs: |_, _| Needs::Nothing,
    api_keys: "MCPGEN_TEST_KEYS",
    jwt: Jwt {
        issuer: "${MCPGEN_TEST_ISSUER}",
        audience: "test",
        algorithms: &[],
        skew: Duration::ZERO,
    },
    introspection: Asked {
        issuer: "${MCPGEN_TEST_ISSUER}",
        url: "${MCPGEN_TEST_ISSUER}",
        client_id: "test",
        client_secret: "${MCPGEN_TEST_ISSUER}",
        audience: "test",
        cache: Duration::ZERO,
    },
};

async fn free() -> std::net::SocketAddr {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    free.local_addr().expect("an address")
}

/// The subject over HTTP, and its address.
pub async fn over_http(settings: Settings, options: Options) -> (String, CancellationToken) {
    let (address, _, stop) = serve(settings, options, None).await;
    (address, stop)
}

/// The subject over HTTP, its address, and that of its management.
#[cfg(feature = "sqlite")]
pub async fn managed_apart(
    settings: Settings,
    options: Options,
) -> (String, String, CancellationToken) {
    serve(settings, options, Some(free().await)).await
}

async fn serve(
    settings: Settings,
    options: Options,
    apart: Option<std::net::SocketAddr>,
) -> (String, String, CancellationToken) {
    let subject = Subject::new(settings).await;
    let address = free().await;
    let stop = CancellationToken::new();
    let (database, metrics) = (Arc::clone(&subject.database), Arc::clone(&subject.metrics));
    // Nobody is there.
    let redis = Redis::connect(Some("redis://127.0.0.1:1"), "subject").await.expect("a URL");
    let management = Management::new(database, stop.clone(), metrics, Vec::new(), redis);
    if let Some(apart) = apart {
        management.listen(apart).await.expect("the port is free");
    }
    tokio::spawn({
        let stop = stop.clone();
        let auth = Arc::new(Auth::from_environment(&RULES).expect("nothing is set up"));
        async move { http::serve(subject, &management, address, &options, auth, stop).await }
    });
    while TcpStream::connect(address).await.is_err() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    (address.to_string(), apart.unwrap_or(address).to_string(), stop)
}

#[cfg(feature = "sqlite")]
async fn open(settings: Settings) -> Database {
    Database::open(settings, &[]).await.expect("a database")
}

#[cfg(not(feature = "sqlite"))]
async fn open(settings: Settings) -> Database {
    Database::open(settings).await.expect("a database")
}

/// A database in a folder that is left behind.
#[cfg(feature = "sqlite")]
pub fn settings() -> Settings {
    let folder = tempfile::tempdir().expect("a folder").keep();
    Settings {
        url: format!("sqlite:{}", folder.join("subject.db").display()),
        max_connections: 4,
        min_connections: 0,
        acquire_timeout: Duration::from_secs(5),
        idle_timeout: Duration::from_secs(60),
    }
}

/// The lines of a head that each request has.
pub const HEAD: &str =
    "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n";

/// A call of a tool, in the revisions with a handshake.
pub fn call(id: impl Into<Value>, tool: &str, arguments: Value) -> String {
    let id: Value = id.into();
    let params = json!({ "name": tool, "arguments": arguments });
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params }).to_string()
}

/// What a client of 2025-11-25 begins with.
#[cfg(feature = "sqlite")]
pub fn hello() -> String {
    let params = json!({
        "protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": { "name": "test", "version": "1" },
    });
    json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params }).to_string()
}

/// A client of the subject over lines.
pub struct Client {
    /// The way to the server; none once it is closed.
    pub input: Option<WriteHalf<DuplexStream>>,
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    server: tokio::task::JoinHandle<Result<(), String>>,
}

impl Client {
    /// Before the handshake.
    pub async fn fresh(settings: Settings, max_bytes: usize) -> Self {
        let subject = Subject::new(settings).await;
        let (near, far) = tokio::io::duplex(64 * 1024);
        let (output, input) = tokio::io::split(near);
        let (far_input, far_output) = tokio::io::split(far);
        let server = tokio::spawn(async move {
            let served = stdio::over(subject, far_input, far_output, max_bytes).await;
            served.map_err(|error| error.to_string())
        });
        Self { input: Some(input), lines: BufReader::new(output).lines(), server }
    }

    /// After the handshake in this revision.
    pub async fn new(settings: Settings, revision: &str) -> Self {
        let mut client = Self::fresh(settings, 64 * 1024).await;
        let params = json!({
            "protocolVersion": revision, "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        });
        let hello = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params });
        client.send(&hello.to_string()).await;
        assert_eq!(client.next().await["result"]["protocolVersion"], revision);
        client.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).await;
        client
    }

    /// Sends a line.
    pub async fn send(&mut self, line: &str) {
        self.bytes(format!("{line}\n").as_bytes()).await;
    }

    /// Sends bytes.
    pub async fn bytes(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("it is open");
        input.write_all(bytes).await.expect("the server reads");
    }

    /// The next message of the server.
    pub async fn next(&mut self) -> Value {
        self.maybe().await.expect("a message")
    }

    /// The next message of the server, or none when it has ended.
    pub async fn maybe(&mut self) -> Option<Value> {
        let line = tokio::time::timeout(Duration::from_secs(20), self.lines.next_line()).await;
        let line = line.expect("a message in time").expect("it can be read")?;
        Some(serde_json::from_str(&line).expect("nothing but messages"))
    }

    /// Sends bytes and goes away without reading the answers; the server ends cleanly.
    #[cfg(feature = "sqlite")]
    pub async fn gone(mut self, bytes: &str) {
        self.bytes(bytes.as_bytes()).await;
        drop((self.input, self.lines));
        self.server.await.expect("no panic").expect("a clean end");
    }

    /// Closes the way to the server and reads nothing; the server ends cleanly.
    #[cfg(feature = "sqlite")]
    pub async fn unread(mut self) {
        self.input.take().expect("it is open").shutdown().await.expect("it closes");
        let ended = tokio::time::timeout(Duration::from_secs(15), self.server).await;
        ended.expect("an end in time").expect("no panic").expect("a clean end");
    }

    /// Closes the way to the server, and says what it sends before it ends.
    pub async fn end(mut self) -> Vec<Value> {
        if let Some(mut input) = self.input.take() {
            input.shutdown().await.expect("it closes");
        }
        let mut rest = Vec::new();
        while let Some(message) = self.maybe().await {
            rest.push(message);
        }
        self.server.await.expect("no panic").expect("a clean end");
        rest
    }
}
