//! Requests over HTTP in bytes, and what is said to them.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What came back over HTTP.
#[derive(Debug)]
pub struct Said {
    /// The status; 0 when the connection was closed without one.
    pub status: u16,
    /// The head, in lower case.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Said {
    /// Reads what comes until the connection ends.
    pub async fn of(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        let read = stream.read_to_end(&mut bytes);
        let _ = tokio::time::timeout(Duration::from_secs(20), read).await.expect("an end in time");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Self {
            status: status.unwrap_or_default(),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The code of the error in the body.
    pub fn code(&self) -> i64 {
        self.json()["error"]["code"].as_i64().unwrap_or_else(|| panic!("no error: {self:?}"))
    }
}

/// Asks for a path.
pub async fn get(address: &str, path: &str) -> Said {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    Said::of(&mut stream).await
}

/// Sends a POST with this head beside `Host` and this body.
pub async fn post(address: &str, head: &str, body: &[u8]) -> Said {
    let host = if head.contains("Host:") { String::new() } else { format!("Host: {address}\r\n") };
    let mut bytes = format!(
        "POST /mcp HTTP/1.1\r\n{host}{head}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let _ = stream.write_all(&bytes).await;
    Said::of(&mut stream).await
}
