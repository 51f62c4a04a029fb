//! The resource `docs://categories`.

use rmcp::model::ResourceContents;

use crate::runtime::answer;

/// The URI.
pub const URI: &str = "docs://categories";

/// The MIME type.
pub const MIME_TYPE: &str = "text/plain";

/// The content.
const CONTENT: &str = r"tools, garden, paint, other
";

/// Categories.
pub fn contents() -> ResourceContents {
    answer::resource_text(URI, MIME_TYPE, CONTENT)
}
