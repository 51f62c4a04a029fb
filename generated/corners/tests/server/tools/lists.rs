//! `lists`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "lists",
            json!({ "flags": [true], "moments": ["2024-02-29T13:30:00+01:00"] }),
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
            "lists",
            json!({ "flags": [true], "moments": ["2024-02-29T13:30:00+01:00"], "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `days` at the edge of its `type`.
#[tokio::test]
async fn days_type() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("lists", json!({ "days": 7, "flags": [true] }), "days").await;
}

/// `moments` at the edge of its `type`.
#[tokio::test]
async fn moments_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("lists", json!({ "moments": 7, "flags": [true] }), "moments")
        .await;
}

/// `flags` at the edge of its `required`.
#[tokio::test]
async fn flags_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("lists", json!({}), "flags").await;
}

/// `flags` at the edge of its `type`.
#[tokio::test]
async fn flags_type() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("lists", json!({ "flags": 7 }), "flags").await;
}

/// `flags` at the edge of its `minItems`.
#[tokio::test]
async fn flags_min_items() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("lists", json!({ "flags": [true] })).await;
    server.refuses("lists", json!({ "flags": [] }), "flags").await;
}

/// `flags` at the edge of its `maxItems`.
#[tokio::test]
async fn flags_max_items() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("lists", json!({ "flags": [true, true] })).await;
    server.refuses("lists", json!({ "flags": [true, true, true] }), "flags").await;
}

/// `words` at the edge of its `type`.
#[tokio::test]
async fn words_type() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("lists", json!({ "flags": [true], "words": 7 }), "words").await;
}

/// `words` at the edge of its `maxItems`.
#[tokio::test]
async fn words_max_items() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "lists",
            json!({ "flags": [true], "words": ["one", "one", "one", "one", "one"] }),
        )
        .await;
    server
        .refuses(
            "lists",
            json!({ "flags": [true], "words": ["one", "one", "one", "one", "one", "one"] }),
            "words",
        )
        .await;
}
