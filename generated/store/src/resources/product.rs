//! The resource `store://products/{slug}`.

use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, uri, watch};
use crate::server::Shared;
use crate::{rows, types};

/// The parts of `store://products/{slug}`.
pub const URI: &[uri::Part] = &[
    uri::Part::Text("store://products/"),
    uri::Part::Param("slug"),
];

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = r"SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue WHERE slug = $1";

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
    /// The record.
    pub product: rows::Product,
}

/// One product.
pub async fn contents(
    shared: &Shared,
    uri: &str,
    arguments: input::Arguments,
) -> Result<ResourceContents, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let statement = sqlx::query(SQL).bind(params.slug.as_str());
    let mut session = shared.database.read(TIMEOUT).await?;
    let product = session
        .one(statement, |row| rows::Product::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
        .await?;
    let output = Output { product };
    answer::resource_json(uri, MIME_TYPE, &output)
}

/// The channel that the database notifies when the resource has changed.
pub const CHANNEL: &str = "catalogue";

/// How changes are seen.
pub fn watch(arguments: input::Arguments) -> Result<watch::Watch, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    watch::Watch::channel(CHANNEL, &params)
}
