//! The resource `test://template/{id}/data`.

use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, uri};
use crate::server::Shared;

/// The parts of `test://template/{id}/data`.
pub const URI: &[uri::Part] = &[
    uri::Part::Text("test://template/"),
    uri::Part::Param("id"),
    uri::Part::Text("/data"),
];

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = "SELECT ?1 AS id, TRUE AS template_test, 'Data for ID: ' || ?1 AS data";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The placeholders of the URI.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `id`.
    pub id: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.required("id", |input| Ok(input.text()?.value));
        fields.finish(|| Some(Self { id: id? }))
    }
}

/// What the resource holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub found: FoundRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundRow {
    /// Column `id`.
    pub id: Option<String>,
    /// Column `template_test`.
    pub template_test: bool,
    /// Column `data`.
    pub data: Option<String>,
}

impl FoundRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::optional(row, 0, decode::text)?,
            template_test: decode::boolean(row, 1)?,
            data: decode::optional(row, 2, decode::text)?,
        })
    }
}

/// What was asked for.
pub async fn contents(
    shared: &Shared,
    uri: &str,
    arguments: input::Arguments,
) -> Result<ResourceContents, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let statement = sqlx::query(SQL).bind(params.id.as_str());
    let mut session = shared.database.read(TIMEOUT).await?;
    let found = session.one(statement, FoundRow::decode).await?;
    let output = Output { found };
    answer::resource_json(uri, MIME_TYPE, &output)
}
