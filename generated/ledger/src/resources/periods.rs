//! The resource `ledger://periods`.

use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode};
use crate::server::Shared;

/// The URI.
pub const URI: &str = "ledger://periods";

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = "SELECT code, starts_on, ends_on, closed_at FROM periods ORDER BY starts_on";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the resource holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub periods: Vec<PeriodsRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeriodsRow {
    /// Column `code`.
    pub code: String,
    /// Column `starts_on`.
    pub starts_on: chrono::NaiveDate,
    /// Column `ends_on`.
    pub ends_on: chrono::NaiveDate,
    /// Column `closed_at`.
    pub closed_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl PeriodsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            code: decode::text(row, 0)?,
            starts_on: decode::date(row, 1)?,
            ends_on: decode::date(row, 2)?,
            closed_at: decode::optional(row, 3, decode::date_time)?,
        })
    }
}

/// Every month of the books, and since when it is closed.
pub async fn contents(shared: &Shared) -> Result<ResourceContents, Failure> {
    let uri = URI;
    let statement = sqlx::query(SQL);
    let mut session = shared.database.read(TIMEOUT).await?;
    let periods = session.many(statement, PeriodsRow::decode).await?;
    let output = Output { periods };
    answer::resource_json(uri, MIME_TYPE, &output)
}
