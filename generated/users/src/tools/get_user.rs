//! The tool `get_user`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, sql};
use crate::server::Shared;
use crate::{rows, types};

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT id, email, name, role, active, created_at FROM users
WHERE TRUE ",
        ),
        sql::Part::Clause(0, "AND id = ?1"),
        sql::Part::Clause(1, " AND email = ?2"),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `id`.
    pub id: Option<i64>,
    /// `email`.
    pub email: Option<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.optional("id", |input| Ok(input.integer()?.value));
        let email = fields.optional("email", |input| Ok(types::email(input)?.value));
        fields
            .one_of(
                &["id", "email"],
                &[!matches!(id, Some(None)), !matches!(email, Some(None))],
            );
        fields.finish(|| Some(Self { id: id?, email: email? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub user: rows::User,
}

/// Look one user up by id or by email. Give exactly one of `id` and `email`.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL.with(&[params.id.is_some(), params.email.is_some()]))
        .bind(params.id)
        .bind(params.email.as_deref());
    let mut session = shared.database.read(TIMEOUT).await?;
    let user = session
        .one(statement, |row| rows::User::decode(row, [0, 1, 2, 3, 4, 5]))
        .await?;
    Ok(Output { user })
}
