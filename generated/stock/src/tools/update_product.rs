//! The tool `update_product`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, input, sql, value};
use crate::server::Shared;
use crate::{rows, types};

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(r"UPDATE products SET id = id
  "),
        sql::Part::Clause(0, ", name = ?1"),
        sql::Part::Clause(1, " , price = ?2"),
        sql::Part::Clause(2, r"
  , reorder_level = ?3"),
        sql::Part::Clause(3, " , reorder_quantity = ?4"),
        sql::Part::Text(
            r"
WHERE id = ?5
RETURNING id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued",
        ),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `id`.
    pub id: i64,
    /// `name`.
    pub name: Option<String>,
    /// Price of one unit.
    pub price: Option<value::Decimal>,
    /// `reorder_level`.
    pub reorder_level: Option<i64>,
    /// `reorder_quantity`.
    pub reorder_quantity: Option<i64>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.required("id", |input| Ok(input.integer()?.value));
        let name = fields
            .optional(
                "name",
                |input| Ok(input.text()?.min_length(2)?.max_length(200)?.value),
            );
        let price = fields.optional("price", |input| Ok(types::price(input)?.value));
        let reorder_level = fields
            .optional("reorder_level", |input| Ok(input.integer()?.minimum(0)?.value));
        let reorder_quantity = fields
            .optional(
                "reorder_quantity",
                |input| Ok(input.integer()?.minimum(1)?.maximum(10000)?.value),
            );
        fields
            .any_of(
                &["name", "price", "reorder_level", "reorder_quantity"],
                &[
                    !matches!(name, Some(None)),
                    !matches!(price, Some(None)),
                    !matches!(reorder_level, Some(None)),
                    !matches!(reorder_quantity, Some(None)),
                ],
            );
        fields
            .finish(|| Some(Self {
                id: id?,
                name: name?,
                price: price?,
                reorder_level: reorder_level?,
                reorder_quantity: reorder_quantity?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub product: rows::Product,
}

/// Change a product's name, price or reorder rule. Give at least one of `name`, `price`,
/// `reorder_level` and `reorder_quantity`.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let call = async {
            let output = run(shared, &params).await?;
            answer::json(&output)
        };
        cache::changing(
                &[
                    &shared.caches.search_products,
                    &shared.caches.get_product,
                    &shared.caches.stock_value,
                ],
                TIMEOUT,
                call,
            )
            .await
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(
            SQL
                .with(
                    &[
                        params.name.is_some(),
                        params.price.is_some(),
                        params.reorder_level.is_some(),
                        params.reorder_quantity.is_some(),
                    ],
                ),
        )
        .bind(params.name.as_deref())
        .bind(params.price.as_ref().map(|price| price.0.as_str()))
        .bind(params.reorder_level)
        .bind(params.reorder_quantity)
        .bind(params.id);
    let mut session = shared.database.write(TIMEOUT).await?;
    let product = session
        .one(
            statement,
            |row| rows::Product::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    session.commit().await?;
    Ok(Output { product })
}
