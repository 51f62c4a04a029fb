//! The tool `get_account`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, sql};
use crate::server::Shared;
use crate::{rows, types};

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT number, name, kind, parent, currency, active, debit, credit, balance
FROM balances
WHERE TRUE ",
        ),
        sql::Part::Clause(0, "AND number = ?"),
        sql::Part::Clause(1, " AND name = ?"),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Number of an account.
    pub number: Option<i64>,
    /// `name`.
    pub name: Option<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let number = fields
            .optional("number", |input| Ok(types::account_number(input)?.value));
        let name = fields
            .optional("name", |input| Ok(input.text()?.max_length(120)?.value));
        fields
            .one_of(
                &["number", "name"],
                &[!matches!(number, Some(None)), !matches!(name, Some(None))],
            );
        fields
            .finish(|| Some(Self {
                number: number?,
                name: name?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub account: rows::Balance,
}

/// One account by number or name, with its balance of today. Give exactly one of `number` and
/// `name`.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params)
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::RecordNotFound,
                        "There is no such account",
                        &["Find it with list_accounts"],
                    )
            })?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = {
        let given = [params.number.is_some(), params.name.is_some()];
        let mut statement = sqlx::query(SQL.with(&given));
        if given[0] {
            statement = statement.bind(params.number);
        }
        if given[1] {
            statement = statement.bind(params.name.as_deref());
        }
        statement
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let account = session
        .one(statement, |row| rows::Balance::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8]))
        .await?;
    Ok(Output { account })
}
