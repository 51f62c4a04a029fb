//! A statement with its bindings and optional clauses taken apart.

use std::ops::Range;

/// A statement as its author wrote it, in pieces.
///
/// Joined, the pieces give the author's text back with each binding replaced
/// by the engine's placeholder: nothing else in the text is touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Text, bindings and optional clauses in order. Clauses do not nest.
    pub pieces: Vec<Piece>,
}

/// A part of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text that is sent as it stands. `at` is its range in the author's text.
    Text {
        /// The text.
        text: String,
        /// Byte range in the author's text; empty for text that mcpgen added.
        at: Range<usize>,
    },
    /// A bound value.
    Bind(Binding),
    /// An optional clause, `[[ … ]]`.
    Clause(Clause),
}

/// A bound value: `:limit`, `:filters.role`, `:giver.id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The name in parts: `["filters", "role"]`.
    pub path: Vec<String>,
    /// Whether it stands for a list: `IN (:ids)`. The parentheses belong to the
    /// text pieces around it; the expansion replaces the placeholder alone.
    pub list: bool,
    /// Byte range in the author's text, with the colon.
    pub at: Range<usize>,
}

/// An optional clause: there when each of its params was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Text and bindings, at least one binding.
    pub pieces: Vec<Piece>,
    /// Byte range in the author's text, with the brackets.
    pub at: Range<usize>,
}

/// Where a byte of a rendered variant comes from, for errors that a database reports by offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Byte offset in the author's text.
    Author(usize),
    /// Text that mcpgen added.
    Added,
}
