//! `get_account`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("get_account", json!({ "name": "Bank" })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "get_account",
            json!({ "name": "Bank", "not_a_param": 1 }),
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
            "get_account",
            json!({ "number": ["not", "a", "value"] }),
            "number",
        )
        .await;
    server.takes("get_account", json!({ "number": 1000 })).await;
    server.refuses("get_account", json!({ "number": 999 }), "number").await;
    server.takes("get_account", json!({ "number": 9999 })).await;
    server.refuses("get_account", json!({ "number": 10000 }), "number").await;
    server
        .refuses(
            "get_account",
            json!({ "name": ["not", "a", "value"] }),
            "name",
        )
        .await;
    server
        .takes(
            "get_account",
            json!({ "name": "tex".to_owned() + &"t".repeat(117) }),
        )
        .await;
    server
        .refuses(
            "get_account",
            json!({ "name": "tex".to_owned() + &"t".repeat(118) }),
            "name",
        )
        .await;
}
