//! The tools, and which of them a call means.

use crate::runtime::answer;
use crate::server::Shared;

pub mod search_products;
pub mod get_product;
pub mod find_products;
pub mod create_product;
pub mod update_product;
pub mod discontinue_products;
pub mod receive_stock;
pub mod sell;
pub mod count_stock;
pub mod movement_history;
pub mod reorder_report;
pub mod sales_by_day;
pub mod stock_value;
pub mod list_suppliers;
pub mod remove_supplier;
pub mod set_photo;

/// The call of a tool; none when there is no tool of this name.
pub fn call<'c>(
    shared: &'c Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<answer::Call<'c>> {
    Some(
        match name {
            "search_products" => self::search_products::call(shared, arguments),
            "get_product" => self::get_product::call(shared, arguments),
            "find_products" => self::find_products::call(shared, arguments),
            "create_product" => self::create_product::call(shared, arguments),
            "update_product" => self::update_product::call(shared, arguments),
            "discontinue_products" => self::discontinue_products::call(shared, arguments),
            "receive_stock" => self::receive_stock::call(shared, arguments),
            "sell" => self::sell::call(shared, arguments),
            "count_stock" => self::count_stock::call(shared, arguments),
            "movement_history" => self::movement_history::call(shared, arguments),
            "reorder_report" => self::reorder_report::call(shared, arguments),
            "sales_by_day" => self::sales_by_day::call(shared, arguments),
            "stock_value" => self::stock_value::call(shared, arguments),
            "list_suppliers" => self::list_suppliers::call(shared, arguments),
            "remove_supplier" => self::remove_supplier::call(shared, arguments),
            "set_photo" => self::set_photo::call(shared, arguments),
            _ => return None,
        },
    )
}
