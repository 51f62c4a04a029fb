//! Values for arguments of prompts and of resource templates.

use std::time::Duration;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode};
use crate::server::Shared;

/// Values for `period` of `month_review`.
const MONTH_REVIEW_PERIOD_SQL: &str = "SELECT code FROM periods WHERE code LIKE CONCAT(?, '%') ORDER BY code DESC";

/// Values for `number` of `ledger://accounts/{number}`.
const ACCOUNT_NUMBER_SQL: &str = r"SELECT CAST(number AS CHAR) AS typed FROM accounts
WHERE CAST(number AS CHAR) LIKE CONCAT(?, '%') ORDER BY number";

/// How long a statement may take.
const TIMEOUT: Duration = Duration::from_secs(10);

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
            (Owner::Prompt("month_review"), "period") => {
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(MONTH_REVIEW_PERIOD_SQL).bind(prefix),
                        answer::COMPLETIONS,
                        usize::MAX,
                        reader,
                    )
                    .await?
            }
            (Owner::Prompt("month_review"), "focus") => {
                answer::starting_with(&["costs", "income", "both"], prefix)
            }
            (Owner::Resource("ledger://accounts/{number}"), "number") => {
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(ACCOUNT_NUMBER_SQL).bind(prefix),
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
