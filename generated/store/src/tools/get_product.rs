//! The tool `get_product`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, retry, sql};
use crate::server::Shared;
use crate::types;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT p.id, p.slug, p.name, p.description, p.brand, p.status, p.tags, p.attributes,
       lower(p.season) AS sold_from, upper(p.season) AS sold_until, p.released_on, p.updated_at,
       coalesce(
           (SELECT jsonb_agg(
                       jsonb_build_object('sku', v.sku, 'name', v.name, 'price', v.price::text,
                                          'on_hand', coalesce(s.on_hand, 0), 'options', v.options)
                       ORDER BY v.sku)
            FROM variants AS v LEFT JOIN stock_levels AS s ON s.variant_id = v.id
            WHERE v.product_id = p.id),
           '[]') AS variants
FROM products AS p
WHERE TRUE ",
        ),
        sql::Part::Clause(0, "AND p.id = $1::text::uuid"),
        sql::Part::Clause(1, " AND p.slug = $2"),
    ],
);

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
    /// `id`.
    pub id: Option<String>,
    /// Name in addresses of pages.
    pub slug: Option<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields
            .optional("id", |input| Ok(input.parsed("a UUID", format::uuid)?.value));
        let slug = fields.optional("slug", |input| Ok(types::slug(input)?.value));
        fields
            .one_of(
                &["id", "slug"],
                &[!matches!(id, Some(None)), !matches!(slug, Some(None))],
            );
        fields.finish(|| Some(Self { id: id?, slug: slug? }))
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
    /// Column `description`.
    pub description: String,
    /// Column `brand`.
    pub brand: Option<String>,
    /// Column `status`.
    pub status: types::ProductStatus,
    /// Column `tags`.
    pub tags: Vec<Option<String>>,
    /// Column `attributes`.
    pub attributes: serde_json::Value,
    /// Column `sold_from`.
    pub sold_from: Option<chrono::NaiveDate>,
    /// The first day on which it is not sold.
    pub sold_until: Option<chrono::NaiveDate>,
    /// Column `released_on`.
    pub released_on: Option<chrono::NaiveDate>,
    /// Column `updated_at`.
    pub updated_at: chrono::DateTime<chrono::Utc>,
    /// Column `variants`.
    pub variants: serde_json::Value,
}

impl ProductRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            slug: decode::text(row, 1)?,
            name: decode::text(row, 2)?,
            description: decode::text(row, 3)?,
            brand: decode::optional(row, 4, decode::text)?,
            status: decode::choice(row, 5, &types::ProductStatus::ALL)?,
            tags: decode::array(row, 6, decode::text)?,
            attributes: decode::json_object(row, 7)?,
            sold_from: decode::optional(row, 8, decode::date)?,
            sold_until: decode::optional(row, 9, decode::date)?,
            released_on: decode::optional(row, 10, decode::date)?,
            updated_at: decode::date_time(row, 11)?,
            variants: decode::json_array(row, 12)?,
        })
    }
}

/// One product by id or slug, with its variants, prices and stock. Give exactly one of `id` and
/// `slug`.
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
    let statement = sqlx::query(SQL.with(&[params.id.is_some(), params.slug.is_some()]))
        .bind(params.id.as_deref())
        .bind(params.slug.as_deref());
    let mut session = shared.database.read(left).await?;
    let product = session.one(statement, ProductRow::decode).await?;
    Ok(Output { product })
}
