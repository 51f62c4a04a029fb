//! Reading SQL: bindings, optional clauses, effects, result columns.

use std::ops::Range;

use crate::diagnostic::Code;

pub mod analyze;
mod items;
mod page;
pub mod quote;
mod scan;
mod template;
pub mod tenant;
pub mod wire;

pub use items::expression;
pub use page::{PageForm, PageForms, SortForm, page_forms, sort_forms};
pub use scan::scan;
pub use template::{Binding, Clause, Part, Piece, Rendered, Style, Template};

/// Something wrong inside of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The code.
    pub code: Code,
    /// Byte range in the author's text.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to type.
    pub help: Option<String>,
}

impl Problem {
    /// A problem with a help line.
    pub fn new(
        code: Code,
        at: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { code, at, message: message.into(), help: Some(help.into()) }
    }
}
