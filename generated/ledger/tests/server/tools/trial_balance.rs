//! `trial_balance`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("trial_balance", json!({ "as_of": "2024-01-31" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "trial_balance",
            json!({ "as_of": "2024-01-31", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("trial_balance", json!({}), "as_of").await;
    server
        .refuses(
            "trial_balance",
            json!({ "as_of": ["not", "a", "value"] }),
            "as_of",
        )
        .await;
    server
        .refuses(
            "trial_balance",
            json!({ "as_of": "not in the format" }),
            "as_of",
        )
        .await;
    server
        .refuses(
            "trial_balance",
            json!({ "as_of": "2024-02-29", "currency": ["not", "a", "value"] }),
            "currency",
        )
        .await;
    server
        .refuses(
            "trial_balance",
            json!({ "as_of": "2024-02-29", "currency": "" }),
            "currency",
        )
        .await;
}
