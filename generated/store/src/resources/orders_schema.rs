//! The resource `schema://orders`.

use rmcp::model::ResourceContents;

use crate::runtime::answer;

/// The URI.
pub const URI: &str = "schema://orders";

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The content.
const CONTENT: &str = include_str!("../../descriptors/tables/orders_schema.json");

/// Columns, keys and indexes of the orders table.
pub fn contents() -> ResourceContents {
    answer::resource_text(URI, MIME_TYPE, CONTENT)
}
