//! Values for arguments of prompts and of resource templates.

use std::time::Duration;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode};
use crate::server::Shared;

/// Values for `id` of `users://{id}`.
const USER_ID_SQL: &str = "SELECT id FROM users WHERE CAST(id AS TEXT) LIKE ?1 || '%' ORDER BY id LIMIT 100";

/// How long a statement may take.
const TIMEOUT: Duration = Duration::from_secs(5);

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
    shared: &Shared,
    owner: Owner<'_>,
    argument: &str,
    prefix: &str,
) -> Result<answer::Completions, Failure> {
    Ok(
        match (owner, argument) {
            (Owner::Prompt("review_role"), "role") => {
                answer::starting_with(&["user", "admin", "moderator"], prefix)
            }
            (Owner::Resource("users://{id}"), "id") => {
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(USER_ID_SQL).bind(prefix),
                        answer::COMPLETIONS,
                        usize::MAX,
                        reader,
                    )
                    .await?
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
