//! `list_orders`: its answer, and its arguments at their edges.

use serde_json::{Value, json};

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "list_orders",
            json!({
                "statuses": ["paid", "packing"],
                "total_at_least": "100",
                "from": "2024-04-01T00:00:00Z",
                "sort": "total",
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
            "list_orders",
            json!({
                "statuses": ["paid", "packing"],
                "total_at_least": "100",
                "from": "2024-04-01T00:00:00Z",
                "sort": "total",
                "not_a_param": 1,
            }),
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
            structured["orders"].as_array().cloned().unwrap_or_default(),
            structured["next_cursor"].clone(),
        )
    };
    let (whole, _) = rows(&server.call("list_orders", json!({})).await);
    if whole.len() < 2 {
        return;
    }
    let mut walked = Vec::new();
    let mut arguments = json!({ "page_size": 1 });
    while walked.len() < whole.len() {
        let (page, next) = rows(&server.call("list_orders", arguments.clone()).await);
        assert_eq!(page.len(), 1);
        walked.extend(page);
        arguments["cursor"] = next;
    }
    assert_eq!(walked, whole);
    let mut arguments = json!({ "page_size": 1 });
    let (_, next) = rows(&server.call("list_orders", arguments.clone()).await);
    let cursor = next.as_str().expect("there are more pages");
    arguments["cursor"] = Value::from(cursor.chars().rev().collect::<String>());
    server.refuses("list_orders", arguments, "cursor").await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "list_orders",
            json!({ "customer_id": ["not", "a", "value"] }),
            "customer_id",
        )
        .await;
    server
        .refuses(
            "list_orders",
            json!({ "customer_id": "not in the format" }),
            "customer_id",
        )
        .await;
    server.refuses("list_orders", json!({ "statuses": 7 }), "statuses").await;
    server.takes("list_orders", json!({ "statuses": ["pending"] })).await;
    server.refuses("list_orders", json!({ "statuses": [] }), "statuses").await;
    server
        .refuses(
            "list_orders",
            json!({ "statuses": ["pending", "pending"] }),
            "statuses",
        )
        .await;
    server
        .refuses(
            "list_orders",
            json!({ "from": ["not", "a", "value"] }),
            "from",
        )
        .await;
    server
        .refuses("list_orders", json!({ "from": "not in the format" }), "from")
        .await;
    server
        .refuses(
            "list_orders",
            json!({ "until": ["not", "a", "value"] }),
            "until",
        )
        .await;
    server
        .refuses("list_orders", json!({ "until": "not in the format" }), "until")
        .await;
    server
        .refuses(
            "list_orders",
            json!({ "total_at_least": ["not", "a", "value"] }),
            "total_at_least",
        )
        .await;
    server
        .refuses(
            "list_orders",
            json!({ "total_at_least": "not in the format" }),
            "total_at_least",
        )
        .await;
    server
        .refuses(
            "list_orders",
            json!({ "sort": ["not", "a", "value"] }),
            "sort",
        )
        .await;
    server.takes("list_orders", json!({ "sort": "-number" })).await;
    server
        .refuses("list_orders", json!({ "sort": "none of these" }), "sort")
        .await;
    server
        .refuses(
            "list_orders",
            json!({ "cursor": ["not", "a", "value"] }),
            "cursor",
        )
        .await;
    server
        .refuses(
            "list_orders",
            json!({ "cursor": "tex".to_owned() + &"t".repeat(65534) }),
            "cursor",
        )
        .await;
    server
        .refuses(
            "list_orders",
            json!({ "page_size": ["not", "a", "value"] }),
            "page_size",
        )
        .await;
    server.takes("list_orders", json!({ "page_size": 1 })).await;
    server.refuses("list_orders", json!({ "page_size": 0 }), "page_size").await;
    server.takes("list_orders", json!({ "page_size": 100 })).await;
    server.refuses("list_orders", json!({ "page_size": 101 }), "page_size").await;
}
