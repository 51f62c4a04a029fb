//! The tool `claim_next_order`.

use std::time::Duration;

use serde::Serialize;

use crate::rows;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, retry};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"UPDATE orders SET status = 'packing', packer = $1
WHERE id = (
    SELECT id FROM orders WHERE status = 'paid'
    ORDER BY placed_at, number
    LIMIT 1
    FOR UPDATE SKIP LOCKED)
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
    /// Who packs.
    pub packer: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let packer = fields
            .required(
                "packer",
                |input| Ok(input.text()?.min_length(1)?.max_length(80)?.value),
            );
        fields.finish(|| Some(Self { packer: packer? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record, where there is one.
    pub order: Option<rows::Order>,
}

/// Take the oldest paid order to pack it. Null when nothing waits; nobody else gets the same
/// one.
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
    let statement = sqlx::query(SQL).bind(params.packer.as_str());
    let mut session = shared.database.write(left).await?;
    let order_ = session
        .optional(
            statement,
            |row| rows::Order::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    session.commit().await?;
    Ok(Output { order: order_ })
}
