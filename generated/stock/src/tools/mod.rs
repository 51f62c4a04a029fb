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
            "search_products" => search_products::call(shared, arguments).await,
            "get_product" => get_product::call(shared, arguments).await,
            "find_products" => find_products::call(shared, arguments).await,
            "create_product" => create_product::call(shared, arguments).await,
            "update_product" => update_product::call(shared, arguments).await,
            "discontinue_products" => discontinue_products::call(shared, arguments).await,
            "receive_stock" => receive_stock::call(shared, arguments).await,
            "sell" => sell::call(shared, arguments).await,
            "count_stock" => count_stock::call(shared, arguments).await,
            "movement_history" => movement_history::call(shared, arguments).await,
            "reorder_report" => reorder_report::call(shared, arguments).await,
            "sales_by_day" => sales_by_day::call(shared, arguments).await,
            "stock_value" => stock_value::call(shared, arguments).await,
            "list_suppliers" => list_suppliers::call(shared, arguments).await,
            "remove_supplier" => remove_supplier::call(shared, arguments).await,
            "set_photo" => set_photo::call(shared, arguments).await,
            _ => return None,
        },
    )
}
