//! `top_products`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("top_products", json!({ "each": 1 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "top_products",
            json!({ "each": 1, "not_a_param": 1 }),
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
            "top_products",
            json!({ "each": ["not", "a", "value"] }),
            "each",
        )
        .await;
    server.takes("top_products", json!({ "each": 1 })).await;
    server.refuses("top_products", json!({ "each": 0 }), "each").await;
    server.takes("top_products", json!({ "each": 20 })).await;
    server.refuses("top_products", json!({ "each": 21 }), "each").await;
    server
        .refuses(
            "top_products",
            json!({ "since": ["not", "a", "value"] }),
            "since",
        )
        .await;
    server
        .refuses(
            "top_products",
            json!({ "since": "not in the format" }),
            "since",
        )
        .await;
}
