//! The resource `schema://products`.

use rmcp::model::ResourceContents;

use crate::runtime::answer;

/// The URI.
pub const URI: &str = "schema://products";

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The content.
const CONTENT: &str = include_str!("../../descriptors/tables/products_schema.json");

/// Products table.
pub fn contents() -> ResourceContents {
    answer::resource_text(URI, MIME_TYPE, CONTENT)
}
