//! `comment`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("comment", json!({ "id": 4, "body": "Hello" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "comment",
            json!({ "id": 4, "body": "Hello", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `id` at the edge of its `required`.
#[tokio::test]
async fn id_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("comment", json!({ "body": "text" }), "id").await;
}

/// `id` at the edge of its `type`.
#[tokio::test]
async fn id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "comment",
            json!({ "id": ["not", "a", "value"], "body": "text" }),
            "id",
        )
        .await;
}

/// `id` at the edge of its `minimum`.
#[tokio::test]
async fn id_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("comment", json!({ "id": 1, "body": "text" })).await;
    server.refuses("comment", json!({ "id": 0, "body": "text" }), "id").await;
}

/// `body` at the edge of its `required`.
#[tokio::test]
async fn body_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("comment", json!({ "id": 1 }), "body").await;
}

/// `body` at the edge of its `type`.
#[tokio::test]
async fn body_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "comment",
            json!({ "id": 1, "body": ["not", "a", "value"] }),
            "body",
        )
        .await;
}

/// `body` at the edge of its `minLength`.
#[tokio::test]
async fn body_min_length() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("comment", json!({ "id": 1, "body": "t" })).await;
    server.refuses("comment", json!({ "id": 1, "body": "" }), "body").await;
}

/// `body` at the edge of its `maxLength`.
#[tokio::test]
async fn body_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "comment",
            json!({ "id": 1, "body": "tex".to_owned() + &"t".repeat(1997) }),
        )
        .await;
    server
        .refuses(
            "comment",
            json!({ "id": 1, "body": "tex".to_owned() + &"t".repeat(1998) }),
            "body",
        )
        .await;
}
