//! `find_products`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("find_products", json!({ "ids": [1, "4", 77] }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "find_products",
            json!({ "ids": [1, "4", 77], "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `ids` at the edge of its `required`.
#[tokio::test]
async fn ids_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("find_products", json!({}), "ids").await;
}

/// `ids` at the edge of its `type`.
#[tokio::test]
async fn ids_type() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("find_products", json!({ "ids": 7 }), "ids").await;
}

/// `ids` at the edge of its `minItems`.
#[tokio::test]
async fn ids_min_items() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("find_products", json!({ "ids": [1] })).await;
    server.refuses("find_products", json!({ "ids": [] }), "ids").await;
}

/// `ids` at the edge of its `maxItems`.
#[tokio::test]
async fn ids_max_items() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "find_products",
            json!({ "ids": vec![json!(1); 51] }),
            "ids",
        )
        .await;
}

/// `ids` at the edge of its `uniqueItems`.
#[tokio::test]
async fn ids_unique_items() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("find_products", json!({ "ids": [1, 1] }), "ids").await;
}
