//! `test_elicitation_sep1034_defaults`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    server.call("test_elicitation_sep1034_defaults", json!({})).await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1034_defaults",
            json!({ "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `name` at the edge of its `type`.
#[tokio::test]
async fn name_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1034_defaults",
            json!({ "name": ["not", "a", "value"] }),
            "name",
        )
        .await;
}

/// `age` at the edge of its `type`.
#[tokio::test]
async fn age_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1034_defaults",
            json!({ "age": ["not", "a", "value"] }),
            "age",
        )
        .await;
}

/// `score` at the edge of its `type`.
#[tokio::test]
async fn score_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1034_defaults",
            json!({ "score": ["not", "a", "value"] }),
            "score",
        )
        .await;
}

/// `status` at the edge of its `type`.
#[tokio::test]
async fn status_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1034_defaults",
            json!({ "status": ["not", "a", "value"] }),
            "status",
        )
        .await;
}

/// `status` at the edge of its `enum`.
#[tokio::test]
async fn status_enum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "test_elicitation_sep1034_defaults",
            json!({ "status": "pending" }),
        )
        .await;
    server
        .refuses(
            "test_elicitation_sep1034_defaults",
            json!({ "status": "none of these" }),
            "status",
        )
        .await;
}

/// `verified` at the edge of its `type`.
#[tokio::test]
async fn verified_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_elicitation_sep1034_defaults",
            json!({ "verified": ["not", "a", "value"] }),
            "verified",
        )
        .await;
}
