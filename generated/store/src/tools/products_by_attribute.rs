//! The tool `products_by_attribute`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, retry, sql, value};
use crate::server::Shared;
use crate::types;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT id, slug, name, status, attributes, attributes ->> 'material' AS material
FROM products
WHERE TRUE
  ",
        ),
        sql::Part::Clause(0, "AND attributes ? $1"),
        sql::Part::Clause(
            1,
            r"
  AND attributes @> jsonb_strip_nulls($2::text::jsonb::jsonb)",
        ),
        sql::Part::Clause(2, r"
  AND attributes ->> $3::text = $4"),
        sql::Part::Text(r"
ORDER BY name"),
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
    /// Name of an attribute.
    pub has: Option<String>,
    /// Attributes with their values.
    pub attributes: Option<Attributes>,
    /// Name of an attribute that has the value.
    pub name: Option<String>,
    /// The value as text.
    pub value: Option<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let has = fields
            .optional("has", |input| Ok(input.text()?.max_length(40)?.value));
        let attributes = fields
            .optional(
                "attributes",
                |input| Ok(input.object(input::Unknown::Refuse, Attributes::read)?.value),
            );
        let name = fields
            .optional("name", |input| Ok(input.text()?.max_length(40)?.value));
        let value = fields
            .optional("value", |input| Ok(input.text()?.max_length(200)?.value));
        fields
            .any_of(
                &["has", "attributes", "name"],
                &[
                    !matches!(has, Some(None)),
                    !matches!(attributes, Some(None)),
                    !matches!(name, Some(None)),
                ],
            );
        fields
            .all_or_none(
                &["name", "value"],
                &[!matches!(name, Some(None)), !matches!(value, Some(None))],
            );
        fields
            .finish(|| Some(Self {
                has: has?,
                attributes: attributes?,
                name: name?,
                value: value?,
            }))
    }
}

/// Attributes with their values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attributes {
    /// `material`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub material: Option<String>,
    /// `waterproof`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waterproof: Option<bool>,
    /// `persons`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persons: Option<i64>,
}

impl Attributes {
    /// Reads the members of an object.
    pub fn read(mut fields: input::Fields) -> input::Read<Self> {
        let material = fields.optional("material", |input| Ok(input.text()?.value));
        let waterproof = fields
            .optional("waterproof", |input| Ok(input.boolean()?.value));
        let persons = fields.optional("persons", |input| Ok(input.integer()?.value));
        fields
            .finish(|| Some(Self {
                material: material?,
                waterproof: waterproof?,
                persons: persons?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub products: Vec<ProductsRow>,
    /// Number of rows in this answer.
    pub count: usize,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProductsRow {
    /// Column `id`.
    pub id: String,
    /// Column `slug`.
    pub slug: String,
    /// Column `name`.
    pub name: String,
    /// Column `status`.
    pub status: types::ProductStatus,
    /// Column `attributes`.
    pub attributes: serde_json::Value,
    /// Column `material`.
    pub material: Option<String>,
}

impl ProductsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            slug: decode::text(row, 1)?,
            name: decode::text(row, 2)?,
            status: decode::choice(row, 3, &types::ProductStatus::ALL)?,
            attributes: decode::json_object(row, 4)?,
            material: decode::optional(row, 5, decode::text)?,
        })
    }
}

/// Find products that have an attribute, or attributes with given values. Give at least one of
/// `has`, `attributes` and `name`. Give all of `name` and `value`, or none of them.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = RETRY.run(TIMEOUT, |left| run(shared, &params, left)).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(
    shared: &Shared,
    params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let statement = sqlx::query(
            SQL
                .with(
                    &[
                        params.has.is_some(),
                        params.attributes.is_some(),
                        params.name.is_some() && params.value.is_some(),
                    ],
                ),
        )
        .bind(params.has.as_deref())
        .bind(params.attributes.as_ref().map(value::json_text).transpose()?)
        .bind(params.name.as_deref())
        .bind(params.value.as_deref());
    let mut session = shared.database.read(left).await?;
    let reading = session.many(statement, ProductsRow::decode);
    let products = progress::rows(reading).await?;
    Ok(Output {
        count: products.len(),
        products,
    })
}
