//! `count_stock`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("count_stock", json!({ "product_id": 1, "counted": 7 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "count_stock",
            json!({ "product_id": 1, "counted": 7, "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `product_id` at the edge of its `required`.
#[tokio::test]
async fn product_id_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("count_stock", json!({ "counted": 1 }), "product_id").await;
}

/// `product_id` at the edge of its `type`.
#[tokio::test]
async fn product_id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "count_stock",
            json!({ "product_id": ["not", "a", "value"], "counted": 1 }),
            "product_id",
        )
        .await;
}

/// `counted` at the edge of its `required`.
#[tokio::test]
async fn counted_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("count_stock", json!({ "product_id": 1 }), "counted").await;
}

/// `counted` at the edge of its `type`.
#[tokio::test]
async fn counted_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "count_stock",
            json!({ "product_id": 1, "counted": ["not", "a", "value"] }),
            "counted",
        )
        .await;
}

/// `counted` at the edge of its `minimum`.
#[tokio::test]
async fn counted_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("count_stock", json!({ "product_id": 1, "counted": 0 })).await;
    server
        .refuses(
            "count_stock",
            json!({ "product_id": 1, "counted": -1 }),
            "counted",
        )
        .await;
}

/// `counted` at the edge of its `maximum`.
#[tokio::test]
async fn counted_maximum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes("count_stock", json!({ "product_id": 1, "counted": 1000000 }))
        .await;
    server
        .refuses(
            "count_stock",
            json!({ "product_id": 1, "counted": 1000001 }),
            "counted",
        )
        .await;
}
