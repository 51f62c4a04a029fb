//! `find_entries`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("find_entries", json!({ "ids": [4, "12", 99] }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "find_entries",
            json!({ "ids": [4, "12", 99], "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// Each argument at the edges of what it takes.
#[tokio::test]
async fn arguments_at_their_edges() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server.refuses("find_entries", json!({}), "ids").await;
    server.refuses("find_entries", json!({ "ids": 7 }), "ids").await;
    server.takes("find_entries", json!({ "ids": [1] })).await;
    server.refuses("find_entries", json!({ "ids": [] }), "ids").await;
    server
        .refuses(
            "find_entries",
            json!({ "ids": vec![json!(1); 101] }),
            "ids",
        )
        .await;
    server.refuses("find_entries", json!({ "ids": [1, 1] }), "ids").await;
}
