//! `get_user`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    server.call("get_user", json!({ "id": 1 })).await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("get_user", json!({ "id": 1, "not_a_param": 1 }), "not_a_param")
        .await;
}

/// `id` at the edge of its `type`.
#[tokio::test]
async fn id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("get_user", json!({ "id": ["not", "a", "value"] }), "id")
        .await;
}

/// `email` at the edge of its `type`.
#[tokio::test]
async fn email_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "get_user",
            json!({ "email": ["not", "a", "value"] }),
            "email",
        )
        .await;
}

/// `email` at the edge of its `format`.
#[tokio::test]
async fn email_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("get_user", json!({ "email": "not in the format" }), "email")
        .await;
}

/// `email` at the edge of its `maxLength`.
#[tokio::test]
async fn email_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "get_user",
            json!({
                "email": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com",
            }),
        )
        .await;
    server
        .refuses(
            "get_user",
            json!({
                "email": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com",
            }),
            "email",
        )
        .await;
}
