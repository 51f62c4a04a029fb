//! The tool `open_account`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, format, input, progress, retry, value};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `opened`.
const OPENED_SQL: &str = r"INSERT INTO accounts (number, name, kind, parent, currency, lowest, opened_on)
VALUES (?, ?, ?, ?, ?, ?, COALESCE(?, CURRENT_DATE))";

/// The statement of `account`.
const ACCOUNT_SQL: &str = r"SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts WHERE number = ?";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Number of an account.
    pub number: i64,
    /// `name`.
    pub name: String,
    /// Where the account stands.
    pub kind: types::AccountKind,
    /// The account that it is a part of.
    pub parent: Option<i64>,
    /// Currency as in ISO 4217.
    pub currency: String,
    /// A transfer leaves this balance at least; null: any.
    pub lowest: Option<value::Decimal>,
    /// Today if it is left out.
    pub opened_on: Option<chrono::NaiveDate>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let number = fields
            .required("number", |input| Ok(types::account_number(input)?.value));
        let name = fields
            .required(
                "name",
                |input| Ok(input.text()?.min_length(2)?.max_length(120)?.value),
            );
        let kind = fields
            .required("kind", |input| Ok(types::account_kind(input)?.value));
        let parent = fields
            .nullable_or(
                "parent",
                json!(null),
                |input| Ok(types::account_number(input)?.value),
            );
        let currency = fields
            .or(
                "currency",
                json!("EUR"),
                |input| Ok(types::currency(input)?.max_length(3)?.value),
            );
        let lowest = fields
            .nullable_or(
                "lowest",
                json!(null),
                |input| Ok(types::amount(input)?.value),
            );
        let opened_on = fields
            .nullable_or(
                "opened_on",
                json!(null),
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        fields
            .finish(|| Some(Self {
                number: number?,
                name: name?,
                kind: kind?,
                parent: parent?,
                currency: currency?,
                lowest: lowest?,
                opened_on: opened_on?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `opened` answered.
    pub opened: u64,
    /// What the step `account` answered.
    pub account: rows::Account,
}

/// Add an account to the chart.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = retry::transaction(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::UniqueConstraintViolation,
                        "The number or the name is taken",
                        &["Look at it with get_account"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::ForeignKeyViolation,
                        "There is no such parent",
                        &["Find one with list_accounts"],
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
    let opened = session
        .affected(
            sqlx::query(OPENED_SQL)
                .bind(params.number)
                .bind(params.name.as_str())
                .bind(params.kind.as_str())
                .bind(params.parent)
                .bind(params.currency.as_str())
                .bind(
                    params
                        .lowest
                        .as_ref()
                        .map(|lowest| value::big_decimal(&lowest.0))
                        .transpose()?,
                )
                .bind(params.opened_on),
        )
        .await?;
    progress::step(1, 2, "opened");
    let account = session
        .one(
            sqlx::query(ACCOUNT_SQL).bind(params.number),
            |row| rows::Account::decode(row, [0, 1, 2, 3, 4, 5, 6, 7]),
        )
        .await?;
    progress::step(2, 2, "account");
    session.commit().await?;
    Ok(Output { opened, account })
}
