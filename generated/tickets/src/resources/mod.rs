//! The resources, and which of them a URI means.

use rmcp::model::{CacheScope, ReadResourceResult};

use crate::runtime::auth;
use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod ticket;

/// Reads a resource.
pub async fn read(
    shared: &Shared,
    caller: &auth::Caller,
    uri: &str,
) -> Result<ReadResourceResult, Failure> {
    Ok(
        if let Some(arguments) = crate::runtime::uri::matched(self::ticket::URI, uri) {
            let contents = self::ticket::contents(shared, caller, uri, arguments).await?;
            ReadResourceResult::new(vec![contents])
                .with_ttl_ms(0)
                .with_cache_scope(CacheScope::Private)
        } else {
            return Err(crate::runtime::answer::no_resource());
        },
    )
}
