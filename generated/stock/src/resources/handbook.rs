//! The resource `docs://handbook`.

use rmcp::model::ResourceContents;

use crate::runtime::answer;

/// The URI.
pub const URI: &str = "docs://handbook";

/// The MIME type.
pub const MIME_TYPE: &str = "text/markdown";

/// The content.
const CONTENT: &str = include_str!("../../files/stock_handbook.md");

/// How stock is kept and ordered.
pub fn contents() -> ResourceContents {
    answer::resource_text(URI, MIME_TYPE, CONTENT)
}
