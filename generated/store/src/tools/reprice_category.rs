//! The tool `reprice_category`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, retry, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"UPDATE variants AS v
SET price = round(v.price * (1 + $1::float8::numeric / 100), 2)
FROM products AS p
JOIN categories AS c ON c.id = p.category_id
WHERE p.id = v.product_id AND c.slug = $2 AND p.status = 'active'
RETURNING v.sku, p.slug AS product, v.price";

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
    pub category: String,
    /// -10 makes everything a tenth cheaper.
    pub percent: f64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let category = fields
            .required("category", |input| Ok(types::slug(input)?.value));
        let percent = fields
            .required(
                "percent",
                |input| Ok(input.number()?.minimum(-90.0)?.maximum(100.0)?.value),
            );
        fields
            .finish(|| Some(Self {
                category: category?,
                percent: percent?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub variants: Vec<VariantsRow>,
    /// Number of rows in this answer.
    pub count: usize,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VariantsRow {
    /// Column `sku`.
    pub sku: String,
    /// Column `product`.
    pub product: String,
    /// Column `price`.
    pub price: value::Decimal,
}

impl VariantsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            sku: decode::text(row, 0)?,
            product: decode::text(row, 1)?,
            price: decode::decimal(row, 2)?,
        })
    }
}

/// Raise or lower the prices of all active products of a category, not of those below it.
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
    let statement = sqlx::query(SQL).bind(params.percent).bind(params.category.as_str());
    let mut session = shared.database.write(left).await?;
    let reading = session.many(statement, VariantsRow::decode);
    let variants = progress::rows(reading).await?;
    session.commit().await?;
    Ok(Output {
        count: variants.len(),
        variants,
    })
}
