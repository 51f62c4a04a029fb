//! The tool `account_tree`.

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
            r"WITH RECURSIVE tree AS (
    SELECT number AS top, number AS part FROM accounts
    UNION ALL
    SELECT t.top, a.number FROM tree AS t JOIN accounts AS a ON a.parent = t.part
)
SELECT a.number, a.name, a.kind, a.parent, a.currency,
       COUNT(DISTINCT t.part) - 1 AS parts,
       COALESCE(SUM(l.effect), 0) AS balance
FROM accounts AS a
JOIN tree AS t ON t.top = a.number
LEFT JOIN ledger_lines AS l
  ON l.account = t.part AND l.currency = a.currency AND l.entry_date <= ?
WHERE TRUE ",
        ),
        sql::Part::Clause(0, "AND a.kind IN ("),
        sql::Part::ClauseList(0, 0),
        sql::Part::Clause(0, ")"),
        sql::Part::Text(
            r"
GROUP BY a.number, a.name, a.kind, a.parent, a.currency
ORDER BY a.number",
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
    /// `kinds`.
    pub kinds: Option<Vec<types::AccountKind>>,
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
        let kinds = fields
            .optional(
                "kinds",
                |input| Ok(
                    input
                        .array(|input| Ok(types::account_kind(input)?.value))?
                        .min_items(1)?
                        .value,
                ),
            );
        fields
            .finish(|| Some(Self {
                as_of: as_of?,
                kinds: kinds?,
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
    /// Column `number`.
    pub number: i64,
    /// Column `name`.
    pub name: String,
    /// Column `kind`.
    pub kind: types::AccountKind,
    /// Column `parent`.
    pub parent: Option<i64>,
    /// Column `currency`.
    pub currency: String,
    /// Accounts below it.
    pub parts: i64,
    /// Without parts in other currencies.
    pub balance: value::Decimal,
}

impl AccountsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            number: decode::integer(row, 0)?,
            name: decode::text(row, 1)?,
            kind: decode::choice(row, 2, &types::AccountKind::ALL)?,
            parent: decode::optional(row, 3, decode::integer)?,
            currency: decode::text(row, 4)?,
            parts: decode::integer(row, 5)?,
            balance: decode::decimal(row, 6)?,
        })
    }
}

/// Accounts with the balances of all their parts added up.
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
        let given = [params.kinds.is_some()];
        let mut statement = sqlx::query(
            SQL.with_lists(&given, &[params.kinds.as_ref().map_or(0, Vec::len)]),
        );
        statement = statement.bind(params.as_of);
        if given[0] {
            statement = sql::bind_list(
                statement,
                params
                    .kinds
                    .as_ref()
                    .map_or(&[][..], Vec::as_slice)
                    .iter()
                    .map(|item| item.as_str()),
            );
        }
        statement
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, AccountsRow::decode);
    let accounts = progress::rows(reading).await?;
    Ok(Output { accounts })
}
