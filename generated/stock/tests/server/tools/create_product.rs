//! `create_product`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "create_product",
            json!({
                "sku": "GD-0002",
                "name": "Spade",
                "category": "garden",
                "price": "24.00",
                "supplier_id": 2,
                "attributes": { "weight_g": 1800 },
                "tags": ["steel"],
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
}

/// An argument that is not declared is refused by name.
#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "GD-0002",
                "name": "Spade",
                "category": "garden",
                "price": "24.00",
                "supplier_id": 2,
                "attributes": { "weight_g": 1800 },
                "tags": ["steel"],
                "not_a_param": 1,
            }),
            "not_a_param",
        )
        .await;
}

/// `sku` at the edge of its `required`.
#[tokio::test]
async fn sku_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({ "supplier_id": 1, "name": "text", "price": "12.50" }),
            "sku",
        )
        .await;
}

/// `sku` at the edge of its `type`.
#[tokio::test]
async fn sku_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": ["not", "a", "value"],
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
            }),
            "sku",
        )
        .await;
}

/// `sku` at the edge of its `pattern`.
#[tokio::test]
async fn sku_pattern() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({ "sku": "", "name": "text", "price": "12.50", "supplier_id": 1 }),
            "sku",
        )
        .await;
}

/// `sku` at the edge of its `maxLength`.
#[tokio::test]
async fn sku_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-000000000000000000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
            }),
            "sku",
        )
        .await;
}

/// `name` at the edge of its `required`.
#[tokio::test]
async fn name_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({ "sku": "AA-0000", "supplier_id": 1, "price": "12.50" }),
            "name",
        )
        .await;
}

/// `name` at the edge of its `type`.
#[tokio::test]
async fn name_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": ["not", "a", "value"],
                "price": "12.50",
                "supplier_id": 1,
            }),
            "name",
        )
        .await;
}

/// `name` at the edge of its `minLength`.
#[tokio::test]
async fn name_min_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_product",
            json!({ "sku": "AA-0000", "name": "te", "price": "12.50", "supplier_id": 1 }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({ "sku": "AA-0000", "name": "t", "price": "12.50", "supplier_id": 1 }),
            "name",
        )
        .await;
}

/// `name` at the edge of its `maxLength`.
#[tokio::test]
async fn name_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "tex".to_owned() + &"t".repeat(197),
                "price": "12.50",
                "supplier_id": 1,
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "tex".to_owned() + &"t".repeat(198),
                "price": "12.50",
                "supplier_id": 1,
            }),
            "name",
        )
        .await;
}

/// `category` at the edge of its `type`.
#[tokio::test]
async fn category_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "category": ["not", "a", "value"],
                "price": "12.50",
                "supplier_id": 1,
            }),
            "category",
        )
        .await;
}

/// `category` at the edge of its `enum`.
#[tokio::test]
async fn category_enum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "category": "other",
                "price": "12.50",
                "supplier_id": 1,
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "category": "none of these",
                "price": "12.50",
                "supplier_id": 1,
            }),
            "category",
        )
        .await;
}

/// `price` at the edge of its `required`.
#[tokio::test]
async fn price_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({ "sku": "AA-0000", "name": "text", "supplier_id": 1 }),
            "price",
        )
        .await;
}

/// `price` at the edge of its `type`.
#[tokio::test]
async fn price_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": ["not", "a", "value"],
                "supplier_id": 1,
            }),
            "price",
        )
        .await;
}

/// `price` at the edge of its `format`.
#[tokio::test]
async fn price_format() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "not in the format",
                "supplier_id": 1,
            }),
            "price",
        )
        .await;
}

/// `supplier_id` at the edge of its `required`.
#[tokio::test]
async fn supplier_id_required() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({ "sku": "AA-0000", "name": "text", "price": "12.50" }),
            "supplier_id",
        )
        .await;
}

/// `supplier_id` at the edge of its `type`.
#[tokio::test]
async fn supplier_id_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": ["not", "a", "value"],
            }),
            "supplier_id",
        )
        .await;
}

/// `reorder_level` at the edge of its `type`.
#[tokio::test]
async fn reorder_level_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "reorder_level": ["not", "a", "value"],
            }),
            "reorder_level",
        )
        .await;
}

/// `reorder_level` at the edge of its `minimum`.
#[tokio::test]
async fn reorder_level_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "reorder_level": 0,
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "reorder_level": -1,
            }),
            "reorder_level",
        )
        .await;
}

/// `reorder_quantity` at the edge of its `type`.
#[tokio::test]
async fn reorder_quantity_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "reorder_quantity": ["not", "a", "value"],
            }),
            "reorder_quantity",
        )
        .await;
}

/// `reorder_quantity` at the edge of its `minimum`.
#[tokio::test]
async fn reorder_quantity_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "reorder_quantity": 1,
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "reorder_quantity": 0,
            }),
            "reorder_quantity",
        )
        .await;
}

/// `reorder_quantity` at the edge of its `maximum`.
#[tokio::test]
async fn reorder_quantity_maximum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "reorder_quantity": 10000,
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "reorder_quantity": 10001,
            }),
            "reorder_quantity",
        )
        .await;
}

/// `attributes` at the edge of its `type`.
#[tokio::test]
async fn attributes_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": 7,
            }),
            "attributes",
        )
        .await;
}

/// `attributes` at the edge of its `additionalProperties`.
#[tokio::test]
async fn attributes_additional_properties() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "not_a_property": 1 },
            }),
            "attributes",
        )
        .await;
}

/// `attributes.weight_g` at the edge of its `type`.
#[tokio::test]
async fn attributes_weight_g_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "weight_g": ["not", "a", "value"] },
            }),
            "attributes.weight_g",
        )
        .await;
}

/// `attributes.weight_g` at the edge of its `minimum`.
#[tokio::test]
async fn attributes_weight_g_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "weight_g": 1 },
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "weight_g": 0 },
            }),
            "attributes.weight_g",
        )
        .await;
}

/// `attributes.length_m` at the edge of its `type`.
#[tokio::test]
async fn attributes_length_m_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "length_m": ["not", "a", "value"] },
            }),
            "attributes.length_m",
        )
        .await;
}

/// `attributes.length_m` at the edge of its `exclusiveMinimum`.
#[tokio::test]
async fn attributes_length_m_exclusive_minimum() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "length_m": 0.001 },
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "length_m": 0.0 },
            }),
            "attributes.length_m",
        )
        .await;
}

/// `attributes.litres` at the edge of its `type`.
#[tokio::test]
async fn attributes_litres_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "litres": ["not", "a", "value"] },
            }),
            "attributes.litres",
        )
        .await;
}

/// `attributes.litres` at the edge of its `multipleOf`.
#[tokio::test]
async fn attributes_litres_multiple_of() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "litres": 0.25 },
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "litres": 0.375 },
            }),
            "attributes.litres",
        )
        .await;
}

/// `attributes.colour` at the edge of its `type`.
#[tokio::test]
async fn attributes_colour_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "colour": ["not", "a", "value"] },
            }),
            "attributes.colour",
        )
        .await;
}

/// `attributes.colour` at the edge of its `maxLength`.
#[tokio::test]
async fn attributes_colour_max_length() {
    let server = Fixture::new(crate::SEED).await;
    server
        .takes(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "colour": "texttttttttttttttttttttttttttt" },
            }),
        )
        .await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "attributes": { "colour": "textttttttttttttttttttttttttttt" },
            }),
            "attributes.colour",
        )
        .await;
}

/// `tags` at the edge of its `type`.
#[tokio::test]
async fn tags_type() {
    let server = Fixture::new(crate::SEED).await;
    server
        .refuses(
            "create_product",
            json!({
                "sku": "AA-0000",
                "name": "text",
                "price": "12.50",
                "supplier_id": 1,
                "tags": 7,
            }),
            "tags",
        )
        .await;
}
