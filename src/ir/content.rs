//! What clients are shown beside structured content: texts, blocks, icons.

use super::{Ident, Role};

/// What stands in the place of a result's text.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// The result as JSON.
    Json,
    /// A minijinja template, checked. Its variables are the result's members.
    Template(String),
    /// The rows as a table; what else the result has follows as JSON.
    Table(Table),
    /// Blocks in order, at least one.
    Blocks(Vec<Block>),
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Markdown.
    Markdown,
    /// Comma-separated values.
    Csv,
}

/// A block of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Whom it is for; empty where the spec does not say.
    pub audience: Vec<Role>,
    /// 0 (optional) to 1 (required).
    pub priority: Option<f64>,
}

/// What a block is. A text is there once, and its variables are the result's members. Everything else is
/// there once for each row, and the variables of its templates are the columns.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockKind {
    /// A template.
    Text(String),
    /// An image.
    Image(Bytes),
    /// A sound.
    Audio(Bytes),
    /// A resource that is text.
    TextResource {
        /// Its URI, a template.
        uri: String,
        /// Its MIME type, a template.
        mime_type: String,
        /// What it holds, a template.
        text: String,
    },
    /// A resource that is bytes.
    BlobResource {
        /// Its URI, a template.
        uri: String,
        /// Its bytes.
        bytes: Bytes,
    },
    /// A link to a resource.
    Link {
        /// Its URI, a template.
        uri: String,
        /// Its name, a template.
        name: String,
        /// Name for people, a template.
        title: Option<String>,
        /// What it holds, a template.
        description: Option<String>,
        /// Its MIME type, a template.
        mime_type: Option<String>,
    },
}

impl BlockKind {
    /// The column whose bytes the block is.
    #[must_use]
    pub fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Image(bytes) | Self::Audio(bytes) | Self::BlobResource { bytes, .. } => {
                Some(bytes)
            }
            Self::Text(_) | Self::TextResource { .. } | Self::Link { .. } => None,
        }
    }
}

/// Bytes of a row, which are no part of the structured content. Where the column is NULL there is no
/// block.
#[derive(Debug, Clone, PartialEq)]
pub struct Bytes {
    /// The column.
    pub column: Ident,
    /// Whether it can be NULL.
    pub nullable: bool,
    /// MIME type, a template.
    pub mime_type: String,
}

/// A picture that clients show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    /// An `https:` or a `data:` URI.
    pub src: String,
    /// MIME type.
    pub mime_type: Option<String>,
    /// Sizes that it is good for.
    pub sizes: Vec<String>,
    /// The background that it is made for: `light` or `dark`.
    pub theme: Option<&'static str>,
}
