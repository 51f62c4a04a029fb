//! The resource `test://static-binary`.

use std::time::Duration;

use rmcp::model::ResourceContents;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode};
use crate::server::Shared;

/// The URI.
pub const URI: &str = "test://static-binary";

/// The MIME type.
pub const MIME_TYPE: &str = "image/png";

/// The statement.
const SQL: &str = "SELECT data FROM media WHERE name = 'pixel'";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A picture of one pixel.
pub async fn contents(shared: &Shared) -> Result<ResourceContents, Failure> {
    let uri = URI;
    let statement = sqlx::query(SQL);
    let mut session = shared.database.read(TIMEOUT).await?;
    let bytes = session.one(statement, |row| decode::bytes(row, 0)).await?;
    Ok(answer::resource_blob(uri, MIME_TYPE, &bytes.0))
}
