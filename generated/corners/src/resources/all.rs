//! The resource `corners://all/days`.

use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode};
use crate::server::Shared;

/// The URI.
pub const URI: &str = "corners://all/days";

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = "SELECT DISTINCT day FROM things WHERE day IS NOT NULL ORDER BY day";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the resource holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub rows: Vec<RowsRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowsRow {
    /// Column `day`.
    pub day: Option<chrono::NaiveDate>,
}

impl RowsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            day: decode::optional(row, 0, decode::date)?,
        })
    }
}

/// all.
pub async fn contents(shared: &Shared) -> Result<ResourceContents, Failure> {
    let uri = URI;
    let statement = sqlx::query(SQL);
    let mut session = shared.database.read(TIMEOUT).await?;
    let rows = session.many(statement, RowsRow::decode).await?;
    let output = Output { rows };
    answer::resource_json(uri, MIME_TYPE, &output)
}
