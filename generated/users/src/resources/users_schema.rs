//! The resource `schema://users`.

use rmcp::model::ResourceContents;

use crate::runtime::answer;

/// The URI.
pub const URI: &str = "schema://users";

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The content.
const CONTENT: &str = include_str!("../../descriptors/tables/users_schema.json");

/// Complete schema definition for users table.
pub fn contents() -> ResourceContents {
    answer::resource_text(URI, MIME_TYPE, CONTENT)
}
