//! The tool `close_account`.

use std::time::Duration;

use serde::Serialize;

use crate::rows;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, progress, retry};
use crate::server::Shared;

/// The statement of `closed`.
const CLOSED_SQL: &str = r"UPDATE accounts AS a
LEFT JOIN (SELECT account, SUM(amount) AS balance FROM postings GROUP BY account) AS p ON p.account = a.number
SET a.active = FALSE
WHERE a.number = ? AND COALESCE(p.balance, 0) = 0";

/// The statement of `account`.
const ACCOUNT_SQL: &str = r"SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts WHERE number = ? AND NOT active";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Number of the account.
    pub number: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let number = fields.required("number", |input| Ok(input.integer()?.value));
        fields.finish(|| Some(Self { number: number? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `closed` answered.
    pub closed: u64,
    /// What the step `account` answered.
    pub account: rows::Account,
}

/// Take an account whose balance is zero out of use.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = retry::transaction(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::RecordNotFound,
                        "There is no such account, or its balance is not zero",
                        &["Look at it with get_account"],
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
    let mut session = shared.database.write(left).await?;
    let closed = session.affected(sqlx::query(CLOSED_SQL).bind(params.number)).await?;
    progress::step(1, 2, "closed");
    let account = session
        .one(
            sqlx::query(ACCOUNT_SQL).bind(params.number),
            |row| rows::Account::decode(row, [0, 1, 2, 3, 4, 5, 6, 7]),
        )
        .await?;
    progress::step(2, 2, "account");
    session.commit().await?;
    Ok(Output { closed, account })
}
