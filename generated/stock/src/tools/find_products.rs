//! The tool `find_products`.

use std::time::Duration;

use serde::Serialize;

use crate::rows;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, progress, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY id";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `ids`.
    pub ids: Vec<i64>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let ids = fields
            .required(
                "ids",
                |input| Ok(
                    input
                        .array(|input| Ok(input.integer()?.value))?
                        .min_items(1)?
                        .max_items(50)?
                        .unique_items()?
                        .value,
                ),
            );
        fields.finish(|| Some(Self { ids: ids? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub products: Vec<rows::Product>,
    /// Number of rows in this answer.
    pub count: usize,
    /// The argument `ids`.
    pub asked_for: Vec<i64>,
}

/// Look several products up at once.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(value::json_text(&params.ids)?);
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session
        .many(
            statement,
            |row| rows::Product::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        );
    let products = progress::rows(reading).await?;
    Ok(Output {
        count: products.len(),
        products,
        asked_for: params.ids.clone(),
    })
}
