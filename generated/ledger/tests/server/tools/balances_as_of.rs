//! `balances_as_of`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "balances_as_of",
            json!({
                "as_of": "2024-02-29",
                "kinds": ["asset", "income"],
                "numbers": [1010, 1020, 4000, 4100, 5000],
            }),
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
            "balances_as_of",
            json!({
                "as_of": "2024-02-29",
                "kinds": ["asset", "income"],
                "numbers": [1010, 1020, 4000, 4100, 5000],
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
    server.refuses("balances_as_of", json!({}), "as_of").await;
    server
        .refuses(
            "balances_as_of",
            json!({ "as_of": ["not", "a", "value"] }),
            "as_of",
        )
        .await;
    server
        .refuses(
            "balances_as_of",
            json!({ "as_of": "not in the format" }),
            "as_of",
        )
        .await;
    server
        .refuses(
            "balances_as_of",
            json!({ "as_of": "2024-02-29", "kinds": 7 }),
            "kinds",
        )
        .await;
    server
        .takes(
            "balances_as_of",
            json!({ "as_of": "2024-02-29", "kinds": ["asset"] }),
        )
        .await;
    server
        .refuses(
            "balances_as_of",
            json!({ "as_of": "2024-02-29", "kinds": [] }),
            "kinds",
        )
        .await;
    server
        .refuses(
            "balances_as_of",
            json!({ "as_of": "2024-02-29", "numbers": 7 }),
            "numbers",
        )
        .await;
    server
        .takes(
            "balances_as_of",
            json!({ "as_of": "2024-02-29", "numbers": [1010] }),
        )
        .await;
    server
        .refuses(
            "balances_as_of",
            json!({ "as_of": "2024-02-29", "numbers": [] }),
            "numbers",
        )
        .await;
    server
        .takes(
            "balances_as_of",
            json!({ "as_of": "2024-02-29", "numbers": vec![json!(1010); 100] }),
        )
        .await;
    server
        .refuses(
            "balances_as_of",
            json!({ "as_of": "2024-02-29", "numbers": vec![json!(1010); 101] }),
            "numbers",
        )
        .await;
}
