//! The resources, and which of them a URI means.

use rmcp::model::{CacheScope, ReadResourceResult};

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod uri;
pub mod answer;
pub mod all;

/// Reads a resource.
pub async fn read(shared: &Shared, uri: &str) -> Result<ReadResourceResult, Failure> {
    Ok(
        match uri {
            self::answer::URI => {
                ReadResourceResult::new(vec![self::answer::contents()])
                    .with_ttl_ms(3600000)
                    .with_cache_scope(CacheScope::Public)
            }
            self::all::URI => {
                ReadResourceResult::new(vec![self::all::contents(shared). await ?])
                    .with_ttl_ms(0)
                    .with_cache_scope(CacheScope::Private)
            }
            _ => {
                if let Some(arguments) = crate::runtime::uri::matched(
                    self::uri::URI,
                    uri,
                ) {
                    let contents = self::uri::contents(shared, uri, arguments).await?;
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
