//! The tool `review_summary`.

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
            r"SELECT p.slug AS product, count(*) AS reviews,
       round(avg(r.rating), 2) AS mean,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY r.rating) AS median,
       count(*) FILTER (WHERE r.rating >= 4) AS good,
       count(*) FILTER (WHERE r.rating <= 2) AS bad,
       (array_agg(r.title ORDER BY r.written_at DESC))[1:3] AS latest
FROM reviews AS r JOIN products AS p ON p.id = r.product_id
WHERE r.published ",
        ),
        sql::Part::Clause(0, "AND p.slug = $1"),
        sql::Part::Text(
            r"
GROUP BY p.slug
HAVING count(*) >= $2
ORDER BY mean DESC, p.slug",
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
    pub product: Option<String>,
    /// Only products with that many reviews.
    pub at_least: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let product = fields.optional("product", |input| Ok(types::slug(input)?.value));
        let at_least = fields
            .or(
                "at_least",
                json!(1),
                |input| Ok(input.integer()?.minimum(1)?.value),
            );
        fields
            .finish(|| Some(Self {
                product: product?,
                at_least: at_least?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub products: Vec<ProductsRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProductsRow {
    /// Column `product`.
    pub product: String,
    /// Column `reviews`.
    pub reviews: i64,
    /// Column `mean`.
    pub mean: value::Decimal,
    /// Column `median`.
    pub median: f64,
    /// Column `good`.
    pub good: i64,
    /// Column `bad`.
    pub bad: i64,
    /// Titles of the last three.
    pub latest: Vec<Option<String>>,
}

impl ProductsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            product: decode::text(row, 0)?,
            reviews: decode::integer(row, 1)?,
            mean: decode::decimal(row, 2)?,
            median: decode::number(row, 3)?,
            good: decode::integer(row, 4)?,
            bad: decode::integer(row, 5)?,
            latest: decode::array(row, 6, decode::text)?,
        })
    }
}

/// How products are rated, best first.
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
    let statement = sqlx::query(SQL.with(&[params.product.is_some()]))
        .bind(params.product.as_deref())
        .bind(params.at_least);
    let mut session = shared.database.read(left).await?;
    let reading = session.many(statement, ProductsRow::decode);
    let products = progress::rows(reading).await?;
    Ok(Output { products })
}
