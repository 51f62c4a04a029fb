//! The tool `create_product`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, retry, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"WITH product AS (
    INSERT INTO products (category_id, slug, name, description, brand, tags, season)
    SELECT c.id, $1::text::slug, $2, $3, $4, $5,
           CASE WHEN $6::text::date::date IS NOT NULL OR $7::text::date::date IS NOT NULL
                THEN daterange($6::text::date::date, $7::text::date::date) END
    FROM categories AS c WHERE c.slug = $8
    RETURNING id, slug, name, status, tags, created_at
), variant AS (
    INSERT INTO variants (product_id, sku, name, price)
    SELECT id, $9::text::sku_code, 'one size', $10::text::price FROM product
    RETURNING id, sku, price
), stock AS (
    INSERT INTO stock_levels (variant_id) SELECT id FROM variant
    RETURNING on_hand
)
SELECT product.id, product.slug, product.name, product.status, product.tags, product.created_at,
       variant.sku, variant.price, stock.on_hand
FROM product CROSS JOIN variant CROSS JOIN stock";

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
    pub category: String,
    /// Name in addresses of pages.
    pub slug: String,
    /// `name`.
    pub name: String,
    /// `description`.
    pub description: String,
    /// `brand`.
    pub brand: Option<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// First day of its season.
    pub sold_from: Option<chrono::NaiveDate>,
    /// The day after its season.
    pub sold_until: Option<chrono::NaiveDate>,
    /// What is sold.
    pub sku: String,
    /// Euros.
    pub price: value::Decimal,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let category = fields
            .required("category", |input| Ok(types::slug(input)?.value));
        let slug = fields.required("slug", |input| Ok(types::slug(input)?.value));
        let name = fields
            .required(
                "name",
                |input| Ok(input.text()?.min_length(2)?.max_length(200)?.value),
            );
        let description = fields
            .or(
                "description",
                json!(""),
                |input| Ok(input.text()?.max_length(10000)?.value),
            );
        let brand = fields
            .nullable_or(
                "brand",
                json!(null),
                |input| Ok(input.text()?.max_length(80)?.value),
            );
        let tags = fields
            .or(
                "tags",
                json!([]),
                |input| Ok(
                    input
                        .array(|input| Ok(types::tag(input)?.value))?
                        .max_items(20)?
                        .unique_items()?
                        .value,
                ),
            );
        let sold_from = fields
            .nullable_or(
                "sold_from",
                json!(null),
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let sold_until = fields
            .nullable_or(
                "sold_until",
                json!(null),
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let sku = fields.required("sku", |input| Ok(types::sku(input)?.value));
        let price = fields.required("price", |input| Ok(types::amount(input)?.value));
        fields
            .finish(|| Some(Self {
                category: category?,
                slug: slug?,
                name: name?,
                description: description?,
                brand: brand?,
                tags: tags?,
                sold_from: sold_from?,
                sold_until: sold_until?,
                sku: sku?,
                price: price?,
            }))
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
    pub id: String,
    /// Column `slug`.
    pub slug: String,
    /// Column `name`.
    pub name: String,
    /// Column `status`.
    pub status: types::ProductStatus,
    /// Column `tags`.
    pub tags: Vec<Option<String>>,
    /// Column `created_at`.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// Column `sku`.
    pub sku: String,
    /// Column `price`.
    pub price: value::Decimal,
    /// Column `on_hand`.
    pub on_hand: i64,
}

impl ProductRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            slug: decode::text(row, 1)?,
            name: decode::text(row, 2)?,
            status: decode::choice(row, 3, &types::ProductStatus::ALL)?,
            tags: decode::array(row, 4, decode::text)?,
            created_at: decode::date_time(row, 5)?,
            sku: decode::text(row, 6)?,
            price: decode::decimal(row, 7)?,
            on_hand: decode::integer(row, 8)?,
        })
    }
}

/// Add a product as a draft, with a first variant that is not in stock yet.
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
                        "There is no such category",
                        &["Find one with category_tree"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::UniqueConstraintViolation,
                        "The slug or the SKU is taken",
                        &["Look at it with get_product or find_variants"],
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
        .bind(params.slug.as_str())
        .bind(params.name.as_str())
        .bind(params.description.as_str())
        .bind(params.brand.as_deref())
        .bind(params.tags.as_slice())
        .bind(params.sold_from.map(|sold_from| sold_from.to_string()))
        .bind(params.sold_until.map(|sold_until| sold_until.to_string()))
        .bind(params.category.as_str())
        .bind(params.sku.as_str())
        .bind(params.price.0.as_str());
    let mut session = shared.database.write(left).await?;
    let product = session.one(statement, ProductRow::decode).await?;
    session.commit().await?;
    Ok(Output { product })
}
