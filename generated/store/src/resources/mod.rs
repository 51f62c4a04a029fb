//! The resources, and which of them a URI means.

use std::sync::Arc;

use rmcp::model::{CacheScope, ReadResourceResult};

use crate::runtime::database::Database;
use crate::runtime::failure::Failure;
use crate::runtime::watch;
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

/// The channels that are listened to.
pub const CHANNELS: &[&str] = &["catalogue", "reviews"];

/// How changes of the resource behind a URI are seen.
pub fn watch(database: &Arc<Database>, uri: &str) -> Result<watch::Watch, Failure> {
    match uri {
        self::categories::URI => self::categories::watch(database),
        self::orders_schema::URI | self::products_schema::URI | self::guide::URI => {
            Err(watch::unwatched())
        }
        _ => {
            if let Some(arguments) = crate::runtime::uri::matched(
                self::product::URI,
                uri,
            ) {
                self::product::watch(arguments)
            } else if let Some(arguments) = crate::runtime::uri::matched(
                self::reviews::URI,
                uri,
            ) {
                self::reviews::watch(arguments)
            } else {
                Err(watch::unwatched())
            }
        }
    }
}
