//! The resources, and which of them a URI means.

use rmcp::model::ReadResourceResult;

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod postings_schema;
pub mod guide;
pub mod periods;
pub mod account;

/// Reads a resource.
pub async fn read(shared: &Shared, uri: &str) -> Result<ReadResourceResult, Failure> {
    let contents = match uri {
        self::postings_schema::URI => self::postings_schema::contents(),
        self::guide::URI => self::guide::contents(),
        self::periods::URI => self::periods::contents(shared).await?,
        _ => {
            if let Some(arguments) = crate::runtime::uri::matched(
                self::account::URI,
                uri,
            ) {
                self::account::contents(shared, uri, arguments).await?
            } else {
                return Err(crate::runtime::answer::no_resource());
            }
        }
    };
    Ok(ReadResourceResult::new(vec![contents]))
}
