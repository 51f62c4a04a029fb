//! Rows that several statements share.

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::decode;
use crate::types;

/// A row `User`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct User {
    /// Column `id`.
    pub id: i64,
    /// Column `email`.
    pub email: String,
    /// Column `name`.
    pub name: String,
    /// Column `role`.
    pub role: types::Role,
    /// Column `active`.
    pub active: bool,
    /// Column `created_at`.
    pub created_at: chrono::DateTime<chrono::Utc>,
}

impl User {
    /// Reads a row whose columns stand at these positions of the result.
    pub fn decode(row: &Row, at: [usize; 6]) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, at[0])?,
            email: decode::text(row, at[1])?,
            name: decode::text(row, at[2])?,
            role: decode::choice(row, at[3], &types::Role::ALL)?,
            active: decode::boolean(row, at[4])?,
            created_at: decode::date_time(row, at[5])?,
        })
    }
}
