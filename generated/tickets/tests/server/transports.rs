//! The real binary, and what happens when its database goes away.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support;
use crate::support::Fixture;

/// Lists and calls over standard input and output.
#[tokio::test]
async fn over_stdio() {
    let server = Fixture::over_stdio(crate::SEED).await;
    let tools = server.client.list_all_tools().await.expect("a list");
    assert!(! tools.is_empty());
    server.call("find_tickets", json!({ "text": "printer" })).await;
    server.stop().await;
}

/// Lists and calls over HTTP.
#[tokio::test]
async fn over_http() {
    let server = Fixture::over_http(crate::SEED).await;
    let tools = server.client.list_all_tools().await.expect("a list");
    assert!(! tools.is_empty());
    server.call("find_tickets", json!({ "text": "printer" })).await;
    server.stop().await;
}

/// Requests of other origins and for other hosts are refused; what is asked of its health is answered.
#[tokio::test]
async fn http_is_guarded() {
    let server = Fixture::over_http(&[]).await;
    let address = server.address.clone().expect("an address");
    let ask = |
        method: &'static str,
        path: &'static str,
        host: String,
        more: &'static str|
    {
        let address = address.clone();
        async move {
            let mut stream = TcpStream::connect(&address).await.expect("a connection");
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{more}Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
            );
            stream.write_all(request.as_bytes()).await.expect("the server reads");
            let mut answer = String::new();
            let read = stream.read_to_string(&mut answer);
            tokio::time::timeout(Duration::from_secs(10), read)
                .await
                .expect("an answer in time")
                .expect("an answer");
            answer.split(' ').nth(1).unwrap_or_default().to_owned()
        }
    };
    for path in ["/health", "/livez", "/readyz"] {
        assert_eq!(ask("GET", path, address.clone(), ""). await, "200", "{path}");
    }
    assert_eq!(
        ask("POST", "/mcp", address.clone(), "Origin: http://evil.example\r\n"). await,
        "403"
    );
    assert_eq!(
        ask("POST", "/mcp", address.clone(), "Origin: http://localhost:6274\r\n"). await,
        "400"
    );
    assert_eq!(ask("POST", "/mcp", "evil.example".to_owned(), ""). await, "403");
    assert_eq!(ask("GET", "/elsewhere", address.clone(), ""). await, "404");
    server.stop().await;
}

/// What is no request is answered as JSON-RPC, over HTTP and over lines.
#[tokio::test]
async fn what_is_no_request_is_answered() {
    let server = Fixture::over_http(&[]).await;
    let address = server.address.clone().expect("an address");
    let unknown = json!(
        { "jsonrpc" : "2.0", "id" : 1, "method" : "no/such", "params" : { "_meta" :
        support::stateless() }, }
    );
    let stateless = "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: no/such\r\n";
    for (head, body, status, code) in [
        ("", "{", 400, -32700),
        ("", "{}", 400, -32600),
        ("", r#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#, 200, -32601),
        (stateless, &unknown.to_string(), 404, -32601),
    ] {
        let (found, answer) = support::post(&address, head, body).await;
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(
            (found, & answer["error"] ["code"]), (status, & json!(code)),
            "{body}: {answer}"
        );
    }
    server.stop().await;
    let lines = [
        r#"{"id":"#,
        r#"{"id":1}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#,
    ];
    let answers = support::raw(&lines).await;
    assert_eq!(answers[0] ["error"] ["code"], - 32700);
    assert_eq!(answers[1] ["error"] ["code"], - 32600);
    assert!(answers[2] ["result"].is_object(), "{}", answers[2]);
}

/// A database that is lost is named, and found again when it is back.
#[tokio::test]
async fn a_lost_database_is_named_and_found_again() {
    let mut server = Fixture::new(crate::SEED).await;
    server.scratch.take_away().await;
    let result = server.call("find_tickets", json!({ "text": "printer" })).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CONNECTION_ERROR");
    assert!(message.contains("connection"), "{message}");
    server.scratch.put_back().await;
    let result = server.call("find_tickets", json!({ "text": "printer" })).await;
    let kind = support::error(&result).map(|(kind, _)| kind);
    assert_ne!(kind.as_deref(), Some("CONNECTION_ERROR"));
}
