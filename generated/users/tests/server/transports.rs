//! The real binary, and what happens when its database goes away.

use std::time::Duration;

use serde_json::json;
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
    server
        .call(
            "query_users",
            json!({ "filters": { "role": "admin", "active": true }, "limit": 10 }),
        )
        .await;
    server.stop().await;
}

/// Lists and calls over HTTP.
#[tokio::test]
async fn over_http() {
    let server = Fixture::over_http(crate::SEED).await;
    let tools = server.client.list_all_tools().await.expect("a list");
    assert!(! tools.is_empty());
    server
        .call(
            "query_users",
            json!({ "filters": { "role": "admin", "active": true }, "limit": 10 }),
        )
        .await;
    server.stop().await;
}

/// Requests of other origins and for other hosts are refused; `/health` answers.
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
    assert_eq!(ask("GET", "/health", address.clone(), ""). await, "200");
    assert_eq!(
        ask("POST", "/mcp", address.clone(), "Origin: http://evil.example\r\n"). await,
        "403"
    );
    assert_eq!(ask("POST", "/mcp", "evil.example".to_owned(), ""). await, "403");
    assert_eq!(ask("GET", "/elsewhere", address.clone(), ""). await, "404");
    server.stop().await;
}

/// A database that is lost is named, and found again when it is back.
#[tokio::test]
async fn a_lost_database_is_named_and_found_again() {
    let mut server = Fixture::new(crate::SEED).await;
    server.scratch.take_away().await;
    let result = server
        .call(
            "query_users",
            json!({ "filters": { "role": "admin", "active": true }, "limit": 10 }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CONNECTION_ERROR");
    assert!(message.contains("connection"), "{message}");
    server.scratch.put_back().await;
    let result = server
        .call(
            "query_users",
            json!({ "filters": { "role": "admin", "active": true }, "limit": 10 }),
        )
        .await;
    let kind = support::error(&result).map(|(kind, _)| kind);
    assert_ne!(kind.as_deref(), Some("CONNECTION_ERROR"));
}
