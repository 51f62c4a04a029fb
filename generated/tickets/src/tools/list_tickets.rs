//! The tool `list_tickets`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, auth, cursor, decode, input};
use crate::server::Shared;
use crate::types;

/// A statement page by page, in one order.
struct Pages {
    /// The first page.
    first: &'static str,
    /// A page after a cursor.
    next: &'static str,
    /// Where the values of the cursor stand in a row.
    keys: &'static [usize],
}

/// The statement in each order, as `sort` counts them.
static ORDERS: [Pages; 4] = [
    Pages {
        first: r#"SELECT * FROM (
SELECT id, subject, state FROM tickets WHERE tenant_id = ?1
) AS page
ORDER BY "id"
LIMIT ?2"#,
        next: r#"SELECT * FROM (
SELECT id, subject, state FROM tickets WHERE tenant_id = ?1
) AS page
WHERE "id" > ?2
ORDER BY "id"
LIMIT ?3"#,
        keys: &[0],
    },
    Pages {
        first: r#"SELECT * FROM (
SELECT id, subject, state FROM tickets WHERE tenant_id = ?1
) AS page
ORDER BY "id" DESC
LIMIT ?2"#,
        next: r#"SELECT * FROM (
SELECT id, subject, state FROM tickets WHERE tenant_id = ?1
) AS page
WHERE "id" < ?2
ORDER BY "id" DESC
LIMIT ?3"#,
        keys: &[0],
    },
    Pages {
        first: r#"SELECT * FROM (
SELECT id, subject, state FROM tickets WHERE tenant_id = ?1
) AS page
ORDER BY "subject", "id"
LIMIT ?2"#,
        next: r#"SELECT * FROM (
SELECT id, subject, state FROM tickets WHERE tenant_id = ?1
) AS page
WHERE "subject" >= ?2 AND ("subject" > ?2 OR ("id" > ?3))
ORDER BY "subject", "id"
LIMIT ?4"#,
        keys: &[1, 0],
    },
    Pages {
        first: r#"SELECT * FROM (
SELECT id, subject, state FROM tickets WHERE tenant_id = ?1
) AS page
ORDER BY "subject" DESC, "id" DESC
LIMIT ?2"#,
        next: r#"SELECT * FROM (
SELECT id, subject, state FROM tickets WHERE tenant_id = ?1
) AS page
WHERE "subject" <= ?2 AND ("subject" < ?2 OR ("id" < ?3))
ORDER BY "subject" DESC, "id" DESC
LIMIT ?4"#,
        keys: &[1, 0],
    },
];

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// The caller's claim `tenant`.
    pub tenant: String,
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
    /// Reads the arguments, and what the caller's token or key says.
    pub fn read(
        caller: &auth::Caller,
        arguments: input::Arguments,
    ) -> Result<Self, Failure> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let tenant = caller.claim("tenant", |input| Ok(input.text()?.value))?;
        let sort = fields
            .or(
                "sort",
                json!("id"),
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
                tenant,
                sort: sort?,
                cursor: cursor?,
                page_size: page_size?,
            }))
            .map_err(input::refuse)
    }
}

/// Column to sort by; with a minus in front, in descending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sort {
    /// `id`.
    #[serde(rename = "id")]
    Id,
    /// `-id`.
    #[serde(rename = "-id")]
    IdDescending,
    /// `subject`.
    #[serde(rename = "subject")]
    Subject,
    /// `-subject`.
    #[serde(rename = "-subject")]
    SubjectDescending,
}

impl Sort {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 4] = [
        ("id", Self::Id),
        ("-id", Self::IdDescending),
        ("subject", Self::Subject),
        ("-subject", Self::SubjectDescending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::IdDescending => "-id",
            Self::Subject => "subject",
            Self::SubjectDescending => "-subject",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub tickets: Vec<TicketsRow>,
    /// Where the next page begins; none on the last page.
    pub next_cursor: Option<String>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TicketsRow {
    /// Column `id`.
    pub id: i64,
    /// Column `subject`.
    pub subject: String,
    /// Column `state`.
    pub state: types::State,
}

impl TicketsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            subject: decode::text(row, 1)?,
            state: decode::choice(row, 2, &types::State::ALL)?,
        })
    }
}

/// Walk through all tickets, page by page.
pub fn call<'c>(
    shared: &'c Shared,
    caller: &'c auth::Caller,
    arguments: input::Arguments,
) -> answer::Call<'c> {
    Box::pin(async move {
        let params = Params::read(caller, arguments)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let question = cursor::question("list_tickets", params)?;
    let position = match &params.cursor {
        Some(cursor) => Some(cursor::position(&shared.signer, &question, cursor)?),
        None => None,
    };
    let pages = &ORDERS[params.sort as usize];
    let statement = match &position {
        None => {
            sqlx::query(pages.first)
                .bind(params.tenant.as_str())
                .bind(params.page_size + 1)
        }
        Some(position) => {
            position
                .bind_to(sqlx::query(pages.next).bind(params.tenant.as_str()))
                .bind(params.page_size + 1)
        }
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let (tickets, end) = session
        .page(statement, params.page_size, pages.keys, TicketsRow::decode)
        .await?;
    let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
    Ok(Output { tickets, next_cursor })
}
