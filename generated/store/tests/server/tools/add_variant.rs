//! `add_variant`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "add_variant",
            json!({
                "product": "ridge-shoes",
                "sku": "TRS-0044",
                "name": "44",
                "price": "119.5",
                "weight_g": 600,
                "options": { "size": "44" },
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
            "add_variant",
            json!({
                "product": "ridge-shoes",
                "sku": "TRS-0044",
                "name": "44",
                "price": "119.5",
                "weight_g": 600,
                "options": { "size": "44" },
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
            "add_variant",
            json!({ "price": "12.50", "sku": "AAA-0000", "name": "text" }),
            "product",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": ["not", "a", "value"],
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
            }),
            "product",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({ "product": "", "sku": "AAA-0000", "name": "text", "price": "12.50" }),
            "product",
        )
        .await;
    server
        .takes(
            "add_variant",
            json!({
                "product": "a".repeat(80),
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
            }),
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a".repeat(81),
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
            }),
            "product",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({ "product": "a", "price": "12.50", "name": "text" }),
            "sku",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": ["not", "a", "value"],
                "name": "text",
                "price": "12.50",
            }),
            "sku",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({ "product": "a", "sku": "", "name": "text", "price": "12.50" }),
            "sku",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({ "product": "a", "sku": "AAA-0000", "price": "12.50" }),
            "name",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": ["not", "a", "value"],
                "price": "12.50",
            }),
            "name",
        )
        .await;
    server
        .takes(
            "add_variant",
            json!({ "product": "a", "sku": "AAA-0000", "name": "t", "price": "12.50" }),
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({ "product": "a", "sku": "AAA-0000", "name": "", "price": "12.50" }),
            "name",
        )
        .await;
    server
        .takes(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "tex".to_owned() + &"t".repeat(97),
                "price": "12.50",
            }),
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "tex".to_owned() + &"t".repeat(98),
                "price": "12.50",
            }),
            "name",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({ "product": "a", "sku": "AAA-0000", "name": "text" }),
            "price",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": ["not", "a", "value"],
            }),
            "price",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": "not in the format",
            }),
            "price",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
                "cost": ["not", "a", "value"],
            }),
            "cost",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
                "cost": "not in the format",
            }),
            "cost",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
                "weight_g": ["not", "a", "value"],
            }),
            "weight_g",
        )
        .await;
    server
        .takes(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
                "weight_g": 1,
            }),
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
                "weight_g": 0,
            }),
            "weight_g",
        )
        .await;
    server
        .takes(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
                "weight_g": 2147483647,
            }),
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
                "weight_g": 2147483648_i64,
            }),
            "weight_g",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
                "options": 7,
            }),
            "options",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
                "options": { "not_a_property": 1 },
            }),
            "options",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
                "options": { "size": ["not", "a", "value"] },
            }),
            "options.size",
        )
        .await;
    server
        .refuses(
            "add_variant",
            json!({
                "product": "a",
                "sku": "AAA-0000",
                "name": "text",
                "price": "12.50",
                "options": { "colour": ["not", "a", "value"] },
            }),
            "options.colour",
        )
        .await;
}
