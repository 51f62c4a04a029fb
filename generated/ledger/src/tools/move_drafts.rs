//! The tool `move_drafts`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, format, input, retry};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"UPDATE postings AS p
JOIN entries AS e ON e.id = p.entry_id
SET p.account = ?
WHERE p.account = ? AND e.status = 'draft' AND e.entry_date >= ?";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Number of an account.
    pub from_account: i64,
    /// Number of an account.
    pub to_account: i64,
    /// `since`.
    pub since: chrono::NaiveDate,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let from_account = fields
            .required("from_account", |input| Ok(types::account_number(input)?.value));
        let to_account = fields
            .required("to_account", |input| Ok(types::account_number(input)?.value));
        let since = fields
            .or(
                "since",
                json!("2000-01-01"),
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        fields
            .finish(|| Some(Self {
                from_account: from_account?,
                to_account: to_account?,
                since: since?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// Number of rows changed.
    pub moved: u64,
}

/// Move the lines of drafts from one account to another.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = retry::transaction(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::ForeignKeyViolation,
                        "There is no such account",
                        &["Find it with list_accounts"],
                    )
            })?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(
    shared: &Shared,
    params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL)
        .bind(params.to_account)
        .bind(params.from_account)
        .bind(params.since);
    let mut session = shared.database.write(left).await?;
    let moved = session.affected(statement).await?;
    session.commit().await?;
    Ok(Output { moved })
}
