//! The tool `year_report`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"WITH RECURSIVE months AS (
    SELECT 1 AS month
    UNION ALL
    SELECT month + 1 FROM months WHERE month < 12
), monthly AS (
    SELECT MONTH(entry_date) AS month,
           SUM(CASE WHEN kind = 'income' THEN effect ELSE 0 END) AS income,
           SUM(CASE WHEN kind = 'expense' THEN effect ELSE 0 END) AS expense
    FROM ledger_lines
    WHERE YEAR(entry_date) = ? AND currency = ?
    GROUP BY MONTH(entry_date)
)
SELECT m.month,
       COALESCE(y.income, 0) AS income,
       COALESCE(y.expense, 0) AS expense,
       COALESCE(y.income - y.expense, 0) AS result,
       SUM(COALESCE(y.income - y.expense, 0)) OVER (ORDER BY m.month) AS result_so_far
FROM months AS m LEFT JOIN monthly AS y ON y.month = m.month
ORDER BY m.month";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `year`.
    pub year: i64,
    /// Currency as in ISO 4217.
    pub currency: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let year = fields.required("year", |input| Ok(types::year(input)?.value));
        let currency = fields
            .or(
                "currency",
                json!("EUR"),
                |input| Ok(types::currency(input)?.value),
            );
        fields
            .finish(|| Some(Self {
                year: year?,
                currency: currency?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub months: Vec<MonthsRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MonthsRow {
    /// Column `month`.
    pub month: i64,
    /// Column `income`.
    pub income: value::Decimal,
    /// Column `expense`.
    pub expense: value::Decimal,
    /// Column `result`.
    pub result: value::Decimal,
    /// Column `result_so_far`.
    pub result_so_far: value::Decimal,
}

impl MonthsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            month: decode::integer(row, 0)?,
            income: decode::decimal(row, 1)?,
            expense: decode::decimal(row, 2)?,
            result: decode::decimal(row, 3)?,
            result_so_far: decode::decimal(row, 4)?,
        })
    }
}

/// Income, expense and result of each month of a year, with the result so far.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let _running = shared.calls.begin("year_report").await?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(params.year).bind(params.currency.as_str());
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, MonthsRow::decode);
    let months = progress::rows(reading).await?;
    Ok(Output { months })
}
