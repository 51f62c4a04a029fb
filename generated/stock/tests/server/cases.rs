//! The cases of the spec.

use serde_json::{Value, json};

use crate::support;
use crate::support::Fixture;

/// finds products by a word.
#[tokio::test]
async fn finds_products_by_a_word() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("search_products", json!({ "words": "paint" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "products": [
                {
                    "sku": "PT-0001",
                    "price": "42.75",
                    "attributes": { "litres": 5 },
                    "tags": ["white", "indoor"],
                },
            ],
        }),
    );
}

/// shows discontinued products when they are wanted.
#[tokio::test]
async fn shows_discontinued_products_when_they_are_wanted() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "search_products",
            json!({ "words": "paint", "with_discontinued": true, "sort": "-sku" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "products": [{ "sku": "PT-0002", "discontinued": true }, { "sku": "PT-0001" }] }),
    );
}

/// finds products by tag and date.
#[tokio::test]
async fn finds_products_by_tag_and_date() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "search_products",
            json!({ "tag": "steel", "added_since": "2024-02-01" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "products": [{ "sku": "TL-0002" }] }),
    );
}

/// walks the whole range.
#[tokio::test]
async fn walks_the_whole_range() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("search_products", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "products": [{ "id": 1 }, { "id": 3 }, { "id": 2 }, { "id": 4 }],
            "next_cursor": null,
        }),
    );
}

/// gets a product with its stock.
#[tokio::test]
async fn gets_a_product_with_its_stock() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("get_product", json!({ "sku": "TL-0001" })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "product": { "id": 1, "in_stock": 7, "added_on": "2024-01-15" } }),
    );
}

/// says that there is no such product.
#[tokio::test]
async fn says_that_there_is_no_such_product() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("get_product", json!({ "id": 99 })).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("no such product"), "{message}");
}

/// wants an id or a SKU, not both.
#[tokio::test]
async fn wants_an_id_or_a_sku_not_both() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("get_product", json!({ "id": 1, "sku": "TL-0001" }))
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "INVALID_ARGUMENTS");
    assert!(message.contains("exactly one"), "{message}");
}

/// finds several products.
#[tokio::test]
async fn finds_several_products() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("find_products", json!({ "ids": [1, "4", 77] }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "count": 2, "products": [{ "id": 1 }, { "id": 4 }], "asked_for": [1, 4, 77] }),
    );
}

/// creates a product.
#[tokio::test]
async fn creates_a_product() {
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
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "product": {
                "id": 6,
                "price": "24.00",
                "attributes": { "weight_g": 1800 },
                "tags": ["steel"],
                "discontinued": false,
            },
        }),
    );
    let text = support::text(&result);
    assert!(text.contains("Created GD-0002, Spade, for 24.00"), "{text}");
}

/// takes attributes that came as a string.
#[tokio::test]
async fn takes_attributes_that_came_as_a_string() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "create_product",
            json!({
                "sku": "GD-0003",
                "name": "Rake",
                "price": "18.10",
                "supplier_id": 2,
                "attributes": "{\"length_m\": 1.6}",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "product": { "category": "other", "attributes": { "length_m": 1.6 }, "tags": [] },
        }),
    );
}

/// refuses a second product with the same SKU.
#[tokio::test]
async fn refuses_a_second_product_with_the_same_sku() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "create_product",
            json!({ "sku": "TL-0001", "name": "Another hammer", "price": "1", "supplier_id": 1 }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "UNIQUE_CONSTRAINT_VIOLATION");
    assert!(message.contains("exists"), "{message}");
}

/// refuses a supplier that is not there.
#[tokio::test]
async fn refuses_a_supplier_that_is_not_there() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "create_product",
            json!({ "sku": "TL-0009", "name": "Saw", "price": "1", "supplier_id": 77 }),
        )
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "FOREIGN_KEY_VIOLATION");
    assert!(message.contains("no such supplier"), "{message}");
}

/// updates what was given.
#[tokio::test]
async fn updates_what_was_given() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("update_product", json!({ "id": 4, "price": "39.99" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "product": { "name": "White paint 5 l", "price": "39.99" } }),
    );
}

/// tells those who watch a product of its new price.
#[tokio::test]
async fn tells_those_who_watch_a_product_of_its_new_price() {
    for way in [support::Way::Subscribe, support::Way::Listen] {
        let server = Fixture::new(crate::SEED).await;
        let mut watcher = support::Watcher::new(
                &server.scratch,
                way,
                &["stock://products/PT-0001", "stock://products/TL-0001"],
            )
            .await;
        let result = server
            .call("update_product", json!({ "id": 4, "price": "39.99" }))
            .await;
        assert_ne!(result.is_error, Some(true), "{result:?}");
        let structured = result.structured_content.as_ref().expect("structured content");
        support::assert_subset(
            structured,
            &json!({ "product": { "sku": "PT-0001" } }),
        );
        watcher.hears(&["stock://products/PT-0001"]).await;
        watcher.leaves().await;
    }
}

/// discontinues products.
#[tokio::test]
async fn discontinues_products() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "discontinue_products",
            json!({ "skus": ["TL-0001", "PT-0002", "XX-0000"] }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "discontinued": 1 }));
}

/// books a delivery.
#[tokio::test]
async fn books_a_delivery() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "receive_stock",
            json!({
                "product_id": 3,
                "quantity": 10,
                "received_at": "2024-05-01T08:00:00Z",
                "note": "late",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "movement": {
                "kind": "receipt",
                "quantity": 10,
                "moved_at": "2024-05-01T08:00:00Z",
                "note": "late",
            },
            "stock": { "in_stock": 16 },
        }),
    );
    let result = server
        .call("receive_stock", json!({ "product_id": 3, "quantity": 1 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "movement": { "note": null }, "stock": { "in_stock": 17 } }),
    );
}

/// books a delivery that came now.
#[tokio::test]
async fn books_a_delivery_that_came_now() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "receive_stock",
            json!({ "product_id": 3, "quantity": 2, "received_at": null }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "stock": { "in_stock": 8 } }));
}

/// sells what is there.
#[tokio::test]
async fn sells_what_is_there() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("sell", json!({ "product_id": 1, "quantity": 7 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "movement": { "kind": "sale", "quantity": -7 } }),
    );
}

/// does not sell what is not there.
#[tokio::test]
async fn does_not_sell_what_is_not_there() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("sell", json!({ "product_id": 1, "quantity": 8 }))
        .await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "RECORD_NOT_FOUND");
    assert!(message.contains("not enough"), "{message}");
}

/// corrects the stock to what was counted.
#[tokio::test]
async fn corrects_the_stock_to_what_was_counted() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("count_stock", json!({ "product_id": 1, "counted": 5 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "correction": { "quantity": -2 } }),
    );
    let result = server
        .call("count_stock", json!({ "product_id": 1, "counted": 5 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "correction": null }));
}

/// counts what is right already.
#[tokio::test]
async fn counts_what_is_right_already() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("count_stock", json!({ "product_id": 1, "counted": 7 }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "correction": null }));
}

/// shows movements with the stock after each.
#[tokio::test]
async fn shows_movements_with_the_stock_after_each() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "movement_history",
            json!({ "product_id": 1, "sort": "-moved_at" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "movements": [
                { "id": 3, "stock_after": 7 },
                { "id": 2, "stock_after": 25 },
                { "id": 1, "stock_after": 40 },
            ],
        }),
    );
}

/// shows movements of some kinds and days.
#[tokio::test]
async fn shows_movements_of_some_kinds_and_days() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "movement_history",
            json!({
                "product_id": 2,
                "kinds": ["sale", "return"],
                "from": "2024-04-02T00:00:00Z",
                "until": "2024-04-03T00:00:00+00:00",
            }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "movements": [{ "id": 5, "kind": "sale" }] }),
    );
}

/// reports what must be ordered.
#[tokio::test]
async fn reports_what_must_be_ordered() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("reorder_report", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "count": 2,
            "truncated": false,
            "since": "2000-01-01",
            "due": [
                { "sku": "GD-0001", "supplier": "Green Thumb", "in_stock": 6, "to_order": 16 },
                {
                    "sku": "TL-0001",
                    "sold": 33,
                    "in_stock": 7,
                    "to_order": 50,
                    "rank_at_supplier": 1,
                },
            ],
        }),
    );
}

/// reports for one supplier.
#[tokio::test]
async fn reports_for_one_supplier() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("reorder_report", json!({ "supplier": "Colour House" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "due": [] }));
}

/// sums up sales by day.
#[tokio::test]
async fn sums_up_sales_by_day() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "sales_by_day",
            json!({ "from": "2024-04-02", "until": "2024-04-03" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "days": [
                { "day": "2024-04-02", "sold": 19, "total": 19 },
                { "day": "2024-04-03", "sold": 18, "total": 37, "mean_of_week": 18.5 },
            ],
        }),
    );
}

/// values the stock.
#[tokio::test]
async fn values_the_stock() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("stock_value", json!({})).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(structured, &json!({ "value": "1883.05" }));
}

/// lists suppliers by products.
#[tokio::test]
async fn lists_suppliers_by_products() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call("list_suppliers", json!({ "sort": "-products" }))
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({
            "suppliers": [
                { "products": 2 },
                { "products": 2 },
                { "name": "Green Thumb", "email": null, "products": 1 },
            ],
        }),
    );
}

/// keeps a supplier who still delivers.
#[tokio::test]
async fn keeps_a_supplier_who_still_delivers() {
    let server = Fixture::new(crate::SEED).await;
    let result = server.call("remove_supplier", json!({ "id": 1 })).await;
    let (kind, message) = support::error(&result).expect("an error");
    assert_eq!(kind, "FOREIGN_KEY_VIOLATION");
    assert!(message.contains("still delivers"), "{message}");
}

/// removes a supplier who delivers nothing.
#[tokio::test]
async fn removes_a_supplier_who_delivers_nothing() {
    let server = Fixture::new(
            &[
                crate::SEED,
                &[
                    include_str!(
                        "../seeds/case_removes_a_supplier_who_delivers_nothing.sql"
                    ),
                ],
            ]
                .concat(),
        )
        .await;
    let result = server.call("remove_supplier", json!({ "id": 9 })).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "supplier": { "name": "Idle Hands" } }),
    );
}

/// stores a photo.
#[tokio::test]
async fn stores_a_photo() {
    let server = Fixture::new(crate::SEED).await;
    let result = server
        .call(
            "set_photo",
            json!({ "product_id": 2, "image": "iVBORw0KGgo=", "taken_on": "2024-06-01" }),
        )
        .await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    let structured = result.structured_content.as_ref().expect("structured content");
    support::assert_subset(
        structured,
        &json!({ "photo": { "bytes": 8, "taken_on": "2024-06-01" } }),
    );
}

/// reads a product.
#[tokio::test]
async fn reads_a_product() {
    let server = Fixture::new(crate::SEED).await;
    let found = server.read("stock://products/TL-0001").await.expect("an answer");
    let value: Value = serde_json::from_str(&found).expect("JSON");
    support::assert_subset(
        &value,
        &json!({ "product": { "name": "Claw hammer" } }),
    );
}

/// reads a photo.
#[tokio::test]
async fn reads_a_photo() {
    let server = Fixture::new(crate::SEED).await;
    let found = server.read("stock://products/TL-0001/photo").await.expect("an answer");
    let text = found;
    assert!(text.contains("iVBORw0KGgo="), "{text}");
}

/// has no photo of every product.
#[tokio::test]
async fn has_no_photo_of_every_product() {
    let server = Fixture::new(crate::SEED).await;
    let error = server
        .read("stock://products/TL-0002/photo")
        .await
        .expect_err("an error");
    assert_eq!(
        error.data.as_ref().map(| data | & data["type"]), Some(&
        json!("RECORD_NOT_FOUND")), "{error:?}"
    );
}

/// reads the suppliers.
#[tokio::test]
async fn reads_the_suppliers() {
    let server = Fixture::new(crate::SEED).await;
    let found = server.read("stock://suppliers").await.expect("an answer");
    let value: Value = serde_json::from_str(&found).expect("JSON");
    support::assert_subset(
        &value,
        &json!({
            "suppliers": [
                { "name": "Colour House" },
                { "name": "Green Thumb" },
                { "name": "Hammer & Sons", "lead_time_days": 3 },
            ],
        }),
    );
}

/// asks for a letter.
#[tokio::test]
async fn asks_for_a_letter() {
    let server = Fixture::new(crate::SEED).await;
    let found = server
        .prompt(
            "order_letter",
            json!({ "supplier": "Green Thumb", "tone": "formal" }),
        )
        .await
        .expect("an answer");
    let text = serde_json::to_string(&found.messages).expect("JSON");
    assert!(text.contains("16 × Garden hose 20 m (GD-0001)"), "{text}");
}

/// asks for no letter in another tone.
#[tokio::test]
async fn asks_for_no_letter_in_another_tone() {
    let server = Fixture::new(crate::SEED).await;
    let error = server
        .prompt(
            "order_letter",
            json!({ "supplier": "Green Thumb", "tone": "rude" }),
        )
        .await
        .expect_err("an error");
    assert_eq!(
        error.data.as_ref().map(| data | & data["type"]), Some(&
        json!("INVALID_ARGUMENTS")), "{error:?}"
    );
    assert!(error.message.contains("tone"), "{}", error.message);
}
