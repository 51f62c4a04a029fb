//! The tool `write_review`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, retry, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"INSERT INTO reviews (product_id, customer_id, rating, title, body)
SELECT p.id, $1::text::uuid::uuid, $2, $3, $4
FROM products AS p
WHERE p.slug = $5
  AND EXISTS (SELECT 1 FROM sales AS s WHERE s.product_id = p.id AND s.customer_id = $1::text::uuid)
ON CONFLICT (product_id, customer_id) DO UPDATE
SET rating = excluded.rating, title = excluded.title, body = excluded.body, written_at = now()
RETURNING id, product_id, rating, title, body, published, written_at";

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
    /// Name in addresses of pages.
    pub product: String,
    /// `rating`.
    pub rating: i64,
    /// `title`.
    pub title: String,
    /// `body`.
    pub body: String,
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
        let product = fields.required("product", |input| Ok(types::slug(input)?.value));
        let rating = fields
            .required(
                "rating",
                |input| Ok(input.integer()?.minimum(1)?.maximum(5)?.value),
            );
        let title = fields
            .required(
                "title",
                |input| Ok(input.text()?.min_length(1)?.max_length(120)?.value),
            );
        let body = fields
            .or(
                "body",
                json!(""),
                |input| Ok(input.text()?.max_length(5000)?.value),
            );
        fields
            .finish(|| Some(Self {
                customer_id: customer_id?,
                product: product?,
                rating: rating?,
                title: title?,
                body: body?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub review: ReviewRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewRow {
    /// Column `id`.
    pub id: String,
    /// Column `product_id`.
    pub product_id: String,
    /// Column `rating`.
    pub rating: i64,
    /// Column `title`.
    pub title: String,
    /// Column `body`.
    pub body: String,
    /// Column `published`.
    pub published: bool,
    /// Column `written_at`.
    pub written_at: chrono::DateTime<chrono::Utc>,
}

impl ReviewRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            product_id: decode::uuid(row, 1)?,
            rating: decode::integer(row, 2)?,
            title: decode::text(row, 3)?,
            body: decode::text(row, 4)?,
            published: decode::boolean(row, 5)?,
            written_at: decode::date_time(row, 6)?,
        })
    }
}

/// Review a product that the customer bought; replaces an earlier review.
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
                        "The customer did not buy this product",
                        &["Look at their orders with list_orders"],
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
        .bind(value::int2(params.rating)?)
        .bind(params.title.as_str())
        .bind(params.body.as_str())
        .bind(params.product.as_str());
    let mut session = shared.database.write(left).await?;
    let review = session.one(statement, ReviewRow::decode).await?;
    session.commit().await?;
    Ok(Output { review })
}
