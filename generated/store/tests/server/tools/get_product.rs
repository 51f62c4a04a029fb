//! `get_product`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("get_product", json!({ "slug": "summit-jacket" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "get_product",
            json!({ "slug": "summit-jacket", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses("get_product", json!({ "id": ["not", "a", "value"] }), "id")
        .await;
    server
        .refuses("get_product", json!({ "id": "not in the format" }), "id")
        .await;
    server
        .refuses(
            "get_product",
            json!({ "slug": ["not", "a", "value"] }),
            "slug",
        )
        .await;
    server.refuses("get_product", json!({ "slug": "" }), "slug").await;
    server
        .takes(
            "get_product",
            json!({ "slug": "a".repeat(80) }),
        )
        .await;
    server
        .refuses(
            "get_product",
            json!({ "slug": "a".repeat(81) }),
            "slug",
        )
        .await;
}
