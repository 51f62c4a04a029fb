//! The tool `search_products`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, retry, sql, value};
use crate::server::Shared;
use crate::types;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT p.id, p.slug, p.name, c.price_from,
       ts_headline('english', p.description, q.query, 'StartSel=**, StopSel=**') AS extract,
       ts_rank(p.search, q.query) AS rank
FROM websearch_to_tsquery('english', $1) AS q (query)
JOIN products AS p ON p.search @@ q.query
JOIN catalogue AS c ON c.id = p.id
WHERE p.status = 'active'
  ",
        ),
        sql::Part::Clause(0, "AND p.tags && $2"),
        sql::Part::Clause(1, r"
  AND c.price_from <= $3::text::numeric"),
        sql::Part::Text(r"
ORDER BY rank DESC, p.name
LIMIT $4"),
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
    /// `words`.
    pub words: String,
    /// Any of these.
    pub tags: Option<Vec<String>>,
    /// Euros.
    pub price_at_most: Option<value::Decimal>,
    /// Greater values are taken as 50.
    pub limit: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let words = fields
            .required(
                "words",
                |input| Ok(input.text()?.min_length(2)?.max_length(200)?.value),
            );
        let tags = fields
            .optional(
                "tags",
                |input| Ok(
                    input
                        .array(|input| Ok(types::tag(input)?.value))?
                        .min_items(1)?
                        .max_items(10)?
                        .value,
                ),
            );
        let price_at_most = fields
            .optional("price_at_most", |input| Ok(types::amount(input)?.value));
        let limit = fields
            .or(
                "limit",
                json!(10),
                |input| Ok(input.integer()?.clamp_maximum(50).minimum(1)?.value),
            );
        fields
            .finish(|| Some(Self {
                words: words?,
                tags: tags?,
                price_at_most: price_at_most?,
                limit: limit?,
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
    /// Column `price_from`.
    pub price_from: Option<value::Decimal>,
    /// The place that matches; words between asterisks.
    pub extract: String,
    /// Column `rank`.
    pub rank: f64,
}

impl ProductsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            slug: decode::text(row, 1)?,
            name: decode::text(row, 2)?,
            price_from: decode::optional(row, 3, decode::decimal)?,
            extract: decode::text(row, 4)?,
            rank: decode::number(row, 5)?,
        })
    }
}

/// Full text search of active products, best match first. Quotes, OR and - work as on the web.
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
            SQL.with(&[params.tags.is_some(), params.price_at_most.is_some()]),
        )
        .bind(params.words.as_str())
        .bind(params.tags.as_deref())
        .bind(
            params.price_at_most.as_ref().map(|price_at_most| price_at_most.0.as_str()),
        )
        .bind(params.limit);
    let mut session = shared.database.read(left).await?;
    let reading = session.many(statement, ProductsRow::decode);
    let products = progress::rows(reading).await?;
    Ok(Output {
        count: products.len(),
        products,
    })
}
