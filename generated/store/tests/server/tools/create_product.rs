//! `create_product`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .call(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
        )
        .await;
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
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
            "create_product",
            json!({ "price": "12.50", "slug": "a", "name": "text", "sku": "AAA-0000" }),
            "category",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": ["not", "a", "value"],
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "category",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "",
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "category",
        )
        .await;
    server
        .takes(
            "create_product",
            json!({
                "category": "a".repeat(80),
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a".repeat(81),
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "category",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({ "category": "a", "price": "12.50", "name": "text", "sku": "AAA-0000" }),
            "slug",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": ["not", "a", "value"],
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "slug",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "",
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "slug",
        )
        .await;
    server
        .takes(
            "create_product",
            json!({
                "category": "a",
                "slug": "a".repeat(80),
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a".repeat(81),
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "slug",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({ "category": "a", "slug": "a", "price": "12.50", "sku": "AAA-0000" }),
            "name",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": ["not", "a", "value"],
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "name",
        )
        .await;
    server
        .takes(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "te",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "t",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "name",
        )
        .await;
    server
        .takes(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "tex".to_owned() + &"t".repeat(197),
                "sku": "AAA-0000",
                "price": "12.50",
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "tex".to_owned() + &"t".repeat(198),
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "name",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "description": ["not", "a", "value"],
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "description",
        )
        .await;
    server
        .takes(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "description": "a".repeat(10000),
                "sku": "AAA-0000",
                "price": "12.50",
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "description": "a".repeat(10001),
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "description",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "brand": ["not", "a", "value"],
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "brand",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "tags": 7,
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "tags",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sold_from": ["not", "a", "value"],
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "sold_from",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sold_from": "not in the format",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "sold_from",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sold_until": ["not", "a", "value"],
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "sold_until",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sold_until": "not in the format",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
            "sold_until",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({ "category": "a", "slug": "a", "name": "text", "price": "12.50" }),
            "sku",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sku": ["not", "a", "value"],
                "price": "12.50",
            }),
            "sku",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({ "category": "a", "slug": "a", "name": "text", "sku": "", "price": "12.50" }),
            "sku",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({ "category": "a", "slug": "a", "name": "text", "sku": "AAA-0000" }),
            "price",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": ["not", "a", "value"],
            }),
            "price",
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": "not in the format",
            }),
            "price",
        )
        .await;
}
