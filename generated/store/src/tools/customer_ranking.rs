//! The tool `customer_ranking`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, retry, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"WITH paid AS (
    SELECT customer_id, total, placed_at,
           placed_at - lag(placed_at) OVER (PARTITION BY customer_id ORDER BY placed_at) AS pause
    FROM orders
    WHERE status IN ('paid', 'packing', 'shipped', 'delivered')
), spent AS (
    SELECT customer_id, count(*) AS orders, sum(total) AS total,
           round((extract(epoch FROM avg(pause)) / 86400)::numeric, 1) AS days_between
    FROM paid GROUP BY customer_id
)
SELECT rank() OVER (ORDER BY s.total DESC) AS place,
       c.id, c.name, s.orders, s.total AS spent,
       round(100 * s.total / sum(s.total) OVER (), 2) AS percent,
       ntile(4) OVER (ORDER BY s.total DESC) AS quarter,
       s.days_between
FROM spent AS s JOIN customers AS c ON c.id = s.customer_id
ORDER BY place, c.name
LIMIT $1";

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
    /// Greater values are taken as 200.
    pub limit: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let limit = fields
            .or(
                "limit",
                json!(20),
                |input| Ok(input.integer()?.clamp_maximum(200).minimum(1)?.value),
            );
        fields.finish(|| Some(Self { limit: limit? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub customers: Vec<CustomersRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CustomersRow {
    /// Column `place`.
    pub place: i64,
    /// Column `id`.
    pub id: String,
    /// Column `name`.
    pub name: String,
    /// Column `orders`.
    pub orders: i64,
    /// Column `spent`.
    pub spent: value::Decimal,
    /// Part of all revenue.
    pub percent: value::Decimal,
    /// 1: the best.
    pub quarter: i64,
    /// Column `days_between`.
    pub days_between: Option<value::Decimal>,
}

impl CustomersRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            place: decode::integer(row, 0)?,
            id: decode::uuid(row, 1)?,
            name: decode::text(row, 2)?,
            orders: decode::integer(row, 3)?,
            spent: decode::decimal(row, 4)?,
            percent: decode::decimal(row, 5)?,
            quarter: decode::integer(row, 6)?,
            days_between: decode::optional(row, 7, decode::decimal)?,
        })
    }
}

/// Customers by what they paid, with their share, quarter and days between orders.
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
    let statement = sqlx::query(SQL).bind(params.limit);
    let mut session = shared.database.read(left).await?;
    let reading = session.many(statement, CustomersRow::decode);
    let customers = progress::rows(reading).await?;
    Ok(Output { customers })
}
