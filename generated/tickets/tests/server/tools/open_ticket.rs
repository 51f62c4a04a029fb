//! `open_ticket`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("open_ticket", json!({ "subject": "The coffee is cold" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "open_ticket",
            json!({ "subject": "The coffee is cold", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `subject` at the edge of its `required`.
#[tokio::test]
async fn subject_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("open_ticket", json!({}), "subject").await;
}

/// `subject` at the edge of its `type`.
#[tokio::test]
async fn subject_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "open_ticket",
            json!({ "subject": ["not", "a", "value"] }),
            "subject",
        )
        .await;
}

/// `subject` at the edge of its `minLength`.
#[tokio::test]
async fn subject_min_length() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("open_ticket", json!({ "subject": "tex" })).await;
    server.refuses("open_ticket", json!({ "subject": "te" }), "subject").await;
}

/// `subject` at the edge of its `maxLength`.
#[tokio::test]
async fn subject_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "open_ticket",
            json!({ "subject": "tex".to_owned() + &"t".repeat(197) }),
        )
        .await;
    server
        .refuses(
            "open_ticket",
            json!({ "subject": "tex".to_owned() + &"t".repeat(198) }),
            "subject",
        )
        .await;
}
