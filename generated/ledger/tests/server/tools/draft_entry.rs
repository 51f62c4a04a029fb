//! `draft_entry`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call(
            "draft_entry",
            json!({ "day": "2024-02-29", "description": "text" }),
        )
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "draft_entry",
            json!({ "day": "2024-02-29", "description": "text", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("draft_entry", json!({ "description": "text" }), "day").await;
    server
        .refuses(
            "draft_entry",
            json!({ "day": ["not", "a", "value"], "description": "text" }),
            "day",
        )
        .await;
    server
        .refuses(
            "draft_entry",
            json!({ "day": "not in the format", "description": "text" }),
            "day",
        )
        .await;
    server
        .refuses("draft_entry", json!({ "day": "2024-02-29" }), "description")
        .await;
    server
        .refuses(
            "draft_entry",
            json!({ "day": "2024-02-29", "description": ["not", "a", "value"] }),
            "description",
        )
        .await;
    server
        .takes(
            "draft_entry",
            json!({ "day": "2024-02-29", "description": "tex" }),
        )
        .await;
    server
        .refuses(
            "draft_entry",
            json!({ "day": "2024-02-29", "description": "te" }),
            "description",
        )
        .await;
    server
        .takes(
            "draft_entry",
            json!({ "day": "2024-02-29", "description": "tex".to_owned() + &"t".repeat(197) }),
        )
        .await;
    server
        .refuses(
            "draft_entry",
            json!({ "day": "2024-02-29", "description": "tex".to_owned() + &"t".repeat(198) }),
            "description",
        )
        .await;
    server
        .refuses(
            "draft_entry",
            json!({ "day": "2024-02-29", "description": "text", "lines": 7 }),
            "lines",
        )
        .await;
    server
        .refuses(
            "draft_entry",
            json!({ "day": "2024-02-29", "description": "text", "labels": 7 }),
            "labels",
        )
        .await;
    server
        .refuses(
            "draft_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "labels": { "not_a_property": 1 },
            }),
            "labels",
        )
        .await;
    server
        .refuses(
            "draft_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "labels": { "customer": ["not", "a", "value"] },
            }),
            "labels.customer",
        )
        .await;
    server
        .takes(
            "draft_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "labels": { "customer": "tex".to_owned() + &"t".repeat(77) },
            }),
        )
        .await;
    server
        .refuses(
            "draft_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "labels": { "customer": "tex".to_owned() + &"t".repeat(78) },
            }),
            "labels.customer",
        )
        .await;
    server
        .refuses(
            "draft_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "labels": { "cost_centre": ["not", "a", "value"] },
            }),
            "labels.cost_centre",
        )
        .await;
    server
        .takes(
            "draft_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "labels": { "cost_centre": "texttttttttttttttttttttttttttttttttttttt" },
            }),
        )
        .await;
    server
        .refuses(
            "draft_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "labels": { "cost_centre": "textttttttttttttttttttttttttttttttttttttt" },
            }),
            "labels.cost_centre",
        )
        .await;
    server
        .refuses(
            "draft_entry",
            json!({ "day": "2024-02-29", "description": "text", "labels": { "tags": 7 } }),
            "labels.tags",
        )
        .await;
    server
        .takes(
            "draft_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
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
            "draft_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
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
