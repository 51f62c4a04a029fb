//! `claim_next_order`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.call("claim_next_order", json!({ "packer": "text" })).await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "claim_next_order",
            json!({ "packer": "text", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("claim_next_order", json!({}), "packer").await;
    server
        .refuses(
            "claim_next_order",
            json!({ "packer": ["not", "a", "value"] }),
            "packer",
        )
        .await;
    server.takes("claim_next_order", json!({ "packer": "t" })).await;
    server.refuses("claim_next_order", json!({ "packer": "" }), "packer").await;
    server
        .takes(
            "claim_next_order",
            json!({ "packer": "tex".to_owned() + &"t".repeat(77) }),
        )
        .await;
    server
        .refuses(
            "claim_next_order",
            json!({ "packer": "tex".to_owned() + &"t".repeat(78) }),
            "packer",
        )
        .await;
}
