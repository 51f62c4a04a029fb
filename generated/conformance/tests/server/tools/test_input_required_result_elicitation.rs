//! `test_input_required_result_elicitation`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("test_input_required_result_elicitation", json!({ "name": "Ada" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_input_required_result_elicitation",
            json!({ "name": "Ada", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `name` at the edge of its `required`.
#[tokio::test]
async fn name_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses("test_input_required_result_elicitation", json!({}), "name")
        .await;
}

/// `name` at the edge of its `type`.
#[tokio::test]
async fn name_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "test_input_required_result_elicitation",
            json!({ "name": ["not", "a", "value"] }),
            "name",
        )
        .await;
}
