//! `statement`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "statement",
            json!({ "account": 1020, "from": "2024-02-01", "until": "2024-02-29" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "statement",
            json!({
                "account": 1020,
                "from": "2024-02-01",
                "until": "2024-02-29",
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
            "statement",
            json!({ "until": "2024-02-29", "from": "2024-02-29" }),
            "account",
        )
        .await;
    server
        .refuses(
            "statement",
            json!({
                "account": ["not", "a", "value"],
                "from": "2024-02-29",
                "until": "2024-02-29",
            }),
            "account",
        )
        .await;
    server
        .takes(
            "statement",
            json!({ "account": 1000, "from": "2024-02-29", "until": "2024-02-29" }),
        )
        .await;
    server
        .refuses(
            "statement",
            json!({ "account": 999, "from": "2024-02-29", "until": "2024-02-29" }),
            "account",
        )
        .await;
    server
        .takes(
            "statement",
            json!({ "account": 9999, "from": "2024-02-29", "until": "2024-02-29" }),
        )
        .await;
    server
        .refuses(
            "statement",
            json!({ "account": 10000, "from": "2024-02-29", "until": "2024-02-29" }),
            "account",
        )
        .await;
    server
        .refuses(
            "statement",
            json!({ "account": 1000, "until": "2024-02-29" }),
            "from",
        )
        .await;
    server
        .refuses(
            "statement",
            json!({ "account": 1000, "from": ["not", "a", "value"], "until": "2024-02-29" }),
            "from",
        )
        .await;
    server
        .refuses(
            "statement",
            json!({ "account": 1000, "from": "not in the format", "until": "2024-02-29" }),
            "from",
        )
        .await;
    server
        .refuses(
            "statement",
            json!({ "account": 1000, "from": "2024-02-29" }),
            "until",
        )
        .await;
    server
        .refuses(
            "statement",
            json!({ "account": 1000, "from": "2024-02-29", "until": ["not", "a", "value"] }),
            "until",
        )
        .await;
    server
        .refuses(
            "statement",
            json!({ "account": 1000, "from": "2024-02-29", "until": "not in the format" }),
            "until",
        )
        .await;
}
