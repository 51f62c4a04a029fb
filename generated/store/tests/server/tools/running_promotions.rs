//! `running_promotions`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.call("running_promotions", json!({})).await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses("running_promotions", json!({ "not_a_param": 1 }), "not_a_param")
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "running_promotions",
            json!({ "at": ["not", "a", "value"] }),
            "at",
        )
        .await;
    server
        .refuses(
            "running_promotions",
            json!({ "at": "not in the format" }),
            "at",
        )
        .await;
}
