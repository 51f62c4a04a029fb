//! The tool `clean_carts`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, retry};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"DELETE FROM cart_items AS c
USING variants AS v, products AS p
WHERE v.id = c.variant_id AND p.id = v.product_id AND p.status = 'retired'";

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
    /// Number of rows changed.
    pub removed: u64,
}

/// Take products that are not sold any more out of all carts.
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
    _params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL);
    let mut session = shared.database.write(left).await?;
    let removed = session.affected(statement).await?;
    session.commit().await?;
    Ok(Output { removed })
}
