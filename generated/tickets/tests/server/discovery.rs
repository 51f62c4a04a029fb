//! What clients are told, and what they hear when they ask for something else.

use serde_json::{Value, json};

use crate::support;
use crate::support::Fixture;

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#;

const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

/// Name and version are those of the spec.
#[tokio::test]
async fn the_server_says_who_it_is() {
    let server = Fixture::new(&[]).await;
    let info = server.client.peer_info().and_then(|info| info.server_info.clone());
    let info = info.expect("the server said who it is");
    assert_eq!((info.name.as_str(), info.version.as_str()), ("tickets", "1.0.0"));
}

/// Every revision of the protocol is spoken.
#[tokio::test]
async fn every_revision_is_spoken() {
    for revision in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let initialize = json!(
            { "jsonrpc" : "2.0", "id" : 1, "method" : "initialize", "params" : {
            "protocolVersion" : revision, "capabilities" : {}, "clientInfo" : { "name" :
            "test", "version" : "1" }, }, }
        );
        let answers = support::raw(&[&initialize.to_string()]).await;
        assert_eq!(answers[0] ["result"] ["protocolVersion"], revision);
    }
    let discover = json!(
        { "jsonrpc" : "2.0", "id" : 1, "method" : "server/discover", "params" : { "_meta"
        : support::stateless() }, }
    );
    let answers = support::raw(&[&discover.to_string()]).await;
    let revisions = answers[0]["result"]["supportedVersions"]
        .as_array()
        .expect("a list");
    assert!(revisions.contains(& json!("2026-07-28")), "{revisions:?}");
}

/// What is told says who says it and how long it holds; there is no cursor but ours.
#[tokio::test]
async fn lists_say_how_long_they_hold() {
    for method in [
        "server/discover",
        "tools/list",
        "resources/list",
        "resources/templates/list",
        "prompts/list",
    ] {
        let ask = |cursor: Option<&str>| {
            json!(
                { "jsonrpc" : "2.0", "id" : 1, "method" : method, "params" : { "cursor" :
                cursor, "_meta" : support::stateless() }, }
            )
                .to_string()
        };
        let answers = support::raw(&[&ask(None), &ask(Some("1"))]).await;
        let result = &answers[0]["result"];
        let told = &result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"];
        assert_eq!(told, "tickets", "{method}: {result}");
        assert!(
            result["ttlMs"].is_u64() && result["cacheScope"].is_string(),
            "{method}: {result}"
        );
        assert_eq!(result["resultType"], "complete", "{method}");
        if method != "server/discover" {
            assert_eq!(
                answers[1] ["error"] ["code"], - 32602, "{method}: {}", answers[1]
            );
        }
    }
}

/// Clients are told what `descriptors/tools.json` says.
#[tokio::test]
async fn tools_are_listed() {
    let server = Fixture::new(&[]).await;
    let listed = server.client.list_all_tools().await.expect("a list");
    let listed = serde_json::to_string(&listed).expect("JSON");
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    let described: Value = serde_json::from_str(
            include_str!("../../descriptors/tools.json"),
        )
        .expect("JSON");
    assert_eq!(listed, described);
}

/// The tools, in the order of the spec, with schemas that are valid and have an object at the root.
#[tokio::test]
async fn tools_have_sound_schemas() {
    let tools: Vec<Value> = serde_json::from_str(crate::support::TOOLS).expect("JSON");
    let names: [&str; 10] = [
        "find_tickets",
        "list_tickets",
        "get_ticket",
        "count_open",
        "open_ticket",
        "comment",
        "assign_ticket",
        "close_ticket",
        "hire_agent",
        "delete_ticket",
    ];
    assert_eq!(
        tools.iter().map(| tool | tool["name"].as_str()).collect:: < Vec < _ >> (), names
        .map(Some)
    );
    for tool in &tools {
        for member in ["inputSchema", "outputSchema"] {
            assert_eq!(tool[member] ["type"], "object", "{}", tool["name"]);
            assert!(
                jsonschema::draft202012::meta::is_valid(& tool[member]), "{}",
                tool["name"]
            );
        }
    }
}

/// Clients are told what `descriptors/resources.json` says.
#[tokio::test]
async fn resources_are_listed() {
    let server = Fixture::new(&[]).await;
    let listed = server.client.list_all_resources().await.expect("a list");
    let listed = serde_json::to_string(&listed).expect("JSON");
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    let described: Value = serde_json::from_str(
            include_str!("../../descriptors/resources.json"),
        )
        .expect("JSON");
    assert_eq!(listed, described);
}

/// Clients are told what `descriptors/resource_templates.json` says.
#[tokio::test]
async fn resource_templates_are_listed() {
    let server = Fixture::new(&[]).await;
    let listed = server.client.list_all_resource_templates().await.expect("a list");
    let listed = serde_json::to_string(&listed).expect("JSON");
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    let described: Value = serde_json::from_str(
            include_str!("../../descriptors/resource_templates.json"),
        )
        .expect("JSON");
    assert_eq!(listed, described);
}

/// Clients are told what `descriptors/prompts.json` says.
#[tokio::test]
async fn prompts_are_listed() {
    let server = Fixture::new(&[]).await;
    let listed = server.client.list_all_prompts().await.expect("a list");
    let listed = serde_json::to_string(&listed).expect("JSON");
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    let described: Value = serde_json::from_str(
            include_str!("../../descriptors/prompts.json"),
        )
        .expect("JSON");
    assert_eq!(listed, described);
}

/// A tool that is not there is an error of the protocol.
#[tokio::test]
async fn an_unknown_tool_is_refused() {
    let server = Fixture::new(&[]).await;
    let result = server.try_call("no_such_tool", json!({})).await;
    let error = support::protocol(result).expect_err("there is no such tool");
    assert_eq!(error.code.0, - 32602);
    assert!(error.message.contains("no_such_tool"), "{}", error.message);
}

/// A resource that is not there is an error of the protocol.
#[tokio::test]
async fn an_unknown_resource_is_refused() {
    let server = Fixture::new(&[]).await;
    let error = server
        .read("nothing://here")
        .await
        .expect_err("there is no such resource");
    assert!(matches!(error.code.0, - 32002 | - 32602), "{error:?}");
    assert_eq!(
        error.data.as_ref().map(| data | & data["uri"]), Some(& json!("nothing://here"))
    );
}

/// A prompt that is not there is an error of the protocol.
#[tokio::test]
async fn an_unknown_prompt_is_refused() {
    let server = Fixture::new(&[]).await;
    let error = server
        .prompt("no_such_prompt", json!({}))
        .await
        .expect_err("there is no such prompt");
    assert_eq!(error.code.0, - 32602);
}

/// Every argument that is completed has values, with the other arguments and without.
#[tokio::test]
async fn arguments_are_completed() {
    let server = Fixture::new(crate::SEED).await;
    assert!(
        server.client.complete_resource_simple("tickets://{id}", "id", ""). await
        .expect("values").len() <= 100
    );
}

/// Arguments that are no object are refused, and the server goes on.
#[tokio::test]
async fn malformed_arguments_are_refused() {
    let answers = support::raw(
            &[
                INITIALIZE,
                INITIALIZED,
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"find_tickets\",\"arguments\":\"a text\"}}",
                r#"{"jsonrpc":"2.0","id":3,"method":"tools/list"}"#,
            ],
        )
        .await;
    assert!(answers[1] ["error"] ["code"].is_i64(), "{}", answers[1]);
    assert!(answers[2] ["result"] ["tools"].is_array(), "{}", answers[2]);
}

/// A client that asks for progress hears of each step, as far as the call gets.
#[tokio::test]
async fn steps_are_told() {
    let call = json!(
        { "jsonrpc" : "2.0", "id" : 2, "method" : "tools/call", "params" : { "name" :
        "get_ticket", "arguments" : json!({ "id": 1 }), "_meta" : { "progressToken"
        : 7 } }, }
    );
    let answers = support::raw(&[INITIALIZE, INITIALIZED, &call.to_string()]).await;
    let (result, told) = answers[1..].split_last().expect("an answer");
    for (index, told) in told.iter().enumerate() {
        assert_eq!(told["method"], "notifications/progress");
        assert_eq!(told["params"] ["progressToken"], 7);
        assert_eq!(told["params"] ["progress"].as_f64(), Some((index + 1) as f64));
    }
    assert!(result["result"].is_object(), "{result}");
    if result["result"]["isError"] != true {
        assert_eq!(told.len(), 2);
    }
}
