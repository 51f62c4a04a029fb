//! The tool `update_user`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, input, sql};
use crate::server::Shared;
use crate::{rows, types};

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(r"UPDATE users
SET updated_at = CURRENT_TIMESTAMP
  "),
        sql::Part::Clause(0, ", name = ?1"),
        sql::Part::Clause(1, " , role = ?2"),
        sql::Part::Clause(2, " , active = ?3"),
        sql::Part::Text(
            r"
WHERE id = ?4
RETURNING id, email, name, role, active, created_at",
        ),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `id`.
    pub id: i64,
    /// `name`.
    pub name: Option<String>,
    /// What the user may do.
    pub role: Option<types::Role>,
    /// `active`.
    pub active: Option<bool>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.required("id", |input| Ok(input.integer()?.value));
        let name = fields
            .optional(
                "name",
                |input| Ok(input.text()?.min_length(2)?.max_length(200)?.value),
            );
        let role = fields.optional("role", |input| Ok(types::role(input)?.value));
        let active = fields.optional("active", |input| Ok(input.boolean()?.value));
        fields
            .finish(|| Some(Self {
                id: id?,
                name: name?,
                role: role?,
                active: active?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub user: rows::User,
}

/// Change a user's name, role or active flag.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let call = async {
            let output = run(shared, &params).await?;
            answer::json(&output)
        };
        cache::changing(&[&shared.caches.query_users], TIMEOUT, call).await
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(
            SQL
                .with(
                    &[
                        params.name.is_some(),
                        params.role.is_some(),
                        params.active.is_some(),
                    ],
                ),
        )
        .bind(params.name.as_deref())
        .bind(params.role.map(types::Role::as_str))
        .bind(params.active)
        .bind(params.id);
    let mut session = shared.database.write(TIMEOUT).await?;
    let user = session
        .one(statement, |row| rows::User::decode(row, [0, 1, 2, 3, 4, 5]))
        .await?;
    session.commit().await?;
    Ok(Output { user })
}
