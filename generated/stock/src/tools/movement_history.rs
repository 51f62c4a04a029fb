//! The tool `movement_history`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, cursor, decode, format, input, sql, value};
use crate::server::Shared;
use crate::types;

/// A statement page by page, in one order.
struct Pages {
    /// The first page.
    first: sql::Variants,
    /// A page after a cursor.
    next: sql::Variants,
    /// Where the values of the cursor stand in a row.
    keys: &'static [usize],
}

/// The statement in each order, as `sort` counts them.
static ORDERS: [Pages; 2] = [
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, kind, quantity, moved_at, note, stock_after
FROM (
    SELECT id, kind, quantity, moved_at, note,
           SUM(quantity) OVER (ORDER BY moved_at, id) AS stock_after
    FROM movements WHERE product_id = ?1
)
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND kind IN (SELECT value FROM json_each(?2))"),
                sql::Part::Clause(1, r"
  AND moved_at >= ?3"),
                sql::Part::Clause(2, r"
  AND moved_at < ?4"),
                sql::Part::Text(r#"
) AS page
ORDER BY "moved_at", "id"
LIMIT ?5"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, kind, quantity, moved_at, note, stock_after
FROM (
    SELECT id, kind, quantity, moved_at, note,
           SUM(quantity) OVER (ORDER BY moved_at, id) AS stock_after
    FROM movements WHERE product_id = ?1
)
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND kind IN (SELECT value FROM json_each(?2))"),
                sql::Part::Clause(1, r"
  AND moved_at >= ?3"),
                sql::Part::Clause(2, r"
  AND moved_at < ?4"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "moved_at" >= ?5 AND ("moved_at" > ?5 OR ("id" > ?6))
ORDER BY "moved_at", "id"
LIMIT ?7"#,
                ),
            ],
        ),
        keys: &[3, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, kind, quantity, moved_at, note, stock_after
FROM (
    SELECT id, kind, quantity, moved_at, note,
           SUM(quantity) OVER (ORDER BY moved_at, id) AS stock_after
    FROM movements WHERE product_id = ?1
)
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND kind IN (SELECT value FROM json_each(?2))"),
                sql::Part::Clause(1, r"
  AND moved_at >= ?3"),
                sql::Part::Clause(2, r"
  AND moved_at < ?4"),
                sql::Part::Text(
                    r#"
) AS page
ORDER BY "moved_at" DESC, "id" DESC
LIMIT ?5"#,
                ),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, kind, quantity, moved_at, note, stock_after
FROM (
    SELECT id, kind, quantity, moved_at, note,
           SUM(quantity) OVER (ORDER BY moved_at, id) AS stock_after
    FROM movements WHERE product_id = ?1
)
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND kind IN (SELECT value FROM json_each(?2))"),
                sql::Part::Clause(1, r"
  AND moved_at >= ?3"),
                sql::Part::Clause(2, r"
  AND moved_at < ?4"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "moved_at" <= ?5 AND ("moved_at" < ?5 OR ("id" < ?6))
ORDER BY "moved_at" DESC, "id" DESC
LIMIT ?7"#,
                ),
            ],
        ),
        keys: &[3, 0],
    },
];

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// `product_id`.
    pub product_id: i64,
    /// `kinds`.
    pub kinds: Option<Vec<types::MovementKind>>,
    /// `from`.
    pub from: Option<chrono::DateTime<chrono::Utc>>,
    /// `until`.
    pub until: Option<chrono::DateTime<chrono::Utc>>,
    /// Column to sort by; with a minus in front, in descending order.
    pub sort: Sort,
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
        let product_id = fields
            .required("product_id", |input| Ok(input.integer()?.value));
        let kinds = fields
            .optional(
                "kinds",
                |input| Ok(
                    input
                        .array(|input| Ok(types::movement_kind(input)?.value))?
                        .min_items(1)?
                        .value,
                ),
            );
        let from = fields
            .optional(
                "from",
                |input| Ok(
                    input
                        .parsed(
                            "a date and time like 2024-02-29T12:30:00Z",
                            format::date_time,
                        )?
                        .value,
                ),
            );
        let until = fields
            .optional(
                "until",
                |input| Ok(
                    input
                        .parsed(
                            "a date and time like 2024-02-29T12:30:00Z",
                            format::date_time,
                        )?
                        .value,
                ),
            );
        let sort = fields
            .or(
                "sort",
                json!("moved_at"),
                |input| Ok(input.choice(&Sort::ALL)?.value),
            );
        let cursor = fields
            .optional("cursor", |input| Ok(input.text()?.max_length(65536)?.value));
        let page_size = fields
            .or(
                "page_size",
                json!(25),
                |input| Ok(input.integer()?.minimum(1)?.maximum(200)?.value),
            );
        fields
            .all_or_none(
                &["from", "until"],
                &[!matches!(from, Some(None)), !matches!(until, Some(None))],
            );
        fields
            .finish(|| Some(Self {
                product_id: product_id?,
                kinds: kinds?,
                from: from?,
                until: until?,
                sort: sort?,
                cursor: cursor?,
                page_size: page_size?,
            }))
    }
}

/// Column to sort by; with a minus in front, in descending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sort {
    /// `moved_at`.
    #[serde(rename = "moved_at")]
    MovedAt,
    /// `-moved_at`.
    #[serde(rename = "-moved_at")]
    MovedAtDescending,
}

impl Sort {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 2] = [
        ("moved_at", Self::MovedAt),
        ("-moved_at", Self::MovedAtDescending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MovedAt => "moved_at",
            Self::MovedAtDescending => "-moved_at",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub movements: Vec<MovementsRow>,
    /// Where the next page begins; none on the last page.
    pub next_cursor: Option<String>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MovementsRow {
    /// Column `id`.
    pub id: i64,
    /// Column `kind`.
    pub kind: types::MovementKind,
    /// Column `quantity`.
    pub quantity: i64,
    /// Column `moved_at`.
    pub moved_at: chrono::DateTime<chrono::Utc>,
    /// Column `note`.
    pub note: Option<String>,
    /// Units in stock after this movement.
    pub stock_after: i64,
}

impl MovementsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            kind: decode::choice(row, 1, &types::MovementKind::ALL)?,
            quantity: decode::integer(row, 2)?,
            moved_at: decode::date_time(row, 3)?,
            note: decode::optional(row, 4, decode::text)?,
            stock_after: decode::integer(row, 5)?,
        })
    }
}

/// What came in and went out of a product, newest first by default, with the stock after each
/// movement. Give all of `from` and `until`, or none of them.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let question = cursor::question("movement_history", params)?;
    let position = match &params.cursor {
        Some(cursor) => Some(cursor::position(&shared.signer, &question, cursor)?),
        None => None,
    };
    let pages = &ORDERS[params.sort as usize];
    let statement = match &position {
        None => {
            sqlx::query(
                    pages
                        .first
                        .with(
                            &[
                                params.kinds.is_some(),
                                params.from.is_some(),
                                params.until.is_some(),
                            ],
                        ),
                )
                .bind(params.product_id)
                .bind(params.kinds.as_ref().map(value::json_text).transpose()?)
                .bind(params.from.map(value::moment_text))
                .bind(params.until.map(value::moment_text))
                .bind(params.page_size + 1)
        }
        Some(position) => {
            position
                .bind_to(
                    sqlx::query(
                            pages
                                .next
                                .with(
                                    &[
                                        params.kinds.is_some(),
                                        params.from.is_some(),
                                        params.until.is_some(),
                                    ],
                                ),
                        )
                        .bind(params.product_id)
                        .bind(params.kinds.as_ref().map(value::json_text).transpose()?)
                        .bind(params.from.map(value::moment_text))
                        .bind(params.until.map(value::moment_text)),
                )
                .bind(params.page_size + 1)
        }
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let (movements, end) = session
        .page(statement, params.page_size, pages.keys, MovementsRow::decode)
        .await?;
    let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
    Ok(Output { movements, next_cursor })
}
