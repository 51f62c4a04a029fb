//! What the server needs to be allowed to do: no more than it is.

use serde_json::{Value, json};

use crate::support;
use crate::support::Fixture;

/// With one grant less, a call that needs it is refused, and the client hears no more than that.
#[tokio::test]
async fn each_grant_is_needed() {
    let Some(server) = Fixture::new(crate::SEED).await else { return };
    let calls: [(&str, &str, Value); 38] = [
        (
            "SELECT (id, customer_id, line1, line2, postcode, city, country) ON addresses",
            "add_address",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000002",
                "line1": "Damrak 1",
                "postcode": "1012 LG",
                "city": "Amsterdam",
                "country": "NL",
                "is_default": true,
            }),
        ),
        (
            "SELECT (customer_id, variant_id, quantity, added_at) ON cart_items",
            "add_to_cart",
            json!({ "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f", "sku": "AAA-0000" }),
        ),
        (
            "SELECT (id, parent_id, slug, name, return_window) ON categories",
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
        ),
        (
            "SELECT (id, email, name, phone, birthday, active, segments, preferences, last_seen_from, created_at) ON customers",
            "create_customer",
            json!({
                "email": "hedy@example.com",
                "name": "Hedy Lamarr",
                "segments": ["newsletter"],
                "preferences": { "language": "de" },
            }),
        ),
        (
            "SELECT (order_id, line, variant_id, quantity, unit_price, line_total) ON order_items",
            "get_order",
            json!({ "number": "1003" }),
        ),
        (
            "SELECT (id, number, customer_id, ship_to, status, currency, promotion, discount, total, placed_at, placed_from, packer, shipped_at, delivered_at, note) ON orders",
            "get_order",
            json!({ "number": "1003" }),
        ),
        (
            "SELECT (id, order_id, kind, method, amount, paid_at) ON payments",
            "get_order",
            json!({ "number": "1003" }),
        ),
        (
            "SELECT (id, variant_id, old_price, new_price, changed_at) ON price_changes",
            "price_history",
            json!({ "sku": "STV-0001" }),
        ),
        (
            "SELECT (id, category_id, slug, name, description, brand, status, tags, attributes, season, released_on, updated_at, search) ON products",
            "find_variants",
            json!({ "skus": ["POT-0002", "HMK-0001", "XXX-0000"] }),
        ),
        (
            "SELECT (code, percent_off, runs) ON promotions",
            "add_promotion",
            json!({ "code": "AAAA", "percent_off": "12.50", "from": "2024-02-29T12:30:00Z" }),
        ),
        (
            "SELECT (product_id, customer_id, rating, title, body, published, written_at) ON reviews",
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "text",
            }),
        ),
        (
            "SELECT (order_id, day, product_id, category_id, sku, quantity, line_total) ON sales",
            "low_stock",
            json!({}),
        ),
        (
            "SELECT (variant_id, on_hand, reorder_level) ON stock_levels",
            "find_variants",
            json!({ "skus": ["POT-0002", "HMK-0001", "XXX-0000"] }),
        ),
        (
            "SELECT (id, product_id, sku, name, price, weight_g, options) ON variants",
            "find_variants",
            json!({ "skus": ["POT-0002", "HMK-0001", "XXX-0000"] }),
        ),
        (
            "SELECT (kind, is_default) ON addresses",
            "add_address",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000002",
                "line1": "Damrak 1",
                "postcode": "1012 LG",
                "city": "Amsterdam",
                "country": "NL",
                "is_default": true,
            }),
        ),
        (
            "INSERT (customer_id, kind, line1, line2, postcode, city, country, is_default) ON addresses",
            "add_address",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000002",
                "line1": "Damrak 1",
                "postcode": "1012 LG",
                "city": "Amsterdam",
                "country": "NL",
                "is_default": true,
            }),
        ),
        (
            "UPDATE (is_default) ON addresses",
            "add_address",
            json!({
                "customer_id": "c0000000-0000-4000-8000-000000000002",
                "line1": "Damrak 1",
                "postcode": "1012 LG",
                "city": "Amsterdam",
                "country": "NL",
                "is_default": true,
            }),
        ),
        (
            "INSERT (customer_id, variant_id, quantity) ON cart_items",
            "add_to_cart",
            json!({ "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f", "sku": "AAA-0000" }),
        ),
        (
            "UPDATE (quantity) ON cart_items",
            "add_to_cart",
            json!({ "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f", "sku": "AAA-0000" }),
        ),
        ("DELETE ON cart_items", "clean_carts", json!({})),
        (
            "INSERT (email, name, phone, birthday, segments, preferences) ON customers",
            "create_customer",
            json!({
                "email": "hedy@example.com",
                "name": "Hedy Lamarr",
                "segments": ["newsletter"],
                "preferences": { "language": "de" },
            }),
        ),
        (
            "UPDATE (id, name, phone, active, segments, preferences) ON customers",
            "add_to_segments",
            json!({
                "ids": [
                    "c0000000-0000-4000-8000-000000000001",
                    "c0000000-0000-4000-8000-000000000099",
                ],
                "segments": ["beta", "vip"],
            }),
        ),
        (
            "DELETE ON customers",
            "delete_customer",
            json!({ "id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f" }),
        ),
        (
            "UPDATE (status, discount, total, packer, shipped_at, delivered_at, note) ON orders",
            "claim_next_order",
            json!({ "packer": "text" }),
        ),
        (
            "INSERT (order_id, kind, method, amount, reason) ON payments",
            "cancel_order",
            json!({ "number": 1011, "reason": "never paid" }),
        ),
        (
            "SELECT (created_at) ON products",
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
        ),
        (
            "INSERT (category_id, slug, name, description, brand, tags, season) ON products",
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
        ),
        ("DELETE ON products", "delete_draft", json!({ "slug": "a" })),
        (
            "INSERT (code, percent_off, runs) ON promotions",
            "add_promotion",
            json!({ "code": "AAAA", "percent_off": "12.50", "from": "2024-02-29T12:30:00Z" }),
        ),
        (
            "SELECT (id) ON reviews",
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "text",
            }),
        ),
        (
            "INSERT (product_id, customer_id, rating, title, body) ON reviews",
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "text",
            }),
        ),
        (
            "UPDATE (rating, title, body, published, written_at) ON reviews",
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "text",
            }),
        ),
        (
            "SELECT (customer_id) ON sales",
            "write_review",
            json!({
                "customer_id": "6f0a3c5e-8f43-4c8b-9d5e-0a1b2c3d4e5f",
                "product": "a",
                "rating": 1,
                "title": "text",
            }),
        ),
        (
            "INSERT (variant_id, on_hand) ON stock_levels",
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
        ),
        (
            "UPDATE (on_hand, counted_at) ON stock_levels",
            "restock",
            json!({
                "items": [
                    { "sku": "HMK-0001", "quantity": 4 },
                    { "sku": "XXX-0000", "quantity": 1 },
                ],
            }),
        ),
        (
            "SELECT (cost) ON variants",
            "add_variant",
            json!({
                "product": "ridge-shoes",
                "sku": "TRS-0044",
                "name": "44",
                "price": "119.5",
                "weight_g": 600,
                "options": { "size": "44" },
            }),
        ),
        (
            "INSERT (product_id, sku, name, price, cost, weight_g, options) ON variants",
            "create_product",
            json!({
                "category": "a",
                "slug": "a",
                "name": "text",
                "sku": "AAA-0000",
                "price": "12.50",
            }),
        ),
        (
            "UPDATE (price) ON variants",
            "reprice_category",
            json!({ "category": "a", "percent": 1.5 }),
        ),
    ];
    for (grant, tool, arguments) in calls {
        server.scratch.revoke(grant).await;
        let result = server.call(tool, arguments).await;
        let (kind, message) = support::error(&result).expect("an error");
        assert_eq!(kind, "PERMISSION_DENIED", "{tool} without {grant}: {message}");
        assert_eq!(message, "The database does not allow this.");
        server.scratch.grant(grant).await;
    }
}
