//! The resources, and which of them a URI means.

use rmcp::model::ReadResourceResult;

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod uri;
pub mod answer;
pub mod all;

/// Reads a resource.
pub async fn read(shared: &Shared, uri: &str) -> Result<ReadResourceResult, Failure> {
    let contents = match uri {
        self::answer::URI => self::answer::contents(),
        self::all::URI => self::all::contents(shared).await?,
        _ => {
            if let Some(arguments) = crate::runtime::uri::matched(self::uri::URI, uri) {
                self::uri::contents(shared, uri, arguments).await?
            } else {
                return Err(crate::runtime::answer::no_resource());
            }
        }
    };
    Ok(ReadResourceResult::new(vec![contents]))
}
