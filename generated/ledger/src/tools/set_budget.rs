//! The tool `set_budget`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, retry, value};
use crate::server::Shared;
use crate::types;

/// The statement of `written`.
const WRITTEN_SQL: &str = r"INSERT INTO budgets (account, year, month, amount, note)
VALUES (?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE amount = VALUES(amount), note = VALUES(note)";

/// The statement of `budget`.
const BUDGET_SQL: &str = r"SELECT account, year, month, amount, note FROM budgets
WHERE account = ? AND year = ? AND month = ?";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Number of an account.
    pub account: i64,
    /// `year`.
    pub year: i64,
    /// `month`.
    pub month: i64,
    /// Four places at most.
    pub amount: value::Decimal,
    /// `note`.
    pub note: Option<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let account = fields
            .required("account", |input| Ok(types::account_number(input)?.value));
        let year = fields.required("year", |input| Ok(types::year(input)?.value));
        let month = fields
            .required(
                "month",
                |input| Ok(input.integer()?.minimum(1)?.maximum(12)?.value),
            );
        let amount = fields.required("amount", |input| Ok(types::amount(input)?.value));
        let note = fields
            .nullable_or(
                "note",
                json!(null),
                |input| Ok(input.text()?.max_length(1000)?.value),
            );
        fields
            .finish(|| Some(Self {
                account: account?,
                year: year?,
                month: month?,
                amount: amount?,
                note: note?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `written` answered.
    pub written: u64,
    /// What the step `budget` answered.
    pub budget: BudgetRow,
}

/// A row of the step `budget`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BudgetRow {
    /// Column `account`.
    pub account: i64,
    /// Column `year`.
    pub year: i64,
    /// Column `month`.
    pub month: i64,
    /// Column `amount`.
    pub amount: value::Decimal,
    /// Column `note`.
    pub note: Option<String>,
}

impl BudgetRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            account: decode::integer(row, 0)?,
            year: decode::integer(row, 1)?,
            month: decode::integer(row, 2)?,
            amount: decode::decimal(row, 3)?,
            note: decode::optional(row, 4, decode::text)?,
        })
    }
}

/// Plan an amount for an account and month, or replace the plan.
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
                    .worded(
                        crate::runtime::failure::Kind::CheckViolation,
                        "A budget is not negative",
                        &[],
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
    let written = session
        .affected(
            sqlx::query(WRITTEN_SQL)
                .bind(params.account)
                .bind(params.year)
                .bind(params.month)
                .bind(value::big_decimal(&params.amount.0)?)
                .bind(params.note.as_deref()),
        )
        .await?;
    progress::step(1, 2, "written");
    let budget = session
        .one(
            sqlx::query(BUDGET_SQL)
                .bind(params.account)
                .bind(params.year)
                .bind(params.month),
            BudgetRow::decode,
        )
        .await?;
    progress::step(2, 2, "budget");
    session.commit().await?;
    Ok(Output { written, budget })
}
