//! `input`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "input",
            json!({ "fields": "one", "session": null, "type": "fn", "sort": "-self" }),
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
            "input",
            json!({
                "fields": "one",
                "session": null,
                "type": "fn",
                "sort": "-self",
                "not_a_param": 1,
            }),
            "not_a_param",
        )
        .await;
}

/// `fields` at the edge of its `required`.
#[tokio::test]
async fn fields_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("input", json!({ "session": "text" }), "fields").await;
}

/// `fields` at the edge of its `type`.
#[tokio::test]
async fn fields_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "input",
            json!({ "fields": ["not", "a", "value"], "session": "text" }),
            "fields",
        )
        .await;
}

/// `fields` at the edge of its `minLength`.
#[tokio::test]
async fn fields_min_length() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("input", json!({ "fields": "t", "session": "text" })).await;
    server
        .refuses("input", json!({ "fields": "", "session": "text" }), "fields")
        .await;
}

/// `fields` at the edge of its `maxLength`.
#[tokio::test]
async fn fields_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "input",
            json!({ "fields": "texttttttttttttttttttttttttttttttttttttt", "session": "text" }),
        )
        .await;
    server
        .refuses(
            "input",
            json!({ "fields": "textttttttttttttttttttttttttttttttttttttt", "session": "text" }),
            "fields",
        )
        .await;
}

/// `input` at the edge of its `type`.
#[tokio::test]
async fn input_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "input",
            json!({ "fields": "text", "input": ["not", "a", "value"], "session": "text" }),
            "input",
        )
        .await;
}

/// `session` at the edge of its `required`.
#[tokio::test]
async fn session_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("input", json!({ "fields": "text" }), "session").await;
}

/// `session` at the edge of its `type`.
#[tokio::test]
async fn session_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "input",
            json!({ "fields": "text", "session": ["not", "a", "value"] }),
            "session",
        )
        .await;
}

/// `shared` at the edge of its `type`.
#[tokio::test]
async fn shared_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "input",
            json!({ "fields": "text", "session": "text", "shared": ["not", "a", "value"] }),
            "shared",
        )
        .await;
}

/// `type` at the edge of its `type`.
#[tokio::test]
async fn type_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "input",
            json!({ "fields": "text", "session": "text", "type": ["not", "a", "value"] }),
            "type",
        )
        .await;
}

/// `type` at the edge of its `enum`.
#[tokio::test]
async fn type_enum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "input",
            json!({ "fields": "text", "session": "text", "type": "fn" }),
        )
        .await;
    server
        .refuses(
            "input",
            json!({ "fields": "text", "session": "text", "type": "none of these" }),
            "type",
        )
        .await;
}

/// `params` at the edge of its `type`.
#[tokio::test]
async fn params_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "input",
            json!({ "fields": "text", "session": "text", "params": ["not", "a", "value"] }),
            "params",
        )
        .await;
}

/// `sort` at the edge of its `type`.
#[tokio::test]
async fn sort_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "input",
            json!({ "fields": "text", "session": "text", "sort": ["not", "a", "value"] }),
            "sort",
        )
        .await;
}

/// `sort` at the edge of its `enum`.
#[tokio::test]
async fn sort_enum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "input",
            json!({ "fields": "text", "session": "text", "sort": "-self" }),
        )
        .await;
    server
        .refuses(
            "input",
            json!({ "fields": "text", "session": "text", "sort": "none of these" }),
            "sort",
        )
        .await;
}
