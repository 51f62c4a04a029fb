//! Requests over HTTP, good and bad.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::said::{Said, get, post};
use crate::subject::{HEAD, call, hello, managed_apart, options, over_http, settings};

const PING: &[u8] = br#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;

#[tokio::test]
async fn what_is_no_message_is_said_as_json_rpc() {
    let (address, _stop) = over_http(settings(), options()).await;
    let deep = "[".repeat(100_000);
    let nested = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"a","params":{deep}"#);
    for (body, code) in [
        ("", -32700),
        ("{", -32700),
        ("{\"jsonrpc\": nonsense}", -32700),
        ("\u{feff}", -32700),
        (nested.get(..60_000).expect("text"), -32700),
        ("5", -32600),
        ("null", -32600),
        ("{}", -32600),
        ("[]", -32600),
        (r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600),
        (r#"{"jsonrpc":"1.0","id":"answer","result":{}}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":"answer","result":7,"error":{}}"#, -32600),
    ] {
        let said = post(&address, HEAD, body.as_bytes()).await;
        assert_eq!((said.status, said.code()), (400, code), "{body:.80} {said:?}");
        assert!(said.head.contains("content-type: application/json"), "{said:?}");
        assert!(
            said.json()["error"]["message"].is_string() && said.json()["id"] != json!(null)
                || said.json().get("id").is_none()
        );
        assert_ne!(said.json()["id"], "answer", "it is the id of another request");
    }
    let said = post(&address, HEAD, b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}").await;
    assert_eq!((said.status, said.code()), (400, -32700));
    // The id is said where it could be read.
    let said = post(&address, HEAD, br#"{"jsonrpc":"2.0","id":"x","method":[]}"#).await;
    assert_eq!(said.json()["id"], "x");
    let said = post(&address, HEAD, PING).await;
    assert_eq!((said.status, &said.json()["id"]), (200, &json!(1)));
}

#[tokio::test]
async fn an_unknown_method_is_not_found() {
    let (address, _stop) = over_http(settings(), options()).await;
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let head = format!("{HEAD}MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: no/such\r\n");
    let body =
        json!({ "jsonrpc": "2.0", "id": 7, "method": "no/such", "params": { "_meta": meta } });
    let said = post(&address, &head, body.to_string().as_bytes()).await;
    assert_eq!((said.status, said.code(), &said.json()["id"]), (404, -32601, &json!(7)));
    // Revisions before 2026-07-28 say nothing about the status.
    let said = post(&address, HEAD, br#"{"jsonrpc":"2.0","id":7,"method":"no/such"}"#).await;
    assert_eq!((said.status, said.code()), (200, -32601));
}

#[tokio::test]
async fn types_of_content_are_looked_at() {
    let (address, _stop) = over_http(settings(), options()).await;
    let accept = "Accept: application/json, text/event-stream\r\n";
    let accepts = |types| format!("Content-Type: application/json\r\nAccept: {types}\r\n");
    for (head, status) in [
        (format!("{accept}Content-Type: application/json; charset=utf-8\r\n"), 200),
        (format!("{accept}Content-Type: Application/JSON\r\n"), 200),
        (format!("{accept}Content-Type: text/plain\r\n"), 415),
        (accept.to_owned(), 415),
        ("Content-Type: application/json\r\n".to_owned(), 200),
        (accepts("*/*"), 200),
        (accepts("*/*;q=0.8"), 200),
        (accepts("*/*, text/event-stream"), 200),
        (accepts("application/json, text/plain, */*"), 200),
        (accepts("application/json"), 200),
        (accepts("text/html"), 406),
        (accepts("text/event-stream"), 406),
        (accepts("application/json;q=0, text/html"), 406),
        (format!("{HEAD}MCP-Protocol-Version: 1999-01-01\r\n"), 400),
    ] {
        let said = post(&address, &head, PING).await;
        assert_eq!(said.status, status, "{head} {said:?}");
        if status != 200 {
            assert_eq!(said.code(), -32600, "{said:?}");
        }
    }
    let said = request(&address, "PUT /mcp", "").await;
    assert_eq!((said.status, said.code()), (405, -32600));
    assert!(said.head.contains("allow: get, post, delete"), "{said:?}");
}

/// Sends a request without a body.
async fn request(address: &str, line: &str, head: &str) -> Said {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let request = format!("{line} HTTP/1.1\r\nHost: {address}\r\n{head}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("it reads");
    Said::of(&mut stream).await
}

#[tokio::test]
async fn who_takes_json_alone_gets_it_however_long_it_takes() {
    let (address, _stop) = over_http(settings(), options()).await;
    let head = "Content-Type: application/json\r\nAccept: application/json\r\n";
    let said = post(&address, head, call(1, "wait", json!({ "ms": 700 })).as_bytes()).await;
    assert_eq!((said.status, said.json()["result"].is_object()), (200, true), "{said:?}");
    // What opens a session comes as a stream; it is named though none is taken.
    let said = post(&address, head, hello().as_bytes()).await;
    assert_eq!((said.status, said.json()["result"].is_object()), (200, true), "{said:?}");
    assert!(said.head.contains("mcp-session-id: "), "{said:?}");
}

#[tokio::test]
async fn a_stream_without_a_session_is_no_method() {
    let (address, _stop) = over_http(settings(), options()).await;
    for accept in ["text/event-stream", "*/*"] {
        let said = request(&address, "GET /mcp", &format!("Accept: {accept}\r\n")).await;
        assert_eq!((said.status, said.code()), (405, -32600), "{said:?}");
        assert!(said.head.contains("allow: post, get, delete\r\n"), "{said:?}");
        let head = format!("Accept: {accept}\r\nMcp-Session-Id: none\r\n");
        assert_eq!(request(&address, "GET /mcp", &head).await.status, 404);
    }
    let mut without = options();
    without.max_sessions = 0;
    let (address, _stop) = over_http(settings(), without).await;
    let said = request(&address, "GET /mcp", "Accept: text/event-stream\r\n").await;
    assert_eq!(said.status, 405, "{said:?}");
    assert!(said.head.contains("allow: post\r\n"), "{said:?}");
}

#[tokio::test]
async fn what_is_nowhere_is_not_found() {
    let (address, _stop) = over_http(settings(), options()).await;
    for line in ["GET /", "POST /token", "POST /register", "GET /favicon.ico", "DELETE /mcp/x"] {
        let head = "Content-Type: application/x-www-form-urlencoded\r\n";
        let said = request(&address, line, head).await;
        assert_eq!((said.status, said.body.as_str()), (404, ""), "{line}");
    }
}

#[tokio::test]
async fn origins_and_hosts_are_looked_at() {
    let (address, _stop) = over_http(settings(), options()).await;
    for (head, status) in [
        ("Origin: http://localhost:6274\r\n", 200),
        ("Origin: http://127.0.0.1\r\n", 200),
        ("Origin: https://[::1]:8443\r\n", 200),
        ("Origin: https://app.example\r\n", 200),
        ("Origin: HTTPS://App.Example\r\n", 200),
        ("Origin: https://app.example:8443\r\n", 403),
        ("Origin: http://app.example\r\n", 403),
        ("Origin: http://evil.example\r\n", 403),
        ("Origin: http://localhost.evil.example\r\n", 403),
        ("Origin: http://localhost:80.evil.example\r\n", 403),
        ("Origin: http://localhost:80@evil.example\r\n", 403),
        ("Origin: http://evil.example/http://localhost\r\n", 403),
        ("Origin: null\r\n", 403),
        ("Origin: \r\n", 403),
        ("Origin: \u{fc}\r\n", 403),
        ("Host: evil.example\r\n", 403),
        ("Host: localhost.evil.example\r\n", 403),
        ("Host: localhost:99\r\n", 200),
        ("Host: [::1]:8000\r\n", 200),
        ("Host: mcp.example\r\n", 200),
        ("Host: MCP.example:443\r\n", 200),
        ("Host: mcp.example.evil\r\n", 403),
        ("Host: mcp.example:80:80\r\n", 403),
        ("Host: \u{fc}\r\n", 403),
    ] {
        let said = post(&address, &format!("{HEAD}{head}"), PING).await;
        assert_eq!(said.status, status, "{head} {said:?}");
        let allowed = head.starts_with("Origin") && status == 200;
        let cors = said.head.contains("access-control-allow-origin");
        assert_eq!(cors, allowed, "{head} {said:?}");
    }
    // Two of them are two opinions.
    for head in ["Host: localhost\r\nHost: localhost\r\n", "Origin: null\r\nOrigin: null\r\n"] {
        let said = post(&address, &format!("{HEAD}{head}"), PING).await;
        assert_eq!((said.status, said.code()), (400, -32600), "{said:?}");
    }
    let mut open = options();
    open.allowed_hosts = vec!["*".to_owned()];
    open.allowed_origins = vec!["*".to_owned()];
    let (address, _stop) = over_http(settings(), open).await;
    let head = format!("{HEAD}Origin: http://any.example\r\nHost: any.example\r\n");
    assert_eq!(post(&address, &head, PING).await.status, 200);
}

#[tokio::test]
async fn requests_have_a_size_and_a_time() {
    let (address, _stop) = over_http(settings(), options()).await;
    let fits = call(1, "echo", json!({ "text": "x".repeat(60_000) }));
    assert_eq!(post(&address, HEAD, fits.as_bytes()).await.status, 200);
    let large = call(1, "echo", json!({ "text": "x".repeat(70_000) }));
    let said = post(&address, HEAD, large.as_bytes()).await;
    assert_eq!((said.status, said.code()), (413, -32600));
    // Without a length that is said in front.
    let chunks = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\n{HEAD}Transfer-Encoding: chunked\r\n\
         Connection: close\r\n\r\n{}",
        format!("8000\r\n{}\r\n", "x".repeat(0x8000)).repeat(3)
    );
    let mut stream = TcpStream::connect(&address).await.expect("a connection");
    stream.write_all(chunks.as_bytes()).await.expect("it reads");
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.expect("an answer before the end");
    assert_eq!(&head, b"HTTP/1.1 413");
}

#[tokio::test]
async fn a_long_call_gives_signs_of_life() {
    let (address, _stop) = over_http(settings(), options()).await;
    let said = post(&address, HEAD, call("a", "wait", json!({ "ms": 700 })).as_bytes()).await;
    assert_eq!(said.status, 200);
    assert!(said.head.contains("content-type: text/event-stream"), "{said:?}");
    assert!(said.head.contains("x-accel-buffering: no"), "{said:?}");
    let signs = said.body.matches(": the call goes on\n\n").count();
    assert!((2..=4).contains(&signs), "{signs} signs: {said:?}");
    let data = said.body.lines().find_map(|line| line.strip_prefix("data: "));
    let answer: Value = serde_json::from_str(data.expect("an answer")).expect("JSON");
    assert_eq!((&answer["id"], answer["result"].is_object()), (&json!("a"), true));
    // One that takes longer than it may ends with an error of its own.
    let said = post(&address, HEAD, call("b", "wait", json!({ "ms": 60_000 })).as_bytes()).await;
    let data = said.body.lines().find_map(|line| line.strip_prefix("data: "));
    let answer: Value = serde_json::from_str(data.expect("an answer")).expect("JSON");
    assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!("b"), &json!(-32603)));
}

#[tokio::test]
async fn a_long_batch_gives_signs_of_life() {
    let (address, _stop) = over_http(settings(), options()).await;
    let wait = |id| call(id, "wait", json!({ "ms": 400 }));
    let said = post(&address, HEAD, format!("[{}, {}]", wait(1), wait(2)).as_bytes()).await;
    let signs = said.body.matches(": the call goes on\n\n").count();
    assert!((2..=5).contains(&signs), "{signs} signs: {said:?}");
    let data = said.body.lines().find_map(|line| line.strip_prefix("data: "));
    let answers: Value = serde_json::from_str(data.expect("answers")).expect("JSON");
    assert_eq!((&answers[0]["id"], &answers[1]["id"]), (&json!(1), &json!(2)), "{answers}");
}

#[tokio::test]
async fn a_batch_opens_no_session() {
    let (address, _stop) = over_http(settings(), options()).await;
    let batch = format!("[{}]", vec![hello(); 100].join(","));
    for _ in 0..2 {
        let said = post(&address, HEAD, batch.as_bytes()).await;
        let answers = said.json();
        let answers = answers.as_array().expect("a list");
        assert!(answers.iter().all(|answer| answer["error"]["code"] == -32600), "{said:?}");
        assert_eq!((answers.len(), &answers[0]["id"]), (100, &json!(0)));
    }
    let said = post(&address, HEAD, hello().as_bytes()).await;
    assert!(said.head.contains("mcp-session-id: "), "{said:?}");
}

#[tokio::test]
async fn steps_are_told_to_who_asks() {
    let (address, _stop) = over_http(settings(), options()).await;
    let mut body: Value = serde_json::from_str(&call(1, "steps", json!({}))).expect("JSON");
    let said = post(&address, HEAD, body.to_string().as_bytes()).await;
    assert!(said.json()["result"].is_object(), "who does not ask hears nothing: {said:?}");
    body["params"]["_meta"] = json!({ "progressToken": "token" });
    let said = post(&address, HEAD, body.to_string().as_bytes()).await;
    let events = said.body.lines().filter_map(|line| line.strip_prefix("data: "));
    let events: Vec<Value> =
        events.map(|event| serde_json::from_str(event).expect("JSON")).collect();
    assert_eq!(events.len(), 4, "{said:?}");
    for (event, done) in events.iter().zip([1.0, 2.0, 3.0]) {
        let params = &event["params"];
        assert_eq!(event["method"], "notifications/progress");
        assert_eq!(
            (&params["progressToken"], params["progress"].as_f64(), params["total"].as_f64()),
            (&json!("token"), Some(done), Some(3.0))
        );
    }
    assert!(events[3]["result"].is_object(), "{said:?}");
}

#[tokio::test]
async fn no_client_is_lost_over_what_it_says_of_itself() {
    let (address, _stop) = over_http(settings(), options()).await;
    for (params, status, part) in [
        (json!({ "protocolVersion": "2025-11-25" }), 200, "\"result\""),
        (
            json!({ "protocolVersion": "2025-11-25", "capabilities": { "sampling": true } }),
            200,
            "\"result\"",
        ),
        (json!({ "capabilities": {} }), 400, "-32602"),
    ] {
        let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params });
        let said = post(&address, HEAD, hello.to_string().as_bytes()).await;
        assert_eq!(said.status, status, "{params}: {said:?}");
        assert!(said.body.contains(part), "{params}: {said:?}");
    }
}

#[tokio::test]
async fn batches_are_taken_where_the_revision_has_them() {
    let (address, _stop) = over_http(settings(), options()).await;
    let batch = format!(
        r#"[{}, {{"jsonrpc":"2.0","method":"notifications/initialized"}}, 5, {}]"#,
        call(1, "echo", json!({})),
        call(2, "echo", json!({}))
    );
    let said = post(&address, HEAD, batch.as_bytes()).await;
    let answers = said.json();
    assert_eq!(said.status, 200);
    assert_eq!((&answers[0]["id"], &answers[2]["id"]), (&json!(1), &json!(2)), "{answers}");
    assert_eq!(answers[1]["error"]["code"], -32600, "{answers}");
    for revision in ["2025-06-18", "2025-11-25", "2026-07-28"] {
        let head = format!("{HEAD}MCP-Protocol-Version: {revision}\r\n");
        let said = post(&address, &head, batch.as_bytes()).await;
        assert_eq!((said.status, said.code()), (400, -32600), "{revision}");
    }
    let many = format!("[{}]", vec!["{}"; 101].join(","));
    assert_eq!(post(&address, HEAD, many.as_bytes()).await.status, 400);
    let one = br#"[{"jsonrpc":"2.0","method":"notifications/initialized"}]"#;
    assert_eq!(post(&address, HEAD, one).await.status, 202);
}

#[tokio::test]
async fn a_stop_lets_running_calls_end() {
    let (address, stop) = over_http(settings(), options()).await;
    let running = tokio::spawn({
        let address = address.clone();
        async move { post(&address, HEAD, call(1, "wait", json!({ "ms": 600 })).as_bytes()).await }
    });
    let mut silent = TcpStream::connect(&address).await.expect("a connection");
    let mut kept = TcpStream::connect(&address).await.expect("a connection");
    let asked = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let mut answer = [0; 1024];
    kept.write_all(asked).await.expect("it is open");
    let size = kept.read(&mut answer).await.expect("an answer");
    assert!(answer[..size].starts_with(b"HTTP/1.1 200"), "it is kept");
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.cancel();
    // Who has not heard of it yet is answered, and told that the connection ends.
    kept.write_all(asked).await.expect("it is open");
    let mut last = String::new();
    kept.read_to_string(&mut last).await.expect("an answer, and the end");
    assert!(last.starts_with("HTTP/1.1 200") && last.contains("connection: close"), "{last}");
    assert_eq!(get(&address, "/livez").await.status, 200, "it takes others for a moment");
    let said = running.await.expect("no panic");
    assert!(said.body.contains("\"result\""), "{said:?}");
    assert_eq!(silent.read(&mut answer).await.expect("the end"), 0, "it asked nothing");
    assert!(TcpStream::connect(&address).await.is_err(), "it takes no more");
}

#[tokio::test]
async fn its_health_is_told_and_what_is_wrong_with_it() {
    let settings = settings();
    let file = settings.url.trim_start_matches("sqlite:").to_owned();
    let (address, _stop) = over_http(settings, options()).await;
    let _other = TcpStream::connect(&address).await.expect("a connection");
    assert_eq!(get(&address, "/livez").await.status, 200);
    assert_eq!(get(&address, "/readyz").await.status, 200);
    let health = get(&address, "/health").await;
    let told = health.json();
    assert_eq!(
        (health.status, &told["status"], &told["database"]),
        (200, &json!("ok"), &json!("ok"))
    );
    assert!(health.head.contains("content-type: application/json"), "{health:?}");
    // This one, and the one that asks nothing; those before it may not be gone yet.
    assert!(told["connections"].as_u64().is_some_and(|count| (2..=5).contains(&count)), "{told}");
    assert!(told["uptime_seconds"].as_u64().is_some_and(|seconds| seconds < 60), "{told}");
    let moment = told["timestamp"].as_str().expect("a moment");
    assert!(chrono::DateTime::parse_from_rfc3339(moment).is_ok(), "{moment}");
    std::fs::remove_file(file).expect("it was there");
    assert_eq!(get(&address, "/livez").await.status, 200);
    assert_eq!(get(&address, "/readyz").await.status, 503);
    let health = get(&address, "/health").await;
    let told = health.json();
    assert_eq!((health.status, &told["status"]), (503, &json!("unavailable")));
    assert_eq!(told["database"], "unavailable");
}

/// What is counted of a tool with this status, and of it how many were timed.
fn counted(text: &str, tool: &str, status: &str) -> (u64, u64) {
    let value = |name: &str| {
        let line = format!("{name}{{tool_name=\"{tool}\",status=\"{status}\"}} ");
        let value = text.lines().find_map(|found| found.strip_prefix(&line));
        value.map_or(0, |value| value.parse().expect("a number"))
    };
    let timed = "mcp_tool_execution_duration_seconds_count";
    (value("mcp_tool_executions_total"), value(timed))
}

#[tokio::test]
async fn every_call_counts_once_however_it_ends() {
    let (address, _stop) = over_http(settings(), options()).await;
    for _ in 0..5 {
        assert_eq!(post(&address, HEAD, call(1, "echo", json!({})).as_bytes()).await.status, 200);
    }
    for _ in 0..2 {
        let said = post(&address, HEAD, call(1, "echo", json!({ "fails": true })).as_bytes()).await;
        assert_eq!(said.json()["result"]["isError"], true);
    }
    for name in ["no_such_tool", "echo\"} 7"] {
        assert_eq!(post(&address, HEAD, call(1, name, json!({})).as_bytes()).await.code(), -32602);
    }
    // One that takes too long, and one whose client goes away.
    let slow = call(1, "wait", json!({ "ms": 60_000 }));
    post(&address, HEAD, slow.as_bytes()).await;
    let mut stream = TcpStream::connect(&address).await.expect("a connection");
    let request = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\n{HEAD}Content-Length: {}\r\n\r\n{slow}",
        slow.len()
    );
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let open = get(&address, "/metrics").await.body;
    assert_eq!(counted(&open, "wait", "cancelled"), (1, 1), "{open}");
    drop(stream);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let said = get(&address, "/metrics").await;
    let text = &said.body;
    assert!(said.head.contains("content-type: text/plain; version=0.0.4"), "{}", said.head);
    assert_eq!(counted(text, "echo", "success"), (5, 5), "{text}");
    assert_eq!(counted(text, "echo", "error"), (2, 2), "{text}");
    assert_eq!(counted(text, "echo", "cancelled"), (0, 0), "{text}");
    assert_eq!(counted(text, "wait", "cancelled"), (2, 2), "{text}");
    assert_eq!(counted(text, "wait", "success"), (0, 0), "{text}");
    assert!(!text.contains("no_such_tool"), "{text}");
    let executions = text.lines().filter(|line| line.starts_with("mcp_tool_executions_total{"));
    assert_eq!(executions.count(), 4 * 4, "a series for each tool and status: {text}");
    for line in [
        "mcp_errors_total{method=\"tools/call\",error_type=\"INVALID_PARAMS\"} 2",
        "mcp_errors_total{method=\"tools/call\",error_type=\"RECORD_NOT_FOUND\"} 2",
        "mcp_db_pool_connections{pool=\"read\",state=\"in_use\"} 0",
        "mcp_db_pool_max_connections{pool=\"read\"} 4",
        "# TYPE process_cpu_seconds_total counter",
        "# TYPE mcp_tool_execution_duration_seconds histogram",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
    for bound in ["0.001", "0.1", "0.5", "1", "2", "5", "10", "+Inf"] {
        let line = format!(
            "mcp_tool_execution_duration_seconds_bucket{{tool_name=\"echo\",status=\"success\",le=\"{bound}\"}} "
        );
        assert!(text.contains(&line), "{line}: {text}");
    }
}

#[tokio::test]
async fn the_pools_and_the_connections_are_seen() {
    let (address, _stop) = over_http(settings(), options()).await;
    let _silent = TcpStream::connect(&address).await.expect("a connection");
    // SQLite is busy with it for longer than the request may take.
    let long =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    let (body, to) = (call(1, "query", json!({ "sql": long })), address.clone());
    let running = tokio::spawn(async move { post(&to, HEAD, body.as_bytes()).await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let text = get(&address, "/metrics").await.body;
    assert!(text.contains("mcp_db_pool_connections{pool=\"read\",state=\"in_use\"} 1\n"), "{text}");
    assert!(text.contains("mcp_db_pool_wait_seconds_count{pool=\"read\"} 1\n"), "{text}");
    // This one, the one that waits, and the one that asks nothing.
    assert!(text.contains("mcp_active_connections 3\n"), "{text}");
    running.abort();
}

#[tokio::test]
async fn management_on_a_port_of_its_own_sees_the_end() {
    let (address, apart, stop) = managed_apart(settings(), options()).await;
    for path in ["/health", "/livez", "/readyz", "/metrics"] {
        assert_eq!(get(&address, path).await.status, 404, "{path}");
        assert_eq!(get(&apart, path).await.status, 200, "{path}");
    }
    assert_eq!(get(&apart, "/mcp").await.status, 404);
    let (body, to) = (call(1, "wait", json!({ "ms": 1500 })), address.clone());
    let last = tokio::spawn(async move { post(&to, HEAD, body.as_bytes()).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.cancel();
    let ready = get(&apart, "/readyz").await;
    assert_eq!((ready.status, &*ready.body), (503, "stopping\n"));
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(TcpStream::connect(&address).await.is_err(), "nobody else comes in");
    assert_eq!(get(&apart, "/health").await.json()["status"], "stopping");
    assert_eq!(get(&apart, "/livez").await.status, 200);
    assert_eq!(last.await.expect("no panic").status, 200);
    let text = get(&apart, "/metrics").await.body;
    assert_eq!(counted(&text, "wait", "success"), (1, 1), "{text}");
}
