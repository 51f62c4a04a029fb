//! `discontinue_products`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "discontinue_products",
            json!({ "skus": ["TL-0001", "PT-0002", "XX-0000"] }),
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
            "discontinue_products",
            json!({ "skus": ["TL-0001", "PT-0002", "XX-0000"], "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `skus` at the edge of its `required`.
#[tokio::test]
async fn skus_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("discontinue_products", json!({}), "skus").await;
}

/// `skus` at the edge of its `type`.
#[tokio::test]
async fn skus_type() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("discontinue_products", json!({ "skus": 7 }), "skus").await;
}

/// `skus` at the edge of its `minItems`.
#[tokio::test]
async fn skus_min_items() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("discontinue_products", json!({ "skus": ["AA-0000"] })).await;
    server.refuses("discontinue_products", json!({ "skus": [] }), "skus").await;
}

/// `skus` at the edge of its `maxItems`.
#[tokio::test]
async fn skus_max_items() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "discontinue_products",
            json!({ "skus": vec![json!("AA-0000"); 50] }),
        )
        .await;
    server
        .refuses(
            "discontinue_products",
            json!({ "skus": vec![json!("AA-0000"); 51] }),
            "skus",
        )
        .await;
}
