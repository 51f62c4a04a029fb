//! `set_budget`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call(
            "set_budget",
            json!({ "account": 1000, "year": 2000, "month": 1, "amount": "12.50" }),
        )
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "set_budget",
            json!({
                "account": 1000,
                "year": 2000,
                "month": 1,
                "amount": "12.50",
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
            "set_budget",
            json!({ "amount": "12.50", "year": 2000, "month": 1 }),
            "account",
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({
                "account": ["not", "a", "value"],
                "year": 2000,
                "month": 1,
                "amount": "12.50",
            }),
            "account",
        )
        .await;
    server
        .takes(
            "set_budget",
            json!({ "account": 1000, "year": 2000, "month": 1, "amount": "12.50" }),
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({ "account": 999, "year": 2000, "month": 1, "amount": "12.50" }),
            "account",
        )
        .await;
    server
        .takes(
            "set_budget",
            json!({ "account": 9999, "year": 2000, "month": 1, "amount": "12.50" }),
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({ "account": 10000, "year": 2000, "month": 1, "amount": "12.50" }),
            "account",
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({ "account": 1000, "amount": "12.50", "month": 1 }),
            "year",
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({
                "account": 1000,
                "year": ["not", "a", "value"],
                "month": 1,
                "amount": "12.50",
            }),
            "year",
        )
        .await;
    server
        .takes(
            "set_budget",
            json!({ "account": 1000, "year": 2000, "month": 1, "amount": "12.50" }),
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({ "account": 1000, "year": 1999, "month": 1, "amount": "12.50" }),
            "year",
        )
        .await;
    server
        .takes(
            "set_budget",
            json!({ "account": 1000, "year": 2099, "month": 1, "amount": "12.50" }),
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({ "account": 1000, "year": 2100, "month": 1, "amount": "12.50" }),
            "year",
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({ "account": 1000, "year": 2000, "amount": "12.50" }),
            "month",
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({
                "account": 1000,
                "year": 2000,
                "month": ["not", "a", "value"],
                "amount": "12.50",
            }),
            "month",
        )
        .await;
    server
        .takes(
            "set_budget",
            json!({ "account": 1000, "year": 2000, "month": 1, "amount": "12.50" }),
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({ "account": 1000, "year": 2000, "month": 0, "amount": "12.50" }),
            "month",
        )
        .await;
    server
        .takes(
            "set_budget",
            json!({ "account": 1000, "year": 2000, "month": 12, "amount": "12.50" }),
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({ "account": 1000, "year": 2000, "month": 13, "amount": "12.50" }),
            "month",
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({ "account": 1000, "year": 2000, "month": 1 }),
            "amount",
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({ "account": 1000, "year": 2000, "month": 1, "amount": ["not", "a", "value"] }),
            "amount",
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({ "account": 1000, "year": 2000, "month": 1, "amount": "not in the format" }),
            "amount",
        )
        .await;
    server
        .refuses(
            "set_budget",
            json!({
                "account": 1000,
                "year": 2000,
                "month": 1,
                "amount": "12.50",
                "note": ["not", "a", "value"],
            }),
            "note",
        )
        .await;
}
