//! The resources, and which of them a URI means.

use rmcp::model::ReadResourceResult;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, uri};
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
        products_schema::URI => products_schema::contents(),
        handbook::URI => handbook::contents(),
        categories::URI => categories::contents(),
        suppliers::URI => suppliers::contents(shared).await?,
        _ => {
            if let Some(arguments) = uri::matched(product::URI, uri) {
                product::contents(shared, uri, arguments).await?
            } else if let Some(arguments) = uri::matched(photo::URI, uri) {
                photo::contents(shared, uri, arguments).await?
            } else {
                return Err(answer::no_resource());
            }
        }
    };
    Ok(ReadResourceResult::new(vec![contents]))
}
