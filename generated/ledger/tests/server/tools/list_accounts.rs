//! `list_accounts`: its answer, and its arguments at their edges.

use serde_json::{Value, json};

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "list_accounts",
            json!({ "kinds": ["income", "equity"], "currency": "EUR", "sort": "name" }),
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
            "list_accounts",
            json!({
                "kinds": ["income", "equity"],
                "currency": "EUR",
                "sort": "name",
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
            structured["accounts"].as_array().cloned().unwrap_or_default(),
            structured["next_cursor"].clone(),
        )
    };
    let (whole, _) = rows(&server.call("list_accounts", json!({})).await);
    if whole.len() < 2 {
        return;
    }
    let mut walked = Vec::new();
    let mut arguments = json!({ "page_size": 1 });
    while walked.len() < whole.len() {
        let (page, next) = rows(&server.call("list_accounts", arguments.clone()).await);
        assert_eq!(page.len(), 1);
        walked.extend(page);
        arguments["cursor"] = next;
    }
    assert_eq!(walked, whole);
    let mut arguments = json!({ "page_size": 1 });
    let (_, next) = rows(&server.call("list_accounts", arguments.clone()).await);
    let cursor = next.as_str().expect("there are more pages");
    arguments["cursor"] = Value::from(cursor.chars().rev().collect::<String>());
    server.refuses("list_accounts", arguments, "cursor").await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("list_accounts", json!({ "kinds": 7 }), "kinds").await;
    server.takes("list_accounts", json!({ "kinds": ["asset"] })).await;
    server.refuses("list_accounts", json!({ "kinds": [] }), "kinds").await;
    server
        .refuses(
            "list_accounts",
            json!({ "kinds": ["asset", "asset"] }),
            "kinds",
        )
        .await;
    server
        .refuses(
            "list_accounts",
            json!({ "currency": ["not", "a", "value"] }),
            "currency",
        )
        .await;
    server.refuses("list_accounts", json!({ "currency": "" }), "currency").await;
    server
        .refuses(
            "list_accounts",
            json!({ "words": ["not", "a", "value"] }),
            "words",
        )
        .await;
    server.takes("list_accounts", json!({ "words": "te" })).await;
    server.refuses("list_accounts", json!({ "words": "t" }), "words").await;
    server
        .takes(
            "list_accounts",
            json!({ "words": "tex".to_owned() + &"t".repeat(77) }),
        )
        .await;
    server
        .refuses(
            "list_accounts",
            json!({ "words": "tex".to_owned() + &"t".repeat(78) }),
            "words",
        )
        .await;
    server
        .refuses(
            "list_accounts",
            json!({ "with_closed": ["not", "a", "value"] }),
            "with_closed",
        )
        .await;
    server.takes("list_accounts", json!({ "with_closed": true })).await;
    server
        .refuses("list_accounts", json!({ "with_closed": false }), "with_closed")
        .await;
    server
        .refuses(
            "list_accounts",
            json!({ "sort": ["not", "a", "value"] }),
            "sort",
        )
        .await;
    server.takes("list_accounts", json!({ "sort": "-opened_on" })).await;
    server
        .refuses("list_accounts", json!({ "sort": "none of these" }), "sort")
        .await;
    server
        .refuses(
            "list_accounts",
            json!({ "cursor": ["not", "a", "value"] }),
            "cursor",
        )
        .await;
    server
        .refuses(
            "list_accounts",
            json!({ "cursor": "tex".to_owned() + &"t".repeat(65534) }),
            "cursor",
        )
        .await;
    server
        .refuses(
            "list_accounts",
            json!({ "page_size": ["not", "a", "value"] }),
            "page_size",
        )
        .await;
    server.takes("list_accounts", json!({ "page_size": 1 })).await;
    server.refuses("list_accounts", json!({ "page_size": 0 }), "page_size").await;
    server.takes("list_accounts", json!({ "page_size": 100 })).await;
    server
        .refuses("list_accounts", json!({ "page_size": 101 }), "page_size")
        .await;
}
