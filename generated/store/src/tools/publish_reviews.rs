//! The tool `publish_reviews`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, format, input, retry};
use crate::server::Shared;

/// The statement.
const SQL: &str = "UPDATE reviews SET published = $1 WHERE id = ANY ($2::text[]::uuid[]) AND published <> $1";

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
    /// `ids`.
    pub ids: Vec<String>,
    /// `published`.
    pub published: bool,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let ids = fields
            .required(
                "ids",
                |input| Ok(
                    input
                        .array(|input| Ok(input.parsed("a UUID", format::uuid)?.value))?
                        .min_items(1)?
                        .max_items(100)?
                        .value,
                ),
            );
        let published = fields
            .or("published", json!(true), |input| Ok(input.boolean()?.value));
        fields
            .finish(|| Some(Self {
                ids: ids?,
                published: published?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// Number of rows changed.
    pub changed: u64,
}

/// Show or hide reviews.
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
    params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(params.published).bind(params.ids.as_slice());
    let mut session = shared.database.write(left).await?;
    let changed = session.affected(statement).await?;
    session.commit().await?;
    Ok(Output { changed })
}
