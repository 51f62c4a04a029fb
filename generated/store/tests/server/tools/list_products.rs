//! `list_products`: its answer, and its arguments at their edges.

use serde_json::{Value, json};

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "list_products",
            json!({ "category": "clothing", "sort": "-price_from" }),
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
            "list_products",
            json!({ "category": "clothing", "sort": "-price_from", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Pages follow each other without a gap, and a cursor that was changed is refused: as far as the
/// seed has more than one row.
#[tokio::test]
async fn pages_follow_each_other() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let rows = |result: &rmcp::model::CallToolResult| {
        let structured = result.structured_content.clone().unwrap_or_default();
        (
            structured["products"].as_array().cloned().unwrap_or_default(),
            structured["next_cursor"].clone(),
        )
    };
    let (whole, _) = rows(&server.call("list_products", json!({})).await);
    if whole.len() < 2 {
        return;
    }
    let mut walked = Vec::new();
    let mut arguments = json!({ "page_size": 1 });
    while walked.len() < whole.len() {
        let (page, next) = rows(&server.call("list_products", arguments.clone()).await);
        assert_eq!(page.len(), 1);
        walked.extend(page);
        arguments["cursor"] = next;
    }
    assert_eq!(walked, whole);
    let mut arguments = json!({ "page_size": 1 });
    let (_, next) = rows(&server.call("list_products", arguments.clone()).await);
    let cursor = next.as_str().expect("there are more pages");
    arguments["cursor"] = Value::from(cursor.chars().rev().collect::<String>());
    server.refuses("list_products", arguments, "cursor").await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "list_products",
            json!({ "category": ["not", "a", "value"] }),
            "category",
        )
        .await;
    server.refuses("list_products", json!({ "category": "" }), "category").await;
    server
        .takes(
            "list_products",
            json!({ "category": "a".repeat(80) }),
        )
        .await;
    server
        .refuses(
            "list_products",
            json!({ "category": "a".repeat(81) }),
            "category",
        )
        .await;
    server.refuses("list_products", json!({ "tags": 7 }), "tags").await;
    server.takes("list_products", json!({ "tags": ["text"] })).await;
    server.refuses("list_products", json!({ "tags": [] }), "tags").await;
    server
        .takes(
            "list_products",
            json!({
                "tags": [
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                ],
            }),
        )
        .await;
    server
        .refuses(
            "list_products",
            json!({
                "tags": [
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                    "text",
                ],
            }),
            "tags",
        )
        .await;
    server
        .refuses(
            "list_products",
            json!({ "brand": ["not", "a", "value"] }),
            "brand",
        )
        .await;
    server
        .takes(
            "list_products",
            json!({ "brand": "tex".to_owned() + &"t".repeat(77) }),
        )
        .await;
    server
        .refuses(
            "list_products",
            json!({ "brand": "tex".to_owned() + &"t".repeat(78) }),
            "brand",
        )
        .await;
    server
        .refuses(
            "list_products",
            json!({ "price_from": ["not", "a", "value"] }),
            "price_from",
        )
        .await;
    server
        .refuses(
            "list_products",
            json!({ "price_from": "not in the format" }),
            "price_from",
        )
        .await;
    server
        .refuses(
            "list_products",
            json!({ "price_to": ["not", "a", "value"] }),
            "price_to",
        )
        .await;
    server
        .refuses(
            "list_products",
            json!({ "price_to": "not in the format" }),
            "price_to",
        )
        .await;
    server
        .refuses(
            "list_products",
            json!({ "available": ["not", "a", "value"] }),
            "available",
        )
        .await;
    server.takes("list_products", json!({ "available": true })).await;
    server
        .refuses("list_products", json!({ "available": false }), "available")
        .await;
    server
        .refuses(
            "list_products",
            json!({ "sort": ["not", "a", "value"] }),
            "sort",
        )
        .await;
    server.takes("list_products", json!({ "sort": "-in_stock" })).await;
    server
        .refuses("list_products", json!({ "sort": "none of these" }), "sort")
        .await;
    server
        .refuses(
            "list_products",
            json!({ "cursor": ["not", "a", "value"] }),
            "cursor",
        )
        .await;
    server
        .refuses(
            "list_products",
            json!({ "cursor": "tex".to_owned() + &"t".repeat(65534) }),
            "cursor",
        )
        .await;
    server
        .refuses(
            "list_products",
            json!({ "page_size": ["not", "a", "value"] }),
            "page_size",
        )
        .await;
    server.takes("list_products", json!({ "page_size": 1 })).await;
    server.refuses("list_products", json!({ "page_size": 0 }), "page_size").await;
    server.takes("list_products", json!({ "page_size": 100 })).await;
    server
        .refuses("list_products", json!({ "page_size": 101 }), "page_size")
        .await;
}
