//! The tool `add_variant`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, retry, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"INSERT INTO variants (product_id, sku, name, price, cost, weight_g, options)
VALUES ((SELECT id FROM products WHERE slug = $1), $2::text::sku_code, $3, $4::text::price, $5::text::numeric, $6, $7::text::jsonb)
RETURNING id, sku, name, price, cost, weight_g, options";

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
    /// Name in addresses of pages.
    pub product: String,
    /// What is sold.
    pub sku: String,
    /// `name`.
    pub name: String,
    /// Euros.
    pub price: value::Decimal,
    /// What a unit costs the shop.
    pub cost: Option<value::Decimal>,
    /// `weight_g`.
    pub weight_g: Option<i64>,
    /// `options`.
    pub options: Options,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let product = fields.required("product", |input| Ok(types::slug(input)?.value));
        let sku = fields.required("sku", |input| Ok(types::sku(input)?.value));
        let name = fields
            .required(
                "name",
                |input| Ok(input.text()?.min_length(1)?.max_length(100)?.value),
            );
        let price = fields.required("price", |input| Ok(types::amount(input)?.value));
        let cost = fields
            .nullable_or(
                "cost",
                json!(null),
                |input| Ok(types::amount(input)?.value),
            );
        let weight_g = fields
            .nullable_or(
                "weight_g",
                json!(null),
                |input| Ok(input.integer()?.minimum(1)?.maximum(2147483647)?.value),
            );
        let options = fields
            .or(
                "options",
                json!({}),
                |input| Ok(input.object(input::Unknown::Refuse, Options::read)?.value),
            );
        fields
            .finish(|| Some(Self {
                product: product?,
                sku: sku?,
                name: name?,
                price: price?,
                cost: cost?,
                weight_g: weight_g?,
                options: options?,
            }))
    }
}

/// `options`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Options {
    /// `size`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// `colour`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
}

impl Options {
    /// Reads the members of an object.
    pub fn read(mut fields: input::Fields) -> input::Read<Self> {
        let size_ = fields.optional("size", |input| Ok(input.text()?.value));
        let colour = fields.optional("colour", |input| Ok(input.text()?.value));
        fields
            .finish(|| Some(Self {
                size: size_?,
                colour: colour?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub variant: VariantRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VariantRow {
    /// Column `id`.
    pub id: String,
    /// Column `sku`.
    pub sku: String,
    /// Column `name`.
    pub name: String,
    /// Column `price`.
    pub price: value::Decimal,
    /// Column `cost`.
    pub cost: Option<value::Decimal>,
    /// Column `weight_g`.
    pub weight_g: Option<i64>,
    /// Column `options`.
    pub options: serde_json::Value,
}

impl VariantRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            sku: decode::text(row, 1)?,
            name: decode::text(row, 2)?,
            price: decode::decimal(row, 3)?,
            cost: decode::optional(row, 4, decode::decimal)?,
            weight_g: decode::optional(row, 5, decode::integer)?,
            options: decode::json_object(row, 6)?,
        })
    }
}

/// Add a size or colour to a product.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = RETRY
            .run(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::UniqueConstraintViolation,
                        "A variant with this SKU exists",
                        &["Look at it with find_variants"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::NotNullViolation,
                        "There is no such product",
                        &["Find it with search_products"],
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
        .bind(params.product.as_str())
        .bind(params.sku.as_str())
        .bind(params.name.as_str())
        .bind(params.price.0.as_str())
        .bind(params.cost.as_ref().map(|cost| cost.0.as_str()))
        .bind(params.weight_g.map(value::int4).transpose()?)
        .bind(value::json_text(&params.options)?);
    let mut session = shared.database.write(left).await?;
    let variant = session.one(statement, VariantRow::decode).await?;
    session.commit().await?;
    Ok(Output { variant })
}
