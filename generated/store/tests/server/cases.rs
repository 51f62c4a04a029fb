//! The cases of the spec.

use serde_json::{Value, json};

use crate::support;
use crate::support::Fixture;

/// lists customers of a segment and a country.
#[tokio::test]
async fn lists_customers_of_a_segment_and_a_country() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("list_customers", json!({ "segment": "vip", "country": "DE" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "customers": [{ "name": "Katherine Johnson", "segments": ["vip"] }],
            "next_cursor": null,
        }),
    );
}

/// lists customers by name, page by page.
#[tokio::test]
async fn lists_customers_by_name_page_by_page() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("list_customers", json!({ "sort": "name", "page_size": 2 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "customers": [{ "name": "Ada Lovelace" }, { "name": "Alan Turing" }] }),
    );
}

/// gets a customer by email, however it is written.
#[tokio::test]
async fn gets_a_customer_by_email_however_it_is_written() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("get_customer", json!({ "email": "ADA@example.com" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "customer": {
                "id": "c0000000-0000-4000-8000-000000000001",
                "birthday": "1985-12-10",
                "segments": ["vip", "newsletter"],
                "preferences": { "currency": "EUR" },
                "phone": "************0001",
                "orders": 4,
                "spent": "606.25",
                "last_order_at": "2024-05-02T23:30:00Z",
            },
        }),
    );
}

/// creates a customer.
#[tokio::test]
async fn creates_a_customer() {
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
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "customer": {
                "phone": null,
                "active": true,
                "segments": ["newsletter"],
                "preferences": { "language": "de" },
            },
        }),
    );
    let text = support::text(&result);
    assert!(text.contains("Created Hedy Lamarr"), "{text}");
}

/// refuses a second customer with the same email in other case.
#[tokio::test]
async fn refuses_a_second_customer_with_the_same_email_in_other_case() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "create_customer",
            json!({ "email": "Grace@Example.com", "name": "Another Grace" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "UNIQUE_CONSTRAINT_VIOLATION");
    assert!(message.contains("exists"), "{message}");
}

/// merges preferences.
#[tokio::test]
async fn merges_preferences() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "update_customer",
            json!({
                "id": "c0000000-0000-4000-8000-000000000001",
                "phone": null,
                "preferences": { "gift_wrap": true },
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "customer": {
                "name": "Ada Lovelace",
                "phone": null,
                "preferences": { "language": "en", "gift_wrap": true },
            },
        }),
    );
}

/// adds customers to segments.
#[tokio::test]
async fn adds_customers_to_segments() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "add_to_segments",
            json!({
                "ids": [
                    "c0000000-0000-4000-8000-000000000001",
                    "c0000000-0000-4000-8000-000000000099",
                ],
                "segments": ["beta", "vip"],
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "count": 1, "customers": [{ "segments": ["beta", "newsletter", "vip"] }] }),
    );
}

/// keeps a customer who ordered.
#[tokio::test]
async fn keeps_a_customer_who_ordered() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "delete_customer",
            json!({ "id": "c0000000-0000-4000-8000-000000000001" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "FOREIGN_KEY_VIOLATION");
    assert!(message.contains("has orders"), "{message}");
}

/// deletes a customer who never ordered.
#[tokio::test]
async fn deletes_a_customer_who_never_ordered() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "delete_customer",
            json!({ "id": "c0000000-0000-4000-8000-000000000006" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "customer": { "name": "Radia Perlman" } }),
    );
    let result = server
        .call(
            "delete_customer",
            json!({ "id": "c0000000-0000-4000-8000-000000000006" }),
        )
        .await;
    let (kind, _) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
}

/// a new default address takes the place of the old one.
#[tokio::test]
async fn a_new_default_address_takes_the_place_of_the_old_one() {
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
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "replaced": 1, "address": { "kind": "shipping", "is_default": true } }),
    );
}

/// shows a part of the category tree.
#[tokio::test]
async fn shows_a_part_of_the_category_tree() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("category_tree", json!({ "root": "clothing" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "categories": [
                { "slug": "clothing", "depth": 0, "return_window": "P30D", "products": 0 },
                { "slug": "jackets", "depth": 1, "return_window": "P30D", "products": 1 },
                {
                    "slug": "rainwear",
                    "depth": 2,
                    "path": ["clothing", "jackets", "rainwear"],
                    "return_window": "P30D",
                    "products": 1,
                },
                { "slug": "shoes", "return_window": "P60D", "products": 2 },
            ],
        }),
    );
}

/// searches by words and tags.
#[tokio::test]
async fn searches_by_words_and_tags() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "search_products",
            json!({ "words": "rain -tent", "tags": ["light", "family"] }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "count": 1,
            "products": [
                {
                    "slug": "drizzle-jacket",
                    "price_from": "89.90",
                    "extract": "A light jacket for days of **rain**; folds into its own pocket.",
                },
            ],
        }),
    );
}

/// searches below a price.
#[tokio::test]
async fn searches_below_a_price() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "search_products",
            json!({ "words": "light", "price_at_most": "50" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "count": 1, "products": [{ "slug": "titan-pots" }] }),
    );
}

/// lists a category with all below it.
#[tokio::test]
async fn lists_a_category_with_all_below_it() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "list_products",
            json!({ "category": "clothing", "sort": "-price_from" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "products": [
                { "slug": "summit-jacket", "price_from": "249.00" },
                { "slug": "tundra-boots" },
                { "slug": "ridge-shoes", "in_stock": 8, "rating": null },
                { "slug": "drizzle-jacket", "rating": "5.00" },
            ],
        }),
    );
}

/// lists products with all of some tags.
#[tokio::test]
async fn lists_products_with_all_of_some_tags() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "list_products",
            json!({
                "tags": ["camping", "light"],
                "price_from": "30.00",
                "price_to": "100",
                "available": true,
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "products": [{ "slug": "titan-pots", "brand": null, "in_stock": 12, "reviews": 1 }],
        }),
    );
}

/// gets a product with its variants.
#[tokio::test]
async fn gets_a_product_with_its_variants() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("get_product", json!({ "slug": "summit-jacket" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "product": {
                "status": "active",
                "sold_from": "2024-10-01",
                "sold_until": "2025-03-01",
                "attributes": { "fill": 700 },
                "variants": [
                    {
                        "sku": "DJK-0001",
                        "price": "249.00",
                        "on_hand": 5,
                        "options": { "size": "M" },
                    },
                ],
            },
        }),
    );
}

/// says that there is no such product.
#[tokio::test]
async fn says_that_there_is_no_such_product() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "get_product",
            json!({ "id": "b0000000-0000-4000-8000-000000000099" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("no such product"), "{message}");
}

/// finds several SKUs.
#[tokio::test]
async fn finds_several_sk_us() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "find_variants",
            json!({ "skus": ["POT-0002", "HMK-0001", "XXX-0000"] }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "count": 2,
            "variants": [
                { "sku": "HMK-0001", "on_hand": 0, "weight_g": null },
                { "sku": "POT-0002", "price": "44.50", "on_hand": 2 },
            ],
        }),
    );
}

/// finds products that have an attribute.
#[tokio::test]
async fn finds_products_that_have_an_attribute() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "products_by_attribute",
            json!({ "has": "persons", "attributes": { "waterproof": true } }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "count": 2,
            "products": [
                { "slug": "lodge-tent-4", "attributes": { "persons": 4 }, "material": null },
                { "slug": "lodge-tent-2" },
            ],
        }),
    );
}

/// finds products by the value of an attribute.
#[tokio::test]
async fn finds_products_by_the_value_of_an_attribute() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "products_by_attribute",
            json!({ "name": "material", "value": "down" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "products": [{ "slug": "summit-jacket", "material": "down" }] }),
    );
}

/// creates a product with a variant.
#[tokio::test]
async fn creates_a_product_with_a_variant() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "create_product",
            json!({
                "category": "cooking",
                "slug": "spark-lighter",
                "name": "Spark lighter",
                "tags": ["camping"],
                "sold_from": "2024-04-01",
                "sku": "LGT-0001",
                "price": "9.90",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "product": {
                "status": "draft",
                "tags": ["camping"],
                "sku": "LGT-0001",
                "price": "9.90",
                "on_hand": 0,
            },
        }),
    );
    let result = server
        .call("get_product", json!({ "slug": "spark-lighter" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "product": {
                "sold_from": "2024-04-01",
                "sold_until": null,
                "variants": [{ "sku": "LGT-0001" }],
            },
        }),
    );
}

/// a product with a taken SKU leaves nothing behind.
#[tokio::test]
async fn a_product_with_a_taken_sku_leaves_nothing_behind() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "create_product",
            json!({
                "category": "cooking",
                "slug": "other-stove",
                "name": "Other stove",
                "sku": "STV-0001",
                "price": "1",
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "UNIQUE_CONSTRAINT_VIOLATION");
    assert!(message.contains("taken"), "{message}");
    let result = server
        .call("get_product", json!({ "slug": "other-stove" }))
        .await;
    let (kind, _) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
}

/// needs a category.
#[tokio::test]
async fn needs_a_category() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "create_product",
            json!({
                "category": "nowhere",
                "slug": "lost",
                "name": "Lost",
                "sku": "LST-0001",
                "price": "1",
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("no such category"), "{message}");
}

/// adds a variant.
#[tokio::test]
async fn adds_a_variant() {
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
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "variant": {
                "price": "119.50",
                "cost": null,
                "weight_g": 600,
                "options": { "size": "44" },
            },
        }),
    );
}

/// refuses a second variant with the same SKU.
#[tokio::test]
async fn refuses_a_second_variant_with_the_same_sku() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "add_variant",
            json!({ "product": "ridge-shoes", "sku": "TRS-0042", "name": "42", "price": "1" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "UNIQUE_CONSTRAINT_VIOLATION");
    assert!(message.contains("SKU exists"), "{message}");
}

/// refuses a variant of no product.
#[tokio::test]
async fn refuses_a_variant_of_no_product() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "add_variant",
            json!({ "product": "nothing", "sku": "TRS-0045", "name": "45", "price": "1" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "NOT_NULL_VIOLATION");
    assert!(message.contains("no such product"), "{message}");
}

/// refuses a SKU of another form.
#[tokio::test]
async fn refuses_a_sku_of_another_form() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "add_variant",
            json!({ "product": "ridge-shoes", "sku": "trs-45", "name": "45", "price": "1" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "INVALID_ARGUMENTS");
    assert!(message.contains("sku"), "{message}");
}

/// updates a product.
#[tokio::test]
async fn updates_a_product() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "update_product",
            json!({
                "slug": "cloud-hammock",
                "status": "Active",
                "tags": ["camping", "light"],
                "released_on": "2024-06-01",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "product": {
                "name": "Cloud hammock",
                "status": "active",
                "tags": ["camping", "light"],
                "released_on": "2024-06-01",
            },
        }),
    );
}

/// deletes drafts only.
#[tokio::test]
async fn deletes_drafts_only() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("delete_draft", json!({ "slug": "ember-stove" }))
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("draft"), "{message}");
    let result = server
        .call("delete_draft", json!({ "slug": "cloud-hammock" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "product": { "name": "Cloud hammock" } }),
    );
}

/// reprices a category and notes it.
#[tokio::test]
async fn reprices_a_category_and_notes_it() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("reprice_category", json!({ "category": "tents", "percent": -10 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "count": 2 }));
    let result = server
        .call("find_variants", json!({ "skus": ["TNT-0002", "TNT-0004"] }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "variants": [{ "price": "269.10" }, { "price": "404.10" }] }),
    );
    let result = server
        .call("price_history", json!({ "sku": "TNT-0002" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "changes": [
                {
                    "old_price": "299.00",
                    "new_price": "269.10",
                    "percent": "-10.00",
                    "held_for": null,
                },
            ],
        }),
    );
}

/// shows how long a price held.
#[tokio::test]
async fn shows_how_long_a_price_held() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("price_history", json!({ "sku": "STV-0001" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "changes": [
                { "percent": "5.72", "changed_at": "2024-01-10T07:00:00Z", "held_for": "P41D" },
                { "new_price": "39.95", "held_for": null },
            ],
        }),
    );
}

/// restocks what is there and what never was.
#[tokio::test]
async fn restocks_what_is_there_and_what_never_was() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "restock",
            json!({
                "items": [
                    { "sku": "HMK-0001", "quantity": 4 },
                    { "sku": "XXX-0000", "quantity": 1 },
                ],
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "count": 1, "stock": [{ "sku": "HMK-0001", "on_hand": 4 }] }),
    );
}

/// tells those who watch a product of its new stock.
#[tokio::test]
async fn tells_those_who_watch_a_product_of_its_new_stock() {
    for way in [support::Way::Subscribe, support::Way::Listen] {
        let Some(server) = Fixture::new(crate::SEED).await else { return };
        let mut watcher = support::Watcher::new(
                &server.scratch,
                way,
                &[
                    "store://products/cloud-hammock",
                    "store://products/ember-stove",
                    "store://categories",
                ],
            )
            .await;
        let result = server
            .call(
                "restock",
                json!({ "items": [{ "sku": "HMK-0001", "quantity": 4 }] }),
            )
            .await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let structured = result.structured_content.as_ref().expect("structured content");
        support::assert_subset(structured, &json!({ "count": 1 }));
        watcher.hears(&["store://products/cloud-hammock"]).await;
        watcher.leaves().await;
    }
}

/// adds up deliveries of the same SKU.
#[tokio::test]
async fn adds_up_deliveries_of_the_same_sku() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "restock",
            json!({
                "items": [
                    { "sku": "TRS-0043", "quantity": 4 },
                    { "sku": "TRS-0043", "quantity": 6 },
                ],
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "stock": [{ "sku": "TRS-0043", "on_hand": 10 }] }),
    );
}

/// reports low stock.
#[tokio::test]
async fn reports_low_stock() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("low_stock", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "count": 6,
            "variants": [
                { "sku": "TRS-0043", "on_hand": 0, "sold": 0 },
                { "sku": "TNT-0004", "sold": 1 },
                { "sku": "POT-0002" },
                { "sku": "RJK-0002", "sold": 2 },
                { "sku": "WBT-0042", "sold": 0 },
                { "sku": "DJK-0001" },
            ],
        }),
    );
}

/// adds to what is in the cart.
#[tokio::test]
async fn adds_to_what_is_in_the_cart() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "add_to_cart",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000001",
                "sku": "POT-0002",
                "quantity": 2,
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "item": { "quantity": 3 } }));
    let result = server
        .call(
            "add_to_cart",
            json!({ "customer_id": "c0000000-0000-4000-8000-000000000001", "sku": "STV-0001" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "item": { "quantity": 1 } }));
    let result = server
        .call(
            "get_cart",
            json!({ "customer_id": "c0000000-0000-4000-8000-000000000001" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "items": [
                { "sku": "POT-0002", "total": "133.50" },
                { "sku": "STV-0001", "total": "173.45" },
            ],
        }),
    );
    let result = server
        .call(
            "add_to_cart",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000001",
                "sku": "STV-0001",
                "quantity": 100,
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("at most 100"), "{message}");
}

/// does not put what is retired into a cart.
#[tokio::test]
async fn does_not_put_what_is_retired_into_a_cart() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "add_to_cart",
            json!({ "customer_id": "c0000000-0000-4000-8000-000000000001", "sku": "LNT-0001" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("not sold"), "{message}");
}

/// cleans carts.
#[tokio::test]
async fn cleans_carts() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("clean_carts", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "removed": 2 }));
}

/// adds a promotion.
#[tokio::test]
async fn adds_a_promotion() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "add_promotion",
            json!({
                "code": "SUMMER15",
                "percent_off": "15",
                "from": "2024-06-01T00:00:00Z",
                "until": "2024-09-01T00:00:00Z",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "promotion": { "percent_off": "15.00", "runs_until": "2024-09-01T00:00:00Z" } }),
    );
    let result = server
        .call("running_promotions", json!({ "at": "2024-08-30T12:00:00Z" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "promotions": [
                { "code": "SPRING10", "runs_until": null, "time_left": null },
                { "code": "SUMMER15", "time_left": "P1DT12H" },
            ],
        }),
    );
    let result = server
        .call(
            "add_promotion",
            json!({ "code": "WINTER15", "percent_off": "100", "from": "2024-06-01T00:00:00Z" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("percent_off"), "{message}");
}

/// places an order, with a discount, paid by card.
#[tokio::test]
async fn places_an_order_with_a_discount_paid_by_card() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "place_order",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000001",
                "ship_to": "a0000000-0000-4000-8000-000000000001",
                "items": [
                    { "sku": "STV-0001", "quantity": 2 },
                    { "sku": "POT-0001", "quantity": 1 },
                ],
                "promotion": "SPRING10",
                "method": "card",
                "placed_from": "192.0.2.10",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "stock": [{ "sku": "STV-0001", "on_hand": 25 }, { "sku": "POT-0001", "on_hand": 10 }],
            "order": { "number": 1013 },
            "lines": [
                { "line": 1, "quantity": 2, "line_total": "79.90" },
                { "line": 2, "unit_price": "34.50" },
            ],
            "taken": 2,
            "total": {
                "number": 1013,
                "status": "paid",
                "currency": "EUR",
                "discount": "11.44",
                "total": "102.96",
            },
            "payment": { "kind": "charge", "method": "card", "amount": "102.96" },
        }),
    );
    let result = server
        .call("find_variants", json!({ "skus": ["STV-0001", "POT-0001"] }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "variants": [{ "on_hand": 9 }, { "on_hand": 23 }] }),
    );
    let result = server.call("get_order", json!({ "number": 1013 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "order": {
                "customer": "Ada Lovelace",
                "placed_from": "192.0.2.10",
                "ship_to": "12 St James Square, SW1Y 4JH London, GB",
            },
            "items": [{ "sku": "STV-0001" }, { "sku": "POT-0001" }],
            "payments": [{ "amount": "102.96" }],
        }),
    );
}

/// places an order that is paid later.
#[tokio::test]
async fn places_an_order_that_is_paid_later() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "place_order",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000003",
                "ship_to": "a0000000-0000-4000-8000-000000000004",
                "items": [{ "sku": "TNT-0004", "quantity": 1 }],
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "total": { "status": "pending", "discount": "0.00", "total": "449.00" },
            "payment": null,
        }),
    );
    let result = server
        .call("take_payment", json!({ "number": 1013, "method": "transfer" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "order": { "status": "paid" },
            "payment": { "method": "transfer", "amount": "449.00" },
        }),
    );
    let result = server
        .call("take_payment", json!({ "number": 1013, "method": "transfer" }))
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("pending"), "{message}");
}

/// an order of what is not in stock leaves nothing behind.
#[tokio::test]
async fn an_order_of_what_is_not_in_stock_leaves_nothing_behind() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "place_order",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000001",
                "ship_to": "a0000000-0000-4000-8000-000000000001",
                "items": [
                    { "sku": "STV-0001", "quantity": 2 },
                    { "sku": "TNT-0004", "quantity": 2 },
                ],
                "method": "card",
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("not enough"), "{message}");
    let result = server
        .call("find_variants", json!({ "skus": ["STV-0001", "TNT-0004"] }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "variants": [{ "on_hand": 25 }, { "on_hand": 1 }] }),
    );
    let result = server.call("get_order", json!({ "number": 1013 })).await;
    let (kind, _) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
}

/// an order needs SKUs that are sold.
#[tokio::test]
async fn an_order_needs_sk_us_that_are_sold() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "place_order",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000001",
                "ship_to": "a0000000-0000-4000-8000-000000000001",
                "items": [{ "sku": "LNT-0001", "quantity": 1 }],
                "method": "card",
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("not valid"), "{message}");
}

/// an order goes to an address of the customer.
#[tokio::test]
async fn an_order_goes_to_an_address_of_the_customer() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "place_order",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000001",
                "ship_to": "a0000000-0000-4000-8000-000000000003",
                "items": [{ "sku": "STV-0001", "quantity": 1 }],
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("address"), "{message}");
}

/// a promotion that is over does not count.
#[tokio::test]
async fn a_promotion_that_is_over_does_not_count() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "place_order",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000001",
                "ship_to": "a0000000-0000-4000-8000-000000000001",
                "items": [{ "sku": "STV-0001", "quantity": 1 }],
                "promotion": "NEWYEAR20",
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("promotion"), "{message}");
}

/// a SKU stands once in an order.
#[tokio::test]
async fn a_sku_stands_once_in_an_order() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "place_order",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000001",
                "ship_to": "a0000000-0000-4000-8000-000000000001",
                "items": [
                    { "sku": "STV-0001", "quantity": 1 },
                    { "sku": "STV-0001", "quantity": 1 },
                ],
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "UNIQUE_CONSTRAINT_VIOLATION");
    assert!(message.contains("twice"), "{message}");
}

/// gets an order.
#[tokio::test]
async fn gets_an_order() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("get_order", json!({ "number": "1003" })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "order": {
                "status": "shipped",
                "promotion": "SPRING10",
                "discount": "11.95",
                "total": "107.55",
                "note": null,
            },
            "items": [{ "sku": "TRS-0042", "name": "Ridge trail shoes", "line_total": "119.50" }],
            "payments": [{ "kind": "charge" }],
        }),
    );
}

/// says that there is no such order.
#[tokio::test]
async fn says_that_there_is_no_such_order() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("get_order", json!({ "number": 7 })).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("no such order"), "{message}");
}

/// lists orders by status and total.
#[tokio::test]
async fn lists_orders_by_status_and_total() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "list_orders",
            json!({
                "statuses": ["paid", "packing"],
                "total_at_least": "100",
                "from": "2024-04-01T00:00:00Z",
                "sort": "total",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "orders": [
                { "number": 1012, "total": "119.85" },
                { "number": 1009 },
                { "number": 1008, "status": "paid" },
            ],
            "next_cursor": null,
        }),
    );
}

/// lists the newest orders first.
#[tokio::test]
async fn lists_the_newest_orders_first() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "list_orders",
            json!({ "customer_id": "c0000000-0000-4000-8000-000000000004", "sort": "-placed_at" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "orders": [{ "number": 1011 }, { "number": 1010 }, { "number": 1006 }] }),
    );
}

/// shows the latest order of each customer.
#[tokio::test]
async fn shows_the_latest_order_of_each_customer() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("latest_orders", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "orders": [
                { "customer": "Ada Lovelace", "number": 1012 },
                { "number": 1009 },
                { "number": 1007 },
                { "number": 1011, "status": "pending" },
            ],
        }),
    );
}

/// packs, ships and delivers.
#[tokio::test]
async fn packs_ships_and_delivers() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("claim_next_order", json!({ "packer": "tom" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "order": { "number": 1008, "status": "packing", "packer": "tom" } }),
    );
    let result = server
        .call("claim_next_order", json!({ "packer": "mia" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "order": { "number": 1009 } }));
    let result = server
        .call("claim_next_order", json!({ "packer": "mia" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "order": { "number": 1012 } }));
    let result = server
        .call("claim_next_order", json!({ "packer": "mia" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "order": null }));
    let result = server.call("ship_order", json!({ "number": 1008 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "order": { "status": "shipped" } }),
    );
    let result = server.call("ship_order", json!({ "number": 1008 })).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("being packed"), "{message}");
    let result = server
        .call("deliver_orders", json!({ "numbers": [1003, 1008, 1009] }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "delivered": 2 }));
}

/// nothing arrives before it is shipped.
#[tokio::test]
async fn nothing_arrives_before_it_is_shipped() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "deliver_orders",
            json!({ "numbers": [1003], "at": "2024-03-16T14:00:00Z" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("before"), "{message}");
}

/// cancels a paid order and gives the money back.
#[tokio::test]
async fn cancels_a_paid_order_and_gives_the_money_back() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("cancel_order", json!({ "number": 1009, "reason": "too late" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "order": { "status": "cancelled" },
            "put_back": 1,
            "refund": { "kind": "refund", "method": "card", "amount": "179.80" },
        }),
    );
    let result = server
        .call("find_variants", json!({ "skus": ["RJK-0002"] }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "variants": [{ "on_hand": 5 }] }));
    let result = server.call("get_order", json!({ "number": 1009 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "order": { "note": "too late" },
            "payments": [{ "kind": "charge" }, { "kind": "refund" }],
        }),
    );
    let result = server
        .call("cancel_order", json!({ "number": 1009, "reason": "again" }))
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("cancelled"), "{message}");
}

/// cancels a pending order without a refund.
#[tokio::test]
async fn cancels_a_pending_order_without_a_refund() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("cancel_order", json!({ "number": 1011, "reason": "never paid" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "put_back": 2, "refund": null }));
}

/// refunds a part, then the rest.
#[tokio::test]
async fn refunds_a_part_then_the_rest() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "refund_order",
            json!({ "number": 1001, "amount": "29.85", "reason": "a scratch" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "order": { "status": "delivered" },
            "refund": { "amount": "29.85" },
            "balance": { "kept": "100.00" },
            "closed": 0,
        }),
    );
    let result = server
        .call(
            "refund_order",
            json!({ "number": 1001, "amount": "100.01", "reason": "too much" }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "CHECK_VIOLATION");
    assert!(message.contains("more than was paid"), "{message}");
    let result = server
        .call(
            "refund_order",
            json!({ "number": 1001, "amount": "100", "reason": "sent back" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "balance": { "kept": "0.00" }, "closed": 1 }),
    );
    let result = server.call("get_order", json!({ "number": 1001 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "order": { "status": "refunded" },
            "payments": [{ "amount": "129.85" }, { "amount": "29.85" }, { "amount": "100.00" }],
        }),
    );
}

/// expires pending orders.
#[tokio::test]
async fn expires_pending_orders() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call("expire_orders", json!({ "older_than": "P30D" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "expired": { "numbers": [1010, 1011], "units": 3 } }),
    );
    let result = server.call("expire_orders", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "expired": { "numbers": [], "units": 0 } }),
    );
    let result = server
        .call("find_variants", json!({ "skus": ["TNT-0002"] }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "variants": [{ "on_hand": 7 }] }));
}

/// writes a review, and again.
#[tokio::test]
async fn writes_a_review_and_again() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "write_review",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000002",
                "product": "drizzle-jacket",
                "rating": 3,
                "title": "Fine",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "review": { "rating": 3, "body": "", "published": true } }),
    );
    let result = server
        .call(
            "write_review",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000002",
                "product": "drizzle-jacket",
                "rating": 4,
                "title": "Better",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "review": { "rating": 4 } }));
    let result = server
        .call("review_summary", json!({ "product": "drizzle-jacket" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "products": [
                {
                    "reviews": 2,
                    "mean": "4.50",
                    "median": 4.5,
                    "good": 2,
                    "bad": 0,
                    "latest": ["Better", "Dry"],
                },
            ],
        }),
    );
}

/// only who bought a product reviews it.
#[tokio::test]
async fn only_who_bought_a_product_reviews_it() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "write_review",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000004",
                "product": "lodge-tent-2",
                "rating": 1,
                "title": "Never arrived",
            }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("did not buy"), "{message}");
}

/// shows and hides reviews.
#[tokio::test]
async fn shows_and_hides_reviews() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "publish_reviews",
            json!({
                "ids": [
                    "d0000000-0000-4000-8000-000000000001",
                    "d0000000-0000-4000-8000-000000000006",
                ],
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "changed": 1 }));
}

/// tells those who watch the reviews of a product.
#[tokio::test]
async fn tells_those_who_watch_the_reviews_of_a_product() {
    for way in [support::Way::Subscribe, support::Way::Listen] {
        let Some(server) = Fixture::new(crate::SEED).await else { return };
        let mut watcher = support::Watcher::new(
                &server.scratch,
                way,
                &[
                    "store://products/tundra-boots/reviews",
                    "store://products/drizzle-jacket/reviews",
                ],
            )
            .await;
        let result = server
            .call(
                "publish_reviews",
                json!({
                    "ids": [
                        "d0000000-0000-4000-8000-000000000001",
                        "d0000000-0000-4000-8000-000000000006",
                    ],
                }),
            )
            .await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let structured = result.structured_content.as_ref().expect("structured content");
        support::assert_subset(structured, &json!({ "changed": 1 }));
        watcher.hears(&["store://products/tundra-boots/reviews"]).await;
        watcher.leaves().await;
    }
}

/// sums up reviews.
#[tokio::test]
async fn sums_up_reviews() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("review_summary", json!({ "at_least": 2 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "products": [
                {
                    "product": "ember-stove",
                    "reviews": 2,
                    "mean": "3.00",
                    "median": 3,
                    "good": 1,
                    "bad": 1,
                    "latest": ["Loud", "Hot"],
                },
            ],
        }),
    );
}

/// reports revenue of every day.
#[tokio::test]
async fn reports_revenue_of_every_day() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "revenue_by_day",
            json!({ "from": "2024-03-14", "until": "2024-03-16" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "days": [
                { "day": "2024-03-14", "orders": 0, "revenue": "0", "total": "0" },
                { "day": "2024-03-15", "orders": 2, "revenue": "556.55", "mean_of_week": "278.28" },
                { "orders": 0, "total": "556.55", "mean_of_week": "185.52" },
            ],
        }),
    );
}

/// sums up sales by month and category.
#[tokio::test]
async fn sums_up_sales_by_month_and_category() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server
        .call(
            "sales_by_category",
            json!({ "from": "2024-04-01", "until": "2024-04-30" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "sales": [
                {
                    "month": "2024-04",
                    "category": "clothing",
                    "orders": 2,
                    "sold": 3,
                    "revenue": "428.80",
                    "level": 0,
                },
                {
                    "month": "2024-04",
                    "category": "outdoor",
                    "orders": 1,
                    "sold": 2,
                    "revenue": "84.45",
                    "level": 0,
                },
                {
                    "month": "2024-04",
                    "category": null,
                    "orders": 3,
                    "sold": 5,
                    "revenue": "513.25",
                    "level": 1,
                },
                {
                    "month": null,
                    "category": null,
                    "orders": 3,
                    "sold": 5,
                    "revenue": "513.25",
                    "level": 3,
                },
            ],
        }),
    );
}

/// shows the best seller of each category.
#[tokio::test]
async fn shows_the_best_seller_of_each_category() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("top_products", json!({ "each": 1 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "products": [
                {
                    "category": "cooking",
                    "product": "ember-stove",
                    "sold": 5,
                    "revenue": "199.75",
                    "place": 1,
                },
                { "category": "jackets" },
                { "category": "rainwear", "sold": 3 },
                { "category": "shoes", "product": "ridge-shoes" },
                { "category": "tents", "product": "lodge-tent-2", "sold": 1 },
            ],
        }),
    );
}

/// ranks customers.
#[tokio::test]
async fn ranks_customers() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let result = server.call("customer_ranking", json!({ "limit": 2 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "customers": [
                {
                    "place": 1,
                    "name": "Ada Lovelace",
                    "orders": 4,
                    "spent": "606.25",
                    "quarter": 1,
                    "days_between": "20.9",
                },
                { "place": 2, "name": "Grace Hopper", "spent": "547.80" },
            ],
        }),
    );
}

/// reads the orders table.
#[tokio::test]
async fn reads_the_orders_table() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let found = server.read("schema://orders").await.expect("an answer");
    let text = found;
    assert!(text.contains("placed_at"), "{text}");
}

/// reads a product.
#[tokio::test]
async fn reads_a_product() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let found = server.read("store://products/ember-stove").await.expect("an answer");
    let value: Value = serde_json::from_str(&found).expect("JSON");
    support::assert_subset(
        &value,
        &json!({
            "product": {
                "category": "cooking",
                "price_from": "39.95",
                "in_stock": 25,
                "reviews": 2,
                "rating": "3.00",
            },
        }),
    );
}

/// has no product of that name.
#[tokio::test]
async fn has_no_product_of_that_name() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let error = server.read("store://products/nothing").await.expect_err("an error");
    assert_eq!(
        error.data.as_ref().map(| data | & data["type"]), Some(&
        json!("RECORD_NOT_FOUND")), "{error:?}"
    );
}

/// reads reviews.
#[tokio::test]
async fn reads_reviews() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let found = server
        .read("store://products/ember-stove/reviews")
        .await
        .expect("an answer");
    let value: Value = serde_json::from_str(&found).expect("JSON");
    support::assert_subset(
        &value,
        &json!({
            "reviews": [
                { "rating": 2, "customer": "Alan Turing" },
                { "rating": 4, "title": "Hot" },
            ],
        }),
    );
}

/// reads the categories.
#[tokio::test]
async fn reads_the_categories() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let found = server.read("store://categories").await.expect("an answer");
    let value: Value = serde_json::from_str(&found).expect("JSON");
    support::assert_subset(
        &value,
        &json!({
            "categories": [
                { "slug": "clothing", "parent": null },
                { "slug": "cooking", "parent": "outdoor" },
                {},
                {},
                {},
                {},
                {},
            ],
        }),
    );
}

/// asks for a letter.
#[tokio::test]
async fn asks_for_a_letter() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let found = server
        .prompt("delay_letter", json!({ "number": "1009", "tone": "formal" }))
        .await
        .expect("an answer");
    let text = serde_json::to_string(&found.messages).expect("JSON");
    assert!(text.contains("- 2 × Drizzle rain jacket"), "{text}");
}

/// asks for a digest.
#[tokio::test]
async fn asks_for_a_digest() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let found = server
        .prompt("review_digest", json!({ "product": "ember-stove" }))
        .await
        .expect("an answer");
    let text = serde_json::to_string(&found.messages).expect("JSON");
    assert!(text.contains("Reviews of ember-stove, mean 3.0:"), "{text}");
}
