//! The prompts, and which of them a name means.

use rmcp::model::GetPromptResult;

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod month_review;
pub mod explain_entry;

/// Gets a prompt; none when there is no prompt of this name.
pub async fn get(
    shared: &Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<Result<GetPromptResult, Failure>> {
    Some(
        match name {
            "month_review" => self::month_review::get(shared, arguments).await,
            "explain_entry" => self::explain_entry::get(shared, arguments).await,
            _ => return None,
        },
    )
}
