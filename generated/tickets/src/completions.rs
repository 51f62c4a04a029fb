//! Values for arguments of prompts and of resource templates.

use std::time::Duration;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, auth, decode};
use crate::server::Shared;

/// Values for `id` of `tickets://{id}`.
const TICKET_ID_SQL: &str = "SELECT CAST(id AS TEXT) FROM tickets WHERE tenant_id = ?1 AND CAST(id AS TEXT) LIKE ?2 || '%' ORDER BY id";

/// How long a statement may take.
const TIMEOUT: Duration = Duration::from_secs(30);

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
    caller: &auth::Caller,
    owner: Owner<'_>,
    argument: &str,
    prefix: &str,
) -> Result<answer::Completions, Failure> {
    Ok(
        match (owner, argument) {
            (Owner::Resource("tickets://{id}"), "id") => {
                /// The other arguments. One that cannot be read is as good as none.
                struct Params {
                    tenant: String,
                }
                let tenant = caller.claim("tenant", |input| Ok(input.text()?.value))?;
                let params = Params { tenant };
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(TICKET_ID_SQL)
                            .bind(params.tenant.as_str())
                            .bind(prefix),
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
