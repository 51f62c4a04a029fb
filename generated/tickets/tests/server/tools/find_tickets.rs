//! `find_tickets`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("find_tickets", json!({ "text": "printer" })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "find_tickets",
            json!({ "text": "printer", "not_a_param": 1 }),
            "not_a_param",
        )
        .await;
}

/// `text` at the edge of its `type`.
#[tokio::test]
async fn text_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "find_tickets",
            json!({ "text": ["not", "a", "value"] }),
            "text",
        )
        .await;
}

/// `text` at the edge of its `maxLength`.
#[tokio::test]
async fn text_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "find_tickets",
            json!({ "text": "tex".to_owned() + &"t".repeat(97) }),
        )
        .await;
    server
        .refuses(
            "find_tickets",
            json!({ "text": "tex".to_owned() + &"t".repeat(98) }),
            "text",
        )
        .await;
}

/// `state` at the edge of its `type`.
#[tokio::test]
async fn state_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "find_tickets",
            json!({ "state": ["not", "a", "value"] }),
            "state",
        )
        .await;
}

/// `state` at the edge of its `enum`.
#[tokio::test]
async fn state_enum() {
    let server = Fixture::new(crate::SEED).await;
    server.takes("find_tickets", json!({ "state": "closed" })).await;
    server
        .refuses("find_tickets", json!({ "state": "none of these" }), "state")
        .await;
}

/// `agent` at the edge of its `type`.
#[tokio::test]
async fn agent_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "find_tickets",
            json!({ "agent": ["not", "a", "value"] }),
            "agent",
        )
        .await;
}

/// `agent` at the edge of its `maxLength`.
#[tokio::test]
async fn agent_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "find_tickets",
            json!({ "agent": "tex".to_owned() + &"t".repeat(97) }),
        )
        .await;
    server
        .refuses(
            "find_tickets",
            json!({ "agent": "tex".to_owned() + &"t".repeat(98) }),
            "agent",
        )
        .await;
}
