//! The tool `cancel_order`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, progress, retry};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `order`.
const ORDER_SQL: &str = r"UPDATE orders SET status = 'cancelled', note = concat_ws('; ', note, $1::text)
WHERE number = $2 AND status IN ('pending', 'paid')
RETURNING id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at";

/// The statement of `put_back`.
const PUT_BACK_SQL: &str = r"UPDATE stock_levels AS s SET on_hand = s.on_hand + i.quantity
FROM order_items AS i
WHERE i.order_id = $1::text::uuid AND s.variant_id = i.variant_id";

/// The statement of `refund`.
const REFUND_SQL: &str = r"INSERT INTO payments (order_id, kind, method, amount, reason)
SELECT order_id, 'refund', method, amount, $1
FROM payments WHERE order_id = $2::text::uuid AND kind = 'charge'
RETURNING id, kind, method, amount, paid_at";

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
    /// `reason`.
    pub reason: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let number = fields
            .required("number", |input| Ok(types::order_number(input)?.value));
        let reason = fields
            .required(
                "reason",
                |input| Ok(input.text()?.min_length(3)?.max_length(200)?.value),
            );
        fields
            .finish(|| Some(Self {
                number: number?,
                reason: reason?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `order` answered.
    pub order: rows::Order,
    /// What the step `put_back` answered.
    pub put_back: u64,
    /// What the step `refund` answered.
    pub refund: Option<rows::Payment>,
}

/// Cancel a pending or paid order, put its goods back into stock, and refund what was paid.
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
                        "There is no such order that can be cancelled",
                        &["Look at it with get_order", "Refund it with refund_order"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::CheckViolation,
                        "A part was refunded before",
                        &["Refund the rest with refund_order"],
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
    let order_ = session
        .one(
            sqlx::query(ORDER_SQL).bind(params.reason.as_str()).bind(params.number),
            |row| rows::Order::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    progress::step(1, 3, "order");
    let put_back = session
        .affected(sqlx::query(PUT_BACK_SQL).bind(order_.id.as_str()))
        .await?;
    progress::step(2, 3, "put_back");
    let refund = session
        .optional(
            sqlx::query(REFUND_SQL)
                .bind(params.reason.as_str())
                .bind(order_.id.as_str()),
            |row| rows::Payment::decode(row, [0, 1, 2, 3, 4]),
        )
        .await?;
    progress::step(3, 3, "refund");
    session.commit().await?;
    Ok(Output {
        order: order_,
        put_back,
        refund,
    })
}
