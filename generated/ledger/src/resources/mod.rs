//! The resources, and which of them a URI means.

use rmcp::model::{CacheScope, ReadResourceResult};

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod postings_schema;
pub mod guide;
pub mod periods;
pub mod account;

/// Reads a resource.
pub async fn read(shared: &Shared, uri: &str) -> Result<ReadResourceResult, Failure> {
    Ok(
        match uri {
            self::postings_schema::URI => {
                ReadResourceResult::new(vec![self::postings_schema::contents()])
                    .with_ttl_ms(3600000)
                    .with_cache_scope(CacheScope::Public)
            }
            self::guide::URI => {
                ReadResourceResult::new(vec![self::guide::contents()])
                    .with_ttl_ms(3600000)
                    .with_cache_scope(CacheScope::Public)
            }
            self::periods::URI => {
                ReadResourceResult::new(vec![self::periods::contents(shared). await ?])
                    .with_ttl_ms(0)
                    .with_cache_scope(CacheScope::Private)
            }
            _ => {
                if let Some(arguments) = crate::runtime::uri::matched(
                    self::account::URI,
                    uri,
                ) {
                    let contents = self::account::contents(shared, uri, arguments)
                        .await?;
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
