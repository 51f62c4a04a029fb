//! The tool `take_payment`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, progress, retry};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `order`.
const ORDER_SQL: &str = r"UPDATE orders SET status = 'paid' WHERE number = $1 AND status = 'pending'
RETURNING id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at";

/// The statement of `payment`.
const PAYMENT_SQL: &str = r"INSERT INTO payments (order_id, method, amount) VALUES ($1::text::uuid, $2::text::payment_method, $3::text::numeric)
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
    /// `method`.
    pub method: types::PaymentMethod,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let number = fields
            .required("number", |input| Ok(types::order_number(input)?.value));
        let method = fields
            .required("method", |input| Ok(types::payment_method(input)?.value));
        fields
            .finish(|| Some(Self {
                number: number?,
                method: method?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `order` answered.
    pub order: rows::Order,
    /// What the step `payment` answered.
    pub payment: rows::Payment,
}

/// Charge a pending order; it waits to be packed from then on.
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
                        "There is no such order that is pending",
                        &["Look at it with get_order"],
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
            sqlx::query(ORDER_SQL).bind(params.number),
            |row| rows::Order::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    progress::step(1, 2, "order");
    let payment = session
        .one(
            sqlx::query(PAYMENT_SQL)
                .bind(order_.id.as_str())
                .bind(params.method.as_str())
                .bind(order_.total.0.as_str()),
            |row| rows::Payment::decode(row, [0, 1, 2, 3, 4]),
        )
        .await?;
    progress::step(2, 2, "payment");
    session.commit().await?;
    Ok(Output { order: order_, payment })
}
