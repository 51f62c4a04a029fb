//! `receive_stock`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "receive_stock",
            json!({ "product_id": 3, "quantity": 2, "received_at": null }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "receive_stock",
            json!({ "product_id": 3, "quantity": 2, "received_at": null, "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `product_id` at the edge of its `required`.
#[tokio::test]
async fn product_id_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("receive_stock", json!({ "quantity": 1 }), "product_id").await;
}

/// `product_id` at the edge of its `type`.
#[tokio::test]
async fn product_id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "receive_stock",
            json!({ "product_id": ["not", "a", "value"], "quantity": 1 }),
            "product_id",
        )
        .await;
}

/// `quantity` at the edge of its `required`.
#[tokio::test]
async fn quantity_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("receive_stock", json!({ "product_id": 1 }), "quantity").await;
}

/// `quantity` at the edge of its `type`.
#[tokio::test]
async fn quantity_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "receive_stock",
            json!({ "product_id": 1, "quantity": ["not", "a", "value"] }),
            "quantity",
        )
        .await;
}

/// `quantity` at the edge of its `minimum`.
#[tokio::test]
async fn quantity_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("receive_stock", json!({ "product_id": 1, "quantity": 1 })).await;
    server
        .refuses(
            "receive_stock",
            json!({ "product_id": 1, "quantity": 0 }),
            "quantity",
        )
        .await;
}

/// `quantity` at the edge of its `maximum`.
#[tokio::test]
async fn quantity_maximum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes("receive_stock", json!({ "product_id": 1, "quantity": 100000 }))
        .await;
    server
        .refuses(
            "receive_stock",
            json!({ "product_id": 1, "quantity": 100001 }),
            "quantity",
        )
        .await;
}

/// `received_at` at the edge of its `type`.
#[tokio::test]
async fn received_at_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "receive_stock",
            json!({ "product_id": 1, "quantity": 1, "received_at": ["not", "a", "value"] }),
            "received_at",
        )
        .await;
}

/// `received_at` at the edge of its `format`.
#[tokio::test]
async fn received_at_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "receive_stock",
            json!({ "product_id": 1, "quantity": 1, "received_at": "not in the format" }),
            "received_at",
        )
        .await;
}

/// `note` at the edge of its `type`.
#[tokio::test]
async fn note_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "receive_stock",
            json!({ "product_id": 1, "quantity": 1, "note": ["not", "a", "value"] }),
            "note",
        )
        .await;
}
