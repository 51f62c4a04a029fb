//! `create_user`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "create_user",
            json!({ "email": "test@example.com", "name": "Test User" }),
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
            "create_user",
            json!({ "email": "test@example.com", "name": "Test User", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `email` at the edge of its `required`.
#[tokio::test]
async fn email_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("create_user", json!({ "name": "text" }), "email").await;
}

/// `email` at the edge of its `type`.
#[tokio::test]
async fn email_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_user",
            json!({ "email": ["not", "a", "value"], "name": "text" }),
            "email",
        )
        .await;
}

/// `email` at the edge of its `format`.
#[tokio::test]
async fn email_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_user",
            json!({ "email": "not in the format", "name": "text" }),
            "email",
        )
        .await;
}

/// `email` at the edge of its `maxLength`.
#[tokio::test]
async fn email_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_user",
            json!({
                "email": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com",
                "name": "text",
            }),
        )
        .await;
    server
        .refuses(
            "create_user",
            json!({
                "email": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com",
                "name": "text",
            }),
            "email",
        )
        .await;
}

/// `name` at the edge of its `required`.
#[tokio::test]
async fn name_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_user",
            json!({ "email": "someone@example.com" }),
            "name",
        )
        .await;
}

/// `name` at the edge of its `type`.
#[tokio::test]
async fn name_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_user",
            json!({ "email": "someone@example.com", "name": ["not", "a", "value"] }),
            "name",
        )
        .await;
}

/// `name` at the edge of its `minLength`.
#[tokio::test]
async fn name_min_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_user",
            json!({ "email": "someone@example.com", "name": "te" }),
        )
        .await;
    server
        .refuses(
            "create_user",
            json!({ "email": "someone@example.com", "name": "t" }),
            "name",
        )
        .await;
}

/// `name` at the edge of its `maxLength`.
#[tokio::test]
async fn name_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_user",
            json!({ "email": "someone@example.com", "name": "tex".to_owned() + &"t".repeat(197) }),
        )
        .await;
    server
        .refuses(
            "create_user",
            json!({ "email": "someone@example.com", "name": "tex".to_owned() + &"t".repeat(198) }),
            "name",
        )
        .await;
}

/// `role` at the edge of its `type`.
#[tokio::test]
async fn role_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_user",
            json!({
                "email": "someone@example.com",
                "name": "text",
                "role": ["not", "a", "value"],
            }),
            "role",
        )
        .await;
}

/// `role` at the edge of its `enum`.
#[tokio::test]
async fn role_enum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_user",
            json!({ "email": "someone@example.com", "name": "text", "role": "moderator" }),
        )
        .await;
    server
        .refuses(
            "create_user",
            json!({ "email": "someone@example.com", "name": "text", "role": "none of these" }),
            "role",
        )
        .await;
}
