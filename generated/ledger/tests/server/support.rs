//! A server on a database of its own, and a client that talks to it.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use rmcp::model::ClientConfig;
use rmcp::model::ErrorData;
use rmcp::model::JsonObject;
use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::model::{GetPromptRequestParams, GetPromptResult};
use rmcp::model::{ReadResourceRequestParams, ResourceContents};
use rmcp::service::RunningService;
use rmcp::service::ServiceError;
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use rmcp::{RoleClient, ServiceExt};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::process::{Child, Command};

use crate::scratch::Scratch;
use crate::subject::limits::MOST;
use crate::subject::runtime::concurrency::Most;
use crate::subject::runtime::rate::Rate;
use crate::subject::runtime::shared::Redis;
use crate::subject::runtime::stdio;
use crate::subject::server::Server;

/// The tools as clients are told about them.
pub const TOOLS: &str = include_str!("../../descriptors/tools.json");

/// What is served as a client.
type Person = ClientConfig;

fn person() -> Person {
    ClientConfig::default()
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
}

impl Fixture {
    /// A server in this process, after these SQL scripts have run; none where no database server is
    /// named for tests.
    pub async fn new(seeds: &[&str]) -> Option<Self> {
        Some(Self::on(Scratch::new(seeds).await?).await)
    }

    /// A server in this process, on a way to its database that can be cut.
    pub async fn detoured(seeds: &[&str]) -> Option<Self> {
        let mut scratch = Scratch::new(seeds).await?;
        scratch.detour().await;
        Some(Self::on(scratch).await)
    }

    /// A server in this process that answers so many requests; others answer all of them.
    pub async fn limited(seeds: &[&str], rates: &'static [Rate]) -> Option<Self> {
        let scratch = Scratch::new(seeds).await?;
        let fixture = Self::within(
            scratch,
            rates,
            MOST,
        );
        Some(fixture.await)
    }

    /// A server in this process of whose tools so many calls may run.
    pub async fn full(seeds: &[&str], most: &[Most]) -> Option<Self> {
        let scratch = Scratch::new(seeds).await?;
        let fixture = Self::within(
            scratch,
            &[],
            most,
        );
        Some(fixture.await)
    }

    /// The real binary over standard input and output.
    pub async fn over_stdio(seeds: &[&str]) -> Option<Self> {
        Some(Self::stdio_on(Scratch::new(seeds).await?).await)
    }

    /// The real binary over HTTP.
    pub async fn over_http(seeds: &[&str]) -> Option<Self> {
        Some(Self::http_on(Scratch::new(seeds).await?).await)
    }

    async fn on(scratch: Scratch) -> Self {
        let fixture = Self::within(
            scratch,
            &[],
            MOST,
        );
        fixture.await
    }

    async fn within(
        scratch: Scratch,
        rates: &'static [Rate],
        most: &[Most],
    ) -> Self {
        let server = made(
            &scratch,
            rates,
            most,
        );
        let server = server.await;
        let client = person().serve(serving(server)).await;
        Self {
            client: client.expect("the server answers"),
            scratch,
            process: None,
            address: None,
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
        }
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
    pub async fn call(&self, tool: &str, arguments: Value) -> CallToolResult {
        let result = self.try_call(tool, arguments).await.expect("a result");
        let structured = result.structured_content.as_ref().expect("structured content");
        conforms(tool, structured, usize::from(result.is_error == Some(true)));
        result
    }

    /// Calls a tool that may be unknown.
    pub async fn try_call(
        &self,
        tool: &str,
        arguments: Value,
    ) -> Result<CallToolResult, ServiceError> {
        let params = CallToolRequestParams::new(tool.to_owned()).with_arguments(object(arguments));
        self.client.call_tool(params).await
    }

    /// The arguments are taken, whatever the database says to them.
    pub async fn takes(&self, tool: &str, arguments: Value) {
        let result = self.call(tool, arguments.clone()).await;
        let kind = error(&result).map(|(kind, _)| kind);
        assert_ne!(kind.as_deref(), Some("INVALID_ARGUMENTS"), "{arguments}: {result:?}");
    }

    /// The arguments are refused, and the message names the param.
    pub async fn refuses(&self, tool: &str, arguments: Value, param: &str) {
        let result = self.call(tool, arguments.clone()).await;
        let (kind, message) = error(&result).unwrap_or_else(|| panic!("{arguments} was taken"));
        assert_eq!(kind, "INVALID_ARGUMENTS", "{arguments}: {message}");
        assert!(message.contains(param), "the message does not name `{param}`: {message}");
    }

    /// Reads a resource: its text, or its bytes in base64.
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
    pub async fn prompt(&self, name: &str, arguments: Value) -> Result<GetPromptResult, ErrorData> {
        let params = GetPromptRequestParams::new(name).with_arguments(object(arguments));
        protocol(self.client.get_prompt(params).await)
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
/// answered; none where no database server is named for tests.
pub async fn raw(messages: &[&str]) -> Option<Vec<Value>> {
    Some(spoken(&Scratch::new(&[]).await?, messages).await)
}

async fn spoken(scratch: &Scratch, messages: &[&str]) -> Vec<Value> {
    let server = served(
        scratch,
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
pub async fn post(address: &str, head: &str, body: &str) -> (u16, String) {
    let length = body.len();
    let request = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\n{head}Content-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    );
    said(address, &request).await
}

/// What is said to a request.
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
    command
        .env("REDIS_URL", redis_url().unwrap_or_default())
        .env("REDIS_PREFIX", redis_prefix(scratch));
    command
}

/// A server in this process; what comes back is the client's end.
async fn served(scratch: &Scratch, ) -> DuplexStream {
    let server = made(
        scratch,
        &[],
        MOST,
    )
    .await;
    serving(server)
}

/// A server on a database, with these limits.
async fn made(
    scratch: &Scratch,
    rates: &'static [Rate],
    most: &[Most],
) -> Server {
    let redis = {
        let url = redis_url();
        Redis::connect(url.as_deref(), &redis_prefix(scratch))
            .await
            .expect("TEST_REDIS_URL is a URL")
    };
    let server = Server::new(
        Arc::new(scratch.open().await),
        &redis,
        rates,
        most,
    );
    server.expect("the descriptors are sound")
}

/// The Redis that servers share; none where no Redis is named for tests.
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
fn redis_prefix(scratch: &Scratch) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    (std::process::id(), scratch.url()).hash(&mut hasher);
    format!("mcpgen_test:{:x}", hasher.finish())
}

fn serving(server: Server) -> DuplexStream {
    let (near, far) = tokio::io::duplex(64 * 1024);
    tokio::spawn(async move {
        let (input, output) = tokio::io::split(far);
        stdio::over(server, input, output, 1024 * 1024).await.expect("the server runs");
    });
    near
}

fn object(arguments: Value) -> JsonObject {
    match arguments {
        Value::Object(object) => object,
        other => panic!("arguments are an object, not {other}"),
    }
}

/// The structured content is what the tool's output schema says: 0 for an answer, 1 for an error.
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
pub fn protocol<T>(result: Result<T, ServiceError>) -> Result<T, ErrorData> {
    match result {
        Ok(value) => Ok(value),
        Err(ServiceError::McpError(error)) => Err(error),
        Err(other) => panic!("the connection failed: {other}"),
    }
}

/// Type and message of an error result.
pub fn error(result: &CallToolResult) -> Option<(String, String)> {
    let structured = result.structured_content.as_ref()?;
    let text = |member: &str| structured[member].as_str().unwrap_or_default().to_owned();
    (result.is_error == Some(true)).then(|| (text("type"), text("message")))
}

/// Every member of `expected` is in `found`; lists have the same length.
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
