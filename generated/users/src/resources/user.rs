//! The resource `users://{id}`.

use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::rows;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, uri};
use crate::server::Shared;

/// The parts of `users://{id}`.
pub const URI: &[uri::Part] = &[uri::Part::Text("users://"), uri::Part::Param("id")];

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = "SELECT id, email, name, role, active, created_at FROM users WHERE id = ?1";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The placeholders of the URI.
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

/// What the resource holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub user: rows::User,
}

/// One user.
pub async fn contents(
    shared: &Shared,
    uri: &str,
    arguments: input::Arguments,
) -> Result<ResourceContents, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let statement = sqlx::query(SQL).bind(params.id);
    let mut session = shared.database.read(TIMEOUT).await?;
    let user = session
        .one(statement, |row| rows::User::decode(row, [0, 1, 2, 3, 4, 5]))
        .await?;
    let output = Output { user };
    answer::resource_json(uri, MIME_TYPE, &output)
}
