//! The resource `tickets://{id}`.

use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, auth, decode, input, uri};
use crate::server::Shared;
use crate::types;

/// The parts of `tickets://{id}`.
pub const URI: &[uri::Part] = &[uri::Part::Text("tickets://"), uri::Part::Param("id")];

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = "SELECT id, subject, state FROM tickets WHERE id = ?1 AND tenant_id = ?2";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The placeholders of the URI.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `id`.
    pub id: i64,
    /// The caller's claim `tenant`.
    pub tenant: String,
}

impl Params {
    /// Reads the arguments, and what the caller's token or key says.
    pub fn read(
        caller: &auth::Caller,
        arguments: input::Arguments,
    ) -> Result<Self, Failure> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let tenant = caller.claim("tenant", |input| Ok(input.text()?.value))?;
        let id = fields.required("id", |input| Ok(input.integer()?.value));
        fields.finish(|| Some(Self { id: id?, tenant })).map_err(input::refuse)
    }
}

/// What the resource holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub ticket: TicketRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TicketRow {
    /// Column `id`.
    pub id: i64,
    /// Column `subject`.
    pub subject: String,
    /// Column `state`.
    pub state: types::State,
}

impl TicketRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            subject: decode::text(row, 1)?,
            state: decode::choice(row, 2, &types::State::ALL)?,
        })
    }
}

/// One ticket.
pub async fn contents(
    shared: &Shared,
    caller: &auth::Caller,
    uri: &str,
    arguments: input::Arguments,
) -> Result<ResourceContents, Failure> {
    let params = Params::read(caller, arguments)?;
    let statement = sqlx::query(SQL).bind(params.id).bind(params.tenant.as_str());
    let mut session = shared.database.read(TIMEOUT).await?;
    let ticket = session.one(statement, TicketRow::decode).await?;
    let output = Output { ticket };
    answer::resource_json(uri, MIME_TYPE, &output)
}
