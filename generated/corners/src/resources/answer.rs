//! The resource `corners://fixed`.

use rmcp::model::ResourceContents;

use crate::runtime::answer;

/// The URI.
pub const URI: &str = "corners://fixed";

/// The MIME type.
pub const MIME_TYPE: &str = "text/plain";

/// The content.
const CONTENT: &str = r#"A text with "quotes" and a backslash \."#;

/// answer.
pub fn contents() -> ResourceContents {
    answer::resource_text(URI, MIME_TYPE, CONTENT)
}
