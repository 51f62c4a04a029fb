//! The tool `discontinue_products`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, input, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = "UPDATE products SET discontinued = TRUE WHERE sku IN (SELECT value FROM json_each(?1)) AND NOT discontinued";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

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
                        .value,
                ),
            );
        fields.finish(|| Some(Self { skus: skus? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// Number of rows changed.
    pub discontinued: u64,
}

/// Take products out of the range.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let call = async {
            let output = run(shared, &params).await?;
            answer::json(&output)
        };
        cache::changing(
                &[&shared.caches.search_products, &shared.caches.get_product],
                TIMEOUT,
                call,
            )
            .await
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(value::json_text(&params.skus)?);
    let mut session = shared.database.write(TIMEOUT).await?;
    let discontinued = session.affected(statement).await?;
    session.commit().await?;
    Ok(Output { discontinued })
}
