//! Rows that several statements share.

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::decode;
use crate::types;

/// A row `Ticket`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ticket {
    /// Column `id`.
    pub id: i64,
    /// Column `subject`.
    pub subject: String,
    /// Column `state`.
    pub state: types::State,
    /// Column `agent`.
    pub agent: Option<String>,
}

impl Ticket {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 4]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, at[0])?,
            subject: decode::text(row, at[1])?,
            state: decode::choice(row, at[2], &types::State::ALL)?,
            agent: decode::optional(row, at[3], decode::text)?,
        })
    }
}
