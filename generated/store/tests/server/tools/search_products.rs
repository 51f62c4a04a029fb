//! `search_products`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "search_products",
            json!({ "words": "rain -tent", "tags": ["light", "family"] }),
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
            "search_products",
            json!({ "words": "rain -tent", "tags": ["light", "family"], "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("search_products", json!({}), "words").await;
    server
        .refuses(
            "search_products",
            json!({ "words": ["not", "a", "value"] }),
            "words",
        )
        .await;
    server.takes("search_products", json!({ "words": "te" })).await;
    server.refuses("search_products", json!({ "words": "t" }), "words").await;
    server
        .takes(
            "search_products",
            json!({ "words": "tex".to_owned() + &"t".repeat(197) }),
        )
        .await;
    server
        .refuses(
            "search_products",
            json!({ "words": "tex".to_owned() + &"t".repeat(198) }),
            "words",
        )
        .await;
    server
        .refuses(
            "search_products",
            json!({ "words": "text", "tags": 7 }),
            "tags",
        )
        .await;
    server
        .takes("search_products", json!({ "words": "text", "tags": ["text"] }))
        .await;
    server
        .refuses(
            "search_products",
            json!({ "words": "text", "tags": [] }),
            "tags",
        )
        .await;
    server
        .takes(
            "search_products",
            json!({
                "words": "text",
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
            }),
        )
        .await;
    server
        .refuses(
            "search_products",
            json!({
                "words": "text",
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
            }),
            "tags",
        )
        .await;
    server
        .refuses(
            "search_products",
            json!({ "words": "text", "price_at_most": ["not", "a", "value"] }),
            "price_at_most",
        )
        .await;
    server
        .refuses(
            "search_products",
            json!({ "words": "text", "price_at_most": "not in the format" }),
            "price_at_most",
        )
        .await;
    server
        .refuses(
            "search_products",
            json!({ "words": "text", "limit": ["not", "a", "value"] }),
            "limit",
        )
        .await;
    server
        .takes("search_products", json!({ "words": "text", "limit": 1 }))
        .await;
    server
        .refuses(
            "search_products",
            json!({ "words": "text", "limit": 0 }),
            "limit",
        )
        .await;
}
