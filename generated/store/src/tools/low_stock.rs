//! The tool `low_stock`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, retry};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"SELECT v.sku, p.name, s.on_hand, s.reorder_level, coalesce(sum(x.quantity), 0) AS sold
FROM stock_levels AS s
JOIN variants AS v ON v.id = s.variant_id
JOIN products AS p ON p.id = v.product_id
LEFT JOIN sales AS x ON x.sku = v.sku AND x.day >= $1::text::date
WHERE s.on_hand <= s.reorder_level AND p.status = 'active'
GROUP BY v.sku, p.name, s.on_hand, s.reorder_level
ORDER BY s.on_hand, v.sku";

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
    /// `since`.
    pub since: chrono::NaiveDate,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let since = fields
            .or(
                "since",
                json!("2024-01-01"),
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        fields.finish(|| Some(Self { since: since? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub variants: Vec<VariantsRow>,
    /// Number of rows in this answer.
    pub count: usize,
    /// Whether rows were left out because the result was too large.
    pub truncated: bool,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VariantsRow {
    /// Column `sku`.
    pub sku: String,
    /// Column `name`.
    pub name: String,
    /// Column `on_hand`.
    pub on_hand: i64,
    /// Column `reorder_level`.
    pub reorder_level: i64,
    /// Column `sold`.
    pub sold: i64,
}

impl VariantsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            sku: decode::text(row, 0)?,
            name: decode::text(row, 1)?,
            on_hand: decode::integer(row, 2)?,
            reorder_level: decode::integer(row, 3)?,
            sold: decode::integer(row, 4)?,
        })
    }
}

/// Active variants at or below their reorder level, with what sold since a day.
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
    let statement = sqlx::query(SQL).bind(params.since.to_string());
    let mut session = shared.database.read(left).await?;
    let (variants, truncated) = session
        .bounded(statement, 500, usize::MAX, VariantsRow::decode)
        .await?;
    Ok(Output {
        count: variants.len(),
        variants,
        truncated,
    })
}
