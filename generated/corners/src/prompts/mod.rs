//! The prompts, and which of them a name means.

use rmcp::model::GetPromptResult;

use crate::runtime::failure::Failure;
use crate::server::Shared;

pub mod cursor;
pub mod uri;

/// Gets a prompt; none when there is no prompt of this name.
pub async fn get(
    shared: &Shared,
    name: &str,
    arguments: crate::runtime::input::Arguments,
) -> Option<Result<GetPromptResult, Failure>> {
    Some(
        match name {
            "cursor" => self::cursor::get(shared, arguments).await,
            "uri" => self::uri::get(shared, arguments).await,
            _ => return None,
        },
    )
}
