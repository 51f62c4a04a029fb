//! `move_drafts`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call("move_drafts", json!({ "from_account": 1000, "to_account": 1000 }))
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "move_drafts",
            json!({ "from_account": 1000, "to_account": 1000, "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses("move_drafts", json!({ "to_account": 1000 }), "from_account")
        .await;
    server
        .refuses(
            "move_drafts",
            json!({ "from_account": ["not", "a", "value"], "to_account": 1000 }),
            "from_account",
        )
        .await;
    server
        .takes("move_drafts", json!({ "from_account": 1000, "to_account": 1000 }))
        .await;
    server
        .refuses(
            "move_drafts",
            json!({ "from_account": 999, "to_account": 1000 }),
            "from_account",
        )
        .await;
    server
        .takes("move_drafts", json!({ "from_account": 9999, "to_account": 1000 }))
        .await;
    server
        .refuses(
            "move_drafts",
            json!({ "from_account": 10000, "to_account": 1000 }),
            "from_account",
        )
        .await;
    server
        .refuses("move_drafts", json!({ "from_account": 1000 }), "to_account")
        .await;
    server
        .refuses(
            "move_drafts",
            json!({ "from_account": 1000, "to_account": ["not", "a", "value"] }),
            "to_account",
        )
        .await;
    server
        .takes("move_drafts", json!({ "from_account": 1000, "to_account": 1000 }))
        .await;
    server
        .refuses(
            "move_drafts",
            json!({ "from_account": 1000, "to_account": 999 }),
            "to_account",
        )
        .await;
    server
        .takes("move_drafts", json!({ "from_account": 1000, "to_account": 9999 }))
        .await;
    server
        .refuses(
            "move_drafts",
            json!({ "from_account": 1000, "to_account": 10000 }),
            "to_account",
        )
        .await;
    server
        .refuses(
            "move_drafts",
            json!({ "from_account": 1000, "to_account": 1000, "since": ["not", "a", "value"] }),
            "since",
        )
        .await;
    server
        .refuses(
            "move_drafts",
            json!({ "from_account": 1000, "to_account": 1000, "since": "not in the format" }),
            "since",
        )
        .await;
}
