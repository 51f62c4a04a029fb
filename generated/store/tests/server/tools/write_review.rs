//! `write_review`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "text",
            }),
        )
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "text",
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
    server
        .refuses(
            "write_review",
            json!({ "title": "text", "product": "a", "rating": 1 }),
            "customer_id",
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": ["not", "a", "value"],
                "product": "a",
                "rating": 1,
                "title": "text",
            }),
            "customer_id",
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "not in the format",
                "product": "a",
                "rating": 1,
                "title": "text",
            }),
            "customer_id",
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "title": "text",
                "rating": 1,
            }),
            "product",
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": ["not", "a", "value"],
                "rating": 1,
                "title": "text",
            }),
            "product",
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "",
                "rating": 1,
                "title": "text",
            }),
            "product",
        )
        .await;
    server
        .takes(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a".repeat(80),
                "rating": 1,
                "title": "text",
            }),
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a".repeat(81),
                "rating": 1,
                "title": "text",
            }),
            "product",
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "title": "text",
            }),
            "rating",
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": ["not", "a", "value"],
                "title": "text",
            }),
            "rating",
        )
        .await;
    server
        .takes(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "text",
            }),
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 0,
                "title": "text",
            }),
            "rating",
        )
        .await;
    server
        .takes(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 5,
                "title": "text",
            }),
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 6,
                "title": "text",
            }),
            "rating",
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
            }),
            "title",
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": ["not", "a", "value"],
            }),
            "title",
        )
        .await;
    server
        .takes(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "t",
            }),
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "",
            }),
            "title",
        )
        .await;
    server
        .takes(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "tex".to_owned() + &"t".repeat(117),
            }),
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "tex".to_owned() + &"t".repeat(118),
            }),
            "title",
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "text",
                "body": ["not", "a", "value"],
            }),
            "body",
        )
        .await;
    server
        .takes(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "text",
                "body": "a".repeat(5000),
            }),
        )
        .await;
    server
        .refuses(
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "text",
                "body": "a".repeat(5001),
            }),
            "body",
        )
        .await;
}
