//! Statements with optional clauses, and with lists.

use std::sync::OnceLock;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use super::database::Statement;

/// A part of a statement.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// Always there.
    Text(&'static str),
    /// There when the clause of this number is.
    Clause(u32, &'static str),
    /// The placeholders of the list of this number.
    List(u32),
    /// There when the clause of the first number is: the placeholders of the list of the second.
    ClauseList(u32, u32),
}

/// A statement whose variants are put together of constant parts.
///
/// Placeholders have no numbers: what is bound is what stands in the variant, in
/// the order of the text.
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

    /// The variant with the clauses that are `given` and with lists of these `lengths`, by number.
    pub fn with_lists(&'static self, given: &[bool], lengths: &[usize]) -> SqlStr {
        let there = |clause: u32| given.get(clause as usize).copied().unwrap_or(false);
        let list = |list: u32| placeholders(lengths.get(list as usize).copied().unwrap_or(0));
        let text = |part: &Part| match part {
            Part::Text(text) => (*text).to_owned(),
            Part::Clause(clause, text) if there(*clause) => (*text).to_owned(),
            Part::List(number) => list(*number),
            Part::ClauseList(clause, number) if there(*clause) => list(*number),
            Part::Clause(..) | Part::ClauseList(..) => String::new(),
        };
        // Every part is a constant, or placeholders: nothing in the text comes from a client.
        AssertSqlSafe(self.parts.iter().map(text).collect::<String>()).into_sql_str()
    }

    fn join(&self, given: &[bool]) -> String {
        let there = |clause: u32| given.get(clause as usize).copied().unwrap_or(false);
        let text = |part: &Part| match part {
            Part::Text(text) => *text,
            Part::Clause(clause, text) if there(*clause) => *text,
            Part::Clause(..) => "",
            // A statement with lists is put together with their lengths.
            Part::List(_) | Part::ClauseList(..) => "",
        };
        self.parts.iter().map(text).collect()
    }
}

/// As many placeholders as a list has values, and some more: up to the next power of two, so that
/// lists of many lengths are few statements. No value at all is a list of nothing.
fn placeholders(length: usize) -> String {
    match length {
        0 => "SELECT NULL FROM DUAL WHERE FALSE".to_owned(),
        length => vec!["?"; length.next_power_of_two()].join(", "),
    }
}

/// The statement with the values of a list bound; the last one again where there are more
/// placeholders than values.
pub fn bind_list<'q, T>(
    mut statement: Statement<'q>,
    values: impl IntoIterator<Item = T>,
) -> Statement<'q>
where
    T: Clone + sqlx::Encode<'q, sqlx::MySql> + sqlx::Type<sqlx::MySql> + 'q,
{
    let mut last = None;
    let mut bound = 0_usize;
    for value in values {
        statement = statement.bind(value.clone());
        last = Some(value);
        bound += 1;
    }
    let Some(last) = last else { return statement };
    for _ in bound..bound.next_power_of_two() {
        statement = statement.bind(last.clone());
    }
    statement
}
