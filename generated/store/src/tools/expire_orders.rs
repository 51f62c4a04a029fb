//! The tool `expire_orders`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, retry};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"WITH expired AS (
    UPDATE orders SET status = 'cancelled'
    WHERE status = 'pending' AND placed_at < now() - $1::text::interval::interval
    RETURNING id, number
), goods AS (
    SELECT i.variant_id, sum(i.quantity)::integer AS quantity
    FROM order_items AS i JOIN expired AS e ON e.id = i.order_id
    GROUP BY i.variant_id
), put_back AS (
    UPDATE stock_levels AS s SET on_hand = s.on_hand + g.quantity
    FROM goods AS g WHERE g.variant_id = s.variant_id
    RETURNING g.quantity
)
SELECT coalesce((SELECT array_agg(number ORDER BY number) FROM expired), '{}') AS numbers,
       coalesce((SELECT sum(quantity) FROM put_back), 0) AS units";

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
    /// `older_than`.
    pub older_than: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let older_than = fields
            .or(
                "older_than",
                json!("P7D"),
                |input| Ok(
                    input
                        .text()?
                        .format("a length of time like P1DT12H", format::duration)?
                        .value,
                ),
            );
        fields.finish(|| Some(Self { older_than: older_than? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub expired: ExpiredRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExpiredRow {
    /// Orders that were cancelled.
    pub numbers: Vec<Option<i64>>,
    /// Column `units`.
    pub units: i64,
}

impl ExpiredRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            numbers: decode::array(row, 0, decode::integer)?,
            units: decode::integer(row, 1)?,
        })
    }
}

/// Cancel orders that have been pending for too long, and put their goods back into stock.
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
    let statement = sqlx::query(SQL).bind(params.older_than.as_str());
    let mut session = shared.database.write(left).await?;
    let expired = session.one(statement, ExpiredRow::decode).await?;
    session.commit().await?;
    Ok(Output { expired })
}
