//! The resources, and which of them a URI means.

use rmcp::model::{CacheScope, ReadResourceResult};

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod users_schema;
pub mod api_docs;
pub mod user;

/// Reads a resource.
pub async fn read(shared: &Shared, uri: &str) -> Result<ReadResourceResult, Failure> {
    Ok(
        match uri {
            self::users_schema::URI => {
                ReadResourceResult::new(vec![self::users_schema::contents()])
                    .with_ttl_ms(3600000)
                    .with_cache_scope(CacheScope::Public)
            }
            self::api_docs::URI => {
                ReadResourceResult::new(vec![self::api_docs::contents()])
                    .with_ttl_ms(3600000)
                    .with_cache_scope(CacheScope::Public)
            }
            _ => {
                if let Some(arguments) = crate::runtime::uri::matched(
                    self::user::URI,
                    uri,
                ) {
                    let contents = self::user::contents(shared, uri, arguments).await?;
                    ReadResourceResult::new(vec![contents])
                        .with_ttl_ms(0)
                        .with_cache_scope(CacheScope::Private)
                } else {
                    return Err(crate::runtime::answer::no_resource());
                }
            }
        },
    )
}
