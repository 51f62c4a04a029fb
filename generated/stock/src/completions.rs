//! Values for arguments of prompts and of resource templates.

use std::time::Duration;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode};
use crate::server::Shared;

/// Values for `supplier` of `order_letter`.
const ORDER_LETTER_SUPPLIER_SQL: &str = "SELECT name FROM suppliers WHERE name LIKE ?1 || '%' ORDER BY name";

/// Values for `sku` of `stock://products/{sku}`.
const PRODUCT_SKU_SQL: &str = "SELECT sku FROM products WHERE sku LIKE ?1 || '%' ORDER BY sku";

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
            (Owner::Prompt("order_letter"), "supplier") => {
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(ORDER_LETTER_SUPPLIER_SQL).bind(prefix),
                        answer::COMPLETIONS,
                        usize::MAX,
                        reader,
                    )
                    .await?
            }
            (Owner::Prompt("order_letter"), "tone") => {
                answer::starting_with(&["friendly", "formal"], prefix)
            }
            (Owner::Resource("stock://products/{sku}"), "sku") => {
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(PRODUCT_SKU_SQL).bind(prefix),
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
