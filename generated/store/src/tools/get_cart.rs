//! The tool `get_cart`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, retry, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"SELECT v.sku, p.name, c.quantity, v.price,
       sum(c.quantity * v.price) OVER (ORDER BY c.added_at, v.sku) AS total
FROM cart_items AS c
JOIN variants AS v ON v.id = c.variant_id
JOIN products AS p ON p.id = v.product_id
WHERE c.customer_id = $1::text::uuid
ORDER BY c.added_at, v.sku";

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
    /// Id of the customer.
    pub customer_id: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let customer_id = fields
            .required(
                "customer_id",
                |input| Ok(input.parsed("a UUID", format::uuid)?.value),
            );
        fields.finish(|| Some(Self { customer_id: customer_id? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub items: Vec<ItemsRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemsRow {
    /// Column `sku`.
    pub sku: String,
    /// Column `name`.
    pub name: String,
    /// Column `quantity`.
    pub quantity: i64,
    /// Column `price`.
    pub price: value::Decimal,
    /// Total with this line.
    pub total: value::Decimal,
}

impl ItemsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            sku: decode::text(row, 0)?,
            name: decode::text(row, 1)?,
            quantity: decode::integer(row, 2)?,
            price: decode::decimal(row, 3)?,
            total: decode::decimal(row, 4)?,
        })
    }
}

/// What is in a customer's cart, with the running total.
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
    let statement = sqlx::query(SQL).bind(params.customer_id.as_str());
    let mut session = shared.database.read(left).await?;
    let reading = session.many(statement, ItemsRow::decode);
    let items = progress::rows(reading).await?;
    Ok(Output { items })
}
