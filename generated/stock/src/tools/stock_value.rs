//! The tool `stock_value`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, decode, input, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"SELECT printf('%.2f', COALESCE(SUM(CAST(p.price AS REAL) * m.quantity), 0)) AS value
FROM movements AS m JOIN products AS p ON p.id = m.product_id";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let fields = input::Fields::of(arguments, input::Unknown::Refuse);
        fields.finish(|| Some(Self {}))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The value.
    pub value: value::Decimal,
}

/// What the whole stock is worth at today's prices.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let key = cache::key(&params)?;
        let call = async {
            let output = run(shared, &params).await?;
            answer::json(&output)
        };
        shared.caches.stock_value.answer(&key, TIMEOUT, call).await
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, _params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL);
    let mut session = shared.database.read(TIMEOUT).await?;
    let value = session.one(statement, |row| decode::decimal(row, 0)).await?;
    Ok(Output { value })
}
