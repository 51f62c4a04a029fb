//! `assign_ticket`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("assign_ticket", json!({ "id": 2, "agent": "Grace" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "assign_ticket",
            json!({ "id": 2, "agent": "Grace", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `id` at the edge of its `required`.
#[tokio::test]
async fn id_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("assign_ticket", json!({ "agent": "text" }), "id").await;
}

/// `id` at the edge of its `type`.
#[tokio::test]
async fn id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "assign_ticket",
            json!({ "id": ["not", "a", "value"], "agent": "text" }),
            "id",
        )
        .await;
}

/// `id` at the edge of its `minimum`.
#[tokio::test]
async fn id_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("assign_ticket", json!({ "id": 1, "agent": "text" })).await;
    server
        .refuses("assign_ticket", json!({ "id": 0, "agent": "text" }), "id")
        .await;
}

/// `agent` at the edge of its `required`.
#[tokio::test]
async fn agent_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("assign_ticket", json!({ "id": 1 }), "agent").await;
}

/// `agent` at the edge of its `type`.
#[tokio::test]
async fn agent_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "assign_ticket",
            json!({ "id": 1, "agent": ["not", "a", "value"] }),
            "agent",
        )
        .await;
}

/// `agent` at the edge of its `maxLength`.
#[tokio::test]
async fn agent_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "assign_ticket",
            json!({ "id": 1, "agent": "tex".to_owned() + &"t".repeat(97) }),
        )
        .await;
    server
        .refuses(
            "assign_ticket",
            json!({ "id": 1, "agent": "tex".to_owned() + &"t".repeat(98) }),
            "agent",
        )
        .await;
}
