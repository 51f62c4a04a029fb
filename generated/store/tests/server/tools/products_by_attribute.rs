//! `products_by_attribute`: its answer, and its arguments at their edges.

use serde_json::json;

use crate::support::Fixture;

/// The answer is what the output schema says.
#[tokio::test]
async fn the_answer_conforms() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "products_by_attribute",
            json!({ "has": "persons", "attributes": { "waterproof": true } }),
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
            "products_by_attribute",
            json!({ "has": "persons", "attributes": { "waterproof": true }, "not_a_param": 1 }),
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
            "products_by_attribute",
            json!({ "has": ["not", "a", "value"] }),
            "has",
        )
        .await;
    server
        .takes(
            "products_by_attribute",
            json!({ "has": "materialllllllllllllllllllllllllllllllll" }),
        )
        .await;
    server
        .refuses(
            "products_by_attribute",
            json!({ "has": "materiallllllllllllllllllllllllllllllllll" }),
            "has",
        )
        .await;
    server
        .refuses("products_by_attribute", json!({ "attributes": 7 }), "attributes")
        .await;
    server
        .refuses(
            "products_by_attribute",
            json!({ "attributes": { "not_a_property": 1 } }),
            "attributes",
        )
        .await;
    server
        .refuses(
            "products_by_attribute",
            json!({ "attributes": { "material": ["not", "a", "value"] } }),
            "attributes.material",
        )
        .await;
    server
        .refuses(
            "products_by_attribute",
            json!({ "attributes": { "waterproof": ["not", "a", "value"] } }),
            "attributes.waterproof",
        )
        .await;
    server
        .refuses(
            "products_by_attribute",
            json!({ "attributes": { "persons": ["not", "a", "value"] } }),
            "attributes.persons",
        )
        .await;
    server
        .refuses(
            "products_by_attribute",
            json!({ "name": ["not", "a", "value"], "value": "text" }),
            "name",
        )
        .await;
    server
        .takes(
            "products_by_attribute",
            json!({ "name": "texttttttttttttttttttttttttttttttttttttt", "value": "text" }),
        )
        .await;
    server
        .refuses(
            "products_by_attribute",
            json!({ "name": "textttttttttttttttttttttttttttttttttttttt", "value": "text" }),
            "name",
        )
        .await;
    server
        .refuses(
            "products_by_attribute",
            json!({ "has": "material", "name": "text", "value": ["not", "a", "value"] }),
            "value",
        )
        .await;
    server
        .takes(
            "products_by_attribute",
            json!({
                "has": "material",
                "name": "text",
                "value": "tex".to_owned() + &"t".repeat(197),
            }),
        )
        .await;
    server
        .refuses(
            "products_by_attribute",
            json!({
                "has": "material",
                "name": "text",
                "value": "tex".to_owned() + &"t".repeat(198),
            }),
            "value",
        )
        .await;
}
