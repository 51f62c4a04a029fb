//! The tool `test_tool_with_logging`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress};
use crate::server::Shared;

/// The statement of `first`.
const FIRST_SQL: &str = "SELECT COUNT(*) AS words FROM words";

/// The statement of `second`.
const SECOND_SQL: &str = "SELECT COUNT(*) AS media FROM media";

/// The statement of `third`.
const THIRD_SQL: &str = "SELECT COUNT(*) AS letters FROM words WHERE length(word) = 1";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

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
    /// What the step `first` answered.
    pub first: i64,
    /// What the step `second` answered.
    pub second: i64,
    /// What the step `third` answered.
    pub third: i64,
}

/// Tells what happens.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, _params: &Params) -> Result<Output, Failure> {
    let mut session = shared.database.snapshot(TIMEOUT).await?;
    let first = session
        .one(sqlx::query(FIRST_SQL), |row| decode::integer(row, 0))
        .await?;
    progress::step(1, 3, "first");
    let second = session
        .one(sqlx::query(SECOND_SQL), |row| decode::integer(row, 0))
        .await?;
    progress::step(2, 3, "second");
    let third = session
        .one(sqlx::query(THIRD_SQL), |row| decode::integer(row, 0))
        .await?;
    progress::step(3, 3, "third");
    session.commit().await?;
    Ok(Output { first, second, third })
}
