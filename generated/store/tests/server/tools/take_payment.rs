//! `take_payment`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call("take_payment", json!({ "number": 1001, "method": "card" }))
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "take_payment",
            json!({ "number": 1001, "method": "card", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("take_payment", json!({ "method": "card" }), "number").await;
    server
        .refuses(
            "take_payment",
            json!({ "number": ["not", "a", "value"], "method": "card" }),
            "number",
        )
        .await;
    server
        .takes("take_payment", json!({ "number": 1001, "method": "card" }))
        .await;
    server
        .refuses(
            "take_payment",
            json!({ "number": 1000, "method": "card" }),
            "number",
        )
        .await;
    server.refuses("take_payment", json!({ "number": 1001 }), "method").await;
    server
        .refuses(
            "take_payment",
            json!({ "number": 1001, "method": ["not", "a", "value"] }),
            "method",
        )
        .await;
    server
        .takes("take_payment", json!({ "number": 1001, "method": "voucher" }))
        .await;
    server
        .refuses(
            "take_payment",
            json!({ "number": 1001, "method": "none of these" }),
            "method",
        )
        .await;
}
