//! The tool `latest_orders`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, retry, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"SELECT DISTINCT ON (o.customer_id) c.name AS customer, o.number, o.status, o.total, o.placed_at
FROM orders AS o JOIN customers AS c ON c.id = o.customer_id
WHERE o.placed_at >= $1::text::timestamp with time zone
ORDER BY o.customer_id, o.placed_at DESC, o.number DESC";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often the statements run where nothing of them was kept.
const RETRY: retry::Policy = retry::Policy {
    attempts: 3,
    backoff: Duration::from_millis(50),
    maximum: Duration::from_secs(1),
};

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `since`.
    pub since: chrono::DateTime<chrono::Utc>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let since = fields
            .or(
                "since",
                json!("2000-01-01T00:00:00Z"),
                |input| Ok(
                    input
                        .parsed(
                            "a date and time like 2024-02-29T12:30:00Z",
                            format::date_time,
                        )?
                        .value,
                ),
            );
        fields.finish(|| Some(Self { since: since? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub orders: Vec<OrdersRow>,
    /// Whether rows were left out because the result was too large.
    pub truncated: bool,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrdersRow {
    /// Column `customer`.
    pub customer: String,
    /// Column `number`.
    pub number: i64,
    /// Column `status`.
    pub status: types::OrderStatus,
    /// Column `total`.
    pub total: value::Decimal,
    /// Column `placed_at`.
    pub placed_at: chrono::DateTime<chrono::Utc>,
}

impl OrdersRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            customer: decode::text(row, 0)?,
            number: decode::integer(row, 1)?,
            status: decode::choice(row, 2, &types::OrderStatus::ALL)?,
            total: decode::decimal(row, 3)?,
            placed_at: decode::date_time(row, 4)?,
        })
    }
}

/// The latest order of each customer who ordered since a moment.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = RETRY.run(TIMEOUT, |left| run(shared, &params, left)).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(
    shared: &Shared,
    params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(value::moment_text(params.since));
    let mut session = shared.database.read(left).await?;
    let reading = session.bounded(statement, 1000, usize::MAX, OrdersRow::decode);
    let (orders, truncated) = progress::rows(reading).await?;
    Ok(Output { orders, truncated })
}
