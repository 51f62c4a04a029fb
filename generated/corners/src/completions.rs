//! Values for arguments of prompts and of resource templates.

use std::time::Duration;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, sql};
use crate::server::Shared;
use crate::types;

/// Values for `id` of `uri`.
static URI_ID_SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            "SELECT id FROM things WHERE CAST(id AS TEXT) LIKE ?1 || '%' AND (?2 IS NULL OR type = ?2) ",
        ),
        sql::Part::Clause(0, "AND ready = ?3"),
        sql::Part::Clause(1, " AND self <> ?4"),
        sql::Part::Text(" ORDER BY id"),
    ],
);

/// Values for `id` of `corners://{id}`.
const URI_ID_2_SQL: &str = "SELECT id FROM things WHERE CAST(id AS TEXT) LIKE ?1 || '%' ORDER BY id";

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
    owner: Owner<'_>,
    argument: &str,
    prefix: &str,
    arguments: input::Arguments,
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
            (Owner::Prompt("uri"), "kind") => {
                answer::starting_with(&["a", "b", "self"], prefix)
            }
            (Owner::Prompt("uri"), "odd") => {
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
            (Owner::Prompt("uri"), "id") => {
                use crate::prompts::uri::Kind;
                /// The other arguments. One that cannot be read is as good as none.
                struct Params {
                    kind: Option<Kind>,
                    odd: Option<types::Odd>,
                    ready: Option<bool>,
                }
                let mut fields = input::Fields::of(arguments, input::Unknown::Ignore);
                let kind = fields
                    .optional("kind", |input| Ok(input.choice(&Kind::ALL)?.value));
                let odd = fields.optional("odd", |input| Ok(types::odd(input)?.value));
                let ready = fields.optional("ready", |input| Ok(input.boolean()?.value));
                let params = Params {
                    kind: kind.flatten(),
                    odd: odd.flatten(),
                    ready: ready.flatten(),
                };
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(
                                URI_ID_SQL
                                    .with(&[params.ready.is_some(), params.odd.is_some()]),
                            )
                            .bind(prefix)
                            .bind(params.kind.map(Kind::as_str))
                            .bind(params.ready)
                            .bind(params.odd.map(types::Odd::as_str)),
                        answer::COMPLETIONS,
                        usize::MAX,
                        reader,
                    )
                    .await?
            }
            (Owner::Resource("corners://{id}"), "id") => {
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(URI_ID_2_SQL).bind(prefix),
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
