//! Messages in lines, good and bad.

use std::time::Duration;

use mcpgen_runtime::database::Settings;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::hostile::Random;
use crate::subject::{Client, call, settings};

const PING: &str = r#"{"jsonrpc":"2.0","id":"ping","method":"ping"}"#;

#[tokio::test]
async fn what_is_no_message_is_answered_and_passed_over() {
    let mut client = Client::new(settings(), "2025-11-25").await;
    for (line, code) in [
        (b"{".as_slice(), -32700),
        (b"nonsense", -32700),
        (b"\xff\xfe{}", -32700),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", -32700),
        (b"{}", -32600),
        (b"5", -32600),
        (b"[]", -32600),
        (br#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, -32600),
        (br#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
        (br#"{"jsonrpc":"2.0","id":1,"method":[]}"#, -32600),
        (br#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#, -32601),
    ] {
        client.bytes(line).await;
        client.bytes(b"\n").await;
        let answer = client.next().await;
        let shown = String::from_utf8_lossy(line);
        assert_eq!(answer["error"]["code"], code, "{shown}: {answer}");
        client.send(PING).await;
        assert_eq!(client.next().await["id"], "ping", "{shown}");
    }
    // Empty lines and the breaks of another system mean nothing.
    client.bytes(b"\n\r\n  \n").await;
    client.bytes(format!("{PING}\r\n").as_bytes()).await;
    assert_eq!(client.next().await["id"], "ping");
    assert!(client.end().await.is_empty());
}

/// The line is answered when it ends.
#[tokio::test]
async fn after_a_line_that_is_too_long_comes_the_next() {
    let mut client = Client::fresh(settings(), 4096).await;
    for size in [4096, 4097, 5000, 10_000_000] {
        client.send(&"x".repeat(size)).await;
        assert!(client.next().await["error"]["code"].is_i64());
        client.send(PING).await;
        assert_eq!(client.next().await["id"], "ping", "{size}");
    }
    let padded = format!("{PING}{}", " ".repeat(4095 - PING.len()));
    client.send(&padded).await;
    assert_eq!(client.next().await["id"], "ping");
}

#[tokio::test]
async fn what_comes_before_the_handshake_does_no_harm() {
    let mut client = Client::fresh(settings(), 4096).await;
    client.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).await;
    client.send(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#).await;
    client.send("nonsense").await;
    assert_eq!(client.next().await["error"]["code"], -32700);
    client.send(&call(1, "echo", json!({}))).await;
    assert_eq!(client.next().await["error"]["code"], -32602);
    client.send(PING).await;
    assert_eq!(client.next().await["id"], "ping");
    assert!(client.end().await.is_empty());
}

/// What a client may begin with, by name.
fn opening(name: &str, id: usize) -> Value {
    let meta = |revision| {
        json!({ "_meta": {
            "io.modelcontextprotocol/protocolVersion": revision,
            "io.modelcontextprotocol/clientCapabilities": {},
        } })
    };
    let hello = |revision| {
        let client = json!({ "name": "t", "version": "1" });
        json!({ "protocolVersion": revision, "capabilities": {}, "clientInfo": client })
    };
    let (method, params) = match name {
        "ping" => ("ping", json!({})),
        "ping 2026" => ("ping", meta("2026-07-28")),
        "discover" => ("server/discover", meta("2026-07-28")),
        "discover without meta" => ("server/discover", json!({})),
        "discover 1999" => ("server/discover", meta("1999-01-01")),
        "list" => ("tools/list", json!({})),
        "list 2026" => ("tools/list", meta("2026-07-28")),
        "list 2025" => ("tools/list", meta("2025-11-25")),
        "list 1999" => ("tools/list", meta("1999-01-01")),
        "other 2026" => ("no/such", meta("2026-07-28")),
        "initialize" => ("initialize", hello("2025-11-25")),
        "initialize 2026" => ("initialize", hello("2026-07-28")),
        "unreadable" => ("initialize", json!({ "capabilities": {} })),
        "mended" => ("initialize", json!({ "protocolVersion": "2025-11-25" })),
        "initialized" => ("notifications/initialized", json!({})),
        "cancelled" => ("notifications/cancelled", json!({ "requestId": "none" })),
        "progress" => ("notifications/progress", json!({ "progressToken": "none", "progress": 1 })),
        "noted" => ("notifications/no-such", json!({})),
        "response" => return json!({ "jsonrpc": "2.0", "id": id, "result": {} }),
        other => {
            assert_eq!(other, "error");
            let error = json!({ "code": -1, "message": "no" });
            return json!({ "jsonrpc": "2.0", "id": id, "error": error });
        }
    };
    let mut message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
    if !method.starts_with("notifications/") {
        message["id"] = id.into();
    }
    message
}

/// The server answers each request of an opening once, and ends cleanly.
async fn opened(settings: &Settings, names: &[&str]) -> Vec<Value> {
    let mut client = Client::fresh(settings.clone(), 4096).await;
    let mut asked = Vec::new();
    for (id, name) in names.iter().enumerate() {
        let message = opening(name, id);
        asked.extend(message.get("method").and(message.get("id")).cloned());
        client.send(&message.to_string()).await;
    }
    let mut answers = client.end().await;
    answers.sort_by_key(|answer| answer["id"].as_u64());
    let answered: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(answered, asked.iter().collect::<Vec<_>>(), "{names:?}: {answers:?}");
    answers
}

#[tokio::test]
async fn an_opening_is_no_more_than_its_requests() {
    let openings = [
        ["ping", "initialized", "initialize"],
        ["discover", "cancelled", "initialize"],
        ["discover", "response", "list 2026"],
        ["discover without meta", "cancelled", "initialize"],
        ["list 1999", "cancelled", "initialize"],
        ["unreadable", "initialized", "initialize"],
        ["list", "initialized", "initialize"],
    ];
    let settings = settings();
    for names in openings {
        let answers = opened(&settings, &names).await;
        assert!(answers[1]["result"].is_object(), "{names:?}: {answers:?}");
    }
}

#[tokio::test]
async fn openings_in_any_order_are_survived() {
    let names = [
        "ping",
        "ping 2026",
        "discover",
        "discover without meta",
        "discover 1999",
        "list",
        "list 2026",
        "list 2025",
        "list 1999",
        "other 2026",
        "initialize",
        "initialize 2026",
        "unreadable",
        "mended",
        "initialized",
        "cancelled",
        "progress",
        "noted",
        "response",
        "error",
    ];
    let settings = settings();
    let mut random = Random(0x6A09_E667_F3BC_C908);
    for _ in 0..400 {
        let length = 1 + random.below(8);
        let names: Vec<&str> = (0..length).map(|_| *random.one_of(&names)).collect();
        opened(&settings, &names).await;
    }
}

#[tokio::test]
async fn no_client_is_lost_over_what_it_says_of_itself() {
    let (name, version) = ("t", "1");
    for (params, code) in [
        (json!({}), None),
        (json!({ "capabilities": null, "clientInfo": null }), None),
        (json!({ "capabilities": [], "clientInfo": "t", "_meta": 5 }), None),
        (json!({ "capabilities": { "experimental": { "a": true } } }), None),
        (json!({ "capabilities": { "sampling": true, "roots": { "listChanged": "no" } } }), None),
        (json!({ "capabilities": { "elicitation": true, "extensions": [] } }), None),
        (json!({ "clientInfo": { "name": name } }), None),
        (json!({ "clientInfo": { "name": name, "version": 1 } }), None),
        (json!({ "clientInfo": { "name": name, "version": version, "icons": [5] } }), None),
        (json!({ "protocolVersion": null }), Some(-32602)),
        (json!({ "protocolVersion": 20251125 }), Some(-32602)),
        (json!(null), Some(-32602)),
        (json!([]), Some(-32602)),
    ] {
        let mut hello = opening("mended", 1);
        match params.as_object() {
            Some(members) => hello["params"].as_object_mut().expect("one").extend(members.clone()),
            None => hello["params"] = params,
        }
        let mut client = Client::fresh(settings(), 4096).await;
        client.send(&hello.to_string()).await;
        let answer = client.next().await;
        assert_eq!(answer["error"]["code"].as_i64(), code, "{hello}: {answer}");
        assert_eq!(answer["id"], 1, "{hello}: {answer}");
        assert!(client.end().await.is_empty());
    }
}

/// A session is cut at every byte: the server ends, cleanly, and has answered what was whole.
#[tokio::test]
async fn the_input_may_end_at_any_moment() {
    let hello = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#;
    let session = format!("{hello}\n{}\n{PING}\n", call(1, "echo", json!({ "a": "ü" })));
    for end in 0..=session.len() {
        let mut client = Client::fresh(settings(), 4096).await;
        client.bytes(&session.as_bytes()[..end]).await;
        let answers = client.end().await;
        // The last line may do without its break.
        let whole = session.lines().scan(0, |at, line| {
            *at += line.len() + 1;
            Some(*at - 1)
        });
        let whole = whole.filter(|at| *at <= end).count();
        let results = answers.iter().filter(|answer| answer["result"].is_object()).count();
        assert_eq!(results, whole, "cut at {end}: {answers:?}");
    }
}

#[tokio::test]
async fn many_requests_at_once_are_all_answered() {
    let mut client = Client::new(settings(), "2025-11-25").await;
    let mut input = client.input.take().expect("it is open");
    let sender = tokio::spawn(async move {
        for id in 0..10_000 {
            let line = format!("{}\n", call(id, "echo", json!({ "n": id })));
            input.write_all(line.as_bytes()).await.expect("the server reads");
        }
        input
    });
    let mut seen = vec![false; 10_000];
    for _ in 0..10_000 {
        let answer = client.next().await;
        let id = answer["id"].as_u64().and_then(|id| usize::try_from(id).ok()).expect("an id");
        assert!(answer["result"].is_object() && !std::mem::replace(&mut seen[id], true));
    }
    client.input = Some(sender.await.expect("no panic"));
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn requests_run_beside_each_other() {
    let mut client = Client::new(settings(), "2025-11-25").await;
    client.send(&call("slow", "wait", json!({ "ms": 400 }))).await;
    client.send(&call("quick", "echo", json!({}))).await;
    assert_eq!(client.next().await["id"], "quick");
    // One id cannot be two.
    client.send(&call("slow", "echo", json!({}))).await;
    assert_eq!(client.next().await["error"]["code"], -32600);
    assert_eq!(client.next().await["id"], "slow");
    client.send(&call("slow", "echo", json!({}))).await;
    assert!(client.next().await["result"].is_object());
    // What runs when the input ends is answered.
    client.send(&call("last", "wait", json!({ "ms": 300 }))).await;
    let rest = client.end().await;
    assert_eq!(rest.iter().map(|answer| &answer["id"]).collect::<Vec<_>>(), [&json!("last")]);
}

/// More requests are cancelled than may run at one time, so a place that is not given back would be
/// missed.
#[tokio::test]
async fn a_cancelled_request_gives_its_place_back() {
    let mut client = Client::new(settings(), "2025-11-25").await;
    for id in 0..600 {
        client.send(&call(id, "wait", json!({ "ms": 60_000 }))).await;
        let params = json!({ "requestId": id });
        let method = "notifications/cancelled";
        let cancel = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        client.send(&cancel.to_string()).await;
    }
    client.send(PING).await;
    assert_eq!(client.next().await["id"], "ping");
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn batches_are_taken_where_the_revision_has_them() {
    let mut client = Client::new(settings(), "2025-03-26").await;
    let batch = format!("[{}, 5, {}]", call(1, "echo", json!({})), call(2, "echo", json!({})));
    client.send(&batch).await;
    let mut ids: Vec<Value> = Vec::new();
    for _ in 0..3 {
        ids.push(client.next().await["id"].clone());
    }
    assert!(ids.contains(&json!(1)) && ids.contains(&json!(2)), "{ids:?}");
    let mut client = Client::new(settings(), "2025-06-18").await;
    client.send(&batch).await;
    assert_eq!(client.next().await["error"]["code"], -32600);
}

/// A client need not wait for the answer that says which revision it is.
#[tokio::test]
async fn a_batch_may_come_at_once() {
    for revision in ["2024-11-05", "2025-03-26"] {
        let mut hello = opening("initialize", 0);
        hello["params"]["protocolVersion"] = revision.into();
        let mut client = Client::fresh(settings(), 4096).await;
        client.bytes(format!("{hello}\n[{PING}]\n").as_bytes()).await;
        let answers = client.end().await;
        assert!(answers.iter().all(|answer| answer["result"].is_object()), "{answers:?}");
        assert_eq!(answers.len(), 2, "{answers:?}");
    }
}

#[tokio::test]
async fn a_handshake_is_no_part_of_a_batch() {
    let mut client = Client::new(settings(), "2025-03-26").await;
    client.send(&format!("[{PING}, {}]", opening("initialize", 7))).await;
    let mut answers = [client.next().await, client.next().await];
    answers.sort_by_key(|answer| answer["id"].is_string());
    assert_eq!((&answers[0]["id"], &answers[0]["error"]["code"]), (&json!(7), &json!(-32600)));
    assert_eq!(answers[1]["id"], "ping");
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn a_client_that_is_gone_is_no_failure() {
    for whole in [PING, "nonsense"] {
        let client = Client::fresh(settings(), 4096).await;
        client.gone(&format!("{whole}\n").repeat(100)).await;
    }
}

#[tokio::test]
async fn answers_that_nobody_takes_are_not_kept_for_ever() {
    let mut client = Client::new(settings(), "2025-11-25").await;
    for id in 0..10 {
        client.send(&call(id, "echo", json!({ "text": "x".repeat(30_000) }))).await;
    }
    client.unread().await;
    // Nor are those to more than run at a time.
    let mut client = Client::new(settings(), "2025-11-25").await;
    for id in 0..350 {
        client.send(&call(id, "echo", json!({ "text": "x".repeat(400) }))).await;
    }
    client.unread().await;
    // Nor are those that come before the handshake.
    let mut client = Client::fresh(settings(), 4096).await;
    for id in 0..350 {
        client.send(&opening("discover", id).to_string()).await;
    }
    client.unread().await;
}

/// It takes longer than the grace.
#[tokio::test]
async fn who_reads_slowly_gets_every_answer() {
    let mut client = Client::new(settings(), "2025-11-25").await;
    for id in 0..40 {
        let arguments = json!({ "ms": 300, "text": "x".repeat(30_000) });
        client.send(&call(id, "wait", arguments)).await;
    }
    client.input.take().expect("it is open").shutdown().await.expect("it closes");
    let mut seen = Vec::new();
    for _ in 0..40 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        seen.push(client.next().await["id"].as_u64().expect("a number"));
    }
    seen.sort_unstable();
    assert!(seen.into_iter().eq(0..40));
    assert!(client.end().await.is_empty());
}
