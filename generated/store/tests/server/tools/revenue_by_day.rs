//! `revenue_by_day`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "revenue_by_day",
            json!({ "from": "2024-03-14", "until": "2024-03-16" }),
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
            "revenue_by_day",
            json!({ "from": "2024-03-14", "until": "2024-03-16", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses("revenue_by_day", json!({ "until": "2024-02-29" }), "from")
        .await;
    server
        .refuses(
            "revenue_by_day",
            json!({ "from": ["not", "a", "value"], "until": "2024-02-29" }),
            "from",
        )
        .await;
    server
        .refuses(
            "revenue_by_day",
            json!({ "from": "not in the format", "until": "2024-02-29" }),
            "from",
        )
        .await;
    server
        .refuses("revenue_by_day", json!({ "from": "2024-02-29" }), "until")
        .await;
    server
        .refuses(
            "revenue_by_day",
            json!({ "from": "2024-02-29", "until": ["not", "a", "value"] }),
            "until",
        )
        .await;
    server
        .refuses(
            "revenue_by_day",
            json!({ "from": "2024-02-29", "until": "not in the format" }),
            "until",
        )
        .await;
}
