//! `set_photo`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "set_photo",
            json!({ "product_id": 2, "image": "iVBORw0KGgo=", "taken_on": "2024-06-01" }),
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
            "set_photo",
            json!({
                "product_id": 2,
                "image": "iVBORw0KGgo=",
                "taken_on": "2024-06-01",
                "not_a_param": 1,
            }),
            "not_a_param",
        )
        .await;
}

/// `product_id` at the edge of its `required`.
#[tokio::test]
async fn product_id_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("set_photo", json!({ "image": "aGVsbG8=" }), "product_id")
        .await;
}

/// `product_id` at the edge of its `type`.
#[tokio::test]
async fn product_id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "set_photo",
            json!({ "product_id": ["not", "a", "value"], "image": "aGVsbG8=" }),
            "product_id",
        )
        .await;
}

/// `image` at the edge of its `required`.
#[tokio::test]
async fn image_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("set_photo", json!({ "product_id": 1 }), "image").await;
}

/// `image` at the edge of its `type`.
#[tokio::test]
async fn image_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "set_photo",
            json!({ "product_id": 1, "image": ["not", "a", "value"] }),
            "image",
        )
        .await;
}

/// `taken_on` at the edge of its `type`.
#[tokio::test]
async fn taken_on_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "set_photo",
            json!({ "product_id": 1, "image": "aGVsbG8=", "taken_on": ["not", "a", "value"] }),
            "taken_on",
        )
        .await;
}

/// `taken_on` at the edge of its `format`.
#[tokio::test]
async fn taken_on_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "set_photo",
            json!({ "product_id": 1, "image": "aGVsbG8=", "taken_on": "not in the format" }),
            "taken_on",
        )
        .await;
}
