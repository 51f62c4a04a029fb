//! The resources, and which of them a URI means.

use rmcp::model::ReadResourceResult;

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod orders_schema;
pub mod products_schema;
pub mod guide;
pub mod categories;
pub mod product;
pub mod reviews;

/// Reads a resource.
pub async fn read(shared: &Shared, uri: &str) -> Result<ReadResourceResult, Failure> {
    let contents = match uri {
        self::orders_schema::URI => self::orders_schema::contents(),
        self::products_schema::URI => self::products_schema::contents(),
        self::guide::URI => self::guide::contents(),
        self::categories::URI => self::categories::contents(shared).await?,
        _ => {
            if let Some(arguments) = crate::runtime::uri::matched(
                self::product::URI,
                uri,
            ) {
                self::product::contents(shared, uri, arguments).await?
            } else if let Some(arguments) = crate::runtime::uri::matched(
                self::reviews::URI,
                uri,
            ) {
                self::reviews::contents(shared, uri, arguments).await?
            } else {
                return Err(crate::runtime::answer::no_resource());
            }
        }
    };
    Ok(ReadResourceResult::new(vec![contents]))
}
