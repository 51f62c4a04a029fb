//! The tool `place_order`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, retry, value};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `stock`.
const STOCK_SQL: &str = r"SELECT v.sku, s.on_hand
FROM variants AS v JOIN stock_levels AS s ON s.variant_id = v.id
WHERE v.sku IN (SELECT i.sku FROM jsonb_to_recordset($1::text::jsonb::jsonb) AS i (sku text))
ORDER BY v.id
FOR UPDATE OF s";

/// The statement of `terms`.
const TERMS_SQL: &str = r"SELECT coalesce(max(percent_off), 0) AS percent_off
FROM promotions
WHERE code = $1 AND runs @> now()
HAVING $1::text IS NULL OR count(*) = 1";

/// The statement of `order`.
const ORDER_SQL: &str = r"INSERT INTO orders (customer_id, ship_to, promotion, placed_from, note)
SELECT c.id, a.id, $1, $2::text::inet, $3
FROM customers AS c JOIN addresses AS a ON a.customer_id = c.id
WHERE c.id = $4::text::uuid AND a.id = $5::text::uuid AND c.active
  AND NOT EXISTS (
      SELECT 1 FROM jsonb_to_recordset($6::text::jsonb::jsonb) AS i (sku text)
      WHERE NOT EXISTS (
          SELECT 1
          FROM variants AS v
          JOIN stock_levels AS s ON s.variant_id = v.id
          JOIN products AS p ON p.id = v.product_id
          WHERE v.sku = i.sku AND p.status = 'active'))
RETURNING id, number";

/// The statement of `lines`.
const LINES_SQL: &str = r"INSERT INTO order_items (order_id, line, variant_id, quantity, unit_price)
SELECT $1::text::uuid, i.line, v.id, i.quantity, v.price
FROM ROWS FROM (jsonb_to_recordset($2::text::jsonb::jsonb) AS (sku text, quantity integer))
     WITH ORDINALITY AS i (sku, quantity, line)
JOIN variants AS v ON v.sku = i.sku
RETURNING line, variant_id, quantity, unit_price, line_total";

/// The statement of `taken`.
const TAKEN_SQL: &str = r"UPDATE stock_levels AS s
SET on_hand = s.on_hand - i.quantity
FROM order_items AS i
WHERE i.order_id = $1::text::uuid AND s.variant_id = i.variant_id";

/// The statement of `total`.
const TOTAL_SQL: &str = r"WITH subtotal AS (SELECT sum(line_total) AS amount FROM order_items WHERE order_id = $1::text::uuid)
UPDATE orders AS o
SET discount = round(subtotal.amount * $2::text::numeric / 100, 2),
    total = subtotal.amount - round(subtotal.amount * $2::text::numeric / 100, 2),
    status = CASE WHEN $3::text::payment_method::payment_method IS NULL THEN o.status ELSE 'paid' END
FROM subtotal
WHERE o.id = $1::text::uuid
RETURNING o.id, o.number, o.customer_id, o.status, o.currency, o.discount, o.total,
          o.placed_at, o.packer, o.shipped_at, o.delivered_at";

/// The statement of `payment`.
const PAYMENT_SQL: &str = r"INSERT INTO payments (order_id, method, amount)
SELECT $1::text::uuid, $2::text::payment_method::payment_method, $3::text::numeric
WHERE $2::text::payment_method::payment_method IS NOT NULL
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
    /// `customer_id`.
    pub customer_id: String,
    /// Id of an address of the customer.
    pub ship_to: String,
    /// Each SKU once.
    pub items: Vec<types::Item>,
    /// Code of a promotion that runs.
    pub promotion: Option<String>,
    /// `method`.
    pub method: Option<types::PaymentMethod>,
    /// The customer's address in the network.
    pub placed_from: Option<String>,
    /// `note`.
    pub note: Option<String>,
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
        let ship_to = fields
            .required(
                "ship_to",
                |input| Ok(input.parsed("a UUID", format::uuid)?.value),
            );
        let items = fields
            .required(
                "items",
                |input| Ok(
                    input
                        .array(|input| Ok(types::item(input)?.value))?
                        .min_items(1)?
                        .max_items(50)?
                        .value,
                ),
            );
        let promotion = fields
            .nullable_or(
                "promotion",
                json!(null),
                |input| Ok(input.text()?.max_length(20)?.value),
            );
        let method = fields
            .nullable_or(
                "method",
                json!(null),
                |input| Ok(types::payment_method(input)?.value),
            );
        let placed_from = fields
            .nullable_or(
                "placed_from",
                json!(null),
                |input| Ok(input.text()?.format("an IPv4 address", format::ipv4)?.value),
            );
        let note = fields
            .nullable_or(
                "note",
                json!(null),
                |input| Ok(input.text()?.max_length(500)?.value),
            );
        fields
            .finish(|| Some(Self {
                customer_id: customer_id?,
                ship_to: ship_to?,
                items: items?,
                promotion: promotion?,
                method: method?,
                placed_from: placed_from?,
                note: note?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `stock` answered.
    pub stock: Vec<StockRow>,
    /// What the step `terms` answered.
    pub terms: TermsRow,
    /// What the step `order` answered.
    pub order: OrderRow,
    /// What the step `lines` answered.
    pub lines: Vec<rows::Line>,
    /// What the step `taken` answered.
    pub taken: u64,
    /// What the step `total` answered.
    pub total: rows::Order,
    /// What the step `payment` answered.
    pub payment: Option<rows::Payment>,
}

/// A row of the step `stock`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StockRow {
    /// Column `sku`.
    pub sku: String,
    /// Units before the order.
    pub on_hand: i64,
}

impl StockRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            sku: decode::text(row, 0)?,
            on_hand: decode::integer(row, 1)?,
        })
    }
}

/// A row of the step `terms`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TermsRow {
    /// Column `percent_off`.
    pub percent_off: value::Decimal,
}

impl TermsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            percent_off: decode::decimal(row, 0)?,
        })
    }
}

/// A row of the step `order`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderRow {
    /// Column `id`.
    pub id: String,
    /// Column `number`.
    pub number: i64,
}

impl OrderRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            number: decode::integer(row, 1)?,
        })
    }
}

/// Order items for a customer, all or nothing: takes them out of stock, takes the discount off,
/// and takes the payment. Without a method the order stays pending until take_payment.
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
                        "The customer, the address, a SKU or the promotion is not valid",
                        &[
                            "Look at the customer with get_customer",
                            "Look at the SKUs with find_variants",
                            "Look at the promotions with running_promotions",
                        ],
                    )
                    .worded(
                        crate::runtime::failure::Kind::CheckViolation,
                        "There is not enough in stock",
                        &["Look at the stock with find_variants", "Order less"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::UniqueConstraintViolation,
                        "A SKU stands twice in the items",
                        &[],
                    )
                    .worded(
                        crate::runtime::failure::Kind::Deadlock,
                        "Another order took the same goods at the same moment",
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
        .write_at(left, crate::runtime::database::Isolation::ReadCommitted)
        .await?;
    let stock = session
        .many(
            sqlx::query(STOCK_SQL).bind(value::json_text(&params.items)?),
            StockRow::decode,
        )
        .await?;
    progress::step(1, 7, "stock");
    let terms = session
        .one(sqlx::query(TERMS_SQL).bind(params.promotion.as_deref()), TermsRow::decode)
        .await?;
    progress::step(2, 7, "terms");
    let order_ = session
        .one(
            sqlx::query(ORDER_SQL)
                .bind(params.promotion.as_deref())
                .bind(params.placed_from.as_deref())
                .bind(params.note.as_deref())
                .bind(params.customer_id.as_str())
                .bind(params.ship_to.as_str())
                .bind(value::json_text(&params.items)?),
            OrderRow::decode,
        )
        .await?;
    progress::step(3, 7, "order");
    let lines = session
        .many(
            sqlx::query(LINES_SQL)
                .bind(order_.id.as_str())
                .bind(value::json_text(&params.items)?),
            |row| rows::Line::decode(row, [0, 1, 2, 3, 4]),
        )
        .await?;
    progress::step(4, 7, "lines");
    let taken = session.affected(sqlx::query(TAKEN_SQL).bind(order_.id.as_str())).await?;
    progress::step(5, 7, "taken");
    let total = session
        .one(
            sqlx::query(TOTAL_SQL)
                .bind(order_.id.as_str())
                .bind(terms.percent_off.0.as_str())
                .bind(params.method.map(types::PaymentMethod::as_str)),
            |row| rows::Order::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    progress::step(6, 7, "total");
    let payment = session
        .optional(
            sqlx::query(PAYMENT_SQL)
                .bind(order_.id.as_str())
                .bind(params.method.map(types::PaymentMethod::as_str))
                .bind(total.total.0.as_str()),
            |row| rows::Payment::decode(row, [0, 1, 2, 3, 4]),
        )
        .await?;
    progress::step(7, 7, "payment");
    session.commit().await?;
    Ok(Output {
        stock,
        terms,
        order: order_,
        lines,
        taken,
        total,
        payment,
    })
}
