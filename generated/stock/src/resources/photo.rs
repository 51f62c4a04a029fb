//! The resource `stock://products/{sku}/photo`.

use std::time::Duration;

use rmcp::model::ResourceContents;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, uri};
use crate::server::Shared;
use crate::types;

/// The parts of `stock://products/{sku}/photo`.
pub const URI: &[uri::Part] = &[
    uri::Part::Text("stock://products/"),
    uri::Part::Param("sku"),
    uri::Part::Text("/photo"),
];

/// The MIME type.
pub const MIME_TYPE: &str = "image/png";

/// The statement.
const SQL: &str = "SELECT f.image FROM photos AS f JOIN products AS p ON p.id = f.product_id WHERE p.sku = ?1";

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

/// A product's photo.
pub async fn contents(
    shared: &Shared,
    uri: &str,
    arguments: input::Arguments,
) -> Result<ResourceContents, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let statement = sqlx::query(SQL).bind(params.sku.as_str());
    let mut session = shared.database.read(TIMEOUT).await?;
    let bytes = session.one(statement, |row| decode::bytes(row, 0)).await?;
    Ok(answer::resource_blob(uri, MIME_TYPE, &bytes.0))
}
