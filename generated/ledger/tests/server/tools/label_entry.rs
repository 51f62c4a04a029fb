//! `label_entry`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "label_entry",
            json!({ "id": 4, "labels": { "cost_centre": "south", "tags": ["checked"] } }),
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
            "label_entry",
            json!({
                "id": 4,
                "labels": { "cost_centre": "south", "tags": ["checked"] },
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
    server.refuses("label_entry", json!({ "labels": {} }), "id").await;
    server
        .refuses(
            "label_entry",
            json!({ "id": ["not", "a", "value"], "labels": {} }),
            "id",
        )
        .await;
    server.takes("label_entry", json!({ "id": 1, "labels": {} })).await;
    server.refuses("label_entry", json!({ "id": 0, "labels": {} }), "id").await;
    server.refuses("label_entry", json!({ "id": 1 }), "labels").await;
    server.refuses("label_entry", json!({ "id": 1, "labels": 7 }), "labels").await;
    server
        .refuses(
            "label_entry",
            json!({ "id": 1, "labels": { "not_a_property": 1 } }),
            "labels",
        )
        .await;
    server
        .refuses(
            "label_entry",
            json!({ "id": 1, "labels": { "customer": ["not", "a", "value"] } }),
            "labels.customer",
        )
        .await;
    server
        .takes(
            "label_entry",
            json!({ "id": 1, "labels": { "customer": "tex".to_owned() + &"t".repeat(77) } }),
        )
        .await;
    server
        .refuses(
            "label_entry",
            json!({ "id": 1, "labels": { "customer": "tex".to_owned() + &"t".repeat(78) } }),
            "labels.customer",
        )
        .await;
    server
        .refuses(
            "label_entry",
            json!({ "id": 1, "labels": { "cost_centre": ["not", "a", "value"] } }),
            "labels.cost_centre",
        )
        .await;
    server
        .takes(
            "label_entry",
            json!({
                "id": 1,
                "labels": { "cost_centre": "texttttttttttttttttttttttttttttttttttttt" },
            }),
        )
        .await;
    server
        .refuses(
            "label_entry",
            json!({
                "id": 1,
                "labels": { "cost_centre": "textttttttttttttttttttttttttttttttttttttt" },
            }),
            "labels.cost_centre",
        )
        .await;
    server
        .refuses(
            "label_entry",
            json!({ "id": 1, "labels": { "tags": 7 } }),
            "labels.tags",
        )
        .await;
    server
        .takes(
            "label_entry",
            json!({
                "id": 1,
                "labels": {
                    "tags": [
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                    ],
                },
            }),
        )
        .await;
    server
        .refuses(
            "label_entry",
            json!({
                "id": 1,
                "labels": {
                    "tags": [
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                    ],
                },
            }),
            "labels.tags",
        )
        .await;
}
