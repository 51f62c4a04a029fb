//! The tool `restock`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, retry, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"INSERT INTO stock_levels AS s (variant_id, on_hand)
SELECT v.id, sum(i.quantity)
FROM jsonb_to_recordset($1::text::jsonb::jsonb) AS i (sku text, quantity integer)
JOIN variants AS v ON v.sku = i.sku
GROUP BY v.id
ON CONFLICT (variant_id) DO UPDATE SET on_hand = s.on_hand + excluded.on_hand, counted_at = now()
RETURNING (SELECT sku FROM variants WHERE id = variant_id) AS sku, on_hand";

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
    /// `items`.
    pub items: Vec<Items>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let items = fields
            .required(
                "items",
                |input| Ok(
                    input
                        .array(|input| Ok(
                            input.object(input::Unknown::Refuse, Items::read)?.value,
                        ))?
                        .min_items(1)?
                        .max_items(200)?
                        .value,
                ),
            );
        fields.finish(|| Some(Self { items: items? }))
    }
}

/// `items`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Items {
    /// What is sold.
    pub sku: String,
    /// `quantity`.
    pub quantity: i64,
}

impl Items {
    /// Reads the members of an object.
    pub fn read(mut fields: input::Fields) -> input::Read<Self> {
        let sku = fields.required("sku", |input| Ok(types::sku(input)?.value));
        let quantity = fields
            .required(
                "quantity",
                |input| Ok(input.integer()?.minimum(1)?.maximum(100000)?.value),
            );
        fields
            .finish(|| Some(Self {
                sku: sku?,
                quantity: quantity?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub stock: Vec<StockRow>,
    /// Number of rows in this answer.
    pub count: usize,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StockRow {
    /// Column `sku`.
    pub sku: String,
    /// Column `on_hand`.
    pub on_hand: i64,
}

impl StockRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            sku: decode::text(row, 0)?,
            on_hand: decode::integer(row, 1)?,
        })
    }
}

/// Add deliveries to the stock. SKUs that are not known are left out of the answer.
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
    let statement = sqlx::query(SQL).bind(value::json_text(&params.items)?);
    let mut session = shared.database.write(left).await?;
    let reading = session.many(statement, StockRow::decode);
    let stock = progress::rows(reading).await?;
    session.commit().await?;
    Ok(Output {
        count: stock.len(),
        stock,
    })
}
