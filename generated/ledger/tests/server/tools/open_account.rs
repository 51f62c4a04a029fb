//! `open_account`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "open_account",
            json!({
                "number": 1040,
                "name": "Savings",
                "kind": "asset",
                "parent": 1000,
                "lowest": "0",
                "opened_on": "2024-05-02",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "open_account",
            json!({
                "number": 1040,
                "name": "Savings",
                "kind": "asset",
                "parent": 1000,
                "lowest": "0",
                "opened_on": "2024-05-02",
                "not_a_param": 1,
            }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "open_account",
            json!({ "kind": "asset", "name": "text" }),
            "number",
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": ["not", "a", "value"], "name": "text", "kind": "asset" }),
            "number",
        )
        .await;
    server
        .takes(
            "open_account",
            json!({ "number": 1000, "name": "text", "kind": "asset" }),
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": 999, "name": "text", "kind": "asset" }),
            "number",
        )
        .await;
    server
        .takes(
            "open_account",
            json!({ "number": 9999, "name": "text", "kind": "asset" }),
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": 10000, "name": "text", "kind": "asset" }),
            "number",
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": 1000, "kind": "asset" }),
            "name",
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": 1000, "name": ["not", "a", "value"], "kind": "asset" }),
            "name",
        )
        .await;
    server
        .takes(
            "open_account",
            json!({ "number": 1000, "name": "te", "kind": "asset" }),
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": 1000, "name": "t", "kind": "asset" }),
            "name",
        )
        .await;
    server
        .takes(
            "open_account",
            json!({
                "number": 1000,
                "name": "tex".to_owned() + &"t".repeat(117),
                "kind": "asset",
            }),
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({
                "number": 1000,
                "name": "tex".to_owned() + &"t".repeat(118),
                "kind": "asset",
            }),
            "name",
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": 1000, "name": "text" }),
            "kind",
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": 1000, "name": "text", "kind": ["not", "a", "value"] }),
            "kind",
        )
        .await;
    server
        .takes(
            "open_account",
            json!({ "number": 1000, "name": "text", "kind": "expense" }),
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": 1000, "name": "text", "kind": "none of these" }),
            "kind",
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({
                "number": 1000,
                "name": "text",
                "kind": "asset",
                "parent": ["not", "a", "value"],
            }),
            "parent",
        )
        .await;
    server
        .takes(
            "open_account",
            json!({ "number": 1000, "name": "text", "kind": "asset", "parent": 1000 }),
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": 1000, "name": "text", "kind": "asset", "parent": 999 }),
            "parent",
        )
        .await;
    server
        .takes(
            "open_account",
            json!({ "number": 1000, "name": "text", "kind": "asset", "parent": 9999 }),
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": 1000, "name": "text", "kind": "asset", "parent": 10000 }),
            "parent",
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({
                "number": 1000,
                "name": "text",
                "kind": "asset",
                "currency": ["not", "a", "value"],
            }),
            "currency",
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": 1000, "name": "text", "kind": "asset", "currency": "" }),
            "currency",
        )
        .await;
    server
        .takes(
            "open_account",
            json!({ "number": 1000, "name": "text", "kind": "asset", "currency": "EUR" }),
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({ "number": 1000, "name": "text", "kind": "asset", "currency": "EURR" }),
            "currency",
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({
                "number": 1000,
                "name": "text",
                "kind": "asset",
                "lowest": ["not", "a", "value"],
            }),
            "lowest",
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({
                "number": 1000,
                "name": "text",
                "kind": "asset",
                "lowest": "not in the format",
            }),
            "lowest",
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({
                "number": 1000,
                "name": "text",
                "kind": "asset",
                "opened_on": ["not", "a", "value"],
            }),
            "opened_on",
        )
        .await;
    server
        .refuses(
            "open_account",
            json!({
                "number": 1000,
                "name": "text",
                "kind": "asset",
                "opened_on": "not in the format",
            }),
            "opened_on",
        )
        .await;
}
