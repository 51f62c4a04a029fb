//! Statements with optional clauses.

use std::sync::OnceLock;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// A part of a statement.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// Always there.
    Text(&'static str),
    /// There when the clause of this number is.
    Clause(u32, &'static str),
}

/// A statement whose variants are put together of constant parts.
///
/// Placeholders have the same number in every variant, so that what is bound
/// does not depend on the variant; the engine passes over what a variant does
/// not use.
#[derive(Debug)]
pub struct Variants {
    parts: &'static [Part],
    kept: [OnceLock<&'static str>; KEPT],
}

/// Variants that are kept once they were made. A statement with more puts the rest together anew,
/// because how many are asked for is up to clients.
const KEPT: usize = 64;

impl Variants {
    /// A statement of these parts.
    pub const fn new(parts: &'static [Part]) -> Self {
        Self { parts, kept: [const { OnceLock::new() }; KEPT] }
    }

    /// The variant with the clauses that are `given`, by number.
    pub fn with(&'static self, given: &[bool]) -> SqlStr {
        let variant =
            given.iter().enumerate().fold(0, |mask, (n, given)| mask | usize::from(*given) << n);
        match self.kept.get(variant) {
            Some(kept) => kept.get_or_init(|| String::leak(self.join(given))).into_sql_str(),
            // Every part is a constant: nothing in the text comes from a client.
            None => AssertSqlSafe(self.join(given)).into_sql_str(),
        }
    }

    fn join(&self, given: &[bool]) -> String {
        let there = |part: &&Part| match part {
            Part::Text(_) => true,
            Part::Clause(n, _) => given.get(*n as usize).copied().unwrap_or(false),
        };
        let text = |part: &Part| match part {
            Part::Text(text) | Part::Clause(_, text) => *text,
        };
        self.parts.iter().filter(there).map(text).collect()
    }
}
