//! The tool `add_to_cart`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, retry, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"INSERT INTO cart_items AS c (customer_id, variant_id, quantity)
SELECT $1::text::uuid::uuid, v.id, $2::integer
FROM variants AS v JOIN products AS p ON p.id = v.product_id
WHERE v.sku = $3 AND p.status = 'active'
ON CONFLICT (customer_id, variant_id) DO UPDATE SET quantity = c.quantity + excluded.quantity
RETURNING customer_id, variant_id, quantity, added_at";

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
    /// `customer_id`.
    pub customer_id: String,
    /// What is sold.
    pub sku: String,
    /// Number of units.
    pub quantity: i64,
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
        let sku = fields.required("sku", |input| Ok(types::sku(input)?.value));
        let quantity = fields
            .or("quantity", json!(1), |input| Ok(types::quantity(input)?.value));
        fields
            .finish(|| Some(Self {
                customer_id: customer_id?,
                sku: sku?,
                quantity: quantity?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub item: ItemRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemRow {
    /// Column `customer_id`.
    pub customer_id: String,
    /// Column `variant_id`.
    pub variant_id: String,
    /// Column `quantity`.
    pub quantity: i64,
    /// Column `added_at`.
    pub added_at: chrono::DateTime<chrono::Utc>,
}

impl ItemRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            customer_id: decode::uuid(row, 0)?,
            variant_id: decode::uuid(row, 1)?,
            quantity: decode::integer(row, 2)?,
            added_at: decode::date_time(row, 3)?,
        })
    }
}

/// Put units of a variant into a customer's cart, on top of what is there.
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
                        "This SKU is not sold",
                        &["Find one with search_products"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::ForeignKeyViolation,
                        "There is no such customer",
                        &["Find them with list_customers"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::CheckViolation,
                        "A cart holds at most 100 units of a variant",
                        &[],
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
    let statement = sqlx::query(SQL)
        .bind(params.customer_id.as_str())
        .bind(value::int4(params.quantity)?)
        .bind(params.sku.as_str());
    let mut session = shared.database.write(left).await?;
    let item = session.one(statement, ItemRow::decode).await?;
    session.commit().await?;
    Ok(Output { item })
}
