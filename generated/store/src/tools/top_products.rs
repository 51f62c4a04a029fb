//! The tool `top_products`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, retry, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"SELECT c.slug AS category, top.slug AS product, top.sold, top.revenue, top.place
FROM categories AS c
CROSS JOIN LATERAL (
    SELECT p.slug, sum(s.quantity) AS sold, sum(s.line_total) AS revenue,
           row_number() OVER (ORDER BY sum(s.quantity) DESC, p.slug) AS place
    FROM products AS p JOIN sales AS s ON s.product_id = p.id
    WHERE p.category_id = c.id AND s.day >= $1::text::date
    GROUP BY p.id
    ORDER BY place
    LIMIT $2
) AS top
ORDER BY c.slug, top.place";

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
    /// How many of each category.
    pub each: i64,
    /// `since`.
    pub since: chrono::NaiveDate,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let each = fields
            .or(
                "each",
                json!(3),
                |input| Ok(input.integer()?.minimum(1)?.maximum(20)?.value),
            );
        let since = fields
            .or(
                "since",
                json!("2000-01-01"),
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        fields.finish(|| Some(Self { each: each?, since: since? }))
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
    /// Column `category`.
    pub category: String,
    /// Column `product`.
    pub product: String,
    /// Column `sold`.
    pub sold: i64,
    /// Column `revenue`.
    pub revenue: value::Decimal,
    /// 1 sells best.
    pub place: i64,
}

impl ProductsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            category: decode::text(row, 0)?,
            product: decode::text(row, 1)?,
            sold: decode::integer(row, 2)?,
            revenue: decode::decimal(row, 3)?,
            place: decode::integer(row, 4)?,
        })
    }
}

/// The best sellers of each category.
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
    let statement = sqlx::query(SQL).bind(params.since.to_string()).bind(params.each);
    let mut session = shared.database.read(left).await?;
    let reading = session.many(statement, ProductsRow::decode);
    let products = progress::rows(reading).await?;
    Ok(Output { products })
}
