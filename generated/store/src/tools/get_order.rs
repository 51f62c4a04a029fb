//! The tool `get_order`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, retry, value};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `order`.
const ORDER_SQL: &str = r"SELECT o.id, o.number, o.status, o.currency, o.promotion, o.discount, o.total, o.placed_at,
       host(o.placed_from) AS placed_from, o.packer, o.shipped_at, o.delivered_at, o.note,
       c.id AS customer_id, c.name AS customer, c.email,
       concat_ws(', ', a.line1, a.line2, a.postcode || ' ' || a.city, a.country) AS ship_to
FROM orders AS o
JOIN customers AS c ON c.id = o.customer_id
JOIN addresses AS a ON a.id = o.ship_to
WHERE o.number = $1";

/// The statement of `items`.
const ITEMS_SQL: &str = r"SELECT i.line, v.sku, p.name, i.quantity, i.unit_price, i.line_total
FROM order_items AS i
JOIN variants AS v ON v.id = i.variant_id
JOIN products AS p ON p.id = v.product_id
WHERE i.order_id = $1::text::uuid
ORDER BY i.line";

/// The statement of `payments`.
const PAYMENTS_SQL: &str = "SELECT id, kind, method, amount, paid_at FROM payments WHERE order_id = $1::text::uuid ORDER BY paid_at, id";

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
        let number = fields.required("number", |input| Ok(input.integer()?.value));
        fields.finish(|| Some(Self { number: number? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `order` answered.
    pub order: OrderRow,
    /// What the step `items` answered.
    pub items: Vec<ItemsRow>,
    /// What the step `payments` answered.
    pub payments: Vec<rows::Payment>,
}

/// A row of the step `order`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderRow {
    /// Column `id`.
    pub id: String,
    /// Column `number`.
    pub number: i64,
    /// Column `status`.
    pub status: types::OrderStatus,
    /// Column `currency`.
    pub currency: String,
    /// Column `promotion`.
    pub promotion: Option<String>,
    /// Column `discount`.
    pub discount: value::Decimal,
    /// Column `total`.
    pub total: value::Decimal,
    /// Column `placed_at`.
    pub placed_at: chrono::DateTime<chrono::Utc>,
    /// Column `placed_from`.
    pub placed_from: Option<String>,
    /// Column `packer`.
    pub packer: Option<String>,
    /// Column `shipped_at`.
    pub shipped_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Column `delivered_at`.
    pub delivered_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Column `note`.
    pub note: Option<String>,
    /// Column `customer_id`.
    pub customer_id: String,
    /// Column `customer`.
    pub customer: String,
    /// Column `email`.
    pub email: String,
    /// Column `ship_to`.
    pub ship_to: String,
}

impl OrderRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            number: decode::integer(row, 1)?,
            status: decode::choice(row, 2, &types::OrderStatus::ALL)?,
            currency: decode::text(row, 3)?,
            promotion: decode::optional(row, 4, decode::text)?,
            discount: decode::decimal(row, 5)?,
            total: decode::decimal(row, 6)?,
            placed_at: decode::date_time(row, 7)?,
            placed_from: decode::optional(row, 8, decode::text)?,
            packer: decode::optional(row, 9, decode::text)?,
            shipped_at: decode::optional(row, 10, decode::date_time)?,
            delivered_at: decode::optional(row, 11, decode::date_time)?,
            note: decode::optional(row, 12, decode::text)?,
            customer_id: decode::uuid(row, 13)?,
            customer: decode::text(row, 14)?,
            email: decode::text(row, 15)?,
            ship_to: decode::text(row, 16)?,
        })
    }
}

/// A row of the step `items`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemsRow {
    /// Column `line`.
    pub line: i64,
    /// Column `sku`.
    pub sku: String,
    /// Column `name`.
    pub name: String,
    /// Column `quantity`.
    pub quantity: i64,
    /// Column `unit_price`.
    pub unit_price: value::Decimal,
    /// Column `line_total`.
    pub line_total: value::Decimal,
}

impl ItemsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            line: decode::integer(row, 0)?,
            sku: decode::text(row, 1)?,
            name: decode::text(row, 2)?,
            quantity: decode::integer(row, 3)?,
            unit_price: decode::decimal(row, 4)?,
            line_total: decode::decimal(row, 5)?,
        })
    }
}

/// One order with its lines, and payments in order of time.
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
                        "There is no such order",
                        &["Find it with list_orders"],
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
    let mut session = shared.database.snapshot(left).await?;
    let order_ = session
        .one(sqlx::query(ORDER_SQL).bind(params.number), OrderRow::decode)
        .await?;
    progress::step(1, 3, "order");
    let items = session
        .many(sqlx::query(ITEMS_SQL).bind(order_.id.as_str()), ItemsRow::decode)
        .await?;
    progress::step(2, 3, "items");
    let payments = session
        .many(
            sqlx::query(PAYMENTS_SQL).bind(order_.id.as_str()),
            |row| rows::Payment::decode(row, [0, 1, 2, 3, 4]),
        )
        .await?;
    progress::step(3, 3, "payments");
    session.commit().await?;
    Ok(Output {
        order: order_,
        items,
        payments,
    })
}
