//! The tool `list_users`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::rows;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, cursor, input};
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

/// The statement in each order, as `sort` counts them.
static ORDERS: [Pages; 6] = [
    Pages {
        first: r#"SELECT * FROM (
SELECT id, email, name, role, active, created_at FROM users
) AS page
ORDER BY "created_at", "id"
LIMIT ?1"#,
        next: r#"SELECT * FROM (
SELECT id, email, name, role, active, created_at FROM users
) AS page
WHERE "created_at" >= ?1 AND ("created_at" > ?1 OR ("id" > ?2))
ORDER BY "created_at", "id"
LIMIT ?3"#,
        keys: &[5, 0],
    },
    Pages {
        first: r#"SELECT * FROM (
SELECT id, email, name, role, active, created_at FROM users
) AS page
ORDER BY "created_at" DESC, "id" DESC
LIMIT ?1"#,
        next: r#"SELECT * FROM (
SELECT id, email, name, role, active, created_at FROM users
) AS page
WHERE "created_at" <= ?1 AND ("created_at" < ?1 OR ("id" < ?2))
ORDER BY "created_at" DESC, "id" DESC
LIMIT ?3"#,
        keys: &[5, 0],
    },
    Pages {
        first: r#"SELECT * FROM (
SELECT id, email, name, role, active, created_at FROM users
) AS page
ORDER BY "name", "id"
LIMIT ?1"#,
        next: r#"SELECT * FROM (
SELECT id, email, name, role, active, created_at FROM users
) AS page
WHERE "name" >= ?1 AND ("name" > ?1 OR ("id" > ?2))
ORDER BY "name", "id"
LIMIT ?3"#,
        keys: &[2, 0],
    },
    Pages {
        first: r#"SELECT * FROM (
SELECT id, email, name, role, active, created_at FROM users
) AS page
ORDER BY "name" DESC, "id" DESC
LIMIT ?1"#,
        next: r#"SELECT * FROM (
SELECT id, email, name, role, active, created_at FROM users
) AS page
WHERE "name" <= ?1 AND ("name" < ?1 OR ("id" < ?2))
ORDER BY "name" DESC, "id" DESC
LIMIT ?3"#,
        keys: &[2, 0],
    },
    Pages {
        first: r#"SELECT * FROM (
SELECT id, email, name, role, active, created_at FROM users
) AS page
ORDER BY "email", "id"
LIMIT ?1"#,
        next: r#"SELECT * FROM (
SELECT id, email, name, role, active, created_at FROM users
) AS page
WHERE "email" >= ?1 AND ("email" > ?1 OR ("id" > ?2))
ORDER BY "email", "id"
LIMIT ?3"#,
        keys: &[1, 0],
    },
    Pages {
        first: r#"SELECT * FROM (
SELECT id, email, name, role, active, created_at FROM users
) AS page
ORDER BY "email" DESC, "id" DESC
LIMIT ?1"#,
        next: r#"SELECT * FROM (
SELECT id, email, name, role, active, created_at FROM users
) AS page
WHERE "email" <= ?1 AND ("email" < ?1 OR ("id" < ?2))
ORDER BY "email" DESC, "id" DESC
LIMIT ?3"#,
        keys: &[1, 0],
    },
];

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
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
                json!(50),
                |input| Ok(input.integer()?.minimum(1)?.maximum(200)?.value),
            );
        fields
            .finish(|| Some(Self {
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
    pub users: Vec<rows::User>,
    /// Where the next page begins; none on the last page.
    pub next_cursor: Option<String>,
}

/// Walk through all users, page by page.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let question = cursor::question("list_users", params)?;
    let position = match &params.cursor {
        Some(cursor) => Some(cursor::position(&shared.signer, &question, cursor)?),
        None => None,
    };
    let pages = &ORDERS[params.sort as usize];
    let statement = match &position {
        None => sqlx::query(pages.first).bind(params.page_size + 1),
        Some(position) => {
            position.bind_to(sqlx::query(pages.next)).bind(params.page_size + 1)
        }
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let (users, end) = session
        .page(
            statement,
            params.page_size,
            pages.keys,
            |row| rows::User::decode(row, [0, 1, 2, 3, 4, 5]),
        )
        .await?;
    let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
    Ok(Output { users, next_cursor })
}
