//! The tool `balances_as_of`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, format, input, progress, sql};
use crate::server::Shared;
use crate::{rows, types};

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT a.number, a.name, a.kind, a.parent, a.currency, a.active,
       COALESCE(SUM(l.debit), 0) AS debit,
       COALESCE(SUM(l.credit), 0) AS credit,
       COALESCE(SUM(l.effect), 0) AS balance
FROM accounts AS a
LEFT JOIN ledger_lines AS l ON l.account = a.number AND l.entry_date <= ?
WHERE TRUE
  ",
        ),
        sql::Part::Clause(0, "AND a.kind IN ("),
        sql::Part::ClauseList(0, 0),
        sql::Part::Clause(0, ")"),
        sql::Part::Text("\n  "),
        sql::Part::Clause(1, "AND a.number IN ("),
        sql::Part::ClauseList(1, 1),
        sql::Part::Clause(1, ")"),
        sql::Part::Text(
            r"
GROUP BY a.number, a.name, a.kind, a.parent, a.currency, a.active
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
    /// `numbers`.
    pub numbers: Option<Vec<i64>>,
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
        let numbers = fields
            .optional(
                "numbers",
                |input| Ok(
                    input
                        .array(|input| Ok(types::account_number(input)?.value))?
                        .min_items(1)?
                        .max_items(100)?
                        .value,
                ),
            );
        fields
            .finish(|| Some(Self {
                as_of: as_of?,
                kinds: kinds?,
                numbers: numbers?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub balances: Vec<rows::Balance>,
    /// Number of rows in this answer.
    pub count: usize,
}

/// Balances of accounts at the end of a day.
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
        let given = [params.kinds.is_some(), params.numbers.is_some()];
        let mut statement = sqlx::query(
            SQL
                .with_lists(
                    &given,
                    &[
                        params.kinds.as_ref().map_or(0, Vec::len),
                        params.numbers.as_ref().map_or(0, Vec::len),
                    ],
                ),
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
        if given[1] {
            statement = sql::bind_list(
                statement,
                params.numbers.as_ref().map_or(&[][..], Vec::as_slice).iter().copied(),
            );
        }
        statement
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session
        .many(statement, |row| rows::Balance::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8]));
    let balances = progress::rows(reading).await?;
    Ok(Output {
        count: balances.len(),
        balances,
    })
}
