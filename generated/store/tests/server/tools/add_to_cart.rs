//! `add_to_cart`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call(
            "add_to_cart",
            json!({ "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f", "sku": "AAA-0000" }),
        )
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "add_to_cart",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "sku": "AAA-0000",
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
        .refuses("add_to_cart", json!({ "sku": "AAA-0000" }), "customer_id")
        .await;
    server
        .refuses(
            "add_to_cart",
            json!({ "customer_id": ["not", "a", "value"], "sku": "AAA-0000" }),
            "customer_id",
        )
        .await;
    server
        .refuses(
            "add_to_cart",
            json!({ "customer_id": "not in the format", "sku": "AAA-0000" }),
            "customer_id",
        )
        .await;
    server
        .refuses(
            "add_to_cart",
            json!({ "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f" }),
            "sku",
        )
        .await;
    server
        .refuses(
            "add_to_cart",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "sku": ["not", "a", "value"],
            }),
            "sku",
        )
        .await;
    server
        .refuses(
            "add_to_cart",
            json!({ "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f", "sku": "" }),
            "sku",
        )
        .await;
    server
        .refuses(
            "add_to_cart",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "sku": "AAA-0000",
                "quantity": ["not", "a", "value"],
            }),
            "quantity",
        )
        .await;
    server
        .takes(
            "add_to_cart",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "sku": "AAA-0000",
                "quantity": 1,
            }),
        )
        .await;
    server
        .refuses(
            "add_to_cart",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "sku": "AAA-0000",
                "quantity": 0,
            }),
            "quantity",
        )
        .await;
    server
        .takes(
            "add_to_cart",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "sku": "AAA-0000",
                "quantity": 100,
            }),
        )
        .await;
    server
        .refuses(
            "add_to_cart",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "sku": "AAA-0000",
                "quantity": 101,
            }),
            "quantity",
        )
        .await;
}
