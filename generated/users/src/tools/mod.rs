//! The tools, and which of them a call means.

use rmcp::model::CallToolResult;

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod query_users;
pub mod create_user;
pub mod get_user;
pub mod list_users;
pub mod update_user;
pub mod transfer_role;

/// Calls a tool; none when there is no tool of this name.
pub async fn call(
    shared: &Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<Result<CallToolResult, Failure>> {
    Some(
        match name {
            "query_users" => self::query_users::call(shared, arguments).await,
            "create_user" => self::create_user::call(shared, arguments).await,
            "get_user" => self::get_user::call(shared, arguments).await,
            "list_users" => self::list_users::call(shared, arguments).await,
            "update_user" => self::update_user::call(shared, arguments).await,
            "transfer_role" => self::transfer_role::call(shared, arguments).await,
            _ => return None,
        },
    )
}
