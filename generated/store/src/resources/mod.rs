//! The resources, and which of them a URI means.

use rmcp::model::{CacheScope, ReadResourceResult};

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
    Ok(
        match uri {
            self::orders_schema::URI => {
                ReadResourceResult::new(vec![self::orders_schema::contents()])
                    .with_ttl_ms(3600000)
                    .with_cache_scope(CacheScope::Public)
            }
            self::products_schema::URI => {
                ReadResourceResult::new(vec![self::products_schema::contents()])
                    .with_ttl_ms(3600000)
                    .with_cache_scope(CacheScope::Public)
            }
            self::guide::URI => {
                ReadResourceResult::new(vec![self::guide::contents()])
                    .with_ttl_ms(3600000)
                    .with_cache_scope(CacheScope::Public)
            }
            self::categories::URI => {
                ReadResourceResult::new(
                        vec![self::categories::contents(shared). await ?],
                    )
                    .with_ttl_ms(0)
                    .with_cache_scope(CacheScope::Private)
            }
            _ => {
                if let Some(arguments) = crate::runtime::uri::matched(
                    self::product::URI,
                    uri,
                ) {
                    let contents = self::product::contents(shared, uri, arguments)
                        .await?;
                    ReadResourceResult::new(vec![contents])
                        .with_ttl_ms(0)
                        .with_cache_scope(CacheScope::Private)
                } else if let Some(arguments) = crate::runtime::uri::matched(
                    self::reviews::URI,
                    uri,
                ) {
                    let contents = self::reviews::contents(shared, uri, arguments)
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
