//! The tool `open_period`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, retry};
use crate::server::Shared;
use crate::types;

/// The statement.
const SQL: &str = r"INSERT INTO periods (code, starts_on, ends_on)
VALUES (?, CAST(CONCAT(?, '-01') AS DATE), LAST_DAY(CAST(CONCAT(?, '-01') AS DATE)))";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// A month.
    pub period: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let period = fields
            .required("period", |input| Ok(types::period(input)?.max_length(7)?.value));
        fields.finish(|| Some(Self { period: period? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// Number of the new row.
    pub id: u64,
}

/// Add a month to the books.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = retry::transaction(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::UniqueConstraintViolation,
                        "The period is there",
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
        .bind(params.period.as_str())
        .bind(params.period.as_str())
        .bind(params.period.as_str());
    let mut session = shared.database.write(left).await?;
    let id = session.last_insert_id(statement).await?;
    session.commit().await?;
    Ok(Output { id })
}
