//! A request that ends stops its statement: the server's own list of statements shows it.
//! `TEST_POSTGRES_URL` or `TEST_MYSQL_URL` names the server.

use std::io::Write as _;
use std::time::Duration;

use mcpgen_runtime::database::Settings;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::subject::{Client, HEAD, call, options, over_http};

#[cfg(feature = "postgres")]
mod engine {
    pub(super) use sqlx::PgConnection as Connection;

    pub(super) const VARIABLE: &str = "TEST_POSTGRES_URL";
    pub(super) const SLEEP: &str = "SELECT pg_sleep(50)::text AS ";
    pub(super) const LIST: &str = "SELECT count(*) FROM pg_stat_activity \
        WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE ";
}

#[cfg(feature = "mysql")]
mod engine {
    pub(super) use sqlx::MySqlConnection as Connection;

    pub(super) const VARIABLE: &str = "TEST_MYSQL_URL";
    pub(super) const SLEEP: &str = "SELECT SLEEP(50) AS ";
    pub(super) const LIST: &str = "SELECT count(*) FROM information_schema.processlist \
        WHERE id <> connection_id() AND info LIKE ";
}

/// A server for tests, and a connection that looks at what runs there.
pub(crate) async fn start() -> Option<(Settings, engine::Connection)> {
    let Ok(url) = std::env::var(engine::VARIABLE) else {
        // Past the capture of output: a test that did nothing shall not look like one that passed.
        let _ = writeln!(std::io::stderr(), "skipped: {} is not set", engine::VARIABLE);
        return None;
    };
    let other = engine::Connection::connect(&url).await.expect("the server answers");
    let settings = Settings {
        url,
        max_connections: 4,
        min_connections: 1,
        acquire_timeout: Duration::from_secs(5),
        idle_timeout: Duration::from_secs(60),
        statement_timeout: Duration::from_secs(60),
        statements: 20,
        breaker: mcpgen_runtime::breaker::Rule { failures: 1000, open: Duration::from_secs(1) },
        #[cfg(feature = "mysql")]
        flavour: match std::env::var("TEST_MYSQL_FLAVOUR").as_deref() {
            Ok("mysql") => mcpgen_runtime::database::Flavour::MySql,
            _ => mcpgen_runtime::database::Flavour::MariaDb,
        },
    };
    Some((settings, other))
}

/// A call whose statement is known by this name.
fn sleep(name: &str) -> String {
    call(name, "query", json!({ "sql": format!("{}{name}", engine::SLEEP) }))
}

/// Waits until so many statements of this name run.
async fn until(other: &mut engine::Connection, name: &str, count: i64) {
    for _ in 0..200 {
        let sql = AssertSqlSafe(format!("{}'%AS {name}%'", engine::LIST));
        let running: i64 = sqlx::query_scalar(sql).fetch_one(&mut *other).await.expect("a count");
        if running == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{name}: not {count} statements in 10 s");
}

async fn sent(address: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let length = body.len();
    let request = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\n{HEAD}Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    stream
}

#[tokio::test]
async fn a_closed_connection_stops_the_statement() {
    let Some((settings, mut other)) = start().await else { return };
    let mut patient = options();
    (patient.keep_alive, patient.request_timeout) =
        (Duration::from_secs(30), Duration::from_secs(60));
    let (address, _stop) = over_http(settings, patient).await;
    let stream = sent(&address, &sleep("closed_early")).await;
    until(&mut other, "closed_early", 1).await;
    drop(stream);
    until(&mut other, "closed_early", 0).await;
}

#[tokio::test]
async fn a_closed_stream_stops_the_statement() {
    let Some((settings, mut other)) = start().await else { return };
    let mut options = options();
    options.request_timeout = Duration::from_secs(60);
    let (address, _stop) = over_http(settings, options).await;
    let mut stream = sent(&address, &sleep("closed_stream")).await;
    let mut head = [0; 15];
    stream.read_exact(&mut head).await.expect("signs of life");
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    until(&mut other, "closed_stream", 1).await;
    drop(stream);
    until(&mut other, "closed_stream", 0).await;
}

#[tokio::test]
async fn a_request_that_takes_too_long_stops_its_statement() {
    let Some((settings, mut other)) = start().await else { return };
    let (address, _stop) = over_http(settings, options()).await;
    let _stream = sent(&address, &sleep("too_long")).await;
    until(&mut other, "too_long", 1).await;
    until(&mut other, "too_long", 0).await;
}

#[tokio::test]
async fn a_cancelled_request_stops_its_statement() {
    let Some((settings, mut other)) = start().await else { return };
    let mut client = Client::new(settings, "2025-11-25").await;
    client.send(&sleep("cancelled_one")).await;
    client.send(&sleep("cancelled_not")).await;
    until(&mut other, "cancelled_one", 1).await;
    let params = json!({ "requestId": "cancelled_one", "reason": "enough" });
    let method = "notifications/cancelled";
    client.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string()).await;
    until(&mut other, "cancelled_one", 0).await;
    until(&mut other, "cancelled_not", 1).await;
    // The end of the input is the end of what runs, after a while in which it may be answered.
    let rest = client.end().await;
    let called_off =
        |answer: &serde_json::Value| answer["id"] == "cancelled_not" && answer["error"].is_object();
    assert!(rest.iter().all(called_off), "{rest:?}");
    until(&mut other, "cancelled_not", 0).await;
}
