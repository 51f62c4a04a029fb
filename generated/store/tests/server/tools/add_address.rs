//! `add_address`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "add_address",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000002",
                "line1": "Damrak 1",
                "postcode": "1012 LG",
                "city": "Amsterdam",
                "country": "NL",
                "is_default": true,
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
            "add_address",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000002",
                "line1": "Damrak 1",
                "postcode": "1012 LG",
                "city": "Amsterdam",
                "country": "NL",
                "is_default": true,
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
            "add_address",
            json!({ "country": "AA", "line1": "text", "postcode": "text", "city": "text" }),
            "customer_id",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": ["not", "a", "value"],
                "line1": "text",
                "postcode": "text",
                "city": "text",
                "country": "AA",
            }),
            "customer_id",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "not in the format",
                "line1": "text",
                "postcode": "text",
                "city": "text",
                "country": "AA",
            }),
            "customer_id",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "kind": ["not", "a", "value"],
                "line1": "text",
                "postcode": "text",
                "city": "text",
                "country": "AA",
            }),
            "kind",
        )
        .await;
    server
        .takes(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "kind": "billing",
                "line1": "text",
                "postcode": "text",
                "city": "text",
                "country": "AA",
            }),
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "kind": "none of these",
                "line1": "text",
                "postcode": "text",
                "city": "text",
                "country": "AA",
            }),
            "kind",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "country": "AA",
                "postcode": "text",
                "city": "text",
            }),
            "line1",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": ["not", "a", "value"],
                "postcode": "text",
                "city": "text",
                "country": "AA",
            }),
            "line1",
        )
        .await;
    server
        .takes(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "t",
                "postcode": "text",
                "city": "text",
                "country": "AA",
            }),
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "",
                "postcode": "text",
                "city": "text",
                "country": "AA",
            }),
            "line1",
        )
        .await;
    server
        .takes(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "tex".to_owned() + &"t".repeat(197),
                "postcode": "text",
                "city": "text",
                "country": "AA",
            }),
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "tex".to_owned() + &"t".repeat(198),
                "postcode": "text",
                "city": "text",
                "country": "AA",
            }),
            "line1",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "line2": ["not", "a", "value"],
                "postcode": "text",
                "city": "text",
                "country": "AA",
            }),
            "line2",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "country": "AA",
                "city": "text",
            }),
            "postcode",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": ["not", "a", "value"],
                "city": "text",
                "country": "AA",
            }),
            "postcode",
        )
        .await;
    server
        .takes(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "t",
                "city": "text",
                "country": "AA",
            }),
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "",
                "city": "text",
                "country": "AA",
            }),
            "postcode",
        )
        .await;
    server
        .takes(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "texttttttttttttttttt",
                "city": "text",
                "country": "AA",
            }),
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "textttttttttttttttttt",
                "city": "text",
                "country": "AA",
            }),
            "postcode",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "text",
                "country": "AA",
            }),
            "city",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "text",
                "city": ["not", "a", "value"],
                "country": "AA",
            }),
            "city",
        )
        .await;
    server
        .takes(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "text",
                "city": "t",
                "country": "AA",
            }),
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "text",
                "city": "",
                "country": "AA",
            }),
            "city",
        )
        .await;
    server
        .takes(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "text",
                "city": "tex".to_owned() + &"t".repeat(97),
                "country": "AA",
            }),
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "text",
                "city": "tex".to_owned() + &"t".repeat(98),
                "country": "AA",
            }),
            "city",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "text",
                "city": "text",
            }),
            "country",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "text",
                "city": "text",
                "country": ["not", "a", "value"],
            }),
            "country",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "text",
                "city": "text",
                "country": "",
            }),
            "country",
        )
        .await;
    server
        .refuses(
            "add_address",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "line1": "text",
                "postcode": "text",
                "city": "text",
                "country": "AA",
                "is_default": ["not", "a", "value"],
            }),
            "is_default",
        )
        .await;
}
