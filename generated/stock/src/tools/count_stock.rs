//! The tool `count_stock`.

use std::time::Duration;

use serde::Serialize;

use crate::rows;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, input};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"INSERT INTO movements (product_id, kind, quantity, note)
SELECT p.id, 'correction', ?1 - COALESCE(SUM(m.quantity), 0), 'counted'
FROM products AS p LEFT JOIN movements AS m ON m.product_id = p.id
WHERE p.id = ?2
GROUP BY p.id
HAVING ?1 <> COALESCE(SUM(m.quantity), 0)
RETURNING id, product_id, kind, quantity, moved_at, note";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `product_id`.
    pub product_id: i64,
    /// `counted`.
    pub counted: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let product_id = fields
            .required("product_id", |input| Ok(input.integer()?.value));
        let counted = fields
            .required(
                "counted",
                |input| Ok(input.integer()?.minimum(0)?.maximum(1000000)?.value),
            );
        fields
            .finish(|| Some(Self {
                product_id: product_id?,
                counted: counted?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record, where there is one.
    pub correction: Option<rows::Movement>,
}

/// Correct the stock to what was counted on the shelf.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let call = async {
            let output = run(shared, &params).await?;
            answer::json(&output)
        };
        cache::changing(
                &[&shared.caches.get_product, &shared.caches.stock_value],
                TIMEOUT,
                call,
            )
            .await
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(params.counted).bind(params.product_id);
    let mut session = shared.database.write(TIMEOUT).await?;
    let correction = session
        .optional(statement, |row| rows::Movement::decode(row, [0, 1, 2, 3, 4, 5]))
        .await?;
    session.commit().await?;
    Ok(Output { correction })
}
