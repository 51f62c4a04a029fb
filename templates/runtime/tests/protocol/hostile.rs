//! Bytes of those who mean harm, or do not know better.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::said::{Said, post};
use crate::subject::{Client, HEAD, call, hello, options, over_http, settings};

const PING: &str = r#"{"jsonrpc":"2.0","id":"ping","method":"ping"}"#;

/// Panics in the server: a task that panics takes no test with it.
fn panics() -> usize {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !info.location().is_some_and(|place| place.file().contains("tests/protocol")) {
                COUNT.fetch_add(1, Ordering::Relaxed);
            }
            before(info);
        }));
    });
    COUNT.load(Ordering::Relaxed)
}

/// The same numbers for the same seed (xorshift).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap_or_default()
    }

    pub fn one_of<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }

    /// A message with something wrong in it, most of the time.
    fn message(&mut self) -> Vec<u8> {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": { "name": "t", "version": "1" },
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let mut messages = vec![
            json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": { "_meta": meta } }),
            json!({ "jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": { "_meta": meta } }),
            json!({ "jsonrpc": "2.0", "id": 1, "method": "logging/setLevel", "params": { "level": "info" } }),
            json!({ "jsonrpc": "2.0", "id": "a", "method": "resources/read", "params": { "uri": "a://b" } }),
            json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 1 } }),
            json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": { "progressToken": 1, "progress": 2 } }),
            json!({ "jsonrpc": "2.0", "id": 1, "result": {} }),
            json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -1, "message": "no" } }),
        ];
        messages
            .push(serde_json::from_str(&call(3, "echo", json!({ "a": [1, "ü"] }))).expect("JSON"));
        let mut message = self.one_of(&messages).clone();
        for _ in 0..self.below(4) {
            self.change(&mut message);
        }
        let mut bytes = message.to_string().into_bytes();
        for _ in 0..self.below(3) {
            if bytes.is_empty() {
                break;
            }
            let at = self.below(bytes.len());
            match self.below(5) {
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes.truncate(at),
                2 => bytes.insert(at, u8::try_from(self.below(256)).unwrap_or_default()),
                3 => {
                    let pieces = [b"{".as_slice(), b"[", b"\"", b"\\u0000", b"1e999"];
                    drop(bytes.splice(at..at, self.one_of(&pieces).iter().copied()));
                }
                _ => {
                    let end = (at + self.below(20)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    drop(bytes.splice(at..at, part));
                }
            }
        }
        bytes.retain(|byte| *byte != b'\n');
        bytes
    }

    /// Puts a strange value somewhere.
    fn change(&mut self, value: &mut Value) {
        let strange = [
            json!(null),
            json!(true),
            json!(-1),
            json!(1.5),
            json!(u64::MAX),
            json!(1e300),
            json!(""),
            json!("\u{0}"),
            json!("x".repeat(5000)),
            json!([]),
            json!({}),
            json!([[[[]]]]),
            json!({ "jsonrpc": "2.0" }),
            json!("2.0"),
            json!("tools/call"),
            json!("initialize"),
        ];
        match value {
            Value::Object(members) if !members.is_empty() && self.below(3) > 0 => {
                let at = self.below(members.len());
                if let Some((_, member)) = members.iter_mut().nth(at) {
                    self.change(member);
                }
            }
            Value::Array(items) if !items.is_empty() && self.below(3) > 0 => {
                let at = self.below(items.len());
                self.change(&mut items[at]);
            }
            other => *other = self.one_of(&strange).clone(),
        }
    }
}

/// A message of JSON-RPC, as a server sends them.
fn sound(message: &Value) -> bool {
    let outcome = message["result"].is_object() || message["error"]["code"].is_i64();
    message["jsonrpc"] == "2.0" && (outcome || message["method"].is_string())
}

#[tokio::test]
async fn damaged_lines_are_survived() {
    let before = panics();
    for seed in 1..=10 {
        let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ seed);
        let revision = *random.one_of(&["2025-03-26", "2025-11-25"]);
        let mut client = Client::new(settings(), revision).await;
        for round in 0..300 {
            let message = random.message();
            client.bytes(&[&*message, b"\n"].concat()).await;
            let ping = format!(r#"{{"jsonrpc":"2.0","id":"ping {round}","method":"ping"}}"#);
            client.send(&ping).await;
            let mut answers = 0;
            loop {
                let answer = client.next().await;
                let shown = String::from_utf8_lossy(&message);
                assert!(sound(&answer), "seed {seed}, {shown}: {answer}");
                if answer["id"] == format!("ping {round}") {
                    break;
                }
                answers += 1;
                assert!(answers <= 110, "seed {seed}, {shown}: it does not end");
            }
        }
        assert!(client.end().await.iter().all(sound));
    }
    assert_eq!(panics(), before);
}

#[tokio::test]
async fn damaged_requests_are_survived() {
    let before = panics();
    let (address, _stop) = over_http(settings(), options()).await;
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for _ in 0..1500 {
        let message = random.message();
        let more = *random.one_of(&[
            "",
            "MCP-Protocol-Version: 2026-07-28\r\n",
            "MCP-Protocol-Version: 2025-11-25\r\n",
            "Mcp-Method: tools/list\r\n",
            "Mcp-Session-Id: x\r\n",
        ]);
        let said = post(&address, &format!("{HEAD}{more}"), &message).await;
        let shown = String::from_utf8_lossy(&message);
        assert!(matches!(said.status, 200 | 202 | 400 | 404), "{shown}: {said:?}");
        if said.status != 202 {
            let answers = said.json();
            let list = answers.as_array().cloned().unwrap_or_else(|| vec![answers]);
            assert!(list.iter().all(sound), "{shown}: {said:?}");
        }
    }
    assert_eq!(post(&address, HEAD, PING.as_bytes()).await.status, 200);
    assert_eq!(panics(), before);
}

#[tokio::test]
async fn requests_that_break_off_are_survived() {
    let before = panics();
    let (address, _stop) = over_http(settings(), options()).await;
    let body = call(1, "echo", json!({}));
    let length = body.len();
    let whole = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\n{HEAD}Content-Length: {length}\r\n\r\n{body}"
    );
    for end in 0..whole.len() {
        let mut stream = TcpStream::connect(&address).await.expect("a connection");
        stream.write_all(&whole.as_bytes()[..end]).await.expect("it reads");
        if end % 2 == 0 {
            stream.shutdown().await.expect("half of it closes");
        }
    }
    for garbage in [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".as_slice(),
        b"GET",
        b"\0\0\0\0",
        b"POST /mcp HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(&address).await.expect("a connection");
        stream.write_all(garbage).await.expect("it reads");
        stream.shutdown().await.expect("it closes");
        let said = Said::of(&mut stream).await;
        assert!(matches!(said.status, 0 | 400..=599), "{said:?}");
    }
    // Two lengths for one request are two opinions of where it ends.
    let smuggled = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\n{HEAD}Content-Length: 5\r\n\
         Content-Length: 6\r\nConnection: close\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(&address).await.expect("a connection");
    stream.write_all(smuggled.as_bytes()).await.expect("it reads");
    assert_eq!(Said::of(&mut stream).await.status, 400);
    assert_eq!(post(&address, HEAD, PING.as_bytes()).await.status, 200);
    assert_eq!(panics(), before);
}

#[tokio::test]
async fn slow_requests_end() {
    let (address, _stop) = over_http(settings(), options()).await;
    // The options give them 2 seconds.
    let slow = |bytes: String| {
        let address = address.clone();
        async move {
            let begun = Instant::now();
            let stream = TcpStream::connect(&address).await.expect("a connection");
            let (mut input, mut output) = stream.into_split();
            input_all(&mut output, &bytes).await;
            let drip = tokio::spawn(async move {
                // Until nobody takes it any more.
                while output.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            });
            let mut answer = Vec::new();
            let _ = input.read_to_end(&mut answer).await;
            drip.abort();
            (begun.elapsed(), String::from_utf8_lossy(&answer).into_owned())
        }
    };
    let body =
        format!("POST /mcp HTTP/1.1\r\nHost: {address}\r\n{HEAD}Content-Length: 9999\r\n\r\n");
    let head = "POST /mcp HTTP/1.1\r\nX-Slow: ".to_owned();
    let ((took, said), (head_took, _)) = tokio::join!(slow(body), slow(head));
    assert!(
        took < Duration::from_secs(5) && head_took < Duration::from_secs(5),
        "{took:?} {head_took:?}"
    );
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    assert!(said.contains("-32600"), "{said}");
}

async fn input_all(output: &mut tokio::net::tcp::OwnedWriteHalf, bytes: &str) {
    output.write_all(bytes.as_bytes()).await.expect("it reads");
}

/// Ten times as many connections as there are places ask nothing; who asks is answered at once.
#[tokio::test]
async fn idle_connections_make_room() {
    let mut patient = options();
    patient.request_timeout = Duration::from_secs(60);
    let (address, _stop) = over_http(settings(), patient).await;
    let mut idle = Vec::new();
    for _ in 0..640 {
        idle.push(TcpStream::connect(&address).await.expect("a connection"));
    }
    let begun = Instant::now();
    assert_eq!(post(&address, HEAD, PING.as_bytes()).await.status, 200);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    // The oldest are closed, the youngest not.
    let mut byte = [0];
    let oldest = tokio::time::timeout(Duration::from_secs(5), idle[0].read(&mut byte)).await;
    assert!(matches!(oldest, Ok(Ok(0) | Err(_))), "{oldest:?}");
    let youngest = idle.last_mut().expect("one").read(&mut byte);
    assert!(tokio::time::timeout(Duration::from_millis(200), youngest).await.is_err());
    // A call that runs keeps its place, whoever comes.
    let running = tokio::spawn({
        let address = address.clone();
        async move { post(&address, HEAD, call(1, "wait", json!({ "ms": 1500 })).as_bytes()).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let more: Arc<[TcpStream]> = {
        let mut more = Vec::new();
        for _ in 0..200 {
            more.push(TcpStream::connect(&address).await.expect("a connection"));
        }
        more.into()
    };
    let said = running.await.expect("no panic");
    assert!(said.body.contains("\"result\""), "{said:?}");
    drop(more);
}

/// Sends bytes on a connection of its own, and gives it back open.
async fn open(address: &str, bytes: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(bytes.as_bytes()).await.expect("it reads");
    stream
}

/// The status of the answer that begins on this connection.
async fn status(stream: &mut TcpStream) -> String {
    let mut head = [0; 12];
    let read = stream.read_exact(&mut head);
    let read = tokio::time::timeout(Duration::from_secs(20), read).await.expect("in time");
    read.map_or_else(|_| String::new(), |_| String::from_utf8_lossy(&head[9..]).into_owned())
}

/// Asks for something, which is answered though others want to keep everybody out.
async fn is_let_in(address: &str) {
    let begun = Instant::now();
    assert_eq!(post(address, HEAD, PING.as_bytes()).await.status, 200);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn connections_that_have_their_answers_make_room() {
    let mut patient = options();
    patient.request_timeout = Duration::from_secs(60);
    let (address, _stop) = over_http(settings(), patient).await;
    let health = format!("GET /health HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let mut asked = Vec::new();
    for _ in 0..64 {
        let mut stream = open(&address, &health).await;
        assert_eq!(status(&mut stream).await, "200");
        asked.push(stream);
    }
    is_let_in(&address).await;
}

#[tokio::test]
async fn bodies_that_do_not_come_make_room() {
    let mut patient = options();
    patient.request_timeout = Duration::from_secs(60);
    let (address, _stop) = over_http(settings(), patient).await;
    let running = tokio::spawn({
        let address = address.clone();
        async move { post(&address, HEAD, call(1, "wait", json!({ "ms": 1500 })).as_bytes()).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let head = format!("POST /mcp HTTP/1.1\r\nHost: {address}\r\n{HEAD}Content-Length: 60000\r\n");
    let mut slow = Vec::new();
    for _ in 0..640 {
        slow.push(open(&address, &format!("{head}\r\n{{\"jsonrpc")).await);
    }
    is_let_in(&address).await;
    let said = running.await.expect("no panic");
    assert!(said.body.contains("\"result\""), "a call that runs keeps its place: {said:?}");
}

/// The stream of events of a new session.
async fn events(address: &str) -> TcpStream {
    let said = post(address, HEAD, hello().as_bytes()).await;
    let session = said.head.lines().find_map(|line| line.strip_prefix("mcp-session-id: "));
    let get = format!(
        "GET /mcp HTTP/1.1\r\nHost: {address}\r\nAccept: text/event-stream\r\n\
         Mcp-Session-Id: {}\r\nConnection: close\r\n\r\n",
        session.expect("a session")
    );
    open(address, &get).await
}

#[tokio::test]
async fn streams_of_events_leave_room_for_calls() {
    let mut patient = options();
    patient.request_timeout = Duration::from_secs(60);
    let (address, _stop) = over_http(settings(), patient).await;
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let body = json!({
        "jsonrpc": "2.0", "id": 5, "method": "subscriptions/listen",
        "params": { "_meta": meta, "notifications": {} },
    });
    let body = body.to_string();
    let listen = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\n{HEAD}MCP-Protocol-Version: 2026-07-28\r\n\
         Mcp-Method: subscriptions/listen\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut streams = Vec::new();
    for _ in 0..16 {
        streams.push(events(&address).await);
        streams.push(open(&address, &listen).await);
    }
    for stream in &mut streams {
        assert_eq!(status(stream).await, "200");
    }
    let said = Said::of(&mut open(&address, &listen).await).await;
    assert_eq!(
        (said.status, said.code(), &said.json()["id"]),
        (503, -32603, &json!(5)),
        "{said:?}"
    );
    for _ in 0..40 {
        let mut stream = events(&address).await;
        let said = Said::of(&mut stream).await;
        assert_eq!((said.status, said.code()), (503, -32603), "{said:?}");
        assert!(said.head.contains("retry-after: "), "{said:?}");
    }
    is_let_in(&address).await;
    // Those that are gone make room for others.
    drop(streams);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(status(&mut events(&address).await).await, "200");
    assert_eq!(status(&mut open(&address, &listen).await).await, "200");
}

#[tokio::test]
async fn a_message_holds_so_many_values() {
    let mut large = options();
    large.max_request_bytes = 1024 * 1024;
    let (address, _stop) = over_http(settings(), large).await;
    let zeros = |count| vec!["0"; count].join(",");
    let deep = |values: &str| {
        let call = call(1, "echo", json!({}));
        call.replacen("\"name\"", &format!("\"_meta\":{{\"x\":[{values}]}},\"name\""), 1)
    };
    for (values, status) in [
        (zeros(99_000), 200),
        (zeros(101_000), 400),
        ("{},".repeat(50_001) + "0", 400),
        // What looks like values in a text is none.
        (format!("\"{}\\\\\"", r#"\",["#.repeat(101_000)), 200),
    ] {
        let said = post(&address, HEAD, deep(&values).as_bytes()).await;
        assert_eq!(said.status, status, "{:.300} {values:.30}", said.body);
        if status == 400 {
            assert!(said.body.contains("at most 100000 values"), "{said:?}");
        }
    }
    let mut client = Client::fresh(settings(), 1024 * 1024).await;
    client.send(&deep(&zeros(101_000))).await;
    let said = client.next().await;
    assert_eq!(said["error"]["code"], -32600, "{said}");
}

/// Three of these fit into the room for large messages; who sends a small one does not wait for it.
#[tokio::test]
async fn large_messages_wait_for_room() {
    let mut patient = options();
    patient.request_timeout = Duration::from_secs(60);
    let (address, _stop) = over_http(settings(), patient).await;
    let large = call(1, "wait", json!({ "ms": 600, "more": vec![0; 18_000] }));
    let begun = Instant::now();
    let mut calls = Vec::new();
    for _ in 0..9 {
        let (address, large) = (address.clone(), large.clone());
        calls.push(tokio::spawn(async move { post(&address, HEAD, large.as_bytes()).await }));
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let small = Instant::now();
    assert_eq!(post(&address, HEAD, PING.as_bytes()).await.status, 200);
    assert!(small.elapsed() < Duration::from_millis(500), "{:?}", small.elapsed());
    for call in calls {
        let said = call.await.expect("no panic");
        assert!(said.body.contains("\"result\""), "{said:.300?}");
    }
    assert!(begun.elapsed() >= Duration::from_millis(1800), "{:?}", begun.elapsed());
}

/// Large bodies that do not come take all the room for such, until others wait for it.
#[tokio::test]
async fn large_messages_that_do_not_come_make_room() {
    let mut patient = options();
    patient.request_timeout = Duration::from_secs(60);
    let (address, _stop) = over_http(settings(), patient).await;
    let part = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\n{HEAD}Content-Length: 60000\r\n\r\n{}",
        " ".repeat(20_000)
    );
    let mut slow = Vec::new();
    for _ in 0..40 {
        slow.push(open(&address, &part).await);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let begun = Instant::now();
    let large = call(1, "echo", json!({ "text": "x".repeat(40_000) }));
    assert_eq!(post(&address, HEAD, large.as_bytes()).await.status, 200);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(status(&mut slow[0]).await, "503");
}

/// Connections are open files. How many there may be is set for a process, so the server runs in one of
/// its own, which is this test again.
#[cfg(unix)]
#[tokio::test]
async fn few_open_files_keep_nobody_out() {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};

    const SERVES: &str = "MCPGEN_TEST_FEW_FILES";
    if std::env::var_os(SERVES).is_some() {
        let mut patient = options();
        patient.request_timeout = Duration::from_secs(60);
        patient.max_connections = 512;
        let (address, _stop) = over_http(settings(), patient).await;
        println!("\nserving {address}");
        return tokio::time::sleep(Duration::from_secs(60)).await;
    }
    let mut server = Command::new("sh")
        .args(["-c", "ulimit -n 100; exec \"$0\" --nocapture --exact \"$1\""])
        .arg(std::env::current_exe().expect("this test"))
        .arg("hostile::few_open_files_keep_nobody_out")
        .env(SERVES, "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut lines = BufReader::new(server.stdout.take().expect("a pipe")).lines();
    let address = lines.find_map(|line| Some(line.ok()?.strip_prefix("serving ")?.to_owned()));
    let address = address.expect("an address");
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(TcpStream::connect(&address).await.expect("a connection"));
    }
    is_let_in(&address).await;
    server.kill().expect("it runs");
    server.wait().expect("it ends");
}
