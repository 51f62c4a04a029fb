//! The resources, and which of them a URI means.

use std::sync::Arc;

use rmcp::model::{CacheScope, ReadResourceResult};

use crate::runtime::database::Database;
use crate::runtime::failure::Failure;
use crate::runtime::watch;
use crate::server::Shared;

pub mod static_text;
pub mod static_binary;
pub mod template_data;
pub mod watched_resource;

/// Reads a resource.
pub async fn read(shared: &Shared, uri: &str) -> Result<ReadResourceResult, Failure> {
    Ok(
        match uri {
            self::static_text::URI => {
                ReadResourceResult::new(vec![self::static_text::contents()])
                    .with_ttl_ms(3600000)
                    .with_cache_scope(CacheScope::Public)
            }
            self::static_binary::URI => {
                ReadResourceResult::new(
                        vec![self::static_binary::contents(shared). await ?],
                    )
                    .with_ttl_ms(0)
                    .with_cache_scope(CacheScope::Private)
            }
            self::watched_resource::URI => {
                ReadResourceResult::new(
                        vec![self::watched_resource::contents(shared). await ?],
                    )
                    .with_ttl_ms(0)
                    .with_cache_scope(CacheScope::Private)
            }
            _ => {
                if let Some(arguments) = crate::runtime::uri::matched(
                    self::template_data::URI,
                    uri,
                ) {
                    let contents = self::template_data::contents(shared, uri, arguments)
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

/// How changes of the resource behind a URI are seen.
pub fn watch(database: &Arc<Database>, uri: &str) -> Result<watch::Watch, Failure> {
    match uri {
        self::watched_resource::URI => self::watched_resource::watch(database),
        _ => Err(watch::unwatched()),
    }
}
