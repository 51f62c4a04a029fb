//! The tool `trial_balance`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, sql, value};
use crate::server::Shared;
use crate::types;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT currency, number, CASE WHEN number IS NULL THEN NULL ELSE name END AS name, debit, credit
FROM (
    SELECT a.currency,
           a.number,
           MAX(a.name) AS name,
           SUM(GREATEST(b.amount, 0)) AS debit,
           SUM(GREATEST(-b.amount, 0)) AS credit
    FROM accounts AS a
    JOIN (
        SELECT p.account, SUM(p.amount) AS amount
        FROM postings AS p JOIN entries AS e ON e.id = p.entry_id
        WHERE e.status = 'posted' AND e.entry_date <= ?
        GROUP BY p.account
    ) AS b ON b.account = a.number
    WHERE TRUE ",
        ),
        sql::Part::Clause(0, "AND a.currency = ?"),
        sql::Part::Text(
            r"
    GROUP BY a.currency, a.number WITH ROLLUP
) AS t
WHERE currency IS NOT NULL
ORDER BY currency, number IS NULL, number",
        ),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `as_of`.
    pub as_of: chrono::NaiveDate,
    /// Currency as in ISO 4217.
    pub currency: Option<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let as_of = fields
            .required(
                "as_of",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let currency = fields
            .optional("currency", |input| Ok(types::currency(input)?.value));
        fields
            .finish(|| Some(Self {
                as_of: as_of?,
                currency: currency?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub accounts: Vec<AccountsRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccountsRow {
    /// Column `currency`.
    pub currency: Option<String>,
    /// Null: the total.
    pub number: Option<i64>,
    /// Column `name`.
    pub name: Option<String>,
    /// Column `debit`.
    pub debit: value::Decimal,
    /// Column `credit`.
    pub credit: value::Decimal,
}

impl AccountsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            currency: decode::optional(row, 0, decode::text)?,
            number: decode::optional(row, 1, decode::integer)?,
            name: decode::optional(row, 2, decode::text)?,
            debit: decode::decimal(row, 3)?,
            credit: decode::decimal(row, 4)?,
        })
    }
}

/// Debit and credit balances of all accounts at the end of a day, with a total for each
/// currency.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = {
        let given = [params.currency.is_some()];
        let mut statement = sqlx::query(SQL.with(&given));
        statement = statement.bind(params.as_of);
        if given[0] {
            statement = statement.bind(params.currency.as_deref());
        }
        statement
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, AccountsRow::decode);
    let accounts = progress::rows(reading).await?;
    Ok(Output { accounts })
}
