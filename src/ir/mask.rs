//! Columns that callers see a part of, or nothing.

use super::{Answer, Column, Plan, Prompt, Resource, ResourceContent, Row, Tool};

/// What is shown of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// What stands in the place of its values.
    pub kind: MaskKind,
    /// Who has all of these scopes sees the values; with none, nobody does.
    pub unless: Vec<String>,
}

/// What stands in the place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaskKind {
    /// Its first character, and the domain.
    Email,
    /// Its last four characters.
    Last4,
    /// A keyed digest of it.
    Hash,
    /// Nothing.
    Null,
}

/// The masks of columns, and who sees through them.
fn of<'c>(columns: impl Iterator<Item = &'c Column>) -> Vec<&'c Mask> {
    columns.filter_map(|column| column.mask.as_deref()).collect()
}

/// The scopes that masks fall for, each list once.
#[must_use]
pub fn seen<'m>(masks: &[&'m Mask]) -> Vec<&'m [String]> {
    let mut all: Vec<&[String]> = Vec::new();
    for mask in masks {
        if !mask.unless.is_empty() && !all.contains(&mask.unless.as_slice()) {
            all.push(&mask.unless);
        }
    }
    all
}

impl Row {
    /// The masks of its columns.
    #[must_use]
    pub fn masks(&self) -> Vec<&Mask> {
        of(self.columns.iter())
    }
}

impl Answer {
    /// The masks of its columns.
    #[must_use]
    pub fn masks(&self) -> Vec<&Mask> {
        match self {
            Self::One(row) | Self::Optional(row) | Self::Many(row) => row.row.masks(),
            Self::Scalar(column) => of(std::iter::once(column)),
            Self::Affected | Self::InsertedId => Vec::new(),
        }
    }
}

impl Plan {
    /// The masks of what it answers.
    #[must_use]
    pub fn masks(&self) -> Vec<&Mask> {
        match self {
            Self::Single { result, .. }
            | Self::Sorted { result, .. }
            | Self::Paged { result, .. } => result.answer.masks(),
            Self::Steps(steps) => steps.iter().flat_map(|it| it.result.answer.masks()).collect(),
        }
    }
}

impl Tool {
    /// The masks of what it answers. What is kept of an answer is good for callers for whom the same
    /// of them fall: see [`seen`].
    #[must_use]
    pub fn masks(&self) -> Vec<&Mask> {
        let super::Backend::Sql(plan) = &self.backend;
        plan.masks()
    }
}

impl Resource {
    /// The masks of what it holds.
    #[must_use]
    pub fn masks(&self) -> Vec<&Mask> {
        match &self.content {
            ResourceContent::Rows { result, .. } => result.answer.masks(),
            _ => Vec::new(),
        }
    }
}

impl Prompt {
    /// The masks of what its statements answer.
    #[must_use]
    pub fn masks(&self) -> Vec<&Mask> {
        self.queries.iter().flat_map(|query| query.result.answer.masks()).collect()
    }
}

impl super::Server {
    /// Whether digests stand in the place of values.
    #[must_use]
    pub fn hashes(&self) -> bool {
        let tools = self.tools.iter().flat_map(Tool::masks);
        let resources = self.resources.iter().flat_map(Resource::masks);
        let prompts = self.prompts.iter().flat_map(Prompt::masks);
        tools.chain(resources).chain(prompts).any(|mask| mask.kind == MaskKind::Hash)
    }
}
