//! The tool `forget`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input};
use crate::server::Shared;

/// The statement.
const SQL: &str = "DELETE FROM things WHERE id = ?1";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `id`.
    pub id: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.required("id", |input| Ok(input.integer()?.value));
        fields.finish(|| Some(Self { id: id? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// Number of rows changed.
    pub affected: u64,
}

/// Deletes.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(params.id);
    let mut session = shared.database.write(TIMEOUT).await?;
    let affected = session.affected(statement).await?;
    session.commit().await?;
    Ok(Output { affected })
}
