//! `budget_report`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("budget_report", json!({ "year": 2024, "month": 3 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "budget_report",
            json!({ "year": 2024, "month": 3, "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("budget_report", json!({ "month": 1 }), "year").await;
    server
        .refuses(
            "budget_report",
            json!({ "year": ["not", "a", "value"], "month": 1 }),
            "year",
        )
        .await;
    server.takes("budget_report", json!({ "year": 2000, "month": 1 })).await;
    server
        .refuses("budget_report", json!({ "year": 1999, "month": 1 }), "year")
        .await;
    server.takes("budget_report", json!({ "year": 2099, "month": 1 })).await;
    server
        .refuses("budget_report", json!({ "year": 2100, "month": 1 }), "year")
        .await;
    server.refuses("budget_report", json!({ "year": 2000 }), "month").await;
    server
        .refuses(
            "budget_report",
            json!({ "year": 2000, "month": ["not", "a", "value"] }),
            "month",
        )
        .await;
    server.takes("budget_report", json!({ "year": 2000, "month": 1 })).await;
    server
        .refuses("budget_report", json!({ "year": 2000, "month": 0 }), "month")
        .await;
    server.takes("budget_report", json!({ "year": 2000, "month": 12 })).await;
    server
        .refuses("budget_report", json!({ "year": 2000, "month": 13 }), "month")
        .await;
}
