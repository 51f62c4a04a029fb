//! The prompts, and which of them a name means.

use rmcp::model::GetPromptResult;

use crate::runtime::auth;
use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod answer_ticket;

/// Gets a prompt; none when there is no prompt of this name.
pub async fn get(
    shared: &Shared,
    caller: &auth::Caller,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<Result<GetPromptResult, Failure>> {
    Some(
        match name {
            "answer_ticket" => self::answer_ticket::get(shared, caller, arguments).await,
            _ => return None,
        },
    )
}
