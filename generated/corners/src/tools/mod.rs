//! The tools, and which of them a call means.

use rmcp::model::CallToolResult;

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod input;
pub mod types;
pub mod rows;
pub mod every_kind;
pub mod lists;
pub mod forget;
pub mod nothing;

/// Calls a tool; none when there is no tool of this name.
pub async fn call(
    shared: &Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<Result<CallToolResult, Failure>> {
    Some(
        match name {
            "input" => self::input::call(shared, arguments).await,
            "types" => self::types::call(shared, arguments).await,
            "rows" => self::rows::call(shared, arguments).await,
            "every_kind" => self::every_kind::call(shared, arguments).await,
            "lists" => self::lists::call(shared, arguments).await,
            "forget" => self::forget::call(shared, arguments).await,
            "nothing" => self::nothing::call(shared, arguments).await,
            _ => return None,
        },
    )
}
