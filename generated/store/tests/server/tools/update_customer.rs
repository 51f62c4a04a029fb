//! `update_customer`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "update_customer",
            json!({
                "id": "c0000000-0000-4000-8000-000000000001",
                "phone": null,
                "preferences": { "gift_wrap": true },
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
            "update_customer",
            json!({
                "id": "c0000000-0000-4000-8000-000000000001",
                "phone": null,
                "preferences": { "gift_wrap": true },
                "not_a_param": 1,
            }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("update_customer", json!({ "name": "text" }), "id").await;
    server
        .refuses(
            "update_customer",
            json!({ "id": ["not", "a", "value"], "name": "text" }),
            "id",
        )
        .await;
    server
        .refuses(
            "update_customer",
            json!({ "id": "not in the format", "name": "text" }),
            "id",
        )
        .await;
    server
        .refuses(
            "update_customer",
            json!({ "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f", "name": ["not", "a", "value"] }),
            "name",
        )
        .await;
    server
        .takes(
            "update_customer",
            json!({ "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f", "name": "te" }),
        )
        .await;
    server
        .refuses(
            "update_customer",
            json!({ "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f", "name": "t" }),
            "name",
        )
        .await;
    server
        .takes(
            "update_customer",
            json!({
                "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "name": "tex".to_owned() + &"t".repeat(117),
            }),
        )
        .await;
    server
        .refuses(
            "update_customer",
            json!({
                "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "name": "tex".to_owned() + &"t".repeat(118),
            }),
            "name",
        )
        .await;
    server
        .refuses(
            "update_customer",
            json!({
                "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "phone": ["not", "a", "value"],
            }),
            "phone",
        )
        .await;
    server
        .takes(
            "update_customer",
            json!({
                "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "phone": "texttttttttttttttttttttttttttt",
            }),
        )
        .await;
    server
        .refuses(
            "update_customer",
            json!({
                "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "phone": "textttttttttttttttttttttttttttt",
            }),
            "phone",
        )
        .await;
    server
        .refuses(
            "update_customer",
            json!({
                "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "active": ["not", "a", "value"],
            }),
            "active",
        )
        .await;
    server
        .refuses(
            "update_customer",
            json!({ "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f", "preferences": 7 }),
            "preferences",
        )
        .await;
    server
        .refuses(
            "update_customer",
            json!({
                "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "preferences": { "language": ["not", "a", "value"] },
            }),
            "preferences.language",
        )
        .await;
    server
        .refuses(
            "update_customer",
            json!({
                "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "preferences": { "currency": ["not", "a", "value"] },
            }),
            "preferences.currency",
        )
        .await;
    server
        .refuses(
            "update_customer",
            json!({
                "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "preferences": { "gift_wrap": ["not", "a", "value"] },
            }),
            "preferences.gift_wrap",
        )
        .await;
}
