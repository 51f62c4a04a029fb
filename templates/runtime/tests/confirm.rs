//! What a confirmation withstands, in both ways of asking, and what sessions do under load.
#![cfg(all(feature = "ask", feature = "confirm"))]

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::{Body, BodyDataStream, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::StreamExt as _;
use futures_util::future::join_all;
use mcpgen_runtime::ask::{self, Filled, Form};
use mcpgen_runtime::confirm::Confirmations;
use mcpgen_runtime::secret::Signer;
use mcpgen_runtime::sessions::Sessions;
use mcpgen_runtime::shared::Redis;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ErrorData, ServerCapabilities,
    ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::transport::StreamableHttpServerConfig;
use rmcp::{RoleServer, ServerHandler};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// A server whose tools ask, all but `plain`, and count how often they ran.
#[derive(Clone)]
struct Asking(Arc<Shared>);

struct Shared {
    signer: Arc<Signer>,
    confirmations: Confirmations,
    runs: AtomicUsize,
}

impl Asking {
    fn new(signer: &Arc<Signer>, confirmations: Confirmations) -> Self {
        Self(Arc::new(Shared {
            signer: Arc::clone(signer),
            confirmations,
            runs: AtomicUsize::new(0),
        }))
    }

    fn runs(&self) -> usize {
        self.0.runs.load(Ordering::SeqCst)
    }
}

impl ServerHandler for Asking {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if request.name == "greet" {
            let mut arguments = request.arguments.clone();
            let answers = (request.input_responses.as_ref(), request.request_state.as_deref());
            let signer = &self.0.signer;
            let filled = ask::fill(FORMS, "greet", &mut arguments, answers, signer, &context);
            return Ok(match filled.await? {
                Filled::Whole => CallToolResult::structured(json!(arguments)).into(),
                Filled::Asked(result) => result.into(),
                Filled::Refused(failure) => failure.into_result().into(),
            });
        }
        if request.name != "plain" {
            let question = Ok(format!("Run {}?", request.name));
            let shared = &self.0;
            let asked = shared.confirmations.ask(&shared.signer, question, &request, &context);
            if let Some(response) = asked.await? {
                return Ok(response);
            }
        }
        self.0.runs.fetch_add(1, Ordering::SeqCst);
        Ok(CallToolResult::structured(json!({ "ran": true })).into())
    }
}

/// What `greet` asks for.
const FORMS: &[Form] = &[
    Form {
        name: "who",
        message: "Who?",
        schema: r#"{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}"#,
        params: &["name"],
    },
    Form {
        name: "how",
        message: "How?",
        schema: r#"{"type":"object","properties":{"loud":{"type":"boolean"},"times":{"type":"integer"}}}"#,
        params: &["loud", "times"],
    },
];

/// A server over HTTP, in this process.
struct Subject {
    server: Asking,
    http: Arc<Sessions<Asking>>,
}

fn subject() -> Subject {
    limited(&Arc::new(Signer::from_environment()), 100, Duration::from_secs(60))
}

fn limited(signer: &Arc<Signer>, most: usize, idle: Duration) -> Subject {
    served(Asking::new(signer, Confirmations::new()), most, idle)
}

/// One of several servers that share a Redis.
fn replica(signer: &Arc<Signer>, redis: &Arc<Redis>) -> Subject {
    served(Asking::new(signer, Confirmations::shared(redis)), 100, Duration::from_secs(60))
}

fn served(server: Asking, most: usize, idle: Duration) -> Subject {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true);
    let stop = CancellationToken::new();
    let http = Sessions::with_idle(server.clone(), config, stop, most, idle);
    Subject { server, http: Arc::new(http) }
}

impl Subject {
    async fn send(&self, method: &str, headers: &[(&str, &str)], body: &Value) -> Response {
        let mut request = Request::builder()
            .method(method)
            .uri("/mcp")
            .header("host", "localhost")
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_string())).expect("a request");
        self.http.handle(request).await
    }

    /// A call of a client of 2026-07-28 that can ask, with what it brings along.
    async fn call(&self, tool: &str, arguments: Value, more: Value) -> Value {
        self.call_of(json!({ "elicitation": {} }), tool, arguments, more).await.1
    }

    async fn call_of(
        &self,
        capabilities: Value,
        tool: &str,
        arguments: Value,
        more: Value,
    ) -> (StatusCode, Value) {
        let mut params = json!({
            "name": tool,
            "arguments": arguments,
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
                "io.modelcontextprotocol/clientCapabilities": capabilities,
            },
        });
        for (name, value) in more.as_object().expect("an object") {
            params[name] = value.clone();
        }
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let headers = [
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", tool),
        ];
        let response = self.send("POST", &headers, &body).await;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (status, serde_json::from_slice(&body).expect("JSON"))
    }

    /// The state that comes with the question.
    async fn asked(&self, tool: &str, arguments: Value) -> String {
        let answer = self.call(tool, arguments, json!({})).await;
        assert_eq!(answer["result"]["resultType"], "input_required", "{answer}");
        let question = &answer["result"]["inputRequests"]["confirm"]["params"];
        assert_eq!(question["message"], format!("Run {tool}?"), "{answer}");
        answer["result"]["requestState"].as_str().expect("a state").to_owned()
    }

    /// Opens a session.
    async fn initialize(&self, capabilities: Value) -> Response {
        let params = json!({
            "protocolVersion": "2025-11-25",
            "capabilities": capabilities,
            "clientInfo": { "name": "test", "version": "1" },
        });
        let body = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params });
        self.send("POST", &[], &body).await
    }

    /// The name of a session that is ready.
    async fn session(&self, capabilities: Value) -> String {
        let response = self.initialize(capabilities).await;
        assert_eq!(response.status(), StatusCode::OK);
        let name = response.headers()["mcp-session-id"].to_str().expect("text").to_owned();
        drop(to_bytes(response.into_body(), usize::MAX).await);
        let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        assert_eq!(self.on(&name, &ready).await.status(), StatusCode::ACCEPTED);
        name
    }

    async fn on(&self, session: &str, body: &Value) -> Response {
        let headers = [("mcp-session-id", session), ("mcp-protocol-version", "2025-11-25")];
        self.send("POST", &headers, body).await
    }

    /// A call on a session that asks: its stream, and the id of the question.
    async fn asked_on(&self, session: &str) -> (Events, Value) {
        let mut events = Events::of(self.on(session, &call("run")).await);
        let asked = events.next().await.expect("a question");
        assert_eq!(asked["method"], "elicitation/create", "{asked}");
        assert_eq!(asked["params"]["message"], "Run run?");
        assert_eq!(asked["params"]["requestedSchema"]["properties"], json!({}));
        (events, asked["id"].clone())
    }

    async fn sessions(&self) -> usize {
        self.http.count().await
    }
}

fn call(tool: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": tool, "arguments": {} } })
}

/// The messages of an event stream.
struct Events {
    body: BodyDataStream,
    text: String,
}

impl Events {
    fn of(response: Response) -> Self {
        assert_eq!(response.status(), StatusCode::OK);
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    async fn next(&mut self) -> Option<Value> {
        loop {
            while let Some((line, rest)) = self.text.split_once('\n') {
                let message = line.strip_prefix("data:").map(str::trim).filter(|m| !m.is_empty());
                let message = message.map(|message| serde_json::from_str(message).expect("JSON"));
                self.text = rest.to_owned();
                if message.is_some() {
                    return message;
                }
            }
            let more = tokio::time::timeout(Duration::from_secs(20), self.body.next()).await;
            let bytes = more.expect("the stream goes on")?.expect("bytes");
            self.text.push_str(std::str::from_utf8(&bytes).expect("text"));
        }
    }
}

fn accepts(state: &str) -> Value {
    json!({ "requestState": state, "inputResponses": { "confirm": { "action": "accept" } } })
}

/// The type of the error that a call was answered with.
fn kind(answer: &Value) -> &str {
    let result = answer["result"]["structuredContent"]["type"].as_str();
    result.or_else(|| answer["error"]["data"]["type"].as_str()).unwrap_or_default()
}

#[tokio::test]
async fn a_state_is_good_for_one_call() {
    let subject = subject();
    let state = subject.asked("run", json!({ "id": 1, "b": [{ "x": 1, "y": 2 }] })).await;
    for (tool, arguments) in [
        ("other", json!({ "id": 1, "b": [{ "x": 1, "y": 2 }] })),
        ("run", json!({ "id": 2, "b": [{ "x": 1, "y": 2 }] })),
        ("run", json!({ "id": 1, "b": [{ "x": 1, "y": 3 }] })),
        ("run", json!({ "id": 1 })),
        ("run", json!({})),
    ] {
        let answer = subject.call(tool, arguments, accepts(&state)).await;
        assert_eq!(kind(&answer), "CONFIRMATION_INVALID", "{answer}");
    }
    let mut changed: Vec<String> = (0..state.len())
        .map(|at| {
            let other = if state.as_bytes()[at] == b'A' { "B" } else { "A" };
            format!("{}{other}{}", &state[..at], &state[at + 1..])
        })
        .collect();
    changed.extend([
        String::new(),
        "A".to_owned(),
        state[1..].to_owned(),
        format!("{state}AAAA"),
        "=".repeat(1000),
    ]);
    for state in &changed {
        let answer = subject.call("run", json!({ "id": 1 }), accepts(state)).await;
        assert_eq!(kind(&answer), "CONFIRMATION_INVALID", "{state}: {answer}");
        assert_eq!(answer["error"]["code"], -32602, "{state}: {answer}");
    }
    assert_eq!(subject.server.runs(), 0);
    // The same arguments in another order are the same.
    let same = json!({ "b": [{ "y": 2, "x": 1 }], "id": 1 });
    let answer = subject.call("run", same.clone(), accepts(&state)).await;
    assert_eq!(answer["result"]["structuredContent"]["ran"], true, "{answer}");
    let again = subject.call("run", same, accepts(&state)).await;
    assert_eq!(kind(&again), "CONFIRMATION_INVALID", "{again}");
    assert_eq!(subject.server.runs(), 1);
}

#[tokio::test]
async fn a_state_is_used_up_once_whoever_is_first() {
    let subject = subject();
    let state = subject.asked("run", json!({})).await;
    let calls = (0..50).map(|_| subject.call("run", json!({}), accepts(&state)));
    let ran = join_all(calls).await.into_iter().filter(|answer| kind(answer).is_empty()).count();
    assert_eq!((ran, subject.server.runs()), (1, 1));
}

#[tokio::test]
async fn a_state_is_good_once_for_all_replicas() {
    let Ok(url) = std::env::var("TEST_REDIS_URL") else {
        let _ = writeln!(std::io::stderr(), "skipped: TEST_REDIS_URL is not set");
        return;
    };
    let prefix = format!("confirm-{}", std::process::id());
    let redis = Redis::connect(Some(&url), &prefix).await.expect("a Redis");
    let signer = Arc::new(Signer::from_environment());
    let (first, second) = (replica(&signer, &redis), replica(&signer, &redis));
    let state = first.asked("run", json!({})).await;
    let calls = (0..50).map(|i| {
        let subject = if i % 2 == 0 { &first } else { &second };
        subject.call("run", json!({}), accepts(&state))
    });
    let ran = join_all(calls).await.into_iter().filter(|answer| kind(answer).is_empty()).count();
    assert_eq!((ran, first.server.runs() + second.server.runs()), (1, 1));

    // One that begins later takes what was asked before it, once.
    let state = first.asked("run", json!({})).await;
    let third = replica(&signer, &redis);
    let answer = third.call("run", json!({}), accepts(&state)).await;
    assert_eq!(answer["result"]["structuredContent"]["ran"], true, "{answer}");
    let again = first.call("run", json!({}), accepts(&state)).await;
    assert_eq!(kind(&again), "CONFIRMATION_INVALID", "{again}");

    // A Redis that has lost what was used takes nothing from before.
    let used = first.asked("run", json!({})).await;
    let answer = first.call("run", json!({}), accepts(&used)).await;
    assert_eq!(kind(&answer), "", "{answer}");
    let empty = Redis::connect(Some(&url), &format!("{prefix}-empty")).await.expect("a Redis");
    let after = replica(&signer, &empty);
    let again = after.call("run", json!({}), accepts(&used)).await;
    assert_eq!(kind(&again), "CONFIRMATION_INVALID", "{again}");
    let fresh = after.asked("run", json!({})).await;
    let again = after.call("run", json!({}), accepts(&used)).await;
    assert_eq!(kind(&again), "CONFIRMATION_INVALID", "{again}");
    let answer = after.call("run", json!({}), accepts(&fresh)).await;
    assert_eq!(kind(&answer), "", "{answer}");
}

#[tokio::test]
async fn without_redis_nobody_is_asked_in_vain() {
    let redis = Redis::connect(Some("redis://127.0.0.1:1"), "confirm").await.expect("a URL");
    let subject = replica(&Arc::new(Signer::from_environment()), &redis);
    let answer = subject.call("run", json!({}), json!({})).await;
    assert_eq!(kind(&answer), "CONNECTION_ERROR", "{answer}");
    assert_eq!(subject.server.runs(), 0);
}

#[tokio::test]
async fn only_an_accepted_answer_runs_a_call() {
    let subject = subject();
    for (answer, expected) in [
        (json!({ "action": "decline" }), "CONFIRMATION_DECLINED"),
        (json!({ "action": "cancel" }), "CONFIRMATION_DECLINED"),
        (json!({ "action": "yes" }), "CONFIRMATION_INVALID"),
        (json!({ "action": true }), "CONFIRMATION_INVALID"),
        (json!({ "content": { "confirm": true } }), "CONFIRMATION_INVALID"),
        (json!({}), "CONFIRMATION_INVALID"),
        (json!("accept"), "CONFIRMATION_INVALID"),
        (Value::Null, "CONFIRMATION_INVALID"),
    ] {
        let state = subject.asked("run", json!({})).await;
        let more = json!({ "requestState": state, "inputResponses": { "confirm": answer } });
        let answered = subject.call("run", json!({}), more).await;
        assert_eq!(kind(&answered), expected, "{answer}: {answered}");
        // Nor does it help to change one's mind.
        let later = subject.call("run", json!({}), accepts(&state)).await;
        assert_eq!(kind(&later), "CONFIRMATION_INVALID", "{answer}: {later}");
    }
    // Half an answer is none: the question is asked again.
    let state = subject.asked("run", json!({})).await;
    for more in [
        json!({ "requestState": state }),
        json!({ "inputResponses": { "confirm": { "action": "accept" } } }),
        json!({ "requestState": state, "inputResponses": { "other": { "action": "accept" } } }),
    ] {
        let answer = subject.call("run", json!({}), more).await;
        assert_eq!(answer["result"]["resultType"], "input_required", "{answer}");
    }
    assert_eq!(subject.server.runs(), 0);
}

#[tokio::test]
async fn a_state_ends_with_time_and_with_the_process() {
    let signer = Arc::new(Signer::from_environment());
    let subject = limited(&signer, 100, Duration::from_secs(60));
    let about = json!([["run", "Run run?", {}], [null, {}]]).to_string();
    let state = |seconds: i64, purpose: &str| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
        let expires = i64::try_from(now).expect("not so late") + 1000 * seconds;
        let mut token = [7; 24];
        token[..8].copy_from_slice(&expires.to_be_bytes());
        signer.sign(purpose, &about, &token)
    };
    for (state, taken) in [
        (state(-1, "confirmation"), false),
        (state(300, "cursor"), false),
        (state(300, "confirmation"), true),
    ] {
        let answer = subject.call("run", json!({}), accepts(&state)).await;
        assert_eq!(kind(&answer).is_empty(), taken, "{answer}");
    }
    // A process that starts later cannot know what was used before.
    let state = subject.asked("run", json!({})).await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    let later = limited(&signer, 100, Duration::from_secs(60));
    let answer = later.call("run", json!({}), accepts(&state)).await;
    assert_eq!(kind(&answer), "CONFIRMATION_INVALID", "{answer}");
    let stranger = self::subject();
    let answer = stranger.call("run", json!({}), accepts(&state)).await;
    assert_eq!(kind(&answer), "CONFIRMATION_INVALID", "{answer}");
}

#[tokio::test]
async fn a_client_that_cannot_ask_hears_so_at_once() {
    let subject = subject();
    for capabilities in [json!({}), json!({ "elicitation": { "url": {} } })] {
        let (status, answer) =
            subject.call_of(capabilities.clone(), "run", json!({}), json!({})).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(answer["error"]["code"], -32021, "{answer}");
        assert_eq!(answer["error"]["data"]["requiredCapabilities"]["elicitation"], json!({}));

        let session = subject.session(capabilities).await;
        let mut events = Events::of(subject.on(&session, &call("run")).await);
        let answer = events.next().await.expect("an answer");
        assert_eq!(kind(&answer), "CONFIRMATION_UNAVAILABLE", "{answer}");
    }
    // Nor does one get an answer back that speaks for itself, but in an older revision.
    let old = "2025-11-25";
    let params = json!({
        "name": "run",
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": old,
            "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
            "io.modelcontextprotocol/clientCapabilities": { "elicitation": {} },
        },
    });
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let response = subject.send("POST", &[("mcp-protocol-version", old)], &body).await;
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let answer = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(kind(&answer), "CONFIRMATION_UNAVAILABLE", "{answer}");
    // Without a session nothing could come back; what asks nothing is answered all the same.
    let answers = ["run", "plain"].map(|tool| async {
        let response = subject.send("POST", &[], &call(tool)).await;
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        serde_json::from_slice::<Value>(&body).expect("JSON")
    });
    let [asking, plain] = answers;
    assert_eq!(kind(&asking.await), "CONFIRMATION_UNAVAILABLE");
    assert_eq!(subject.server.runs(), 0);
    assert_eq!(plain.await["result"]["structuredContent"]["ran"], true);
    assert_eq!(subject.sessions().await, 2);
}

#[tokio::test]
async fn a_person_is_asked_on_the_session() {
    let subject = subject();
    let session = subject.session(json!({ "elicitation": {} })).await;
    for (answer, expected) in [
        (json!({ "result": { "action": "decline" } }), "CONFIRMATION_DECLINED"),
        (json!({ "result": { "action": "cancel" } }), "CONFIRMATION_DECLINED"),
        (json!({ "result": { "action": "yes" } }), "CONFIRMATION_INVALID"),
        (json!({ "result": {} }), "CONFIRMATION_INVALID"),
        (json!({ "error": { "code": -32601, "message": "no" } }), "CONFIRMATION_UNAVAILABLE"),
    ] {
        let (mut events, id) = subject.asked_on(&session).await;
        let mut message = json!({ "jsonrpc": "2.0", "id": id });
        for (name, value) in answer.as_object().expect("an object") {
            message[name] = value.clone();
        }
        assert_eq!(subject.on(&session, &message).await.status(), StatusCode::ACCEPTED);
        let answered = events.next().await.expect("an answer");
        assert_eq!(kind(&answered), expected, "{answer}: {answered}");
    }
    // Another session cannot answer for this one.
    let (mut events, id) = subject.asked_on(&session).await;
    let accepted = json!({ "jsonrpc": "2.0", "id": id, "result": { "action": "accept" } });
    let other = subject.session(json!({ "elicitation": {} })).await;
    subject.on(&other, &accepted).await;
    subject.send("POST", &[], &accepted).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(subject.server.runs(), 0);
    subject.on(&session, &accepted).await;
    let answered = events.next().await.expect("an answer");
    assert_eq!(answered["result"]["structuredContent"]["ran"], true, "{answered}");
    // An answer that comes twice runs nothing twice.
    subject.on(&session, &accepted).await;
    assert_eq!(subject.server.runs(), 1);
}

#[tokio::test]
async fn a_client_that_goes_away_runs_nothing() {
    let subject = subject();
    let session = subject.session(json!({ "elicitation": {} })).await;
    let (_events, _) = subject.asked_on(&session).await;
    let cancelled = json!({
        "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 1 },
    });
    subject.on(&session, &cancelled).await;
    let (events, _) = subject.asked_on(&session).await;
    drop(events);
    let headers = [("mcp-session-id", session.as_str())];
    let deleted = subject.send("DELETE", &headers, &Value::Null).await;
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    assert_eq!(subject.sessions().await, 0);
    assert_eq!(subject.on(&session, &call("plain")).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(subject.server.runs(), 0);
}

/// The arguments that a request came to.
fn arguments(answer: &Value) -> &Value {
    assert_ne!(answer["result"]["isError"], true, "{answer}");
    &answer["result"]["structuredContent"]
}

#[tokio::test]
async fn a_person_is_asked_for_what_is_missing() {
    let subject = subject();
    let call = |arguments: Value, more: Value| subject.call("greet", arguments, more);
    // Nothing is missing, or nobody can be asked.
    let all = json!({ "name": "Ada", "loud": true, "times": 2 });
    assert_eq!(arguments(&call(all.clone(), json!({})).await), &all);
    let (_, answer) = subject.call_of(json!({}), "greet", json!({}), json!({})).await;
    assert_eq!(arguments(&answer), &json!({}));

    let answer = call(json!({ "times": 3 }), json!({})).await;
    let asked = &answer["result"]["inputRequests"]["who"]["params"];
    assert_eq!((&asked["message"], &asked["mode"]), (&json!("Who?"), &json!("form")), "{answer}");
    let first = answer["result"]["requestState"].clone();
    let who = |action: &str| json!({ "who": { "action": action, "content": { "name": "Ada", "times": 9, "more": 1 } } });
    let more = json!({ "requestState": first, "inputResponses": who("accept") });
    let answer = call(json!({ "times": 3 }), more.clone()).await;
    assert!(answer["result"]["inputRequests"]["how"].is_object(), "{answer}");
    let second = answer["result"]["requestState"].clone();
    let how = json!({ "how": { "action": "accept", "content": { "loud": false, "times": 9, "name": "Eve" } } });
    let last = json!({ "requestState": second, "inputResponses": how });
    // Each form fills what it asks for, and nothing that the client gave.
    let answer = call(json!({ "times": 3 }), last.clone()).await;
    assert_eq!(arguments(&answer), &json!({ "times": 3, "name": "Ada", "loud": false }));

    let other = call(json!({ "times": 4 }), last).await;
    assert_eq!(other["error"]["code"], -32602, "{other}");
    let forged = json!({ "requestState": "AAAA", "inputResponses": who("accept") });
    assert_eq!(call(json!({ "times": 3 }), forged).await["error"]["code"], -32602);
    let nonsense = json!({ "requestState": first, "inputResponses": { "who": 12345 } });
    assert_eq!(call(json!({ "times": 3 }), nonsense).await["error"]["code"], -32602);
    for action in ["decline", "cancel"] {
        let more = json!({ "requestState": first, "inputResponses": who(action) });
        let answer = call(json!({ "times": 3 }), more).await;
        assert_eq!(kind(&answer), "CONFIRMATION_DECLINED", "{answer}");
    }

    // On a session, one form after the other.
    let session = subject.session(json!({ "elicitation": {} })).await;
    let mut message = self::call("greet");
    message["params"]["arguments"]["times"] = json!(3);
    let mut events = Events::of(subject.on(&session, &message).await);
    for content in [json!({ "name": "Ada" }), json!({ "loud": true })] {
        let asked = events.next().await.expect("a question");
        let result = json!({ "action": "accept", "content": content });
        let answer = json!({ "jsonrpc": "2.0", "id": asked["id"], "result": result });
        subject.on(&session, &answer).await;
    }
    let answer = events.next().await.expect("an answer");
    assert_eq!(arguments(&answer), &json!({ "times": 3, "name": "Ada", "loud": true }));
}

#[tokio::test]
async fn sessions_have_a_number() {
    let subject = limited(&Arc::new(Signer::from_environment()), 3, Duration::from_secs(60));
    let all = join_all((0..200).map(|_| subject.initialize(json!({})))).await;
    let (inside, outside): (Vec<Response>, Vec<Response>) =
        all.into_iter().partition(|response| response.status() == StatusCode::OK);
    assert_eq!((inside.len(), outside.len(), subject.sessions().await), (3, 197, 3));
    for refused in &outside {
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(refused.headers().contains_key("retry-after"));
    }
    // A name that cannot be one is no way around the number.
    let body = json!({
        "jsonrpc": "2.0", "id": 0, "method": "initialize",
        "params": { "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "a", "version": "1" } },
    });
    for name in ["\u{e9}", "", "nobody"] {
        let status = subject.send("POST", &[("mcp-session-id", name)], &body).await.status();
        assert_ne!(status, StatusCode::OK, "{name}");
    }
    assert_eq!(subject.sessions().await, 3);
    let name = inside[0].headers()["mcp-session-id"].to_str().expect("text").to_owned();
    subject.send("DELETE", &[("mcp-session-id", &name)], &Value::Null).await;
    assert_eq!(subject.initialize(json!({})).await.status(), StatusCode::OK);
    // Those who need no session do not suffer.
    let answer = subject.send("POST", &[], &call("plain")).await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_idle_session_ends() {
    let subject = limited(&Arc::new(Signer::from_environment()), 3, Duration::from_millis(300));
    let session = subject.session(json!({})).await;
    assert_eq!(subject.initialize(json!({})).await.status(), StatusCode::OK);
    // Whoever is busy stays.
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut events = Events::of(subject.on(&session, &call("plain")).await);
        assert!(events.next().await.is_some());
    }
    assert_eq!(subject.sessions().await, 1);
    for _ in 0..100 {
        if subject.sessions().await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(subject.sessions().await, 0);
    assert_eq!(subject.on(&session, &call("plain")).await.status(), StatusCode::NOT_FOUND);
}
