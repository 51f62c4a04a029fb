//! `transfer`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
            }),
        )
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
                "not_a_param": 1,
            }),
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
            "transfer",
            json!({ "day": "2024-02-29", "to_account": 1000, "amount": "12.50" }),
            "from_account",
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": ["not", "a", "value"],
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
            }),
            "from_account",
        )
        .await;
    server
        .takes(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
            }),
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 999,
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
            }),
            "from_account",
        )
        .await;
    server
        .takes(
            "transfer",
            json!({
                "from_account": 9999,
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
            }),
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 10000,
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
            }),
            "from_account",
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({ "from_account": 1000, "day": "2024-02-29", "amount": "12.50" }),
            "to_account",
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": ["not", "a", "value"],
                "amount": "12.50",
                "day": "2024-02-29",
            }),
            "to_account",
        )
        .await;
    server
        .takes(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
            }),
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 999,
                "amount": "12.50",
                "day": "2024-02-29",
            }),
            "to_account",
        )
        .await;
    server
        .takes(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 9999,
                "amount": "12.50",
                "day": "2024-02-29",
            }),
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 10000,
                "amount": "12.50",
                "day": "2024-02-29",
            }),
            "to_account",
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({ "from_account": 1000, "to_account": 1000, "day": "2024-02-29" }),
            "amount",
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": ["not", "a", "value"],
                "day": "2024-02-29",
            }),
            "amount",
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": "not in the format",
                "day": "2024-02-29",
            }),
            "amount",
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({ "from_account": 1000, "to_account": 1000, "amount": "12.50" }),
            "day",
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": "12.50",
                "day": ["not", "a", "value"],
            }),
            "day",
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": "12.50",
                "day": "not in the format",
            }),
            "day",
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
                "description": ["not", "a", "value"],
            }),
            "description",
        )
        .await;
    server
        .takes(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
                "description": "Tra",
            }),
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
                "description": "Tr",
            }),
            "description",
        )
        .await;
    server
        .takes(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
                "description": "Transfe".to_owned() + &"r".repeat(193),
            }),
        )
        .await;
    server
        .refuses(
            "transfer",
            json!({
                "from_account": 1000,
                "to_account": 1000,
                "amount": "12.50",
                "day": "2024-02-29",
                "description": "Transfe".to_owned() + &"r".repeat(194),
            }),
            "description",
        )
        .await;
}
