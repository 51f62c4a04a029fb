//! The tool `as_csv`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, cursor, decode, input, table};
use crate::server::Shared;

/// A statement page by page, in one order.
struct Pages {
    /// The first page.
    first: &'static str,
    /// A page after a cursor.
    next: &'static str,
    /// Where the values of the cursor stand in a row.
    keys: &'static [usize],
}

/// The statement page by page.
static PAGES: Pages = Pages {
    first: r#"SELECT * FROM (
SELECT id, self, ratio, '' AS blank, 'a "b", c' AS quoted FROM things
) AS page
ORDER BY "id"
LIMIT ?1"#,
    next: r#"SELECT * FROM (
SELECT id, self, ratio, '' AS blank, 'a "b", c' AS quoted FROM things
) AS page
WHERE "id" > ?1
ORDER BY "id"
LIMIT ?2"#,
    keys: &[0],
};

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// The `next_cursor` of the page before; leave it out for the first page.
    #[serde(skip)]
    pub cursor: Option<String>,
    /// Most rows of a page.
    #[serde(skip)]
    pub page_size: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let cursor = fields
            .optional("cursor", |input| Ok(input.text()?.max_length(65536)?.value));
        let page_size = fields
            .or(
                "page_size",
                json!(2),
                |input| Ok(input.integer()?.minimum(1)?.maximum(200)?.value),
            );
        fields
            .finish(|| Some(Self {
                cursor: cursor?,
                page_size: page_size?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub things: Vec<ThingsRow>,
    /// Where the next page begins; none on the last page.
    pub next_cursor: Option<String>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThingsRow {
    /// Column `id`.
    pub id: i64,
    /// Column `self`.
    #[serde(rename = "self")]
    pub self_: String,
    /// Column `ratio`.
    pub ratio: Option<f64>,
    /// Column `blank`.
    pub blank: String,
    /// Column `quoted`.
    pub quoted: String,
}

impl ThingsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            self_: decode::text(row, 1)?,
            ratio: decode::optional(row, 2, decode::number)?,
            blank: decode::text(row, 3)?,
            quoted: decode::text(row, 4)?,
        })
    }
}

/// Rows as comma-separated values, page by page.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::table(
            &output,
            "things",
            &["id", "self", "ratio", "blank", "quoted"],
            table::csv,
        )
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let question = cursor::question("as_csv", params)?;
    let position = match &params.cursor {
        Some(cursor) => Some(cursor::position(&shared.signer, &question, cursor)?),
        None => None,
    };
    let pages = &PAGES;
    let statement = match &position {
        None => sqlx::query(pages.first).bind(params.page_size + 1),
        Some(position) => {
            position.bind_to(sqlx::query(pages.next)).bind(params.page_size + 1)
        }
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let (things, end) = session
        .page(statement, params.page_size, pages.keys, ThingsRow::decode)
        .await?;
    let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
    Ok(Output { things, next_cursor })
}
