//! The resources, and which of them a URI means.

use rmcp::model::ReadResourceResult;

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod users_schema;
pub mod api_docs;
pub mod user;

/// Reads a resource.
pub async fn read(shared: &Shared, uri: &str) -> Result<ReadResourceResult, Failure> {
    let contents = match uri {
        self::users_schema::URI => self::users_schema::contents(),
        self::api_docs::URI => self::api_docs::contents(),
        _ => {
            if let Some(arguments) = crate::runtime::uri::matched(self::user::URI, uri) {
                self::user::contents(shared, uri, arguments).await?
            } else {
                return Err(crate::runtime::answer::no_resource());
            }
        }
    };
    Ok(ReadResourceResult::new(vec![contents]))
}
