//! `post_entry`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
            }),
        )
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
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
            "post_entry",
            json!({ "lines": [{ "account": 1000 }, { "account": 1000 }], "description": "text" }),
            "day",
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": ["not", "a", "value"],
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
            }),
            "day",
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "not in the format",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
            }),
            "day",
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({ "day": "2024-02-29", "lines": [{ "account": 1000 }, { "account": 1000 }] }),
            "description",
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": ["not", "a", "value"],
                "lines": [{ "account": 1000 }, { "account": 1000 }],
            }),
            "description",
        )
        .await;
    server
        .takes(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "tex",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
            }),
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "te",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
            }),
            "description",
        )
        .await;
    server
        .takes(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "tex".to_owned() + &"t".repeat(197),
                "lines": [{ "account": 1000 }, { "account": 1000 }],
            }),
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "tex".to_owned() + &"t".repeat(198),
                "lines": [{ "account": 1000 }, { "account": 1000 }],
            }),
            "description",
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "reference": ["not", "a", "value"],
                "lines": [{ "account": 1000 }, { "account": 1000 }],
            }),
            "reference",
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({ "day": "2024-02-29", "description": "text" }),
            "lines",
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({ "day": "2024-02-29", "description": "text", "lines": 7 }),
            "lines",
        )
        .await;
    server
        .takes(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
            }),
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({ "day": "2024-02-29", "description": "text", "lines": [{ "account": 1000 }] }),
            "lines",
        )
        .await;
    server
        .takes(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": vec![json!({ "account": 1000 }); 100],
            }),
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": vec![json!({ "account": 1000 }); 101],
            }),
            "lines",
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
                "labels": 7,
            }),
            "labels",
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
                "labels": { "not_a_property": 1 },
            }),
            "labels",
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
                "labels": { "customer": ["not", "a", "value"] },
            }),
            "labels.customer",
        )
        .await;
    server
        .takes(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
                "labels": { "customer": "tex".to_owned() + &"t".repeat(77) },
            }),
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
                "labels": { "customer": "tex".to_owned() + &"t".repeat(78) },
            }),
            "labels.customer",
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
                "labels": { "cost_centre": ["not", "a", "value"] },
            }),
            "labels.cost_centre",
        )
        .await;
    server
        .takes(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
                "labels": { "cost_centre": "texttttttttttttttttttttttttttttttttttttt" },
            }),
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
                "labels": { "cost_centre": "textttttttttttttttttttttttttttttttttttttt" },
            }),
            "labels.cost_centre",
        )
        .await;
    server
        .refuses(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
                "labels": { "tags": 7 },
            }),
            "labels.tags",
        )
        .await;
    server
        .takes(
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
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
            "post_entry",
            json!({
                "day": "2024-02-29",
                "description": "text",
                "lines": [{ "account": 1000 }, { "account": 1000 }],
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
