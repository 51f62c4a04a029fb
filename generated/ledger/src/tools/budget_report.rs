//! The tool `budget_report`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"SELECT b.account, a.name, a.kind, b.amount AS planned,
       COALESCE(SUM(l.effect), 0) AS actual,
       COALESCE(SUM(l.effect), 0) - b.amount AS difference,
       ROUND(100 * COALESCE(SUM(l.effect), 0) / NULLIF(b.amount, 0), 1) AS percent
FROM budgets AS b
JOIN accounts AS a ON a.number = b.account
LEFT JOIN ledger_lines AS l
  ON l.account = b.account AND YEAR(l.entry_date) = b.year AND MONTH(l.entry_date) = b.month
WHERE b.year = ? AND b.month = ?
GROUP BY b.account, a.name, a.kind, b.amount
ORDER BY b.account";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `year`.
    pub year: i64,
    /// `month`.
    pub month: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let year = fields.required("year", |input| Ok(types::year(input)?.value));
        let month = fields
            .required(
                "month",
                |input| Ok(input.integer()?.minimum(1)?.maximum(12)?.value),
            );
        fields.finish(|| Some(Self { year: year?, month: month? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub budgets: Vec<BudgetsRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BudgetsRow {
    /// Column `account`.
    pub account: i64,
    /// Column `name`.
    pub name: String,
    /// Column `kind`.
    pub kind: types::AccountKind,
    /// Column `planned`.
    pub planned: value::Decimal,
    /// Column `actual`.
    pub actual: value::Decimal,
    /// Column `difference`.
    pub difference: value::Decimal,
    /// Actual of planned.
    pub percent: Option<value::Decimal>,
}

impl BudgetsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            account: decode::integer(row, 0)?,
            name: decode::text(row, 1)?,
            kind: decode::choice(row, 2, &types::AccountKind::ALL)?,
            planned: decode::decimal(row, 3)?,
            actual: decode::decimal(row, 4)?,
            difference: decode::decimal(row, 5)?,
            percent: decode::optional(row, 6, decode::decimal)?,
        })
    }
}

/// What was planned and what came, of a month.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(params.year).bind(params.month);
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, BudgetsRow::decode);
    let budgets = progress::rows(reading).await?;
    Ok(Output { budgets })
}
