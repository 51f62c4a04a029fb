//! The resource `test://static-text`.

use rmcp::model::ResourceContents;

use crate::runtime::answer;

/// The URI.
pub const URI: &str = "test://static-text";

/// The MIME type.
pub const MIME_TYPE: &str = "text/plain";

/// The content.
const CONTENT: &str = "This is the content of the static text resource.";

/// A text.
pub fn contents() -> ResourceContents {
    answer::resource_text(URI, MIME_TYPE, CONTENT)
}
