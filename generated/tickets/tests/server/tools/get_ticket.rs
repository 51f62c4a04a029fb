//! `get_ticket`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("get_ticket", json!({ "id": 1 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("get_ticket", json!({ "id": 1, "not_a_param": 1 }), "not_a_param")
        .await;
}

/// `id` at the edge of its `required`.
#[tokio::test]
async fn id_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("get_ticket", json!({}), "id").await;
}

/// `id` at the edge of its `type`.
#[tokio::test]
async fn id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("get_ticket", json!({ "id": ["not", "a", "value"] }), "id")
        .await;
}

/// `id` at the edge of its `minimum`.
#[tokio::test]
async fn id_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("get_ticket", json!({ "id": 1 })).await;
    server.refuses("get_ticket", json!({ "id": 0 }), "id").await;
}
