//! Who asks for it hears of the rows of a long answer.

use mcpgen_runtime::database::Settings;
use serde_json::{Value, json};

use crate::subject::{Client, call};

#[cfg(feature = "sqlite")]
async fn settings() -> Option<Settings> {
    Some(crate::subject::settings())
}

#[cfg(not(feature = "sqlite"))]
async fn settings() -> Option<Settings> {
    crate::cancel::start().await.map(|(settings, _)| settings)
}

/// A call that reads so many rows, with what else it says.
fn read(id: u64, rows: u32, mut arguments: Value, meta: Value) -> String {
    let ten: Vec<String> = (0..10).map(|n| format!("SELECT {n} AS n")).collect();
    let ten = ten.join(" UNION ALL ");
    arguments["sql"] = json!(format!(
        "WITH ten AS ({ten}) SELECT a.n FROM ten AS a, ten AS b, ten AS c, ten AS d LIMIT {rows}"
    ));
    let mut call: Value = serde_json::from_str(&call(id, "query", arguments)).expect("JSON");
    call["params"]["_meta"] = meta;
    call.to_string()
}

/// What a client hears of a call before its answer, which has so many rows.
async fn heard(client: &mut Client, id: u64, rows: u32) -> Vec<(f64, String)> {
    let mut heard = Vec::new();
    loop {
        let said = client.next().await;
        if said["id"] == id {
            let text = said["result"]["content"][0]["text"].as_str().expect("a text");
            assert!(text.ends_with(&format!("\"rows\":{rows}}}")), "{text}");
            return heard;
        }
        let params = &said["params"];
        assert_eq!(
            (&said["method"], &params["progressToken"]),
            (&json!("notifications/progress"), &json!("t"))
        );
        assert!(params.get("total").is_none(), "nobody knows how many there are: {said}");
        let message = params["message"].as_str().expect("a message").to_owned();
        heard.push((params["progress"].as_f64().expect("a number"), message));
    }
}

#[tokio::test]
async fn rows_are_told_to_who_asks() {
    let Some(settings) = settings().await else { return };
    let mut client = Client::new(settings, "2025-11-25").await;
    let told = |thousands: u32| -> Vec<(f64, String)> {
        (1..=thousands).map(|n| (f64::from(n * 1000), format!("{} rows", n * 1000))).collect()
    };
    let asked = json!({ "progressToken": "t" });
    client.send(&read(1, 5500, json!({}), asked.clone())).await;
    assert_eq!(heard(&mut client, 1, 5500).await, told(5));
    client.send(&read(2, 999, json!({}), asked.clone())).await;
    assert_eq!(heard(&mut client, 2, 999).await, []);
    client.send(&read(3, 5500, json!({}), json!({}))).await;
    assert_eq!(heard(&mut client, 3, 5500).await, []);
    // As far as a bound lets it come.
    client.send(&read(4, 5500, json!({ "most": 2500 }), asked.clone())).await;
    assert_eq!(heard(&mut client, 4, 2500).await, told(2));
    // As a step reads them, whose client hears of steps.
    client.send(&read(5, 5500, json!({ "silent": true }), asked)).await;
    assert_eq!(heard(&mut client, 5, 5500).await, []);
}
