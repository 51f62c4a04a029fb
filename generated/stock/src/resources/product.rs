//! The resource `stock://products/{sku}`.

use std::sync::Arc;
use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, uri, watch};
use crate::server::Shared;
use crate::{rows, types};

/// The parts of `stock://products/{sku}`.
pub const URI: &[uri::Part] = &[
    uri::Part::Text("stock://products/"),
    uri::Part::Param("sku"),
];

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = r"SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products WHERE sku = ?1";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The placeholders of the URI.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Stock keeping unit.
    pub sku: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let sku = fields.required("sku", |input| Ok(types::sku(input)?.value));
        fields.finish(|| Some(Self { sku: sku? }))
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
    let statement = sqlx::query(SQL).bind(params.sku.as_str());
    let mut session = shared.database.read(TIMEOUT).await?;
    let product = session
        .one(
            statement,
            |row| rows::Product::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    let output = Output { product };
    answer::resource_json(uri, MIME_TYPE, &output)
}

/// The statement whose answer changes with the resource.
const WATCH: &str = "SELECT name, category, price, supplier_id, reorder_level, attributes, tags, discontinued FROM products WHERE sku = ?1";

/// How often it is asked while a client is subscribed.
const EVERY: Duration = Duration::from_secs(5);

/// How changes are seen.
pub fn watch(
    database: &Arc<crate::runtime::database::Database>,
    arguments: input::Arguments,
) -> Result<watch::Watch, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let database = Arc::clone(database);
    Ok(
        watch::Watch::poll(
            EVERY,
            move || {
                let (database, params) = (Arc::clone(&database), params.clone());
                async move {
                    let statement = sqlx::query(WATCH).bind(params.sku.as_str());
                    database.read(TIMEOUT).await?.digest(statement).await
                }
            },
        ),
    )
}
