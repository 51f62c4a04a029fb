//! The tools, and which of them a call means.

use crate::runtime::failure::Failure;
use crate::runtime::{answer, auth};
use crate::server::Shared;

pub mod find_tickets;
pub mod list_tickets;
pub mod get_ticket;
pub mod count_open;
pub mod open_ticket;
pub mod comment;
pub mod assign_ticket;
pub mod close_ticket;
pub mod hire_agent;
pub mod delete_ticket;

/// What a person is asked before a call; none when the tool asks nothing.
pub fn question(
    caller: &auth::Caller,
    name: &str,
    arguments: Option<&crate::runtime::input::Arguments>,
) -> Option<Result<String, Failure>> {
    let arguments = || arguments.cloned().unwrap_or_default();
    Some(
        match name {
            "delete_ticket" => self::delete_ticket::question(caller, arguments()),
            _ => return None,
        },
    )
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
            "find_tickets" => self::find_tickets::call(shared, caller, arguments),
            "list_tickets" => self::list_tickets::call(shared, caller, arguments),
            "get_ticket" => self::get_ticket::call(shared, caller, arguments),
            "count_open" => self::count_open::call(shared, caller, arguments),
            "open_ticket" => self::open_ticket::call(shared, caller, arguments),
            "comment" => self::comment::call(shared, caller, arguments),
            "assign_ticket" => self::assign_ticket::call(shared, caller, arguments),
            "close_ticket" => self::close_ticket::call(shared, caller, arguments),
            "hire_agent" => self::hire_agent::call(shared, caller, arguments),
            "delete_ticket" => self::delete_ticket::call(shared, caller, arguments),
            _ => return None,
        },
    )
}
