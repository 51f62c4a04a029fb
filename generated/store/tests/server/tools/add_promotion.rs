//! `add_promotion`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call(
            "add_promotion",
            json!({ "code": "AAAA", "percent_off": "12.50", "from": "2024-02-29T12:30:00Z" }),
        )
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "add_promotion",
            json!({
                "code": "AAAA",
                "percent_off": "12.50",
                "from": "2024-02-29T12:30:00Z",
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
            "add_promotion",
            json!({ "from": "2024-02-29T12:30:00Z", "percent_off": "12.50" }),
            "code",
        )
        .await;
    server
        .refuses(
            "add_promotion",
            json!({
                "code": ["not", "a", "value"],
                "percent_off": "12.50",
                "from": "2024-02-29T12:30:00Z",
            }),
            "code",
        )
        .await;
    server
        .refuses(
            "add_promotion",
            json!({ "code": "", "percent_off": "12.50", "from": "2024-02-29T12:30:00Z" }),
            "code",
        )
        .await;
    server
        .takes(
            "add_promotion",
            json!({
                "code": "AAAAAAAAAAAAAAAAAAAA",
                "percent_off": "12.50",
                "from": "2024-02-29T12:30:00Z",
            }),
        )
        .await;
    server
        .refuses(
            "add_promotion",
            json!({
                "code": "AAAAAAAAAAAAAAAAAAAAA",
                "percent_off": "12.50",
                "from": "2024-02-29T12:30:00Z",
            }),
            "code",
        )
        .await;
    server
        .refuses(
            "add_promotion",
            json!({ "code": "AAAA", "from": "2024-02-29T12:30:00Z" }),
            "percent_off",
        )
        .await;
    server
        .refuses(
            "add_promotion",
            json!({
                "code": "AAAA",
                "percent_off": ["not", "a", "value"],
                "from": "2024-02-29T12:30:00Z",
            }),
            "percent_off",
        )
        .await;
    server
        .refuses(
            "add_promotion",
            json!({
                "code": "AAAA",
                "percent_off": "not in the format",
                "from": "2024-02-29T12:30:00Z",
            }),
            "percent_off",
        )
        .await;
    server
        .refuses(
            "add_promotion",
            json!({ "code": "AAAA", "percent_off": "12.50" }),
            "from",
        )
        .await;
    server
        .refuses(
            "add_promotion",
            json!({ "code": "AAAA", "percent_off": "12.50", "from": ["not", "a", "value"] }),
            "from",
        )
        .await;
    server
        .refuses(
            "add_promotion",
            json!({ "code": "AAAA", "percent_off": "12.50", "from": "not in the format" }),
            "from",
        )
        .await;
    server
        .refuses(
            "add_promotion",
            json!({
                "code": "AAAA",
                "percent_off": "12.50",
                "from": "2024-02-29T12:30:00Z",
                "until": ["not", "a", "value"],
            }),
            "until",
        )
        .await;
    server
        .refuses(
            "add_promotion",
            json!({
                "code": "AAAA",
                "percent_off": "12.50",
                "from": "2024-02-29T12:30:00Z",
                "until": "not in the format",
            }),
            "until",
        )
        .await;
}
