//! The tools, and which of them a call means.

use crate::runtime::failure::Failure;
use crate::runtime::{answer, auth};
use crate::server::Shared;

pub mod query_users;
pub mod create_user;
pub mod get_user;
pub mod list_users;
pub mod update_user;
pub mod transfer_role;

/// What a person is asked before a call; none when the tool asks nothing.
pub fn question(
    name: &str,
    arguments: Option<&crate::runtime::input::Arguments>,
) -> Option<Result<String, Failure>> {
    let question = match name {
        "transfer_role" => self::transfer_role::question,
        _ => return None,
    };
    Some(question(arguments.cloned().unwrap_or_default()))
}

/// The call of a tool; none when there is no tool of this name.
pub fn call<'c>(
    shared: &'c Shared,
    caller: &'c auth::Caller,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<answer::Call<'c>> {
    Some(
        match name {
            "query_users" => self::query_users::call(shared, caller, arguments),
            "create_user" => self::create_user::call(shared, arguments),
            "get_user" => self::get_user::call(shared, arguments),
            "list_users" => self::list_users::call(shared, arguments),
            "update_user" => self::update_user::call(shared, arguments),
            "transfer_role" => self::transfer_role::call(shared, arguments),
            _ => return None,
        },
    )
}
