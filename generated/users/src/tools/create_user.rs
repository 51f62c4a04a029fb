//! The tool `create_user`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, input, template};
use crate::server::Shared;
use crate::{rows, types};

/// The statement.
const SQL: &str = r"INSERT INTO users (email, name, role, active, created_at)
VALUES (?1, ?2, ?3, TRUE, CURRENT_TIMESTAMP)
RETURNING id, email, name, role, active, created_at";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `email`.
    pub email: String,
    /// `name`.
    pub name: String,
    /// What the user may do.
    pub role: types::Role,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let email = fields.required("email", |input| Ok(types::email(input)?.value));
        let name = fields
            .required(
                "name",
                |input| Ok(input.text()?.min_length(2)?.max_length(200)?.value),
            );
        let role = fields
            .or("role", json!("user"), |input| Ok(types::role(input)?.value));
        fields
            .finish(|| Some(Self {
                email: email?,
                name: name?,
                role: role?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub user: rows::User,
}

/// The text of the answer.
static TEXT: template::Template = template::Template::new(
    "Successfully created user: {{ user }}",
);

/// Create new user with validation.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let call = async {
            let output = run(shared, &params)
                .await
                .map_err(|failure| {
                    failure
                        .worded(
                            crate::runtime::failure::Kind::UniqueConstraintViolation,
                            "User with this email already exists",
                            &[
                                "Look the user up with get_user",
                                "Use update_user instead",
                            ],
                        )
                })?;
            answer::rendered(&output, &TEXT)
        };
        cache::changing(&[&shared.caches.query_users], TIMEOUT, call).await
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL)
        .bind(params.email.as_str())
        .bind(params.name.as_str())
        .bind(params.role.as_str());
    let mut session = shared.database.write(TIMEOUT).await?;
    let user = session
        .one(statement, |row| rows::User::decode(row, [0, 1, 2, 3, 4, 5]))
        .await?;
    session.commit().await?;
    Ok(Output { user })
}
