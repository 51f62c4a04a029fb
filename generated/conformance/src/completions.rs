//! Values for arguments of prompts and of resource templates.

use std::time::Duration;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, sql};
use crate::server::Shared;

/// Values for `arg1` of `test_prompt_with_arguments`.
const TEST_PROMPT_WITH_ARGUMENTS_ARG1_SQL: &str = "SELECT word FROM words WHERE word LIKE ?1 || '%' ORDER BY word";

/// Values for `arg2` of `test_prompt_with_arguments`.
static TEST_PROMPT_WITH_ARGUMENTS_ARG2_SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(r"SELECT word FROM words
WHERE word LIKE ?1 || '%' "),
        sql::Part::Clause(
            0,
            " AND language = (SELECT language FROM words WHERE word = ?2) ",
        ),
        sql::Part::Text(r"
ORDER BY word"),
    ],
);

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
            (Owner::Prompt("test_prompt_with_arguments"), "arg1") => {
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(TEST_PROMPT_WITH_ARGUMENTS_ARG1_SQL).bind(prefix),
                        answer::COMPLETIONS,
                        usize::MAX,
                        reader,
                    )
                    .await?
            }
            (Owner::Prompt("test_prompt_with_arguments"), "arg2") => {
                /// The other arguments. One that cannot be read is as good as none.
                struct Params {
                    arg1: Option<String>,
                }
                let mut fields = input::Fields::of(arguments, input::Unknown::Ignore);
                let arg1 = fields.optional("arg1", |input| Ok(input.text()?.value));
                let params = Params { arg1: arg1.flatten() };
                let mut session = shared.database.read(TIMEOUT).await?;
                let reader = |row: &Row| decode::text(row, 0);
                session
                    .bounded(
                        sqlx::query(
                                TEST_PROMPT_WITH_ARGUMENTS_ARG2_SQL
                                    .with(&[params.arg1.is_some()]),
                            )
                            .bind(prefix)
                            .bind(params.arg1.as_deref()),
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
