//! `as_markdown`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("as_markdown", json!({ "most": 1 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "as_markdown",
            json!({ "most": 1, "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `most` at the edge of its `type`.
#[tokio::test]
async fn most_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "as_markdown",
            json!({ "most": ["not", "a", "value"] }),
            "most",
        )
        .await;
}
