//! The tool `get_product`.

use std::time::Duration;

use rmcp::model::CallToolResult;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, sql, value};
use crate::server::Shared;
use crate::types;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued,
       (SELECT COALESCE(SUM(quantity), 0) FROM movements WHERE product_id = products.id) AS in_stock
FROM products
WHERE TRUE ",
        ),
        sql::Part::Clause(0, "AND id = ?1"),
        sql::Part::Clause(1, " AND sku = ?2"),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `id`.
    pub id: Option<i64>,
    /// Stock keeping unit.
    pub sku: Option<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.optional("id", |input| Ok(input.integer()?.value));
        let sku = fields.optional("sku", |input| Ok(types::sku(input)?.value));
        fields
            .one_of(
                &["id", "sku"],
                &[!matches!(id, Some(None)), !matches!(sku, Some(None))],
            );
        fields.finish(|| Some(Self { id: id?, sku: sku? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub product: ProductRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProductRow {
    /// Column `id`.
    pub id: Option<i64>,
    /// Column `sku`.
    pub sku: Option<String>,
    /// Column `name`.
    pub name: Option<String>,
    /// Column `category`.
    pub category: Option<types::Category>,
    /// Column `price`.
    pub price: Option<value::Decimal>,
    /// Column `supplier_id`.
    pub supplier_id: Option<i64>,
    /// Column `reorder_level`.
    pub reorder_level: Option<i64>,
    /// Column `attributes`.
    pub attributes: Option<serde_json::Value>,
    /// Column `tags`.
    pub tags: Option<serde_json::Value>,
    /// Column `added_on`.
    pub added_on: Option<chrono::NaiveDate>,
    /// Column `discontinued`.
    pub discontinued: Option<bool>,
    /// Units in stock.
    pub in_stock: i64,
}

impl ProductRow {
    /// Reads a row of the statement.
    pub fn decode(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::optional(row, 0, decode::integer)?,
            sku: decode::optional(row, 1, decode::text)?,
            name: decode::optional(row, 2, decode::text)?,
            category: decode::optional(
                row,
                3,
                |row, at| decode::choice(row, at, &types::Category::ALL),
            )?,
            price: decode::optional(row, 4, decode::decimal)?,
            supplier_id: decode::optional(row, 5, decode::integer)?,
            reorder_level: decode::optional(row, 6, decode::integer)?,
            attributes: decode::optional(row, 7, decode::json_object)?,
            tags: decode::optional(row, 8, decode::json_array)?,
            added_on: decode::optional(row, 9, decode::date)?,
            discontinued: decode::optional(row, 10, decode::boolean)?,
            in_stock: decode::integer(row, 11)?,
        })
    }
}

/// Look one product up by id or by SKU, with its stock. Give exactly one of `id` and `sku`.
pub async fn call(
    shared: &Shared,
    arguments: input::Arguments,
) -> Result<CallToolResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let output = run(shared, &params)
        .await
        .map_err(|failure| {
            failure
                .worded(
                    crate::runtime::failure::Kind::RecordNotFound,
                    "There is no such product",
                    &["Find it with search_products"],
                )
        })?;
    answer::json(&output)
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL.with(&[params.id.is_some(), params.sku.is_some()]))
        .bind(params.id)
        .bind(params.sku.as_deref());
    let mut session = shared.database.read(TIMEOUT).await?;
    let product = session.one(statement, ProductRow::decode).await?;
    Ok(Output { product })
}
