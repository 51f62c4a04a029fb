//! The tool `ship_order`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, retry};
use crate::server::Shared;
use crate::{rows, types};

/// The statement.
const SQL: &str = r"UPDATE orders SET status = 'shipped', shipped_at = now() WHERE number = $1 AND status = 'packing'
RETURNING id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at";

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
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let number = fields
            .required("number", |input| Ok(types::order_number(input)?.value));
        fields.finish(|| Some(Self { number: number? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub order: rows::Order,
}

/// Say that a packed order left the house.
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
                        "There is no such order that is being packed",
                        &["Claim one with claim_next_order"],
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
    let statement = sqlx::query(SQL).bind(params.number);
    let mut session = shared.database.write(left).await?;
    let order_ = session
        .one(
            statement,
            |row| rows::Order::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    session.commit().await?;
    Ok(Output { order: order_ })
}
