//! The resource `docs://guide`.

use rmcp::model::ResourceContents;

use crate::runtime::answer;

/// The URI.
pub const URI: &str = "docs://guide";

/// The MIME type.
pub const MIME_TYPE: &str = "text/markdown";

/// The content.
const CONTENT: &str = include_str!("../../files/store_guide.md");

/// What the states of orders mean, and the rules of refunds and reviews.
pub fn contents() -> ResourceContents {
    answer::resource_text(URI, MIME_TYPE, CONTENT)
}
