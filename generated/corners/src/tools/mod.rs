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
pub mod as_markdown;
pub mod as_csv;
pub mod csv;
pub mod blocks;
pub mod block;

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
            "as_markdown" => self::as_markdown::call(shared, arguments),
            "as_csv" => self::as_csv::call(shared, arguments),
            "csv" => self::csv::call(shared, arguments),
            "blocks" => self::blocks::call(shared, arguments),
            "block" => self::block::call(shared, arguments),
            _ => return None,
        },
    )
}
