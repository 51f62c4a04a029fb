//! The tool `transfer`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, retry, value};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `period`.
const PERIOD_SQL: &str = r"SELECT id, code FROM periods
WHERE ? BETWEEN starts_on AND ends_on AND closed_at IS NULL
LOCK IN SHARE MODE";

/// The statement of `locked`.
const LOCKED_SQL: &str = r"SELECT number, name FROM accounts
WHERE number = ? OR number = ?
ORDER BY number
FOR UPDATE";

/// The statement of `source`.
const SOURCE_SQL: &str = r"SELECT a.number, a.currency, COALESCE(SUM(l.effect), 0) AS balance
FROM accounts AS a LEFT JOIN ledger_lines AS l ON l.account = a.number
WHERE a.number = ? AND a.kind = 'asset'
GROUP BY a.number, a.currency, a.lowest
HAVING a.lowest IS NULL OR COALESCE(SUM(l.effect), 0) - CAST(? AS DECIMAL(19, 4)) >= a.lowest";

/// The statement of `target`.
const TARGET_SQL: &str = r"SELECT number FROM accounts
WHERE number = ? AND kind = 'asset' AND currency = ? AND number <> ?";

/// The statement of `entry`.
const ENTRY_SQL: &str = r"INSERT INTO entries (period_id, entry_date, description, metadata)
VALUES (?, ?, ?, JSON_OBJECT('transfer', TRUE))";

/// The statement of `postings`.
const POSTINGS_SQL: &str = r"INSERT INTO postings (entry_id, line, account, debit, credit)
VALUES (?, 1, ?, ?, 0), (?, 2, ?, 0, ?)";

/// The statement of `posted`.
const POSTED_SQL: &str = "UPDATE entries SET status = 'posted', posted_at = CURRENT_TIMESTAMP(6) WHERE id = ?";

/// The statement of `result`.
const RESULT_SQL: &str = r"SELECT id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total
FROM journal WHERE id = ?";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Number of an account.
    pub from_account: i64,
    /// Number of an account.
    pub to_account: i64,
    /// Four places at most.
    pub amount: value::Decimal,
    /// A day in an open period.
    pub day: chrono::NaiveDate,
    /// `description`.
    pub description: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let from_account = fields
            .required("from_account", |input| Ok(types::account_number(input)?.value));
        let to_account = fields
            .required("to_account", |input| Ok(types::account_number(input)?.value));
        let amount = fields.required("amount", |input| Ok(types::amount(input)?.value));
        let day = fields
            .required(
                "day",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let description = fields
            .or(
                "description",
                json!("Transfer"),
                |input| Ok(input.text()?.min_length(3)?.max_length(200)?.value),
            );
        fields
            .finish(|| Some(Self {
                from_account: from_account?,
                to_account: to_account?,
                amount: amount?,
                day: day?,
                description: description?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `period` answered.
    pub period: PeriodRow,
    /// What the step `locked` answered.
    pub locked: Vec<LockedRow>,
    /// What the step `source` answered.
    pub source: SourceRow,
    /// What the step `target` answered.
    pub target: TargetRow,
    /// What the step `entry` answered.
    pub entry: u64,
    /// What the step `postings` answered.
    pub postings: u64,
    /// What the step `posted` answered.
    pub posted: u64,
    /// What the step `result` answered.
    pub result: rows::Entry,
}

/// A row of the step `period`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeriodRow {
    /// Column `id`.
    pub id: i64,
    /// Column `code`.
    pub code: String,
}

impl PeriodRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            code: decode::text(row, 1)?,
        })
    }
}

/// A row of the step `locked`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LockedRow {
    /// Column `number`.
    pub number: i64,
    /// Column `name`.
    pub name: String,
}

impl LockedRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            number: decode::integer(row, 0)?,
            name: decode::text(row, 1)?,
        })
    }
}

/// A row of the step `source`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceRow {
    /// Column `number`.
    pub number: i64,
    /// Column `currency`.
    pub currency: String,
    /// Before the transfer.
    pub balance: value::Decimal,
}

impl SourceRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            number: decode::integer(row, 0)?,
            currency: decode::text(row, 1)?,
            balance: decode::decimal(row, 2)?,
        })
    }
}

/// A row of the step `target`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetRow {
    /// Column `number`.
    pub number: i64,
}

impl TargetRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            number: decode::integer(row, 0)?,
        })
    }
}

/// Move money between two asset accounts of one currency, if the balance stays above its
/// lowest.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = retry::transaction(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::RecordNotFound,
                        "The period is closed, an account does not fit, or there is not enough on it",
                        &["Look at the accounts with get_account", "Transfer less"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::CheckViolation,
                        "The amount is not positive, or an account is closed",
                        &[],
                    )
                    .worded(
                        crate::runtime::failure::Kind::Deadlock,
                        "Another transfer came in between",
                        &["Try again"],
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
    let mut session = shared
        .database
        .write_at(left, crate::runtime::database::Isolation::ReadCommitted)
        .await?;
    let period = session
        .one(sqlx::query(PERIOD_SQL).bind(params.day), PeriodRow::decode)
        .await?;
    progress::step(1, 8, "period");
    let locked = session
        .many(
            sqlx::query(LOCKED_SQL).bind(params.from_account).bind(params.to_account),
            LockedRow::decode,
        )
        .await?;
    progress::step(2, 8, "locked");
    let source = session
        .one(
            sqlx::query(SOURCE_SQL)
                .bind(params.from_account)
                .bind(value::big_decimal(&params.amount.0)?),
            SourceRow::decode,
        )
        .await?;
    progress::step(3, 8, "source");
    let target = session
        .one(
            sqlx::query(TARGET_SQL)
                .bind(params.to_account)
                .bind(source.currency.as_str())
                .bind(source.number),
            TargetRow::decode,
        )
        .await?;
    progress::step(4, 8, "target");
    let entry = session
        .last_insert_id(
            sqlx::query(ENTRY_SQL)
                .bind(period.id)
                .bind(params.day)
                .bind(params.description.as_str()),
        )
        .await?;
    progress::step(5, 8, "entry");
    let postings = session
        .affected(
            sqlx::query(POSTINGS_SQL)
                .bind(entry)
                .bind(target.number)
                .bind(value::big_decimal(&params.amount.0)?)
                .bind(entry)
                .bind(source.number)
                .bind(value::big_decimal(&params.amount.0)?),
        )
        .await?;
    progress::step(6, 8, "postings");
    let posted = session.affected(sqlx::query(POSTED_SQL).bind(entry)).await?;
    progress::step(7, 8, "posted");
    let result = session
        .one(
            sqlx::query(RESULT_SQL).bind(entry),
            |row| rows::Entry::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    progress::step(8, 8, "result");
    session.commit().await?;
    Ok(Output {
        period,
        locked,
        source,
        target,
        entry,
        postings,
        posted,
        result,
    })
}
