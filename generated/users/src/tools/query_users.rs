//! The tool `query_users`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, auth, cache, format, input, progress, sql};
use crate::server::Shared;
use crate::{rows, types};

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT id, email, name, role, active, created_at
FROM users
WHERE TRUE
  ",
        ),
        sql::Part::Clause(0, "AND role = ?1"),
        sql::Part::Clause(1, r"
  AND active = ?2"),
        sql::Part::Clause(2, r"
  AND created_at >= ?3"),
        sql::Part::Text(r"
ORDER BY created_at DESC, id
LIMIT ?4 OFFSET ?5"),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// `filters`.
    pub filters: Option<Filters>,
    /// Greater values are taken as 100.
    pub limit: i64,
    /// `offset`.
    pub offset: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let filters = fields
            .optional(
                "filters",
                |input| Ok(input.object(input::Unknown::Ignore, Filters::read)?.value),
            );
        let limit = fields
            .or(
                "limit",
                json!(50),
                |input| Ok(input.integer()?.clamp_maximum(100).minimum(1)?.value),
            );
        let offset = fields
            .or(
                "offset",
                json!(0),
                |input| Ok(input.integer()?.minimum(0)?.value),
            );
        fields
            .finish(|| Some(Self {
                filters: filters?,
                limit: limit?,
                offset: offset?,
            }))
    }
}

/// `filters`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Filters {
    /// What the user may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<types::Role>,
    /// `active`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// `created_after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_after: Option<chrono::NaiveDate>,
}

impl Filters {
    /// Reads the members of an object.
    pub fn read(mut fields: input::Fields) -> input::Read<Self> {
        let role = fields.optional("role", |input| Ok(types::role(input)?.value));
        let active = fields.optional("active", |input| Ok(input.boolean()?.value));
        let created_after = fields
            .optional(
                "created_after",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        fields
            .finish(|| Some(Self {
                role: role?,
                active: active?,
                created_after: created_after?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub users: Vec<rows::User>,
    /// Number of rows in this answer.
    pub count: usize,
    /// The argument `filters`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters_applied: Option<Filters>,
    /// The arguments `limit`, `offset`.
    pub pagination: Pagination,
}

/// What `pagination` repeats.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pagination {
    /// Greater values are taken as 100.
    pub limit: i64,
    /// `offset`.
    pub offset: i64,
}

/// Query the user database with filters and pagination.
pub fn call<'c>(
    shared: &'c Shared,
    caller: &'c auth::Caller,
    arguments: input::Arguments,
) -> answer::Call<'c> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let key = cache::key(&(caller.client(), &params))?;
        let call = async {
            let output = run(shared, &params).await?;
            answer::json(&output)
        };
        shared.caches.query_users.answer(&key, TIMEOUT, call).await
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(
            SQL
                .with(
                    &[
                        params
                            .filters
                            .as_ref()
                            .is_some_and(|filters| filters.role.is_some()),
                        params
                            .filters
                            .as_ref()
                            .is_some_and(|filters| filters.active.is_some()),
                        params
                            .filters
                            .as_ref()
                            .is_some_and(|filters| filters.created_after.is_some()),
                    ],
                ),
        )
        .bind(
            params
                .filters
                .as_ref()
                .and_then(|filters| filters.role.map(types::Role::as_str)),
        )
        .bind(params.filters.as_ref().and_then(|filters| filters.active))
        .bind(
            params
                .filters
                .as_ref()
                .and_then(|filters| {
                    filters.created_after.map(|created_after| created_after.to_string())
                }),
        )
        .bind(params.limit)
        .bind(params.offset);
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session
        .many(statement, |row| rows::User::decode(row, [0, 1, 2, 3, 4, 5]));
    let users = progress::rows(reading).await?;
    Ok(Output {
        count: users.len(),
        users,
        filters_applied: params.filters.clone(),
        pagination: Pagination {
            limit: params.limit,
            offset: params.offset,
        },
    })
}
