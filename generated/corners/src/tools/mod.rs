//! The tools, and which of them a call means.

use crate::runtime::answer;
use crate::server::Shared;

pub mod input;
pub mod types;
pub mod rows;
pub mod every_kind;
pub mod lists;
pub mod forget;
pub mod nothing;

/// The call of a tool; none when there is no tool of this name.
pub fn call<'c>(
    shared: &'c Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<answer::Call<'c>> {
    Some(
        match name {
            "input" => self::input::call(shared, arguments),
            "types" => self::types::call(shared, arguments),
            "rows" => self::rows::call(shared, arguments),
            "every_kind" => self::every_kind::call(shared, arguments),
            "lists" => self::lists::call(shared, arguments),
            "forget" => self::forget::call(shared, arguments),
            "nothing" => self::nothing::call(shared, arguments),
            _ => return None,
        },
    )
}
