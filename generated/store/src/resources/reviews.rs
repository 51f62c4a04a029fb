//! The resource `store://products/{slug}/reviews`.

use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, uri, watch};
use crate::server::Shared;
use crate::types;

/// The parts of `store://products/{slug}/reviews`.
pub const URI: &[uri::Part] = &[
    uri::Part::Text("store://products/"),
    uri::Part::Param("slug"),
    uri::Part::Text("/reviews"),
];

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = r"SELECT r.rating, r.title, r.body, c.name AS customer, r.written_at
FROM reviews AS r
JOIN products AS p ON p.id = r.product_id
JOIN customers AS c ON c.id = r.customer_id
WHERE p.slug = $1 AND r.published
ORDER BY r.written_at DESC";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The placeholders of the URI.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// Name in addresses of pages.
    pub slug: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let slug = fields.required("slug", |input| Ok(types::slug(input)?.value));
        fields.finish(|| Some(Self { slug: slug? }))
    }
}

/// What the resource holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub reviews: Vec<ReviewsRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewsRow {
    /// Column `rating`.
    pub rating: i64,
    /// Column `title`.
    pub title: String,
    /// Column `body`.
    pub body: String,
    /// Column `customer`.
    pub customer: String,
    /// Column `written_at`.
    pub written_at: chrono::DateTime<chrono::Utc>,
}

impl ReviewsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            rating: decode::integer(row, 0)?,
            title: decode::text(row, 1)?,
            body: decode::text(row, 2)?,
            customer: decode::text(row, 3)?,
            written_at: decode::date_time(row, 4)?,
        })
    }
}

/// Reviews of a product.
pub async fn contents(
    shared: &Shared,
    uri: &str,
    arguments: input::Arguments,
) -> Result<ResourceContents, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let statement = sqlx::query(SQL).bind(params.slug.as_str());
    let mut session = shared.database.read(TIMEOUT).await?;
    let reviews = session.many(statement, ReviewsRow::decode).await?;
    let output = Output { reviews };
    answer::resource_json(uri, MIME_TYPE, &output)
}

/// The channel that the database notifies when the resource has changed.
pub const CHANNEL: &str = "reviews";

/// How changes are seen.
pub fn watch(arguments: input::Arguments) -> Result<watch::Watch, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    watch::Watch::channel(CHANNEL, &params)
}
