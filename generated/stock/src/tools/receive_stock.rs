//! The tool `receive_stock`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, decode, format, input, progress, value};
use crate::server::Shared;
use crate::{rows, types};

/// The statement of `movement`.
const MOVEMENT_SQL: &str = r"INSERT INTO movements (product_id, kind, quantity, note, moved_at)
VALUES (?1, 'receipt', ?2, ?3, COALESCE(?4, CURRENT_TIMESTAMP))
RETURNING id, product_id, kind, quantity, moved_at, note";

/// The statement of `stock`.
const STOCK_SQL: &str = "SELECT SUM(quantity) AS in_stock FROM movements WHERE product_id = ?1";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `product_id`.
    pub product_id: i64,
    /// Number of units.
    pub quantity: i64,
    /// When; now if it is left out.
    pub received_at: Option<chrono::DateTime<chrono::Utc>>,
    /// `note`.
    pub note: Option<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let product_id = fields
            .required("product_id", |input| Ok(input.integer()?.value));
        let quantity = fields
            .required("quantity", |input| Ok(types::quantity(input)?.value));
        let received_at = fields
            .nullable_or(
                "received_at",
                json!(null),
                |input| Ok(
                    input
                        .parsed(
                            "a date and time like 2024-02-29T12:30:00Z",
                            format::date_time,
                        )?
                        .value,
                ),
            );
        let note = fields
            .nullable_or(
                "note",
                json!(null),
                |input| Ok(input.text()?.max_length(500)?.value),
            );
        fields
            .finish(|| Some(Self {
                product_id: product_id?,
                quantity: quantity?,
                received_at: received_at?,
                note: note?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `movement` answered.
    pub movement: rows::Movement,
    /// What the step `stock` answered.
    pub stock: StockRow,
}

/// A row of the step `stock`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StockRow {
    /// Column `in_stock`.
    pub in_stock: i64,
}

impl StockRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            in_stock: decode::integer(row, 0)?,
        })
    }
}

/// Book a delivery into stock.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let call = async {
            let output = run(shared, &params)
                .await
                .map_err(|failure| {
                    failure
                        .worded(
                            crate::runtime::failure::Kind::ForeignKeyViolation,
                            "There is no such product",
                            &["Find it with search_products"],
                        )
                })?;
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
    let mut session = shared.database.write(TIMEOUT).await?;
    let movement = session
        .one(
            sqlx::query(MOVEMENT_SQL)
                .bind(params.product_id)
                .bind(params.quantity)
                .bind(params.note.as_deref())
                .bind(params.received_at.map(value::moment_text)),
            |row| rows::Movement::decode(row, [0, 1, 2, 3, 4, 5]),
        )
        .await?;
    progress::step(1, 2, "movement");
    let stock = session
        .one(sqlx::query(STOCK_SQL).bind(movement.product_id), StockRow::decode)
        .await?;
    progress::step(2, 2, "stock");
    session.commit().await?;
    Ok(Output { movement, stock })
}
