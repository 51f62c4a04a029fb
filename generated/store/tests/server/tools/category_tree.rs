//! `category_tree`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("category_tree", json!({ "root": "clothing" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "category_tree",
            json!({ "root": "clothing", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "category_tree",
            json!({ "root": ["not", "a", "value"] }),
            "root",
        )
        .await;
    server.refuses("category_tree", json!({ "root": "" }), "root").await;
    server
        .takes(
            "category_tree",
            json!({ "root": "a".repeat(80) }),
        )
        .await;
    server
        .refuses(
            "category_tree",
            json!({ "root": "a".repeat(81) }),
            "root",
        )
        .await;
}
