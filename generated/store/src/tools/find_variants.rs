//! The tool `find_variants`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, retry, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"SELECT v.sku, p.slug AS product, v.name, v.price, v.weight_g, v.options, coalesce(s.on_hand, 0) AS on_hand
FROM variants AS v
JOIN products AS p ON p.id = v.product_id
LEFT JOIN stock_levels AS s ON s.variant_id = v.id
WHERE v.sku = ANY ($1)
ORDER BY v.sku";

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
    /// `skus`.
    pub skus: Vec<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let skus = fields
            .required(
                "skus",
                |input| Ok(
                    input
                        .array(|input| Ok(types::sku(input)?.value))?
                        .min_items(1)?
                        .max_items(50)?
                        .unique_items()?
                        .value,
                ),
            );
        fields.finish(|| Some(Self { skus: skus? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub variants: Vec<VariantsRow>,
    /// Number of rows in this answer.
    pub count: usize,
    /// The argument `skus`.
    pub asked_for: Vec<String>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VariantsRow {
    /// Column `sku`.
    pub sku: String,
    /// Column `product`.
    pub product: String,
    /// Column `name`.
    pub name: String,
    /// Column `price`.
    pub price: value::Decimal,
    /// Column `weight_g`.
    pub weight_g: Option<i64>,
    /// Column `options`.
    pub options: serde_json::Value,
    /// Column `on_hand`.
    pub on_hand: i64,
}

impl VariantsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            sku: decode::text(row, 0)?,
            product: decode::text(row, 1)?,
            name: decode::text(row, 2)?,
            price: decode::decimal(row, 3)?,
            weight_g: decode::optional(row, 4, decode::integer)?,
            options: decode::json_object(row, 5)?,
            on_hand: decode::integer(row, 6)?,
        })
    }
}

/// Look up several SKUs at once.
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
    let statement = sqlx::query(SQL).bind(params.skus.as_slice());
    let mut session = shared.database.read(left).await?;
    let reading = session.many(statement, VariantsRow::decode);
    let variants = progress::rows(reading).await?;
    Ok(Output {
        count: variants.len(),
        variants,
        asked_for: params.skus.clone(),
    })
}
