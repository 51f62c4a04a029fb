//! `delete_customer`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call(
            "delete_customer",
            json!({ "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f" }),
        )
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "delete_customer",
            json!({ "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("delete_customer", json!({}), "id").await;
    server
        .refuses(
            "delete_customer",
            json!({ "id": ["not", "a", "value"] }),
            "id",
        )
        .await;
    server
        .refuses("delete_customer", json!({ "id": "not in the format" }), "id")
        .await;
}
