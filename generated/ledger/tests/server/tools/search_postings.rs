//! `search_postings`: its answer, and its arguments at their edges.

use serde_json::{Value, json};

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "search_postings",
            json!({
                "from": "2024-02-01",
                "until": "2024-03-31",
                "account": 1020,
                "at_least": "1200.0001",
                "sort": "-credit",
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
            "search_postings",
            json!({
                "from": "2024-02-01",
                "until": "2024-03-31",
                "account": 1020,
                "at_least": "1200.0001",
                "sort": "-credit",
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
            structured["postings"].as_array().cloned().unwrap_or_default(),
            structured["next_cursor"].clone(),
        )
    };
    let (whole, _) = rows(
        &server
            .call(
                "search_postings",
                json!({ "from": "2024-02-29", "until": "2024-02-29" }),
            )
            .await,
    );
    if whole.len() < 2 {
        return;
    }
    let mut walked = Vec::new();
    let mut arguments = json!({ "from": "2024-02-29", "until": "2024-02-29", "page_size": 1 });
    while walked.len() < whole.len() {
        let (page, next) = rows(
            &server.call("search_postings", arguments.clone()).await,
        );
        assert_eq!(page.len(), 1);
        walked.extend(page);
        arguments["cursor"] = next;
    }
    assert_eq!(walked, whole);
    let mut arguments = json!({ "from": "2024-02-29", "until": "2024-02-29", "page_size": 1 });
    let (_, next) = rows(&server.call("search_postings", arguments.clone()).await);
    let cursor = next.as_str().expect("there are more pages");
    arguments["cursor"] = Value::from(cursor.chars().rev().collect::<String>());
    server.refuses("search_postings", arguments, "cursor").await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses("search_postings", json!({ "until": "2024-02-29" }), "from")
        .await;
    server
        .refuses(
            "search_postings",
            json!({ "from": ["not", "a", "value"], "until": "2024-02-29" }),
            "from",
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({ "from": "not in the format", "until": "2024-02-29" }),
            "from",
        )
        .await;
    server
        .refuses("search_postings", json!({ "from": "2024-02-29" }), "until")
        .await;
    server
        .refuses(
            "search_postings",
            json!({ "from": "2024-02-29", "until": ["not", "a", "value"] }),
            "until",
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "not in the format" }),
            "until",
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({
                "from": "2024-02-29",
                "until": "2024-02-29",
                "account": ["not", "a", "value"],
            }),
            "account",
        )
        .await;
    server
        .takes(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "account": 1000 }),
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "account": 999 }),
            "account",
        )
        .await;
    server
        .takes(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "account": 9999 }),
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "account": 10000 }),
            "account",
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "words": ["not", "a", "value"] }),
            "words",
        )
        .await;
    server
        .takes(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "words": "te" }),
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "words": "t" }),
            "words",
        )
        .await;
    server
        .takes(
            "search_postings",
            json!({
                "from": "2024-02-29",
                "until": "2024-02-29",
                "words": "tex".to_owned() + &"t".repeat(77),
            }),
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({
                "from": "2024-02-29",
                "until": "2024-02-29",
                "words": "tex".to_owned() + &"t".repeat(78),
            }),
            "words",
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({
                "from": "2024-02-29",
                "until": "2024-02-29",
                "at_least": ["not", "a", "value"],
            }),
            "at_least",
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({
                "from": "2024-02-29",
                "until": "2024-02-29",
                "at_least": "not in the format",
            }),
            "at_least",
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "sort": ["not", "a", "value"] }),
            "sort",
        )
        .await;
    server
        .takes(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "sort": "-credit" }),
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "sort": "none of these" }),
            "sort",
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({
                "from": "2024-02-29",
                "until": "2024-02-29",
                "cursor": ["not", "a", "value"],
            }),
            "cursor",
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({
                "from": "2024-02-29",
                "until": "2024-02-29",
                "cursor": "tex".to_owned() + &"t".repeat(65534),
            }),
            "cursor",
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({
                "from": "2024-02-29",
                "until": "2024-02-29",
                "page_size": ["not", "a", "value"],
            }),
            "page_size",
        )
        .await;
    server
        .takes(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "page_size": 1 }),
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "page_size": 0 }),
            "page_size",
        )
        .await;
    server
        .takes(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "page_size": 200 }),
        )
        .await;
    server
        .refuses(
            "search_postings",
            json!({ "from": "2024-02-29", "until": "2024-02-29", "page_size": 201 }),
            "page_size",
        )
        .await;
}
