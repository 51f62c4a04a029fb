//! The tool `sell`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, input};
use crate::server::Shared;
use crate::{rows, types};

/// The statement.
const SQL: &str = r"INSERT INTO movements (product_id, kind, quantity, note)
SELECT ?1, 'sale', -?2, ?3
WHERE (SELECT COALESCE(SUM(quantity), 0) FROM movements WHERE product_id = ?1) >= ?2
RETURNING id, product_id, kind, quantity, moved_at, note";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `product_id`.
    pub product_id: i64,
    /// Number of units.
    pub quantity: i64,
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
                note: note?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub movement: rows::Movement,
}

/// Book a sale, if there is enough in stock.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let call = async {
            let output = run(shared, &params)
                .await
                .map_err(|failure| {
                    failure
                        .worded(
                            crate::runtime::failure::Kind::RecordNotFound,
                            "There is not enough in stock",
                            &["Look at the stock with get_product", "Sell less"],
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
    let statement = sqlx::query(SQL)
        .bind(params.product_id)
        .bind(params.quantity)
        .bind(params.note.as_deref());
    let mut session = shared.database.write(TIMEOUT).await?;
    let movement = session
        .one(statement, |row| rows::Movement::decode(row, [0, 1, 2, 3, 4, 5]))
        .await?;
    session.commit().await?;
    Ok(Output { movement })
}
