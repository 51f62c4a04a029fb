//! `publish_reviews`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "publish_reviews",
            json!({
                "ids": [
                    "d0000000-0000-4000-8000-000000000001",
                    "d0000000-0000-4000-8000-000000000006",
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
            "publish_reviews",
            json!({
                "ids": [
                    "d0000000-0000-4000-8000-000000000001",
                    "d0000000-0000-4000-8000-000000000006",
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
    server.refuses("publish_reviews", json!({}), "ids").await;
    server.refuses("publish_reviews", json!({ "ids": 7 }), "ids").await;
    server
        .takes(
            "publish_reviews",
            json!({ "ids": ["6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"] }),
        )
        .await;
    server.refuses("publish_reviews", json!({ "ids": [] }), "ids").await;
    server
        .takes(
            "publish_reviews",
            json!({ "ids": vec![json!("6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"); 100] }),
        )
        .await;
    server
        .refuses(
            "publish_reviews",
            json!({ "ids": vec![json!("6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"); 101] }),
            "ids",
        )
        .await;
    server
        .refuses(
            "publish_reviews",
            json!({
                "ids": ["6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"],
                "published": ["not", "a", "value"],
            }),
            "published",
        )
        .await;
}
