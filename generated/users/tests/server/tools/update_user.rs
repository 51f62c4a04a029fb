//! `update_user`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    server.call("update_user", json!({ "id": 1 })).await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "update_user",
            json!({ "id": 1, "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `id` at the edge of its `required`.
#[tokio::test]
async fn id_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("update_user", json!({}), "id").await;
}

/// `id` at the edge of its `type`.
#[tokio::test]
async fn id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("update_user", json!({ "id": ["not", "a", "value"] }), "id")
        .await;
}

/// `name` at the edge of its `type`.
#[tokio::test]
async fn name_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "update_user",
            json!({ "id": 1, "name": ["not", "a", "value"] }),
            "name",
        )
        .await;
}

/// `name` at the edge of its `minLength`.
#[tokio::test]
async fn name_min_length() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("update_user", json!({ "id": 1, "name": "te" })).await;
    server.refuses("update_user", json!({ "id": 1, "name": "t" }), "name").await;
}

/// `name` at the edge of its `maxLength`.
#[tokio::test]
async fn name_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "update_user",
            json!({ "id": 1, "name": "tex".to_owned() + &"t".repeat(197) }),
        )
        .await;
    server
        .refuses(
            "update_user",
            json!({ "id": 1, "name": "tex".to_owned() + &"t".repeat(198) }),
            "name",
        )
        .await;
}

/// `role` at the edge of its `type`.
#[tokio::test]
async fn role_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "update_user",
            json!({ "id": 1, "role": ["not", "a", "value"] }),
            "role",
        )
        .await;
}

/// `role` at the edge of its `enum`.
#[tokio::test]
async fn role_enum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("update_user", json!({ "id": 1, "role": "moderator" })).await;
    server
        .refuses(
            "update_user",
            json!({ "id": 1, "role": "none of these" }),
            "role",
        )
        .await;
}

/// `active` at the edge of its `type`.
#[tokio::test]
async fn active_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "update_user",
            json!({ "id": 1, "active": ["not", "a", "value"] }),
            "active",
        )
        .await;
}
