//! The resource `store://categories`.

use std::sync::Arc;
use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, watch};
use crate::server::Shared;

/// The URI.
pub const URI: &str = "store://categories";

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = r"SELECT c.slug, c.name, p.slug AS parent
FROM categories AS c LEFT JOIN categories AS p ON p.id = c.parent_id
ORDER BY c.slug";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the resource holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub categories: Vec<CategoriesRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CategoriesRow {
    /// Column `slug`.
    pub slug: String,
    /// Column `name`.
    pub name: String,
    /// Column `parent`.
    pub parent: Option<String>,
}

impl CategoriesRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            slug: decode::text(row, 0)?,
            name: decode::text(row, 1)?,
            parent: decode::optional(row, 2, decode::text)?,
        })
    }
}

/// Every category, with its parent.
pub async fn contents(shared: &Shared) -> Result<ResourceContents, Failure> {
    let uri = URI;
    let statement = sqlx::query(SQL);
    let mut session = shared.database.read(TIMEOUT).await?;
    let categories = session.many(statement, CategoriesRow::decode).await?;
    let output = Output { categories };
    answer::resource_json(uri, MIME_TYPE, &output)
}

/// The statement whose answer changes with the resource.
const WATCH: &str = "SELECT md5(string_agg(c::text, ',' ORDER BY c.id)) AS state FROM categories AS c";

/// How often it is asked while a client is subscribed.
const EVERY: Duration = Duration::from_secs(60);

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
