//! Values for arguments of prompts and of resource templates.

use std::time::Duration;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode};
use crate::server::Shared;

/// Values for `number` of `delay_letter`.
const DELAY_LETTER_NUMBER_SQL: &str = r"SELECT number::text FROM orders
WHERE status IN ('paid', 'packing') AND number::text LIKE $1 || '%'
ORDER BY number";

/// Values for `product` of `review_digest`.
const REVIEW_DIGEST_PRODUCT_SQL: &str = "SELECT slug FROM products WHERE slug LIKE $1 || '%' ORDER BY slug";

/// Values for `slug` of `store://products/{slug}`.
const PRODUCT_SLUG_SQL: &str = "SELECT slug FROM products WHERE slug LIKE $1 || '%' AND status = 'active' ORDER BY slug";

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
            (Owner::Prompt("delay_letter"), "number") => {
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(DELAY_LETTER_NUMBER_SQL).bind(prefix),
                        answer::COMPLETIONS,
                        usize::MAX,
                        reader,
                    )
                    .await?
            }
            (Owner::Prompt("delay_letter"), "tone") => {
                answer::starting_with(&["friendly", "formal"], prefix)
            }
            (Owner::Prompt("review_digest"), "product") => {
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(REVIEW_DIGEST_PRODUCT_SQL).bind(prefix),
                        answer::COMPLETIONS,
                        usize::MAX,
                        reader,
                    )
                    .await?
            }
            (Owner::Resource("store://products/{slug}"), "slug") => {
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(PRODUCT_SLUG_SQL).bind(prefix),
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
