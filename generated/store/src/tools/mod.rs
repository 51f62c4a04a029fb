//! The tools, and which of them a call means.

use crate::runtime::answer;
use crate::server::Shared;

pub mod list_customers;
pub mod get_customer;
pub mod create_customer;
pub mod update_customer;
pub mod add_to_segments;
pub mod delete_customer;
pub mod add_address;
pub mod category_tree;
pub mod search_products;
pub mod list_products;
pub mod get_product;
pub mod find_variants;
pub mod products_by_attribute;
pub mod create_product;
pub mod add_variant;
pub mod update_product;
pub mod delete_draft;
pub mod reprice_category;
pub mod price_history;
pub mod restock;
pub mod low_stock;
pub mod add_to_cart;
pub mod get_cart;
pub mod clean_carts;
pub mod add_promotion;
pub mod running_promotions;
pub mod place_order;
pub mod take_payment;
pub mod get_order;
pub mod list_orders;
pub mod latest_orders;
pub mod claim_next_order;
pub mod ship_order;
pub mod deliver_orders;
pub mod cancel_order;
pub mod refund_order;
pub mod expire_orders;
pub mod write_review;
pub mod publish_reviews;
pub mod review_summary;
pub mod revenue_by_day;
pub mod sales_by_category;
pub mod top_products;
pub mod customer_ranking;

/// The call of a tool; none when there is no tool of this name.
pub fn call<'c>(
    shared: &'c Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<answer::Call<'c>> {
    Some(
        match name {
            "list_customers" => self::list_customers::call(shared, arguments),
            "get_customer" => self::get_customer::call(shared, arguments),
            "create_customer" => self::create_customer::call(shared, arguments),
            "update_customer" => self::update_customer::call(shared, arguments),
            "add_to_segments" => self::add_to_segments::call(shared, arguments),
            "delete_customer" => self::delete_customer::call(shared, arguments),
            "add_address" => self::add_address::call(shared, arguments),
            "category_tree" => self::category_tree::call(shared, arguments),
            "search_products" => self::search_products::call(shared, arguments),
            "list_products" => self::list_products::call(shared, arguments),
            "get_product" => self::get_product::call(shared, arguments),
            "find_variants" => self::find_variants::call(shared, arguments),
            "products_by_attribute" => {
                self::products_by_attribute::call(shared, arguments)
            }
            "create_product" => self::create_product::call(shared, arguments),
            "add_variant" => self::add_variant::call(shared, arguments),
            "update_product" => self::update_product::call(shared, arguments),
            "delete_draft" => self::delete_draft::call(shared, arguments),
            "reprice_category" => self::reprice_category::call(shared, arguments),
            "price_history" => self::price_history::call(shared, arguments),
            "restock" => self::restock::call(shared, arguments),
            "low_stock" => self::low_stock::call(shared, arguments),
            "add_to_cart" => self::add_to_cart::call(shared, arguments),
            "get_cart" => self::get_cart::call(shared, arguments),
            "clean_carts" => self::clean_carts::call(shared, arguments),
            "add_promotion" => self::add_promotion::call(shared, arguments),
            "running_promotions" => self::running_promotions::call(shared, arguments),
            "place_order" => self::place_order::call(shared, arguments),
            "take_payment" => self::take_payment::call(shared, arguments),
            "get_order" => self::get_order::call(shared, arguments),
            "list_orders" => self::list_orders::call(shared, arguments),
            "latest_orders" => self::latest_orders::call(shared, arguments),
            "claim_next_order" => self::claim_next_order::call(shared, arguments),
            "ship_order" => self::ship_order::call(shared, arguments),
            "deliver_orders" => self::deliver_orders::call(shared, arguments),
            "cancel_order" => self::cancel_order::call(shared, arguments),
            "refund_order" => self::refund_order::call(shared, arguments),
            "expire_orders" => self::expire_orders::call(shared, arguments),
            "write_review" => self::write_review::call(shared, arguments),
            "publish_reviews" => self::publish_reviews::call(shared, arguments),
            "review_summary" => self::review_summary::call(shared, arguments),
            "revenue_by_day" => self::revenue_by_day::call(shared, arguments),
            "sales_by_category" => self::sales_by_category::call(shared, arguments),
            "top_products" => self::top_products::call(shared, arguments),
            "customer_ranking" => self::customer_ranking::call(shared, arguments),
            _ => return None,
        },
    )
}
