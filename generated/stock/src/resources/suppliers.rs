//! The resource `stock://suppliers`.

use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode};
use crate::server::Shared;

/// The URI.
pub const URI: &str = "stock://suppliers";

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = "SELECT id, name, email, lead_time_days FROM suppliers ORDER BY name";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the resource holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub suppliers: Vec<SuppliersRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuppliersRow {
    /// Column `id`.
    pub id: i64,
    /// Column `name`.
    pub name: String,
    /// Column `email`.
    pub email: Option<String>,
    /// Column `lead_time_days`.
    pub lead_time_days: i64,
}

impl SuppliersRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            name: decode::text(row, 1)?,
            email: decode::optional(row, 2, decode::text)?,
            lead_time_days: decode::integer(row, 3)?,
        })
    }
}

/// Every supplier.
pub async fn contents(shared: &Shared) -> Result<ResourceContents, Failure> {
    let uri = URI;
    let statement = sqlx::query(SQL);
    let mut session = shared.database.read(TIMEOUT).await?;
    let suppliers = session.many(statement, SuppliersRow::decode).await?;
    let output = Output { suppliers };
    answer::resource_json(uri, MIME_TYPE, &output)
}
