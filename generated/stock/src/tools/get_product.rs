//! The tool `get_product`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, decode, input, sql, value};
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
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    pub id: i64,
    /// Column `sku`.
    pub sku: String,
    /// Column `name`.
    pub name: String,
    /// Column `category`.
    pub category: types::Category,
    /// Column `price`.
    pub price: value::Decimal,
    /// Column `supplier_id`.
    pub supplier_id: i64,
    /// Column `reorder_level`.
    pub reorder_level: i64,
    /// Column `attributes`.
    pub attributes: serde_json::Value,
    /// Column `tags`.
    pub tags: serde_json::Value,
    /// Column `added_on`.
    pub added_on: chrono::NaiveDate,
    /// Column `discontinued`.
    pub discontinued: bool,
    /// Units in stock.
    pub in_stock: i64,
}

impl ProductRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            sku: decode::text(row, 1)?,
            name: decode::text(row, 2)?,
            category: decode::choice(row, 3, &types::Category::ALL)?,
            price: decode::decimal(row, 4)?,
            supplier_id: decode::integer(row, 5)?,
            reorder_level: decode::integer(row, 6)?,
            attributes: decode::json_object(row, 7)?,
            tags: decode::json_array(row, 8)?,
            added_on: decode::date(row, 9)?,
            discontinued: decode::boolean(row, 10)?,
            in_stock: decode::integer(row, 11)?,
        })
    }
}

/// Look one product up by id or by SKU, with its stock. Give exactly one of `id` and `sku`.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let key = cache::key(&params)?;
        let call = async {
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
        };
        shared.caches.get_product.answer(&key, TIMEOUT, call).await
    })
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
