//! `sales_by_category`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "sales_by_category",
            json!({ "from": "2024-04-01", "until": "2024-04-30" }),
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
            "sales_by_category",
            json!({ "from": "2024-04-01", "until": "2024-04-30", "not_a_param": 1 }),
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
            "sales_by_category",
            json!({ "from": ["not", "a", "value"] }),
            "from",
        )
        .await;
    server
        .refuses(
            "sales_by_category",
            json!({ "from": "not in the format" }),
            "from",
        )
        .await;
    server
        .refuses(
            "sales_by_category",
            json!({ "until": ["not", "a", "value"] }),
            "until",
        )
        .await;
    server
        .refuses(
            "sales_by_category",
            json!({ "until": "not in the format" }),
            "until",
        )
        .await;
}
