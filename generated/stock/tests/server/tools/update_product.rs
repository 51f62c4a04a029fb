//! `update_product`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("update_product", json!({ "id": 4, "price": "39.99" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "update_product",
            json!({ "id": 4, "price": "39.99", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `id` at the edge of its `required`.
#[tokio::test]
async fn id_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("update_product", json!({ "name": "text" }), "id").await;
}

/// `id` at the edge of its `type`.
#[tokio::test]
async fn id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "update_product",
            json!({ "id": ["not", "a", "value"], "name": "text" }),
            "id",
        )
        .await;
}

/// `name` at the edge of its `type`.
#[tokio::test]
async fn name_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "update_product",
            json!({ "id": 1, "name": ["not", "a", "value"] }),
            "name",
        )
        .await;
}

/// `name` at the edge of its `minLength`.
#[tokio::test]
async fn name_min_length() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("update_product", json!({ "id": 1, "name": "te" })).await;
    server
        .refuses("update_product", json!({ "id": 1, "name": "t" }), "name")
        .await;
}

/// `name` at the edge of its `maxLength`.
#[tokio::test]
async fn name_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "update_product",
            json!({ "id": 1, "name": "tex".to_owned() + &"t".repeat(197) }),
        )
        .await;
    server
        .refuses(
            "update_product",
            json!({ "id": 1, "name": "tex".to_owned() + &"t".repeat(198) }),
            "name",
        )
        .await;
}

/// `price` at the edge of its `type`.
#[tokio::test]
async fn price_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "update_product",
            json!({ "id": 1, "price": ["not", "a", "value"] }),
            "price",
        )
        .await;
}

/// `price` at the edge of its `format`.
#[tokio::test]
async fn price_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "update_product",
            json!({ "id": 1, "price": "not in the format" }),
            "price",
        )
        .await;
}

/// `reorder_level` at the edge of its `type`.
#[tokio::test]
async fn reorder_level_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "update_product",
            json!({ "id": 1, "reorder_level": ["not", "a", "value"] }),
            "reorder_level",
        )
        .await;
}

/// `reorder_level` at the edge of its `minimum`.
#[tokio::test]
async fn reorder_level_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("update_product", json!({ "id": 1, "reorder_level": 0 })).await;
    server
        .refuses(
            "update_product",
            json!({ "id": 1, "reorder_level": -1 }),
            "reorder_level",
        )
        .await;
}

/// `reorder_quantity` at the edge of its `type`.
#[tokio::test]
async fn reorder_quantity_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "update_product",
            json!({ "id": 1, "reorder_quantity": ["not", "a", "value"] }),
            "reorder_quantity",
        )
        .await;
}

/// `reorder_quantity` at the edge of its `minimum`.
#[tokio::test]
async fn reorder_quantity_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes("update_product", json!({ "id": 1, "reorder_quantity": 1 }))
        .await;
    server
        .refuses(
            "update_product",
            json!({ "id": 1, "reorder_quantity": 0 }),
            "reorder_quantity",
        )
        .await;
}

/// `reorder_quantity` at the edge of its `maximum`.
#[tokio::test]
async fn reorder_quantity_maximum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes("update_product", json!({ "id": 1, "reorder_quantity": 10000 }))
        .await;
    server
        .refuses(
            "update_product",
            json!({ "id": 1, "reorder_quantity": 10001 }),
            "reorder_quantity",
        )
        .await;
}
