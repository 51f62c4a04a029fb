//! `place_order`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
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
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
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
            "place_order",
            json!({
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
            }),
            "customer_id",
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": ["not", "a", "value"],
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
            }),
            "customer_id",
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "not in the format",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
            }),
            "customer_id",
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
            }),
            "ship_to",
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": ["not", "a", "value"],
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
            }),
            "ship_to",
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "not in the format",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
            }),
            "ship_to",
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
            }),
            "items",
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": 7,
            }),
            "items",
        )
        .await;
    server
        .takes(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
            }),
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [],
            }),
            "items",
        )
        .await;
    server
        .takes(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": vec![json!({ "sku": "AAA-0000", "quantity": 1 }); 50],
            }),
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": vec![json!({ "sku": "AAA-0000", "quantity": 1 }); 51],
            }),
            "items",
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
                "promotion": ["not", "a", "value"],
            }),
            "promotion",
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
                "method": ["not", "a", "value"],
            }),
            "method",
        )
        .await;
    server
        .takes(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
                "method": "voucher",
            }),
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
                "method": "none of these",
            }),
            "method",
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
                "placed_from": ["not", "a", "value"],
            }),
            "placed_from",
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
                "placed_from": "not in the format",
            }),
            "placed_from",
        )
        .await;
    server
        .refuses(
            "place_order",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "ship_to": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "items": [{ "sku": "AAA-0000", "quantity": 1 }],
                "note": ["not", "a", "value"],
            }),
            "note",
        )
        .await;
}
