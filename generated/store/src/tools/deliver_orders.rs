//! The tool `deliver_orders`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, format, input, retry, value};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"UPDATE orders SET status = 'delivered', delivered_at = coalesce($1::text::timestamp with time zone, now())
WHERE number = ANY ($2) AND status = 'shipped'";

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
    /// `numbers`.
    pub numbers: Vec<i64>,
    /// Now if it is left out.
    pub at: Option<chrono::DateTime<chrono::Utc>>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let numbers = fields
            .required(
                "numbers",
                |input| Ok(
                    input
                        .array(|input| Ok(types::order_number(input)?.value))?
                        .min_items(1)?
                        .max_items(100)?
                        .value,
                ),
            );
        let at = fields
            .nullable_or(
                "at",
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
        fields.finish(|| Some(Self { numbers: numbers?, at: at? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// Number of rows changed.
    pub delivered: u64,
}

/// Say that shipped orders arrived; others are left as they are.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = RETRY
            .run(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::CheckViolation,
                        "An order cannot arrive before it is shipped",
                        &[],
                    )
            })?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(
    shared: &Shared,
    params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL)
        .bind(params.at.map(value::moment_text))
        .bind(params.numbers.as_slice());
    let mut session = shared.database.write(left).await?;
    let delivered = session.affected(statement).await?;
    session.commit().await?;
    Ok(Output { delivered })
}
