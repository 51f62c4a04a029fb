//! The resources, and which of them a URI means.

use rmcp::model::ReadResourceResult;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, uri};
use crate::server::Shared;

pub mod users_schema;
pub mod api_docs;
pub mod user;

/// Reads a resource.
pub async fn read(shared: &Shared, uri: &str) -> Result<ReadResourceResult, Failure> {
    let contents = match uri {
        users_schema::URI => users_schema::contents(),
        api_docs::URI => api_docs::contents(),
        _ => {
            if let Some(arguments) = uri::matched(user::URI, uri) {
                user::contents(shared, uri, arguments).await?
            } else {
                return Err(answer::no_resource());
            }
        }
    };
    Ok(ReadResourceResult::new(vec![contents]))
}
