//! The tools, and which of them a call means.

use rmcp::model::CallToolResult;

use crate::runtime::failure::Failure;
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

/// Calls a tool; none when there is no tool of this name.
pub async fn call(
    shared: &Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<Result<CallToolResult, Failure>> {
    Some(
        match name {
            "search_products" => self::search_products::call(shared, arguments).await,
            "get_product" => self::get_product::call(shared, arguments).await,
            "find_products" => self::find_products::call(shared, arguments).await,
            "create_product" => self::create_product::call(shared, arguments).await,
            "update_product" => self::update_product::call(shared, arguments).await,
            "discontinue_products" => {
                self::discontinue_products::call(shared, arguments).await
            }
            "receive_stock" => self::receive_stock::call(shared, arguments).await,
            "sell" => self::sell::call(shared, arguments).await,
            "count_stock" => self::count_stock::call(shared, arguments).await,
            "movement_history" => self::movement_history::call(shared, arguments).await,
            "reorder_report" => self::reorder_report::call(shared, arguments).await,
            "sales_by_day" => self::sales_by_day::call(shared, arguments).await,
            "stock_value" => self::stock_value::call(shared, arguments).await,
            "list_suppliers" => self::list_suppliers::call(shared, arguments).await,
            "remove_supplier" => self::remove_supplier::call(shared, arguments).await,
            "set_photo" => self::set_photo::call(shared, arguments).await,
            _ => return None,
        },
    )
}
