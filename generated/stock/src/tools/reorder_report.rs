//! The tool `reorder_report`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, sql};
use crate::server::Shared;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"WITH stock AS (
    SELECT p.id, COALESCE(SUM(m.quantity), 0) AS in_stock
    FROM products AS p
    LEFT JOIN movements AS m ON m.product_id = p.id
    GROUP BY p.id
), sold AS (
    SELECT product_id, -SUM(quantity) AS sold
    FROM movements
    WHERE kind = 'sale' AND moved_at >= ?1
    GROUP BY product_id
)
SELECT p.sku,
       p.name,
       s.name AS supplier,
       stock.in_stock,
       p.reorder_level,
       COALESCE(sold.sold, 0) AS sold,
       ((p.reorder_level - stock.in_stock) / p.reorder_quantity + 1) * p.reorder_quantity AS to_order,
       RANK() OVER (PARTITION BY p.supplier_id ORDER BY COALESCE(sold.sold, 0) DESC) AS rank_at_supplier
FROM products AS p
JOIN suppliers AS s ON s.id = p.supplier_id
JOIN stock ON stock.id = p.id
LEFT JOIN sold ON sold.product_id = p.id
WHERE NOT p.discontinued
  AND stock.in_stock <= p.reorder_level
  ",
        ),
        sql::Part::Clause(0, "AND s.name = ?2"),
        sql::Part::Text(r"
ORDER BY s.name, rank_at_supplier, p.sku"),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Sales are counted from this day.
    pub since: chrono::NaiveDate,
    /// `supplier`.
    pub supplier: Option<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let since = fields
            .or(
                "since",
                json!("2000-01-01"),
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let supplier = fields
            .optional("supplier", |input| Ok(input.text()?.max_length(120)?.value));
        fields
            .finish(|| Some(Self {
                since: since?,
                supplier: supplier?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub due: Vec<DueRow>,
    /// Number of rows in this answer.
    pub count: usize,
    /// The argument `since`.
    pub since: chrono::NaiveDate,
    /// Whether rows were left out because the result was too large.
    pub truncated: bool,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DueRow {
    /// Column `sku`.
    pub sku: String,
    /// Column `name`.
    pub name: String,
    /// Column `supplier`.
    pub supplier: String,
    /// Column `in_stock`.
    pub in_stock: i64,
    /// Column `reorder_level`.
    pub reorder_level: i64,
    /// Column `sold`.
    pub sold: i64,
    /// The reorder quantity until the stock is above the level.
    pub to_order: i64,
    /// 1 sells best.
    pub rank_at_supplier: i64,
}

impl DueRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            sku: decode::text(row, 0)?,
            name: decode::text(row, 1)?,
            supplier: decode::text(row, 2)?,
            in_stock: decode::integer(row, 3)?,
            reorder_level: decode::integer(row, 4)?,
            sold: decode::integer(row, 5)?,
            to_order: decode::integer(row, 6)?,
            rank_at_supplier: decode::integer(row, 7)?,
        })
    }
}

/// What must be ordered, by supplier, with how much, and what sells best first.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL.with(&[params.supplier.is_some()]))
        .bind(params.since.to_string())
        .bind(params.supplier.as_deref());
    let mut session = shared.database.read(TIMEOUT).await?;
    let (due, truncated) = session.bounded(statement, 200, 65536, DueRow::decode).await?;
    Ok(Output {
        count: due.len(),
        due,
        since: params.since,
        truncated,
    })
}
