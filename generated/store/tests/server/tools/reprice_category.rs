//! `reprice_category`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call("reprice_category", json!({ "category": "a", "percent": 1.5 }))
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "reprice_category",
            json!({ "category": "a", "percent": 1.5, "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses("reprice_category", json!({ "percent": 1.5 }), "category")
        .await;
    server
        .refuses(
            "reprice_category",
            json!({ "category": ["not", "a", "value"], "percent": 1.5 }),
            "category",
        )
        .await;
    server
        .refuses(
            "reprice_category",
            json!({ "category": "", "percent": 1.5 }),
            "category",
        )
        .await;
    server
        .takes(
            "reprice_category",
            json!({ "category": "a".repeat(80), "percent": 1.5 }),
        )
        .await;
    server
        .refuses(
            "reprice_category",
            json!({ "category": "a".repeat(81), "percent": 1.5 }),
            "category",
        )
        .await;
    server
        .refuses("reprice_category", json!({ "category": "a" }), "percent")
        .await;
    server
        .refuses(
            "reprice_category",
            json!({ "category": "a", "percent": ["not", "a", "value"] }),
            "percent",
        )
        .await;
    server
        .takes("reprice_category", json!({ "category": "a", "percent": -90.0 }))
        .await;
    server
        .refuses(
            "reprice_category",
            json!({ "category": "a", "percent": -90.09 }),
            "percent",
        )
        .await;
    server
        .takes("reprice_category", json!({ "category": "a", "percent": 100.0 }))
        .await;
    server
        .refuses(
            "reprice_category",
            json!({ "category": "a", "percent": 100.1 }),
            "percent",
        )
        .await;
}
