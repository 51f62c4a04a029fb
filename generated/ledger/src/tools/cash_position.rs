//! The tool `cash_position`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = "SELECT COALESCE(SUM(balance), 0) AS amount FROM balances WHERE kind = 'asset' AND currency = ?";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Currency as in ISO 4217.
    pub currency: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let currency = fields
            .or(
                "currency",
                json!("EUR"),
                |input| Ok(types::currency(input)?.value),
            );
        fields.finish(|| Some(Self { currency: currency? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The value.
    pub amount: value::Decimal,
}

/// What all asset accounts hold together, in one currency.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(params.currency.as_str());
    let mut session = shared.database.read(TIMEOUT).await?;
    let amount = session.one(statement, |row| decode::decimal(row, 0)).await?;
    Ok(Output { amount })
}
