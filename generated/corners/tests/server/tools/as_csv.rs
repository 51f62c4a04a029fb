//! `as_csv`: its answer, and its arguments at their edges.

use serde_json::{Value, json};

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("as_csv", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("as_csv", json!({ "not_a_param": 1 }), "not_a_param").await;
}

/// Pages follow each other without a gap, and a cursor that was changed is refused: as far as the
/// seed has more than one row.
#[tokio::test]
async fn pages_follow_each_other() {
    let server = Fixture::new(crate::SEED).await;
    let rows = |result: &rmcp::model::CallToolResult| {
        let structured = result.structured_content.clone().unwrap_or_default();
        (
            structured["things"].as_array().cloned().unwrap_or_default(),
            structured["next_cursor"].clone(),
        )
    };
    let (whole, _) = rows(&server.call("as_csv", json!({})).await);
    if whole.len() < 2 {
        return;
    }
    let mut walked = Vec::new();
    let mut arguments = json!({ "page_size": 1 });
    while walked.len() < whole.len() {
        let (page, next) = rows(&server.call("as_csv", arguments.clone()).await);
        assert_eq!(page.len(), 1);
        walked.extend(page);
        arguments["cursor"] = next;
    }
    assert_eq!(walked, whole);
    let mut arguments = json!({ "page_size": 1 });
    let (_, next) = rows(&server.call("as_csv", arguments.clone()).await);
    let cursor = next.as_str().expect("there are more pages");
    arguments["cursor"] = Value::from(cursor.chars().rev().collect::<String>());
    server.refuses("as_csv", arguments, "cursor").await;
}

/// `cursor` at the edge of its `type`.
#[tokio::test]
async fn cursor_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "as_csv",
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
            "as_csv",
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
            "as_csv",
            json!({ "page_size": ["not", "a", "value"] }),
            "page_size",
        )
        .await;
}

/// `page_size` at the edge of its `minimum`.
#[tokio::test]
async fn page_size_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("as_csv", json!({ "page_size": 1 })).await;
    server.refuses("as_csv", json!({ "page_size": 0 }), "page_size").await;
}

/// `page_size` at the edge of its `maximum`.
#[tokio::test]
async fn page_size_maximum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("as_csv", json!({ "page_size": 200 })).await;
    server.refuses("as_csv", json!({ "page_size": 201 }), "page_size").await;
}
