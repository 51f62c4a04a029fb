//! The tool `list_customers`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, cursor, decode, input, retry, sql};
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
static ORDERS: [Pages; 6] = [
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, email, name, active, segments, created_at
FROM customers AS c
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND name ILIKE '%' || $1 || '%'"),
                sql::Part::Clause(1, r"
  AND $2 = ANY (segments)"),
                sql::Part::Clause(
                    2,
                    r"
  AND EXISTS (SELECT 1 FROM addresses WHERE customer_id = c.id AND country = $3)",
                ),
                sql::Part::Clause(3, r"
  AND active = $4"),
                sql::Part::Text(r#"
) AS page
ORDER BY "created_at", "id"
LIMIT $5"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, email, name, active, segments, created_at
FROM customers AS c
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND name ILIKE '%' || $1 || '%'"),
                sql::Part::Clause(1, r"
  AND $2 = ANY (segments)"),
                sql::Part::Clause(
                    2,
                    r"
  AND EXISTS (SELECT 1 FROM addresses WHERE customer_id = c.id AND country = $3)",
                ),
                sql::Part::Clause(3, r"
  AND active = $4"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "created_at" >= $5::text::timestamp with time zone AND ("created_at" > $5::text::timestamp with time zone OR ("id" > $6::text::uuid))
ORDER BY "created_at", "id"
LIMIT $7"#,
                ),
            ],
        ),
        keys: &[5, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, email, name, active, segments, created_at
FROM customers AS c
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND name ILIKE '%' || $1 || '%'"),
                sql::Part::Clause(1, r"
  AND $2 = ANY (segments)"),
                sql::Part::Clause(
                    2,
                    r"
  AND EXISTS (SELECT 1 FROM addresses WHERE customer_id = c.id AND country = $3)",
                ),
                sql::Part::Clause(3, r"
  AND active = $4"),
                sql::Part::Text(
                    r#"
) AS page
ORDER BY "created_at" DESC, "id" DESC
LIMIT $5"#,
                ),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, email, name, active, segments, created_at
FROM customers AS c
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND name ILIKE '%' || $1 || '%'"),
                sql::Part::Clause(1, r"
  AND $2 = ANY (segments)"),
                sql::Part::Clause(
                    2,
                    r"
  AND EXISTS (SELECT 1 FROM addresses WHERE customer_id = c.id AND country = $3)",
                ),
                sql::Part::Clause(3, r"
  AND active = $4"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "created_at" <= $5::text::timestamp with time zone AND ("created_at" < $5::text::timestamp with time zone OR ("id" < $6::text::uuid))
ORDER BY "created_at" DESC, "id" DESC
LIMIT $7"#,
                ),
            ],
        ),
        keys: &[5, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, email, name, active, segments, created_at
FROM customers AS c
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND name ILIKE '%' || $1 || '%'"),
                sql::Part::Clause(1, r"
  AND $2 = ANY (segments)"),
                sql::Part::Clause(
                    2,
                    r"
  AND EXISTS (SELECT 1 FROM addresses WHERE customer_id = c.id AND country = $3)",
                ),
                sql::Part::Clause(3, r"
  AND active = $4"),
                sql::Part::Text(r#"
) AS page
ORDER BY "name", "id"
LIMIT $5"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, email, name, active, segments, created_at
FROM customers AS c
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND name ILIKE '%' || $1 || '%'"),
                sql::Part::Clause(1, r"
  AND $2 = ANY (segments)"),
                sql::Part::Clause(
                    2,
                    r"
  AND EXISTS (SELECT 1 FROM addresses WHERE customer_id = c.id AND country = $3)",
                ),
                sql::Part::Clause(3, r"
  AND active = $4"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "name" >= $5 AND ("name" > $5 OR ("id" > $6::text::uuid))
ORDER BY "name", "id"
LIMIT $7"#,
                ),
            ],
        ),
        keys: &[2, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, email, name, active, segments, created_at
FROM customers AS c
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND name ILIKE '%' || $1 || '%'"),
                sql::Part::Clause(1, r"
  AND $2 = ANY (segments)"),
                sql::Part::Clause(
                    2,
                    r"
  AND EXISTS (SELECT 1 FROM addresses WHERE customer_id = c.id AND country = $3)",
                ),
                sql::Part::Clause(3, r"
  AND active = $4"),
                sql::Part::Text(r#"
) AS page
ORDER BY "name" DESC, "id" DESC
LIMIT $5"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, email, name, active, segments, created_at
FROM customers AS c
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND name ILIKE '%' || $1 || '%'"),
                sql::Part::Clause(1, r"
  AND $2 = ANY (segments)"),
                sql::Part::Clause(
                    2,
                    r"
  AND EXISTS (SELECT 1 FROM addresses WHERE customer_id = c.id AND country = $3)",
                ),
                sql::Part::Clause(3, r"
  AND active = $4"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "name" <= $5 AND ("name" < $5 OR ("id" < $6::text::uuid))
ORDER BY "name" DESC, "id" DESC
LIMIT $7"#,
                ),
            ],
        ),
        keys: &[2, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, email, name, active, segments, created_at
FROM customers AS c
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND name ILIKE '%' || $1 || '%'"),
                sql::Part::Clause(1, r"
  AND $2 = ANY (segments)"),
                sql::Part::Clause(
                    2,
                    r"
  AND EXISTS (SELECT 1 FROM addresses WHERE customer_id = c.id AND country = $3)",
                ),
                sql::Part::Clause(3, r"
  AND active = $4"),
                sql::Part::Text(r#"
) AS page
ORDER BY "email", "id"
LIMIT $5"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, email, name, active, segments, created_at
FROM customers AS c
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND name ILIKE '%' || $1 || '%'"),
                sql::Part::Clause(1, r"
  AND $2 = ANY (segments)"),
                sql::Part::Clause(
                    2,
                    r"
  AND EXISTS (SELECT 1 FROM addresses WHERE customer_id = c.id AND country = $3)",
                ),
                sql::Part::Clause(3, r"
  AND active = $4"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "email" >= $5 AND ("email" > $5 OR ("id" > $6::text::uuid))
ORDER BY "email", "id"
LIMIT $7"#,
                ),
            ],
        ),
        keys: &[1, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, email, name, active, segments, created_at
FROM customers AS c
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND name ILIKE '%' || $1 || '%'"),
                sql::Part::Clause(1, r"
  AND $2 = ANY (segments)"),
                sql::Part::Clause(
                    2,
                    r"
  AND EXISTS (SELECT 1 FROM addresses WHERE customer_id = c.id AND country = $3)",
                ),
                sql::Part::Clause(3, r"
  AND active = $4"),
                sql::Part::Text(
                    r#"
) AS page
ORDER BY "email" DESC, "id" DESC
LIMIT $5"#,
                ),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, email, name, active, segments, created_at
FROM customers AS c
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND name ILIKE '%' || $1 || '%'"),
                sql::Part::Clause(1, r"
  AND $2 = ANY (segments)"),
                sql::Part::Clause(
                    2,
                    r"
  AND EXISTS (SELECT 1 FROM addresses WHERE customer_id = c.id AND country = $3)",
                ),
                sql::Part::Clause(3, r"
  AND active = $4"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "email" <= $5 AND ("email" < $5 OR ("id" < $6::text::uuid))
ORDER BY "email" DESC, "id" DESC
LIMIT $7"#,
                ),
            ],
        ),
        keys: &[1, 0],
    },
];

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often the statements run where nothing of them was kept.
const RETRY: retry::Policy = retry::Policy {
    attempts: 3,
    backoff: Duration::from_millis(50),
    maximum: Duration::from_secs(1),
};

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// Part of the name.
    pub words: Option<String>,
    /// `segment`.
    pub segment: Option<String>,
    /// Country as in ISO 3166.
    pub country: Option<String>,
    /// `active`.
    pub active: Option<bool>,
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
        let words = fields
            .optional(
                "words",
                |input| Ok(input.text()?.min_length(2)?.max_length(80)?.value),
            );
        let segment = fields
            .optional("segment", |input| Ok(input.text()?.max_length(40)?.value));
        let country = fields
            .optional("country", |input| Ok(types::country(input)?.value));
        let active = fields.optional("active", |input| Ok(input.boolean()?.value));
        let sort = fields
            .or(
                "sort",
                json!("created_at"),
                |input| Ok(input.choice(&Sort::ALL)?.value),
            );
        let cursor = fields
            .optional("cursor", |input| Ok(input.text()?.max_length(65536)?.value));
        let page_size = fields
            .or(
                "page_size",
                json!(20),
                |input| Ok(input.integer()?.minimum(1)?.maximum(100)?.value),
            );
        fields
            .finish(|| Some(Self {
                words: words?,
                segment: segment?,
                country: country?,
                active: active?,
                sort: sort?,
                cursor: cursor?,
                page_size: page_size?,
            }))
    }
}

/// Column to sort by; with a minus in front, in descending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sort {
    /// `created_at`.
    #[serde(rename = "created_at")]
    CreatedAt,
    /// `-created_at`.
    #[serde(rename = "-created_at")]
    CreatedAtDescending,
    /// `name`.
    #[serde(rename = "name")]
    Name,
    /// `-name`.
    #[serde(rename = "-name")]
    NameDescending,
    /// `email`.
    #[serde(rename = "email")]
    Email,
    /// `-email`.
    #[serde(rename = "-email")]
    EmailDescending,
}

impl Sort {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 6] = [
        ("created_at", Self::CreatedAt),
        ("-created_at", Self::CreatedAtDescending),
        ("name", Self::Name),
        ("-name", Self::NameDescending),
        ("email", Self::Email),
        ("-email", Self::EmailDescending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            Self::CreatedAtDescending => "-created_at",
            Self::Name => "name",
            Self::NameDescending => "-name",
            Self::Email => "email",
            Self::EmailDescending => "-email",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub customers: Vec<CustomersRow>,
    /// Where the next page begins; none on the last page.
    pub next_cursor: Option<String>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CustomersRow {
    /// Column `id`.
    pub id: String,
    /// Column `email`.
    pub email: String,
    /// Column `name`.
    pub name: String,
    /// Column `active`.
    pub active: bool,
    /// Column `segments`.
    pub segments: Vec<Option<String>>,
    /// Column `created_at`.
    pub created_at: chrono::DateTime<chrono::Utc>,
}

impl CustomersRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            email: decode::text(row, 1)?,
            name: decode::text(row, 2)?,
            active: decode::boolean(row, 3)?,
            segments: decode::array(row, 4, decode::text)?,
            created_at: decode::date_time(row, 5)?,
        })
    }
}

/// Walk through customers, filtered by name, segment, country or state.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = RETRY.run(TIMEOUT, |left| run(shared, &params, left)).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(
    shared: &Shared,
    params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let question = cursor::question("list_customers", params)?;
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
                                params.words.is_some(),
                                params.segment.is_some(),
                                params.country.is_some(),
                                params.active.is_some(),
                            ],
                        ),
                )
                .bind(params.words.as_deref())
                .bind(params.segment.as_deref())
                .bind(params.country.as_deref())
                .bind(params.active)
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
                                        params.words.is_some(),
                                        params.segment.is_some(),
                                        params.country.is_some(),
                                        params.active.is_some(),
                                    ],
                                ),
                        )
                        .bind(params.words.as_deref())
                        .bind(params.segment.as_deref())
                        .bind(params.country.as_deref())
                        .bind(params.active),
                )
                .bind(params.page_size + 1)
        }
    };
    let mut session = shared.database.read(left).await?;
    let (customers, end) = session
        .page(statement, params.page_size, pages.keys, CustomersRow::decode)
        .await?;
    let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
    Ok(Output { customers, next_cursor })
}
