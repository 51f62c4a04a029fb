//! Values for arguments of prompts and of resource templates.

use crate::runtime::answer;
use crate::runtime::failure::Failure;
use crate::server::Shared;

/// Whose argument is completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    /// The prompt of this name.
    Prompt(&'a str),
    /// The resource template with this URI.
    Resource(&'a str),
}

/// Values that begin with what was typed so far, at most 100.
pub async fn complete(
    _shared: &Shared,
    owner: Owner<'_>,
    argument: &str,
    prefix: &str,
) -> Result<answer::Completions, Failure> {
    Ok(
        match (owner, argument) {
            (Owner::Prompt("cursor"), "who") => {
                answer::starting_with(
                    &[
                        "self",
                        "Self",
                        "none",
                        "None",
                        "",
                        "1",
                        "a b",
                        "a-b",
                        "+",
                        "value_9",
                        "fn",
                    ],
                    prefix,
                )
            }
            _ => {
                return Err(
                    Failure::new(
                        crate::runtime::failure::Kind::InvalidArguments,
                        "There is nothing to complete for this argument.",
                    ),
                );
            }
        },
    )
}
