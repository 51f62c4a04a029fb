//! `transfer_role`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    server.call("transfer_role", json!({ "from_id": 1, "to_id": 1 })).await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "transfer_role",
            json!({ "from_id": 1, "to_id": 1, "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `from_id` at the edge of its `required`.
#[tokio::test]
async fn from_id_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("transfer_role", json!({ "to_id": 1 }), "from_id").await;
}

/// `from_id` at the edge of its `type`.
#[tokio::test]
async fn from_id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "transfer_role",
            json!({ "from_id": ["not", "a", "value"], "to_id": 1 }),
            "from_id",
        )
        .await;
}

/// `to_id` at the edge of its `required`.
#[tokio::test]
async fn to_id_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("transfer_role", json!({ "from_id": 1 }), "to_id").await;
}

/// `to_id` at the edge of its `type`.
#[tokio::test]
async fn to_id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "transfer_role",
            json!({ "from_id": 1, "to_id": ["not", "a", "value"] }),
            "to_id",
        )
        .await;
}
