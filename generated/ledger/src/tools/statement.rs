//! The tool `statement`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, value};
use crate::server::Shared;
use crate::types;

/// The statement of `of`.
const OF_SQL: &str = "SELECT number, name, kind, currency FROM accounts WHERE number = ?";

/// The statement of `opening`.
const OPENING_SQL: &str = r"SELECT COALESCE(SUM(effect), 0) AS balance FROM ledger_lines
WHERE account = ? AND entry_date < ?";

/// The statement of `lines`.
const LINES_SQL: &str = r"SELECT entry_date, entry_id, description, debit, credit, memo,
       CAST(? AS DECIMAL(19, 4))
       + SUM(effect) OVER (ORDER BY entry_date, id ROWS UNBOUNDED PRECEDING) AS balance
FROM ledger_lines
WHERE account = ? AND entry_date BETWEEN ? AND ?
ORDER BY entry_date, id";

/// The statement of `closing`.
const CLOSING_SQL: &str = r"SELECT COALESCE(SUM(effect), 0) AS balance, COUNT(*) AS line_count FROM ledger_lines
WHERE account = ? AND entry_date <= ?";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Number of an account.
    pub account: i64,
    /// `from`.
    pub from: chrono::NaiveDate,
    /// `until`.
    pub until: chrono::NaiveDate,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let account = fields
            .required("account", |input| Ok(types::account_number(input)?.value));
        let from = fields
            .required(
                "from",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let until = fields
            .required(
                "until",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        fields
            .finish(|| Some(Self {
                account: account?,
                from: from?,
                until: until?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `of` answered.
    pub of: OfRow,
    /// What the step `opening` answered.
    pub opening: OpeningRow,
    /// What the step `lines` answered.
    pub lines: Vec<LinesRow>,
    /// What the step `closing` answered.
    pub closing: ClosingRow,
}

/// A row of the step `of`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfRow {
    /// Column `number`.
    pub number: i64,
    /// Column `name`.
    pub name: String,
    /// Column `kind`.
    pub kind: types::AccountKind,
    /// Column `currency`.
    pub currency: String,
}

impl OfRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            number: decode::integer(row, 0)?,
            name: decode::text(row, 1)?,
            kind: decode::choice(row, 2, &types::AccountKind::ALL)?,
            currency: decode::text(row, 3)?,
        })
    }
}

/// A row of the step `opening`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpeningRow {
    /// Column `balance`.
    pub balance: value::Decimal,
}

impl OpeningRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            balance: decode::decimal(row, 0)?,
        })
    }
}

/// A row of the step `lines`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinesRow {
    /// Column `entry_date`.
    pub entry_date: Option<chrono::NaiveDate>,
    /// Column `entry_id`.
    pub entry_id: Option<u64>,
    /// Column `description`.
    pub description: Option<String>,
    /// Column `debit`.
    pub debit: Option<value::Decimal>,
    /// Column `credit`.
    pub credit: Option<value::Decimal>,
    /// Column `memo`.
    pub memo: Option<String>,
    /// After this line.
    pub balance: value::Decimal,
}

impl LinesRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            entry_date: decode::optional(row, 0, decode::date)?,
            entry_id: decode::optional(row, 1, decode::unsigned)?,
            description: decode::optional(row, 2, decode::text)?,
            debit: decode::optional(row, 3, decode::decimal)?,
            credit: decode::optional(row, 4, decode::decimal)?,
            memo: decode::optional(row, 5, decode::text)?,
            balance: decode::decimal(row, 6)?,
        })
    }
}

/// A row of the step `closing`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClosingRow {
    /// Column `balance`.
    pub balance: value::Decimal,
    /// All that were ever posted.
    pub line_count: i64,
}

impl ClosingRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            balance: decode::decimal(row, 0)?,
            line_count: decode::integer(row, 1)?,
        })
    }
}

/// What happened on an account from one day to another, with the balance after each line.
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
    let mut session = shared.database.snapshot(TIMEOUT).await?;
    let of = session.one(sqlx::query(OF_SQL).bind(params.account), OfRow::decode).await?;
    progress::step(1, 4, "of");
    let opening = session
        .one(
            sqlx::query(OPENING_SQL).bind(of.number).bind(params.from),
            OpeningRow::decode,
        )
        .await?;
    progress::step(2, 4, "opening");
    let lines = session
        .many(
            sqlx::query(LINES_SQL)
                .bind(value::big_decimal(&opening.balance.0)?)
                .bind(of.number)
                .bind(params.from)
                .bind(params.until),
            LinesRow::decode,
        )
        .await?;
    progress::step(3, 4, "lines");
    let closing = session
        .one(
            sqlx::query(CLOSING_SQL).bind(of.number).bind(params.until),
            ClosingRow::decode,
        )
        .await?;
    progress::step(4, 4, "closing");
    session.commit().await?;
    Ok(Output {
        of,
        opening,
        lines,
        closing,
    })
}
