//! The resource `corners://{id}`.

use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, uri};
use crate::server::Shared;

/// The parts of `corners://{id}`.
pub const URI: &[uri::Part] = &[uri::Part::Text("corners://"), uri::Part::Param("id")];

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = "SELECT type, self FROM things WHERE id = ?1";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(30);

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
    pub row: RowRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowRow {
    /// Column `type`.
    #[serde(rename = "type")]
    pub type_: String,
    /// Column `self`.
    #[serde(rename = "self")]
    pub self_: String,
}

impl RowRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            type_: decode::text(row, 0)?,
            self_: decode::text(row, 1)?,
        })
    }
}

/// uri.
pub async fn contents(
    shared: &Shared,
    uri: &str,
    arguments: input::Arguments,
) -> Result<ResourceContents, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let statement = sqlx::query(SQL).bind(params.id);
    let mut session = shared.database.read(TIMEOUT).await?;
    let row = session.one(statement, RowRow::decode).await?;
    let output = Output { row };
    answer::resource_json(uri, MIME_TYPE, &output)
}
