//! `test_header`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    server.call("test_header", json!({ "region": "text" })).await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_header",
            json!({ "region": "text", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `region` at the edge of its `required`.
#[tokio::test]
async fn region_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("test_header", json!({}), "region").await;
}

/// `region` at the edge of its `type`.
#[tokio::test]
async fn region_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_header",
            json!({ "region": ["not", "a", "value"] }),
            "region",
        )
        .await;
}
