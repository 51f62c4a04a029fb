//! The resource `test://watched-resource`.

use std::sync::Arc;
use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, watch};
use crate::server::Shared;

/// The URI.
pub const URI: &str = "test://watched-resource";

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = "SELECT COUNT(*) AS words FROM words";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the resource holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub row: RowRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowRow {
    /// Column `words`.
    pub words: i64,
}

impl RowRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            words: decode::integer(row, 0)?,
        })
    }
}

/// The number of words, which is watched.
pub async fn contents(shared: &Shared) -> Result<ResourceContents, Failure> {
    let uri = URI;
    let statement = sqlx::query(SQL);
    let mut session = shared.database.read(TIMEOUT).await?;
    let row = session.one(statement, RowRow::decode).await?;
    let output = Output { row };
    answer::resource_json(uri, MIME_TYPE, &output)
}

/// The statement whose answer changes with the resource.
const WATCH: &str = "SELECT COUNT(*) FROM words";

/// How often it is asked while a client is subscribed.
const EVERY: Duration = Duration::from_secs(1);

/// How changes are seen.
pub fn watch(
    database: &Arc<crate::runtime::database::Database>,
) -> Result<watch::Watch, Failure> {
    let database = Arc::clone(database);
    Ok(
        watch::Watch::poll(
            EVERY,
            move || {
                let database = Arc::clone(&database);
                async move {
                    let statement = sqlx::query(WATCH);
                    database.read(TIMEOUT).await?.digest(statement).await
                }
            },
        ),
    )
}
