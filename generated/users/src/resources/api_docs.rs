//! The resource `docs://api`.

use rmcp::model::ResourceContents;

use crate::runtime::answer;

/// The URI.
pub const URI: &str = "docs://api";

/// The MIME type.
pub const MIME_TYPE: &str = "text/markdown";

/// The content.
const CONTENT: &str = include_str!("../../files/users_api.md");

/// Database API usage examples and patterns.
pub fn contents() -> ResourceContents {
    answer::resource_text(URI, MIME_TYPE, CONTENT)
}
