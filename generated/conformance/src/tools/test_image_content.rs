//! The tool `test_image_content`.

use std::time::Duration;

use rmcp::model::ContentBlock;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, template, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = "SELECT name, mime_type, data FROM media WHERE name = 'pixel'";

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
    /// The record.
    pub picture: PictureRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PictureRow {
    /// Column `name`.
    pub name: Option<String>,
    /// Column `mime_type`.
    pub mime_type: String,
    /// Column `data`.
    #[serde(skip)]
    pub data: value::Bytes,
}

impl PictureRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            name: decode::optional(row, 0, decode::text)?,
            mime_type: decode::text(row, 1)?,
            data: decode::bytes(row, 2)?,
        })
    }
}

/// Block 1: its mime type.
static BLOCK_1_MIME_TYPE: template::Template = template::Template::new(
    "{{ mime_type }}",
);

/// What stands in the place of the text.
fn blocks(output: &Output) -> Result<Vec<ContentBlock>, Failure> {
    Ok(
        Vec::from([
            answer::annotated(
                answer::image(
                    &output.picture.data.0,
                    &BLOCK_1_MIME_TYPE.render(&output.picture)?,
                ),
                &[rmcp::model::Role::User],
                Some(1.0),
            ),
        ]),
    )
}

/// Answers with an image.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::blocks(&output, blocks(&output))
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, _params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL);
    let mut session = shared.database.read(TIMEOUT).await?;
    let picture = session.one(statement, PictureRow::decode).await?;
    Ok(Output { picture })
}
