//! Each tool at the edges of what it takes.

mod search_products;
mod get_product;
mod find_products;
mod create_product;
mod update_product;
mod discontinue_products;
mod receive_stock;
mod sell;
mod count_stock;
mod movement_history;
mod reorder_report;
mod sales_by_day;
mod stock_value;
mod list_suppliers;
mod remove_supplier;
mod set_photo;
