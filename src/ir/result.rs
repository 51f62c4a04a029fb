//! What a statement answers.

use std::sync::Arc;

use super::{Ident, Kind, Shown};

/// What a statement answers, and what is added to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultShape {
    /// The member that holds the answer. In `steps` it is named like the step.
    pub member: Ident,
    /// How many rows, and of what.
    pub answer: Answer,
    /// Adds `count`.
    pub count: bool,
    /// Members that repeat arguments.
    pub echo: Vec<Echo>,
    /// What stands in the place of the text.
    pub shown: Shown,
    /// Most rows.
    pub max_rows: Option<u64>,
    /// Most bytes of rows as JSON.
    pub max_bytes: Option<u64>,
}

impl ResultShape {
    /// Whether the result says `truncated`.
    #[must_use]
    pub fn bounded(&self) -> bool {
        self.max_rows.is_some() || self.max_bytes.is_some()
    }
}

/// How many rows, and of what.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Exactly one row; none is RECORD_NOT_FOUND, two are an error and roll back.
    One(RowUse),
    /// One row or null; two are an error and roll back.
    Optional(RowUse),
    /// Any number of rows.
    Many(RowUse),
    /// One value: one row of one column; none is RECORD_NOT_FOUND.
    Scalar(Column),
    /// How many rows were changed.
    Affected,
    /// The number that the database gave the row that was inserted.
    InsertedId,
}

impl Answer {
    /// The row, where the answer has one.
    #[must_use]
    pub fn row(&self) -> Option<&RowUse> {
        match self {
            Self::One(row) | Self::Optional(row) | Self::Many(row) => Some(row),
            Self::Scalar(_) | Self::Affected | Self::InsertedId => None,
        }
    }
}

/// A row, and where its columns stand in one statement's result.
#[derive(Debug, Clone, PartialEq)]
pub struct RowUse {
    /// The row's shape.
    pub row: Arc<Row>,
    /// Whether it comes from `rows` and is shared; otherwise it is this statement's own.
    pub shared: bool,
    /// For each column of the row, its position in the result.
    pub positions: Vec<usize>,
}

/// The shape of a row: a Rust struct.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Name of the struct, unique in its module.
    pub ident: Ident,
    /// Columns in order, at least one.
    pub columns: Vec<Column>,
}

/// A column of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name; the field's name in Rust.
    pub ident: Ident,
    /// Kind of its values. Never `Object`, which comes as `Json` with `json` set; `Array` is a list
    /// of the database, any item of which can be NULL.
    pub kind: Kind,
    /// How the database sends it, where its kind does not say. Of a list, how its items are sent.
    pub form: Option<WireForm>,
    /// What the JSON must be, where `kind` is `Json` and the spec says so.
    pub json: Option<JsonShape>,
    /// Whether it can be NULL.
    pub nullable: bool,
    /// What it means.
    pub description: Option<String>,
    /// What is shown of it; none where all of it is.
    pub mask: Option<Box<super::Mask>>,
    /// Whether it is a block of the answer and no part of the structured content.
    pub block: bool,
}

/// What a JSON column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonShape {
    /// A list.
    Array,
    /// An object.
    Object,
    /// An object that is a row of several values in the database.
    Record,
}

/// What is text in JSON and something else in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireForm {
    /// A length of time, ISO 8601.
    Interval,
    /// An address of a host or a network.
    Inet,
    /// A hardware address.
    MacAddress,
    /// A string of bits.
    Bits,
    /// A range.
    Range,
}

/// A member that repeats arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Echo {
    /// The member.
    pub ident: Ident,
    /// What it repeats.
    pub source: EchoSource,
}

/// What a member repeats.
#[derive(Debug, Clone, PartialEq)]
pub enum EchoSource {
    /// One param; left out of the result when it was not given.
    Param(Box<super::Param>),
    /// An object of several params; those that were not given are left out.
    Params {
        /// Name of the Rust struct, unique in its module.
        ident: Ident,
        /// The params.
        params: Vec<super::Param>,
    },
}
