//! The prompts, and which of them a name means.

use rmcp::model::GetPromptResult;

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod order_letter;

/// Gets a prompt; none when there is no prompt of this name.
pub async fn get(
    shared: &Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<Result<GetPromptResult, Failure>> {
    Some(
        match name {
            "order_letter" => self::order_letter::get(shared, arguments).await,
            _ => return None,
        },
    )
}
