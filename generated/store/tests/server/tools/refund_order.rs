//! `refund_order`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call(
            "refund_order",
            json!({ "number": 1001, "amount": "12.50", "reason": "text" }),
        )
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "refund_order",
            json!({ "number": 1001, "amount": "12.50", "reason": "text", "not_a_param": 1 }),
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
            "refund_order",
            json!({ "reason": "text", "amount": "12.50" }),
            "number",
        )
        .await;
    server
        .refuses(
            "refund_order",
            json!({ "number": ["not", "a", "value"], "amount": "12.50", "reason": "text" }),
            "number",
        )
        .await;
    server
        .takes(
            "refund_order",
            json!({ "number": 1001, "amount": "12.50", "reason": "text" }),
        )
        .await;
    server
        .refuses(
            "refund_order",
            json!({ "number": 1000, "amount": "12.50", "reason": "text" }),
            "number",
        )
        .await;
    server
        .refuses(
            "refund_order",
            json!({ "number": 1001, "reason": "text" }),
            "amount",
        )
        .await;
    server
        .refuses(
            "refund_order",
            json!({ "number": 1001, "amount": ["not", "a", "value"], "reason": "text" }),
            "amount",
        )
        .await;
    server
        .refuses(
            "refund_order",
            json!({ "number": 1001, "amount": "not in the format", "reason": "text" }),
            "amount",
        )
        .await;
    server
        .refuses(
            "refund_order",
            json!({ "number": 1001, "amount": "12.50" }),
            "reason",
        )
        .await;
    server
        .refuses(
            "refund_order",
            json!({ "number": 1001, "amount": "12.50", "reason": ["not", "a", "value"] }),
            "reason",
        )
        .await;
    server
        .takes(
            "refund_order",
            json!({ "number": 1001, "amount": "12.50", "reason": "tex" }),
        )
        .await;
    server
        .refuses(
            "refund_order",
            json!({ "number": 1001, "amount": "12.50", "reason": "te" }),
            "reason",
        )
        .await;
    server
        .takes(
            "refund_order",
            json!({
                "number": 1001,
                "amount": "12.50",
                "reason": "tex".to_owned() + &"t".repeat(197),
            }),
        )
        .await;
    server
        .refuses(
            "refund_order",
            json!({
                "number": 1001,
                "amount": "12.50",
                "reason": "tex".to_owned() + &"t".repeat(198),
            }),
            "reason",
        )
        .await;
}
