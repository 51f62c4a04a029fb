//! The tool `price_history`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, cursor, decode, input, retry, value};
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
static ORDERS: [Pages; 2] = [
    Pages {
        first: r#"SELECT * FROM (
SELECT h.id, h.old_price, h.new_price,
       round((h.new_price - h.old_price) * 100 / nullif(h.old_price, 0), 2) AS percent,
       h.changed_at,
       lead(h.changed_at) OVER (ORDER BY h.changed_at, h.id) - h.changed_at AS held_for
FROM price_changes AS h
JOIN variants AS v ON v.id = h.variant_id
WHERE v.sku = $1
) AS page
ORDER BY "changed_at", "id"
LIMIT $2"#,
        next: r#"SELECT * FROM (
SELECT h.id, h.old_price, h.new_price,
       round((h.new_price - h.old_price) * 100 / nullif(h.old_price, 0), 2) AS percent,
       h.changed_at,
       lead(h.changed_at) OVER (ORDER BY h.changed_at, h.id) - h.changed_at AS held_for
FROM price_changes AS h
JOIN variants AS v ON v.id = h.variant_id
WHERE v.sku = $1
) AS page
WHERE "changed_at" >= $2::text::timestamp with time zone AND ("changed_at" > $2::text::timestamp with time zone OR ("id" > $3))
ORDER BY "changed_at", "id"
LIMIT $4"#,
        keys: &[4, 0],
    },
    Pages {
        first: r#"SELECT * FROM (
SELECT h.id, h.old_price, h.new_price,
       round((h.new_price - h.old_price) * 100 / nullif(h.old_price, 0), 2) AS percent,
       h.changed_at,
       lead(h.changed_at) OVER (ORDER BY h.changed_at, h.id) - h.changed_at AS held_for
FROM price_changes AS h
JOIN variants AS v ON v.id = h.variant_id
WHERE v.sku = $1
) AS page
ORDER BY "changed_at" DESC, "id" DESC
LIMIT $2"#,
        next: r#"SELECT * FROM (
SELECT h.id, h.old_price, h.new_price,
       round((h.new_price - h.old_price) * 100 / nullif(h.old_price, 0), 2) AS percent,
       h.changed_at,
       lead(h.changed_at) OVER (ORDER BY h.changed_at, h.id) - h.changed_at AS held_for
FROM price_changes AS h
JOIN variants AS v ON v.id = h.variant_id
WHERE v.sku = $1
) AS page
WHERE "changed_at" <= $2::text::timestamp with time zone AND ("changed_at" < $2::text::timestamp with time zone OR ("id" < $3))
ORDER BY "changed_at" DESC, "id" DESC
LIMIT $4"#,
        keys: &[4, 0],
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
    /// What is sold.
    pub sku: String,
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
        let sku = fields.required("sku", |input| Ok(types::sku(input)?.value));
        let sort = fields
            .or(
                "sort",
                json!("changed_at"),
                |input| Ok(input.choice(&Sort::ALL)?.value),
            );
        let cursor = fields
            .optional("cursor", |input| Ok(input.text()?.max_length(65536)?.value));
        let page_size = fields
            .or(
                "page_size",
                json!(20),
                |input| Ok(input.integer()?.minimum(1)?.maximum(200)?.value),
            );
        fields
            .finish(|| Some(Self {
                sku: sku?,
                sort: sort?,
                cursor: cursor?,
                page_size: page_size?,
            }))
    }
}

/// Column to sort by; with a minus in front, in descending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sort {
    /// `changed_at`.
    #[serde(rename = "changed_at")]
    ChangedAt,
    /// `-changed_at`.
    #[serde(rename = "-changed_at")]
    ChangedAtDescending,
}

impl Sort {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 2] = [
        ("changed_at", Self::ChangedAt),
        ("-changed_at", Self::ChangedAtDescending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ChangedAt => "changed_at",
            Self::ChangedAtDescending => "-changed_at",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub changes: Vec<ChangesRow>,
    /// Where the next page begins; none on the last page.
    pub next_cursor: Option<String>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangesRow {
    /// Column `id`.
    pub id: i64,
    /// Column `old_price`.
    pub old_price: value::Decimal,
    /// Column `new_price`.
    pub new_price: value::Decimal,
    /// Column `percent`.
    pub percent: Option<value::Decimal>,
    /// Column `changed_at`.
    pub changed_at: chrono::DateTime<chrono::Utc>,
    /// Null: it still holds.
    pub held_for: Option<String>,
}

impl ChangesRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            old_price: decode::decimal(row, 1)?,
            new_price: decode::decimal(row, 2)?,
            percent: decode::optional(row, 3, decode::decimal)?,
            changed_at: decode::date_time(row, 4)?,
            held_for: decode::optional(row, 5, decode::interval)?,
        })
    }
}

/// How the price of a variant changed, and how long each price held.
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
    let question = cursor::question("price_history", params)?;
    let position = match &params.cursor {
        Some(cursor) => Some(cursor::position(&shared.signer, &question, cursor)?),
        None => None,
    };
    let pages = &ORDERS[params.sort as usize];
    let statement = match &position {
        None => {
            sqlx::query(pages.first).bind(params.sku.as_str()).bind(params.page_size + 1)
        }
        Some(position) => {
            position
                .bind_to(sqlx::query(pages.next).bind(params.sku.as_str()))
                .bind(params.page_size + 1)
        }
    };
    let mut session = shared.database.read(left).await?;
    let (changes, end) = session
        .page(statement, params.page_size, pages.keys, ChangesRow::decode)
        .await?;
    let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
    Ok(Output { changes, next_cursor })
}
