//! What is written of calls.

use crate::runtime::audit::{Members, Rules, Shown};

/// What lines say.
pub static RULES: Rules = Rules {
    required: changes,
    arguments: written,
    table: SQL,
};

/// Whether a tool changes anything.
fn changes(tool: &str) -> bool {
    matches!(
        tool, "create_customer" | "update_customer" | "add_to_segments" |
        "delete_customer" | "add_address" | "create_product" | "add_variant" |
        "update_product" | "delete_draft" | "reprice_category" | "restock" |
        "add_to_cart" | "clean_carts" | "add_promotion" | "place_order" | "take_payment"
        | "claim_next_order" | "ship_order" | "deliver_orders" | "cancel_order" |
        "refund_order" | "expire_orders" | "write_review" | "publish_reviews"
    )
}

/// What is written of the arguments of a tool or a prompt.
fn written(method: &str, name: &str) -> Members {
    match (method, name) {
        ("tools/call", "list_customers") => {
            &[
                ("words", Shown::Whole),
                ("segment", Shown::Whole),
                ("country", Shown::Whole),
                ("active", Shown::Whole),
                ("sort", Shown::Whole),
                ("cursor", Shown::Redacted),
                ("page_size", Shown::Whole),
            ]
        }
        ("tools/call", "get_customer") => {
            &[("id", Shown::Whole), ("email", Shown::Redacted)]
        }
        ("tools/call", "create_customer") => {
            &[
                ("email", Shown::Redacted),
                ("name", Shown::Whole),
                ("phone", Shown::Redacted),
                ("birthday", Shown::Whole),
                ("segments", Shown::Whole),
                (
                    "preferences",
                    Shown::Members(
                        &[
                            ("language", Shown::Whole),
                            ("currency", Shown::Whole),
                            ("gift_wrap", Shown::Whole),
                        ],
                    ),
                ),
            ]
        }
        ("tools/call", "update_customer") => {
            &[
                ("id", Shown::Whole),
                ("name", Shown::Whole),
                ("phone", Shown::Redacted),
                ("active", Shown::Whole),
                (
                    "preferences",
                    Shown::Members(
                        &[
                            ("language", Shown::Whole),
                            ("currency", Shown::Whole),
                            ("gift_wrap", Shown::Whole),
                        ],
                    ),
                ),
            ]
        }
        ("tools/call", "add_to_segments") => {
            &[("ids", Shown::Whole), ("segments", Shown::Whole)]
        }
        ("tools/call", "delete_customer") => &[("id", Shown::Whole)],
        ("tools/call", "add_address") => {
            &[
                ("customer_id", Shown::Whole),
                ("kind", Shown::Whole),
                ("line1", Shown::Whole),
                ("line2", Shown::Whole),
                ("postcode", Shown::Whole),
                ("city", Shown::Whole),
                ("country", Shown::Whole),
                ("is_default", Shown::Whole),
            ]
        }
        ("tools/call", "category_tree") => &[("root", Shown::Whole)],
        ("tools/call", "search_products") => {
            &[
                ("words", Shown::Whole),
                ("tags", Shown::Whole),
                ("price_at_most", Shown::Whole),
                ("limit", Shown::Whole),
            ]
        }
        ("tools/call", "list_products") => {
            &[
                ("category", Shown::Whole),
                ("tags", Shown::Whole),
                ("brand", Shown::Whole),
                ("price_from", Shown::Whole),
                ("price_to", Shown::Whole),
                ("available", Shown::Whole),
                ("sort", Shown::Whole),
                ("cursor", Shown::Redacted),
                ("page_size", Shown::Whole),
            ]
        }
        ("tools/call", "get_product") => &[("id", Shown::Whole), ("slug", Shown::Whole)],
        ("tools/call", "find_variants") => &[("skus", Shown::Whole)],
        ("tools/call", "products_by_attribute") => {
            &[
                ("has", Shown::Whole),
                (
                    "attributes",
                    Shown::Members(
                        &[
                            ("material", Shown::Whole),
                            ("waterproof", Shown::Whole),
                            ("persons", Shown::Whole),
                        ],
                    ),
                ),
                ("name", Shown::Whole),
                ("value", Shown::Whole),
            ]
        }
        ("tools/call", "create_product") => {
            &[
                ("category", Shown::Whole),
                ("slug", Shown::Whole),
                ("name", Shown::Whole),
                ("description", Shown::Whole),
                ("brand", Shown::Whole),
                ("tags", Shown::Whole),
                ("sold_from", Shown::Whole),
                ("sold_until", Shown::Whole),
                ("sku", Shown::Whole),
                ("price", Shown::Whole),
            ]
        }
        ("tools/call", "add_variant") => {
            &[
                ("product", Shown::Whole),
                ("sku", Shown::Whole),
                ("name", Shown::Whole),
                ("price", Shown::Whole),
                ("cost", Shown::Whole),
                ("weight_g", Shown::Whole),
                (
                    "options",
                    Shown::Members(&[("size", Shown::Whole), ("colour", Shown::Whole)]),
                ),
            ]
        }
        ("tools/call", "update_product") => {
            &[
                ("slug", Shown::Whole),
                ("name", Shown::Whole),
                ("description", Shown::Whole),
                ("status", Shown::Whole),
                ("tags", Shown::Whole),
                ("released_on", Shown::Whole),
            ]
        }
        ("tools/call", "delete_draft") => &[("slug", Shown::Whole)],
        ("tools/call", "reprice_category") => {
            &[("category", Shown::Whole), ("percent", Shown::Whole)]
        }
        ("tools/call", "price_history") => {
            &[
                ("sku", Shown::Whole),
                ("sort", Shown::Whole),
                ("cursor", Shown::Redacted),
                ("page_size", Shown::Whole),
            ]
        }
        ("tools/call", "restock") => {
            &[
                (
                    "items",
                    Shown::Members(&[("sku", Shown::Whole), ("quantity", Shown::Whole)]),
                ),
            ]
        }
        ("tools/call", "low_stock") => &[("since", Shown::Whole)],
        ("tools/call", "add_to_cart") => {
            &[
                ("customer_id", Shown::Whole),
                ("sku", Shown::Whole),
                ("quantity", Shown::Whole),
            ]
        }
        ("tools/call", "get_cart") => &[("customer_id", Shown::Whole)],
        ("tools/call", "add_promotion") => {
            &[
                ("code", Shown::Whole),
                ("percent_off", Shown::Whole),
                ("from", Shown::Whole),
                ("until", Shown::Whole),
            ]
        }
        ("tools/call", "running_promotions") => &[("at", Shown::Whole)],
        ("tools/call", "place_order") => {
            &[
                ("customer_id", Shown::Whole),
                ("ship_to", Shown::Whole),
                (
                    "items",
                    Shown::Members(&[("sku", Shown::Whole), ("quantity", Shown::Whole)]),
                ),
                ("promotion", Shown::Whole),
                ("method", Shown::Whole),
                ("placed_from", Shown::Whole),
                ("note", Shown::Whole),
            ]
        }
        ("tools/call", "take_payment") => {
            &[("number", Shown::Whole), ("method", Shown::Whole)]
        }
        ("tools/call", "get_order") => &[("number", Shown::Whole)],
        ("tools/call", "list_orders") => {
            &[
                ("customer_id", Shown::Whole),
                ("statuses", Shown::Whole),
                ("from", Shown::Whole),
                ("until", Shown::Whole),
                ("total_at_least", Shown::Whole),
                ("sort", Shown::Whole),
                ("cursor", Shown::Redacted),
                ("page_size", Shown::Whole),
            ]
        }
        ("tools/call", "latest_orders") => &[("since", Shown::Whole)],
        ("tools/call", "claim_next_order") => &[("packer", Shown::Whole)],
        ("tools/call", "ship_order") => &[("number", Shown::Whole)],
        ("tools/call", "deliver_orders") => {
            &[("numbers", Shown::Whole), ("at", Shown::Whole)]
        }
        ("tools/call", "cancel_order") => {
            &[("number", Shown::Whole), ("reason", Shown::Whole)]
        }
        ("tools/call", "refund_order") => {
            &[
                ("number", Shown::Whole),
                ("amount", Shown::Whole),
                ("reason", Shown::Whole),
            ]
        }
        ("tools/call", "expire_orders") => &[("older_than", Shown::Whole)],
        ("tools/call", "write_review") => {
            &[
                ("customer_id", Shown::Whole),
                ("product", Shown::Whole),
                ("rating", Shown::Whole),
                ("title", Shown::Whole),
                ("body", Shown::Whole),
            ]
        }
        ("tools/call", "publish_reviews") => {
            &[("ids", Shown::Whole), ("published", Shown::Whole)]
        }
        ("tools/call", "review_summary") => {
            &[("product", Shown::Whole), ("at_least", Shown::Whole)]
        }
        ("tools/call", "revenue_by_day") => {
            &[("from", Shown::Whole), ("until", Shown::Whole)]
        }
        ("tools/call", "sales_by_category") => {
            &[("from", Shown::Whole), ("until", Shown::Whole)]
        }
        ("tools/call", "top_products") => {
            &[("each", Shown::Whole), ("since", Shown::Whole)]
        }
        ("tools/call", "customer_ranking") => &[("limit", Shown::Whole)],
        ("prompts/get", "delay_letter") => {
            &[("number", Shown::Whole), ("tone", Shown::Whole)]
        }
        ("prompts/get", "review_digest") => &[("product", Shown::Whole)],
        _ => &[],
    }
}

/// The statement that keeps a line.
const SQL: &str = r#"INSERT INTO audit_log ("time", client, address, transport, session, method, name, arguments, outcome, error_type, "rows", bytes, duration_ms, request_id, trace_id) VALUES ($1::text::timestamp with time zone, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9, $10, $11::text::bigint, $12::text::bigint, $13::text::double precision, $14, $15)"#;
