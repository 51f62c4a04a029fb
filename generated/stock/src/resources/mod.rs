//! The resources, and which of them a URI means.

use rmcp::model::ReadResourceResult;

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod products_schema;
pub mod handbook;
pub mod categories;
pub mod suppliers;
pub mod product;
pub mod photo;

/// Reads a resource.
pub async fn read(shared: &Shared, uri: &str) -> Result<ReadResourceResult, Failure> {
    let contents = match uri {
        self::products_schema::URI => self::products_schema::contents(),
        self::handbook::URI => self::handbook::contents(),
        self::categories::URI => self::categories::contents(),
        self::suppliers::URI => self::suppliers::contents(shared).await?,
        _ => {
            if let Some(arguments) = crate::runtime::uri::matched(
                self::product::URI,
                uri,
            ) {
                self::product::contents(shared, uri, arguments).await?
            } else if let Some(arguments) = crate::runtime::uri::matched(
                self::photo::URI,
                uri,
            ) {
                self::photo::contents(shared, uri, arguments).await?
            } else {
                return Err(crate::runtime::answer::no_resource());
            }
        }
    };
    Ok(ReadResourceResult::new(vec![contents]))
}
