//! `list_tickets`: its answer, and its arguments at their edges.

use serde_json::{Value, json};

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("list_tickets", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("list_tickets", json!({ "not_a_param": 1 }), "not_a_param")
        .await;
}

/// Pages follow each other without a gap, and a cursor that was changed is refused: as far as the
/// seed has more than one row.
#[tokio::test]
async fn pages_follow_each_other() {
    let server = Fixture::new(crate::SEED).await;
    let rows = |result: &rmcp::model::CallToolResult| {
        let structured = result.structured_content.clone().unwrap_or_default();
        (
            structured["tickets"].as_array().cloned().unwrap_or_default(),
            structured["next_cursor"].clone(),
        )
    };
    let (whole, _) = rows(&server.call("list_tickets", json!({})).await);
    if whole.len() < 2 {
        return;
    }
    let mut walked = Vec::new();
    let mut arguments = json!({ "page_size": 1 });
    while walked.len() < whole.len() {
        let (page, next) = rows(&server.call("list_tickets", arguments.clone()).await);
        assert_eq!(page.len(), 1);
        walked.extend(page);
        arguments["cursor"] = next;
    }
    assert_eq!(walked, whole);
    let mut arguments = json!({ "page_size": 1 });
    let (_, next) = rows(&server.call("list_tickets", arguments.clone()).await);
    let cursor = next.as_str().expect("there are more pages");
    arguments["cursor"] = Value::from(cursor.chars().rev().collect::<String>());
    server.refuses("list_tickets", arguments, "cursor").await;
}

/// `sort` at the edge of its `type`.
#[tokio::test]
async fn sort_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "list_tickets",
            json!({ "sort": ["not", "a", "value"] }),
            "sort",
        )
        .await;
}

/// `sort` at the edge of its `enum`.
#[tokio::test]
async fn sort_enum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("list_tickets", json!({ "sort": "-subject" })).await;
    server
        .refuses("list_tickets", json!({ "sort": "none of these" }), "sort")
        .await;
}

/// `cursor` at the edge of its `type`.
#[tokio::test]
async fn cursor_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "list_tickets",
            json!({ "cursor": ["not", "a", "value"] }),
            "cursor",
        )
        .await;
}

/// `cursor` at the edge of its `maxLength`.
#[tokio::test]
async fn cursor_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "list_tickets",
            json!({ "cursor": "tex".to_owned() + &"t".repeat(65534) }),
            "cursor",
        )
        .await;
}

/// `page_size` at the edge of its `type`.
#[tokio::test]
async fn page_size_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "list_tickets",
            json!({ "page_size": ["not", "a", "value"] }),
            "page_size",
        )
        .await;
}

/// `page_size` at the edge of its `minimum`.
#[tokio::test]
async fn page_size_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("list_tickets", json!({ "page_size": 1 })).await;
    server.refuses("list_tickets", json!({ "page_size": 0 }), "page_size").await;
}

/// `page_size` at the edge of its `maximum`.
#[tokio::test]
async fn page_size_maximum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("list_tickets", json!({ "page_size": 100 })).await;
    server.refuses("list_tickets", json!({ "page_size": 101 }), "page_size").await;
}
