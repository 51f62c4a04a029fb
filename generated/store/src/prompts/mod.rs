//! The prompts, and which of them a name means.

use rmcp::model::GetPromptResult;

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod delay_letter;
pub mod review_digest;

/// Gets a prompt; none when there is no prompt of this name.
pub async fn get(
    shared: &Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<Result<GetPromptResult, Failure>> {
    Some(
        match name {
            "delay_letter" => self::delay_letter::get(shared, arguments).await,
            "review_digest" => self::review_digest::get(shared, arguments).await,
            _ => return None,
        },
    )
}
