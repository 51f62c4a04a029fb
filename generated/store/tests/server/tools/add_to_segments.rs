//! `add_to_segments`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "add_to_segments",
            json!({
                "ids": [
                    "c0000000-0000-4000-8000-000000000001",
                    "c0000000-0000-4000-8000-000000000099",
                ],
                "segments": ["beta", "vip"],
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
            "add_to_segments",
            json!({
                "ids": [
                    "c0000000-0000-4000-8000-000000000001",
                    "c0000000-0000-4000-8000-000000000099",
                ],
                "segments": ["beta", "vip"],
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
        .refuses("add_to_segments", json!({ "segments": ["text"] }), "ids")
        .await;
    server
        .refuses(
            "add_to_segments",
            json!({ "ids": 7, "segments": ["text"] }),
            "ids",
        )
        .await;
    server
        .takes(
            "add_to_segments",
            json!({ "ids": ["6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"], "segments": ["text"] }),
        )
        .await;
    server
        .refuses(
            "add_to_segments",
            json!({ "ids": [], "segments": ["text"] }),
            "ids",
        )
        .await;
    server
        .takes(
            "add_to_segments",
            json!({
                "ids": vec![json!("6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"); 100],
                "segments": ["text"],
            }),
        )
        .await;
    server
        .refuses(
            "add_to_segments",
            json!({
                "ids": vec![json!("6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"); 101],
                "segments": ["text"],
            }),
            "ids",
        )
        .await;
    server
        .refuses(
            "add_to_segments",
            json!({ "ids": ["6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"] }),
            "segments",
        )
        .await;
    server
        .refuses(
            "add_to_segments",
            json!({ "ids": ["6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"], "segments": 7 }),
            "segments",
        )
        .await;
    server
        .takes(
            "add_to_segments",
            json!({ "ids": ["6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"], "segments": ["text"] }),
        )
        .await;
    server
        .refuses(
            "add_to_segments",
            json!({ "ids": ["6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"], "segments": [] }),
            "segments",
        )
        .await;
    server
        .takes(
            "add_to_segments",
            json!({
                "ids": ["6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"],
                "segments": [
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
            "add_to_segments",
            json!({
                "ids": ["6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f"],
                "segments": [
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
            "segments",
        )
        .await;
}
