//! `hire_agent`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("hire_agent", json!({ "name": "Ada" })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "hire_agent",
            json!({ "name": "Ada", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `name` at the edge of its `required`.
#[tokio::test]
async fn name_required() {
    let server = Fixture::new(crate::SEED).await;
    server.refuses("hire_agent", json!({}), "name").await;
}

/// `name` at the edge of its `type`.
#[tokio::test]
async fn name_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "hire_agent",
            json!({ "name": ["not", "a", "value"] }),
            "name",
        )
        .await;
}

/// `name` at the edge of its `minLength`.
#[tokio::test]
async fn name_min_length() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("hire_agent", json!({ "name": "t" })).await;
    server.refuses("hire_agent", json!({ "name": "" }), "name").await;
}

/// `name` at the edge of its `maxLength`.
#[tokio::test]
async fn name_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "hire_agent",
            json!({ "name": "tex".to_owned() + &"t".repeat(97) }),
        )
        .await;
    server
        .refuses(
            "hire_agent",
            json!({ "name": "tex".to_owned() + &"t".repeat(98) }),
            "name",
        )
        .await;
}
