//! `restock`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "restock",
            json!({
                "items": [
                    { "sku": "HMK-0001", "quantity": 4 },
                    { "sku": "XXX-0000", "quantity": 1 },
                ],
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
            "restock",
            json!({
                "items": [
                    { "sku": "HMK-0001", "quantity": 4 },
                    { "sku": "XXX-0000", "quantity": 1 },
                ],
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
    server.refuses("restock", json!({}), "items").await;
    server.refuses("restock", json!({ "items": 7 }), "items").await;
    server
        .takes(
            "restock",
            json!({ "items": [{ "sku": "AAA-0000", "quantity": 1 }] }),
        )
        .await;
    server.refuses("restock", json!({ "items": [] }), "items").await;
    server
        .takes(
            "restock",
            json!({ "items": vec![json!({ "sku": "AAA-0000", "quantity": 1 }); 200] }),
        )
        .await;
    server
        .refuses(
            "restock",
            json!({ "items": vec![json!({ "sku": "AAA-0000", "quantity": 1 }); 201] }),
            "items",
        )
        .await;
}
