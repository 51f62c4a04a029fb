//! The tool `blocks`.

use std::time::Duration;

use rmcp::model::ContentBlock;
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, sql, template, value};
use crate::server::Shared;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            "SELECT id, self, payload, type AS output FROM things WHERE TRUE ",
        ),
        sql::Part::Clause(0, "AND id = ?1"),
        sql::Part::Text(" ORDER BY id"),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `id`.
    pub id: Option<i64>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.optional("id", |input| Ok(input.integer()?.value));
        fields.finish(|| Some(Self { id: id? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub rows: Vec<RowsRow>,
    /// Number of rows in this answer.
    pub count: usize,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowsRow {
    /// Column `id`.
    pub id: i64,
    /// Column `self`.
    #[serde(rename = "self")]
    pub self_: String,
    /// Column `payload`.
    #[serde(skip)]
    pub payload: Option<value::Bytes>,
    /// Column `output`.
    pub output: String,
}

impl RowsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            self_: decode::text(row, 1)?,
            payload: decode::optional(row, 2, decode::bytes)?,
            output: decode::text(row, 3)?,
        })
    }
}

/// Block 1: its text.
static BLOCK_1_TEXT: template::Template = template::Template::new("{{ count }} things");

/// Block 2: its mime type.
static BLOCK_2_MIME_TYPE: template::Template = template::Template::new(
    "image/{{ self }}",
);

/// Block 4: its URI.
static BLOCK_4_URI: template::Template = template::Template::new(
    "corners://{{ id }}/payload",
);

/// Block 5: its URI.
static BLOCK_5_URI: template::Template = template::Template::new(
    "corners://{{ id }}/self",
);

/// Block 5: its text.
static BLOCK_5_TEXT: template::Template = template::Template::new("# {{ self }}");

/// Block 6: its URI.
static BLOCK_6_URI: template::Template = template::Template::new("corners://{{ id }}");

/// Block 6: its name.
static BLOCK_6_NAME: template::Template = template::Template::new("{{ self }}");

/// Block 6: its title.
static BLOCK_6_TITLE: template::Template = template::Template::new("Thing {{ id }}");

/// What stands in the place of the text.
fn blocks(output: &Output) -> Result<Vec<ContentBlock>, Failure> {
    let mut blocks = Vec::from([
        answer::annotated(
            ContentBlock::text(BLOCK_1_TEXT.render(output)?),
            &[rmcp::model::Role::Assistant],
            Some(0.5),
        ),
    ]);
    for row in &output.rows {
        if let Some(bytes) = &row.payload {
            blocks.push(answer::image(&bytes.0, &BLOCK_2_MIME_TYPE.render(row)?));
        }
        if let Some(bytes) = &row.payload {
            blocks
                .push(
                    answer::annotated(
                        answer::audio(&bytes.0, "audio/wav"),
                        &[rmcp::model::Role::User],
                        None,
                    ),
                );
        }
        if let Some(bytes) = &row.payload {
            blocks
                .push(
                    ContentBlock::resource(
                        answer::resource_blob(
                            &BLOCK_4_URI.render(row)?,
                            "application/octet-stream",
                            &bytes.0,
                        ),
                    ),
                );
        }
        blocks
            .push(
                ContentBlock::resource(
                    answer::resource_text(
                        &BLOCK_5_URI.render(row)?,
                        "text/markdown",
                        BLOCK_5_TEXT.render(row)?,
                    ),
                ),
            );
        blocks
            .push(
                ContentBlock::resource_link(
                    rmcp::model::Resource::new(
                            BLOCK_6_URI.render(row)?,
                            BLOCK_6_NAME.render(row)?,
                        )
                        .with_title(BLOCK_6_TITLE.render(row)?)
                        .with_mime_type("application/json"),
                ),
            );
    }
    blocks.push(ContentBlock::text("the end"));
    Ok(blocks)
}

/// Blocks of every kind, for each row.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::blocks(&output, blocks(&output))
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL.with(&[params.id.is_some()])).bind(params.id);
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, RowsRow::decode);
    let rows = progress::rows(reading).await?;
    Ok(Output { count: rows.len(), rows })
}
