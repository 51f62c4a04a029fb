//! The resources, and which of them a URI means.

use std::sync::Arc;

use rmcp::model::{CacheScope, ReadResourceResult};

use crate::runtime::database::Database;
use crate::runtime::failure::Failure;
use crate::runtime::watch;
use crate::server::Shared;

pub mod products_schema;
pub mod handbook;
pub mod categories;
pub mod suppliers;
pub mod product;
pub mod photo;

/// Reads a resource.
pub async fn read(shared: &Shared, uri: &str) -> Result<ReadResourceResult, Failure> {
    Ok(
        match uri {
            self::products_schema::URI => {
                ReadResourceResult::new(vec![self::products_schema::contents()])
                    .with_ttl_ms(3600000)
                    .with_cache_scope(CacheScope::Public)
            }
            self::handbook::URI => {
                ReadResourceResult::new(vec![self::handbook::contents()])
                    .with_ttl_ms(3600000)
                    .with_cache_scope(CacheScope::Public)
            }
            self::categories::URI => {
                ReadResourceResult::new(vec![self::categories::contents()])
                    .with_ttl_ms(3600000)
                    .with_cache_scope(CacheScope::Public)
            }
            self::suppliers::URI => {
                ReadResourceResult::new(vec![self::suppliers::contents(shared). await ?])
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
                    self::photo::URI,
                    uri,
                ) {
                    let contents = self::photo::contents(shared, uri, arguments).await?;
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

/// How changes of the resource behind a URI are seen.
pub fn watch(database: &Arc<Database>, uri: &str) -> Result<watch::Watch, Failure> {
    match uri {
        self::products_schema::URI
        | self::handbook::URI
        | self::categories::URI
        | self::suppliers::URI => Err(watch::unwatched()),
        _ => {
            if let Some(arguments) = crate::runtime::uri::matched(
                self::product::URI,
                uri,
            ) {
                self::product::watch(database, arguments)
            } else {
                Err(watch::unwatched())
            }
        }
    }
}
