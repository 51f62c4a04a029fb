//! `create_customer`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "create_customer",
            json!({
                "email": "hedy@example.com",
                "name": "Hedy Lamarr",
                "segments": ["newsletter"],
                "preferences": { "language": "de" },
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
            "create_customer",
            json!({
                "email": "hedy@example.com",
                "name": "Hedy Lamarr",
                "segments": ["newsletter"],
                "preferences": { "language": "de" },
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
    server.refuses("create_customer", json!({ "name": "text" }), "email").await;
    server
        .refuses(
            "create_customer",
            json!({ "email": ["not", "a", "value"], "name": "text" }),
            "email",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({ "email": "not in the format", "name": "text" }),
            "email",
        )
        .await;
    server
        .takes(
            "create_customer",
            json!({
                "email": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com",
                "name": "text",
            }),
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({
                "email": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com",
                "name": "text",
            }),
            "email",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({ "email": "someone@example.com" }),
            "name",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({ "email": "someone@example.com", "name": ["not", "a", "value"] }),
            "name",
        )
        .await;
    server
        .takes(
            "create_customer",
            json!({ "email": "someone@example.com", "name": "te" }),
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({ "email": "someone@example.com", "name": "t" }),
            "name",
        )
        .await;
    server
        .takes(
            "create_customer",
            json!({ "email": "someone@example.com", "name": "tex".to_owned() + &"t".repeat(117) }),
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({ "email": "someone@example.com", "name": "tex".to_owned() + &"t".repeat(118) }),
            "name",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({
                "email": "someone@example.com",
                "name": "text",
                "phone": ["not", "a", "value"],
            }),
            "phone",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({
                "email": "someone@example.com",
                "name": "text",
                "birthday": ["not", "a", "value"],
            }),
            "birthday",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({
                "email": "someone@example.com",
                "name": "text",
                "birthday": "not in the format",
            }),
            "birthday",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({ "email": "someone@example.com", "name": "text", "segments": 7 }),
            "segments",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({ "email": "someone@example.com", "name": "text", "preferences": 7 }),
            "preferences",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({
                "email": "someone@example.com",
                "name": "text",
                "preferences": { "not_a_property": 1 },
            }),
            "preferences",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({
                "email": "someone@example.com",
                "name": "text",
                "preferences": { "language": ["not", "a", "value"] },
            }),
            "preferences.language",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({
                "email": "someone@example.com",
                "name": "text",
                "preferences": { "language": "" },
            }),
            "preferences.language",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({
                "email": "someone@example.com",
                "name": "text",
                "preferences": { "currency": ["not", "a", "value"] },
            }),
            "preferences.currency",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({
                "email": "someone@example.com",
                "name": "text",
                "preferences": { "currency": "" },
            }),
            "preferences.currency",
        )
        .await;
    server
        .refuses(
            "create_customer",
            json!({
                "email": "someone@example.com",
                "name": "text",
                "preferences": { "gift_wrap": ["not", "a", "value"] },
            }),
            "preferences.gift_wrap",
        )
        .await;
}
