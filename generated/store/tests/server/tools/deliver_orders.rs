//! `deliver_orders`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.call("deliver_orders", json!({ "numbers": [1003, 1008] })).await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "deliver_orders",
            json!({ "numbers": [1003, 1008], "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("deliver_orders", json!({}), "numbers").await;
    server.refuses("deliver_orders", json!({ "numbers": 7 }), "numbers").await;
    server.takes("deliver_orders", json!({ "numbers": [1003] })).await;
    server.refuses("deliver_orders", json!({ "numbers": [] }), "numbers").await;
    server
        .takes(
            "deliver_orders",
            json!({ "numbers": vec![json!(1003); 100] }),
        )
        .await;
    server
        .refuses(
            "deliver_orders",
            json!({ "numbers": vec![json!(1003); 101] }),
            "numbers",
        )
        .await;
    server
        .refuses(
            "deliver_orders",
            json!({ "numbers": [1003, 1008], "at": ["not", "a", "value"] }),
            "at",
        )
        .await;
    server
        .refuses(
            "deliver_orders",
            json!({ "numbers": [1003, 1008], "at": "not in the format" }),
            "at",
        )
        .await;
}
