//! The tool `refund_order`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, retry, value};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `order`.
const ORDER_SQL: &str = r"SELECT id, status FROM orders
WHERE number = $1 AND status IN ('paid', 'packing', 'shipped', 'delivered')
FOR UPDATE";

/// The statement of `refund`.
const REFUND_SQL: &str = r"INSERT INTO payments (order_id, kind, method, amount, reason)
SELECT order_id, 'refund', method, $1::text::numeric, $2
FROM payments WHERE order_id = $3::text::uuid AND kind = 'charge'
RETURNING id, kind, method, amount, paid_at";

/// The statement of `balance`.
const BALANCE_SQL: &str = r"SELECT coalesce(sum(amount) FILTER (WHERE kind = 'charge'), 0)
       - coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS kept
FROM payments WHERE order_id = $1::text::uuid";

/// The statement of `closed`.
const CLOSED_SQL: &str = "UPDATE orders SET status = 'refunded' WHERE id = $1::text::uuid AND $2::text::numeric::numeric = 0";

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
    /// The number that customers know.
    pub number: i64,
    /// Euros.
    pub amount: value::Decimal,
    /// `reason`.
    pub reason: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let number = fields
            .required("number", |input| Ok(types::order_number(input)?.value));
        let amount = fields.required("amount", |input| Ok(types::amount(input)?.value));
        let reason = fields
            .required(
                "reason",
                |input| Ok(input.text()?.min_length(3)?.max_length(200)?.value),
            );
        fields
            .finish(|| Some(Self {
                number: number?,
                amount: amount?,
                reason: reason?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `order` answered.
    pub order: OrderRow,
    /// What the step `refund` answered.
    pub refund: rows::Payment,
    /// What the step `balance` answered.
    pub balance: BalanceRow,
    /// What the step `closed` answered.
    pub closed: u64,
}

/// A row of the step `order`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderRow {
    /// Column `id`.
    pub id: String,
    /// Column `status`.
    pub status: types::OrderStatus,
}

impl OrderRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            status: decode::choice(row, 1, &types::OrderStatus::ALL)?,
        })
    }
}

/// A row of the step `balance`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BalanceRow {
    /// What the shop keeps.
    pub kept: value::Decimal,
}

impl BalanceRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            kept: decode::decimal(row, 0)?,
        })
    }
}

/// Give back a part or all of what was paid; when nothing is left the order is refunded.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = RETRY
            .run(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::RecordNotFound,
                        "There is no such order that was paid",
                        &["Look at it with get_order"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::CheckViolation,
                        "This is more than was paid",
                        &["Look at the payments with get_order"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::SerializationFailure,
                        "The order changed at the same moment",
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
        .write_at(left, crate::runtime::database::Isolation::Serializable)
        .await?;
    let order_ = session
        .one(sqlx::query(ORDER_SQL).bind(params.number), OrderRow::decode)
        .await?;
    progress::step(1, 4, "order");
    let refund = session
        .one(
            sqlx::query(REFUND_SQL)
                .bind(params.amount.0.as_str())
                .bind(params.reason.as_str())
                .bind(order_.id.as_str()),
            |row| rows::Payment::decode(row, [0, 1, 2, 3, 4]),
        )
        .await?;
    progress::step(2, 4, "refund");
    let balance = session
        .one(sqlx::query(BALANCE_SQL).bind(order_.id.as_str()), BalanceRow::decode)
        .await?;
    progress::step(3, 4, "balance");
    let closed = session
        .affected(
            sqlx::query(CLOSED_SQL)
                .bind(order_.id.as_str())
                .bind(balance.kept.0.as_str()),
        )
        .await?;
    progress::step(4, 4, "closed");
    session.commit().await?;
    Ok(Output {
        order: order_,
        refund,
        balance,
        closed,
    })
}
