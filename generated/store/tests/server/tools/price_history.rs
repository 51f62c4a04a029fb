//! `price_history`: its answer, and its arguments at their edges.

use serde_json::{Value, json};

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("price_history", json!({ "sku": "STV-0001" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "price_history",
            json!({ "sku": "STV-0001", "not_a_param": 1 }),
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
            structured["changes"].as_array().cloned().unwrap_or_default(),
            structured["next_cursor"].clone(),
        )
    };
    let (whole, _) = rows(
        &server.call("price_history", json!({ "sku": "AAA-0000" })).await,
    );
    if whole.len() < 2 {
        return;
    }
    let mut walked = Vec::new();
    let mut arguments = json!({ "sku": "AAA-0000", "page_size": 1 });
    while walked.len() < whole.len() {
        let (page, next) = rows(&server.call("price_history", arguments.clone()).await);
        assert_eq!(page.len(), 1);
        walked.extend(page);
        arguments["cursor"] = next;
    }
    assert_eq!(walked, whole);
    let mut arguments = json!({ "sku": "AAA-0000", "page_size": 1 });
    let (_, next) = rows(&server.call("price_history", arguments.clone()).await);
    let cursor = next.as_str().expect("there are more pages");
    arguments["cursor"] = Value::from(cursor.chars().rev().collect::<String>());
    server.refuses("price_history", arguments, "cursor").await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("price_history", json!({}), "sku").await;
    server
        .refuses(
            "price_history",
            json!({ "sku": ["not", "a", "value"] }),
            "sku",
        )
        .await;
    server.refuses("price_history", json!({ "sku": "" }), "sku").await;
    server
        .refuses(
            "price_history",
            json!({ "sku": "AAA-0000", "sort": ["not", "a", "value"] }),
            "sort",
        )
        .await;
    server
        .takes(
            "price_history",
            json!({ "sku": "AAA-0000", "sort": "-changed_at" }),
        )
        .await;
    server
        .refuses(
            "price_history",
            json!({ "sku": "AAA-0000", "sort": "none of these" }),
            "sort",
        )
        .await;
    server
        .refuses(
            "price_history",
            json!({ "sku": "AAA-0000", "cursor": ["not", "a", "value"] }),
            "cursor",
        )
        .await;
    server
        .refuses(
            "price_history",
            json!({ "sku": "AAA-0000", "cursor": "tex".to_owned() + &"t".repeat(65534) }),
            "cursor",
        )
        .await;
    server
        .refuses(
            "price_history",
            json!({ "sku": "AAA-0000", "page_size": ["not", "a", "value"] }),
            "page_size",
        )
        .await;
    server
        .takes("price_history", json!({ "sku": "AAA-0000", "page_size": 1 }))
        .await;
    server
        .refuses(
            "price_history",
            json!({ "sku": "AAA-0000", "page_size": 0 }),
            "page_size",
        )
        .await;
    server
        .takes("price_history", json!({ "sku": "AAA-0000", "page_size": 200 }))
        .await;
    server
        .refuses(
            "price_history",
            json!({ "sku": "AAA-0000", "page_size": 201 }),
            "page_size",
        )
        .await;
}
