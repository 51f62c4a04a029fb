//! What tools have answered, kept for a while.

use std::sync::Arc;
use std::time::Duration;

use crate::runtime::cache::Cache;

/// The answers of each tool that keeps some.
#[derive(Debug)]
pub struct Caches {
    /// Answers of `search_products`.
    pub search_products: Arc<Cache>,
    /// Answers of `get_product`.
    pub get_product: Arc<Cache>,
    /// Answers of `stock_value`.
    pub stock_value: Arc<Cache>,
    /// Answers of `list_suppliers`.
    pub list_suppliers: Arc<Cache>,
}

impl Caches {
    /// Those of a server that has answered nothing yet.
    pub fn empty() -> Self {
        Self {
            search_products: Cache::new("search_products", Duration::from_secs(60), 500),
            get_product: Cache::new("get_product", Duration::from_secs(300), 1000),
            stock_value: Cache::new("stock_value", Duration::from_secs(60), 1000),
            list_suppliers: Cache::new("list_suppliers", Duration::from_secs(600), 10),
        }
    }

    /// All of them.
    pub fn all(&self) -> Vec<Arc<Cache>> {
        vec![
            Arc::clone(& self.search_products), Arc::clone(& self.get_product),
            Arc::clone(& self.stock_value), Arc::clone(& self.list_suppliers)
        ]
    }
}
