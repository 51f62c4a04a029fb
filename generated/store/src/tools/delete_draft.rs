//! The tool `delete_draft`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, retry};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = "DELETE FROM products WHERE slug = $1 AND status = 'draft' RETURNING id, name";

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
    /// Column `name`.
    pub name: String,
}

impl ProductRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            name: decode::text(row, 1)?,
        })
    }
}

/// Delete a product that was never active, with its variants.
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
                        "There is no such draft",
                        &["Retire an active product with update_product"],
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
    let statement = sqlx::query(SQL).bind(params.slug.as_str());
    let mut session = shared.database.write(left).await?;
    let product = session.one(statement, ProductRow::decode).await?;
    session.commit().await?;
    Ok(Output { product })
}
