//! `review_summary`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("review_summary", json!({ "at_least": 2 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "review_summary",
            json!({ "at_least": 2, "not_a_param": 1 }),
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
            "review_summary",
            json!({ "product": ["not", "a", "value"] }),
            "product",
        )
        .await;
    server.refuses("review_summary", json!({ "product": "" }), "product").await;
    server
        .takes(
            "review_summary",
            json!({ "product": "a".repeat(80) }),
        )
        .await;
    server
        .refuses(
            "review_summary",
            json!({ "product": "a".repeat(81) }),
            "product",
        )
        .await;
    server
        .refuses(
            "review_summary",
            json!({ "at_least": ["not", "a", "value"] }),
            "at_least",
        )
        .await;
    server.takes("review_summary", json!({ "at_least": 1 })).await;
    server.refuses("review_summary", json!({ "at_least": 0 }), "at_least").await;
}
