//! The tool `update_product`.

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
        sql::Part::Text(r"UPDATE products
SET id = id "),
        sql::Part::Clause(0, ", name = $1"),
        sql::Part::Clause(1, " , description = $2"),
        sql::Part::Clause(2, " , status = $3::text::product_status"),
        sql::Part::Clause(3, r"
  , tags = $4"),
        sql::Part::Clause(4, " , released_on = $5::text::date"),
        sql::Part::Text(
            r"
WHERE slug = $6
RETURNING id, slug, name, description, status, tags, released_on, updated_at",
        ),
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
    /// Name in addresses of pages.
    pub slug: String,
    /// `name`.
    pub name: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// Only active products are sold.
    pub status: Option<types::ProductStatus>,
    /// Replaces all tags.
    pub tags: Option<Vec<String>>,
    /// `released_on`.
    pub released_on: Option<chrono::NaiveDate>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let slug = fields.required("slug", |input| Ok(types::slug(input)?.value));
        let name = fields
            .optional(
                "name",
                |input| Ok(input.text()?.min_length(2)?.max_length(200)?.value),
            );
        let description = fields
            .optional("description", |input| Ok(input.text()?.max_length(10000)?.value));
        let status = fields
            .optional("status", |input| Ok(types::product_status(input)?.value));
        let tags = fields
            .optional(
                "tags",
                |input| Ok(
                    input
                        .array(|input| Ok(types::tag(input)?.value))?
                        .max_items(20)?
                        .unique_items()?
                        .value,
                ),
            );
        let released_on = fields
            .optional(
                "released_on",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        fields
            .any_of(
                &["name", "description", "status", "tags", "released_on"],
                &[
                    !matches!(name, Some(None)),
                    !matches!(description, Some(None)),
                    !matches!(status, Some(None)),
                    !matches!(tags, Some(None)),
                    !matches!(released_on, Some(None)),
                ],
            );
        fields
            .finish(|| Some(Self {
                slug: slug?,
                name: name?,
                description: description?,
                status: status?,
                tags: tags?,
                released_on: released_on?,
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
    /// Column `description`.
    pub description: String,
    /// Column `status`.
    pub status: types::ProductStatus,
    /// Column `tags`.
    pub tags: Vec<Option<String>>,
    /// Column `released_on`.
    pub released_on: Option<chrono::NaiveDate>,
    /// Column `updated_at`.
    pub updated_at: chrono::DateTime<chrono::Utc>,
}

impl ProductRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            slug: decode::text(row, 1)?,
            name: decode::text(row, 2)?,
            description: decode::text(row, 3)?,
            status: decode::choice(row, 4, &types::ProductStatus::ALL)?,
            tags: decode::array(row, 5, decode::text)?,
            released_on: decode::optional(row, 6, decode::date)?,
            updated_at: decode::date_time(row, 7)?,
        })
    }
}

/// Change what is given. Give at least one of `name`, `description`, `status`, `tags` and
/// `released_on`.
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
                        params.name.is_some(),
                        params.description.is_some(),
                        params.status.is_some(),
                        params.tags.is_some(),
                        params.released_on.is_some(),
                    ],
                ),
        )
        .bind(params.name.as_deref())
        .bind(params.description.as_deref())
        .bind(params.status.map(types::ProductStatus::as_str))
        .bind(params.tags.as_deref())
        .bind(params.released_on.map(|released_on| released_on.to_string()))
        .bind(params.slug.as_str());
    let mut session = shared.database.write(left).await?;
    let product = session.one(statement, ProductRow::decode).await?;
    session.commit().await?;
    Ok(Output { product })
}
