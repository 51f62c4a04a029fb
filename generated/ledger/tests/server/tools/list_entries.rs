//! `list_entries`: its answer, and its arguments at their edges.

use serde_json::{Value, json};

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "list_entries",
            json!({ "label": "cost_centre", "value": "north", "sort": "-total" }),
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
            "list_entries",
            json!({
                "label": "cost_centre",
                "value": "north",
                "sort": "-total",
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
            structured["entries"].as_array().cloned().unwrap_or_default(),
            structured["next_cursor"].clone(),
        )
    };
    let (whole, _) = rows(&server.call("list_entries", json!({})).await);
    if whole.len() < 2 {
        return;
    }
    let mut walked = Vec::new();
    let mut arguments = json!({ "page_size": 1 });
    while walked.len() < whole.len() {
        let (page, next) = rows(&server.call("list_entries", arguments.clone()).await);
        assert_eq!(page.len(), 1);
        walked.extend(page);
        arguments["cursor"] = next;
    }
    assert_eq!(walked, whole);
    let mut arguments = json!({ "page_size": 1 });
    let (_, next) = rows(&server.call("list_entries", arguments.clone()).await);
    let cursor = next.as_str().expect("there are more pages");
    arguments["cursor"] = Value::from(cursor.chars().rev().collect::<String>());
    server.refuses("list_entries", arguments, "cursor").await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "list_entries",
            json!({ "from": ["not", "a", "value"] }),
            "from",
        )
        .await;
    server
        .refuses("list_entries", json!({ "from": "not in the format" }), "from")
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "until": ["not", "a", "value"] }),
            "until",
        )
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "until": "not in the format" }),
            "until",
        )
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "period": ["not", "a", "value"] }),
            "period",
        )
        .await;
    server.refuses("list_entries", json!({ "period": "" }), "period").await;
    server
        .refuses(
            "list_entries",
            json!({ "status": ["not", "a", "value"] }),
            "status",
        )
        .await;
    server.takes("list_entries", json!({ "status": "posted" })).await;
    server
        .refuses("list_entries", json!({ "status": "none of these" }), "status")
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "words": ["not", "a", "value"] }),
            "words",
        )
        .await;
    server.takes("list_entries", json!({ "words": "te" })).await;
    server.refuses("list_entries", json!({ "words": "t" }), "words").await;
    server
        .takes(
            "list_entries",
            json!({ "words": "tex".to_owned() + &"t".repeat(77) }),
        )
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "words": "tex".to_owned() + &"t".repeat(78) }),
            "words",
        )
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "label": ["not", "a", "value"], "value": "text" }),
            "label",
        )
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "label": "", "value": "text" }),
            "label",
        )
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "label": "a", "value": ["not", "a", "value"] }),
            "value",
        )
        .await;
    server
        .takes(
            "list_entries",
            json!({ "label": "a", "value": "tex".to_owned() + &"t".repeat(77) }),
        )
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "label": "a", "value": "tex".to_owned() + &"t".repeat(78) }),
            "value",
        )
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "sort": ["not", "a", "value"] }),
            "sort",
        )
        .await;
    server.takes("list_entries", json!({ "sort": "-total" })).await;
    server
        .refuses("list_entries", json!({ "sort": "none of these" }), "sort")
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "cursor": ["not", "a", "value"] }),
            "cursor",
        )
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "cursor": "tex".to_owned() + &"t".repeat(65534) }),
            "cursor",
        )
        .await;
    server
        .refuses(
            "list_entries",
            json!({ "page_size": ["not", "a", "value"] }),
            "page_size",
        )
        .await;
    server.takes("list_entries", json!({ "page_size": 1 })).await;
    server.refuses("list_entries", json!({ "page_size": 0 }), "page_size").await;
    server.takes("list_entries", json!({ "page_size": 100 })).await;
    server.refuses("list_entries", json!({ "page_size": 101 }), "page_size").await;
}
