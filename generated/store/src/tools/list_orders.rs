//! The tool `list_orders`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, cursor, format, input, retry, sql, value};
use crate::server::Shared;
use crate::{rows, types};

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
SELECT id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at
FROM orders
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND customer_id = $1::text::uuid"),
                sql::Part::Clause(
                    1,
                    r"
  AND status = ANY ($2::text[]::order_status[])",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND placed_at >= $3::text::timestamp with time zone",
                ),
                sql::Part::Clause(
                    3,
                    r"
  AND placed_at < $4::text::timestamp with time zone",
                ),
                sql::Part::Clause(4, r"
  AND total >= $5::text::numeric"),
                sql::Part::Text(r#"
) AS page
ORDER BY "placed_at", "id"
LIMIT $6"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at
FROM orders
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND customer_id = $1::text::uuid"),
                sql::Part::Clause(
                    1,
                    r"
  AND status = ANY ($2::text[]::order_status[])",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND placed_at >= $3::text::timestamp with time zone",
                ),
                sql::Part::Clause(
                    3,
                    r"
  AND placed_at < $4::text::timestamp with time zone",
                ),
                sql::Part::Clause(4, r"
  AND total >= $5::text::numeric"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "placed_at" >= $6::text::timestamp with time zone AND ("placed_at" > $6::text::timestamp with time zone OR ("id" > $7::text::uuid))
ORDER BY "placed_at", "id"
LIMIT $8"#,
                ),
            ],
        ),
        keys: &[7, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at
FROM orders
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND customer_id = $1::text::uuid"),
                sql::Part::Clause(
                    1,
                    r"
  AND status = ANY ($2::text[]::order_status[])",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND placed_at >= $3::text::timestamp with time zone",
                ),
                sql::Part::Clause(
                    3,
                    r"
  AND placed_at < $4::text::timestamp with time zone",
                ),
                sql::Part::Clause(4, r"
  AND total >= $5::text::numeric"),
                sql::Part::Text(
                    r#"
) AS page
ORDER BY "placed_at" DESC, "id" DESC
LIMIT $6"#,
                ),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at
FROM orders
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND customer_id = $1::text::uuid"),
                sql::Part::Clause(
                    1,
                    r"
  AND status = ANY ($2::text[]::order_status[])",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND placed_at >= $3::text::timestamp with time zone",
                ),
                sql::Part::Clause(
                    3,
                    r"
  AND placed_at < $4::text::timestamp with time zone",
                ),
                sql::Part::Clause(4, r"
  AND total >= $5::text::numeric"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "placed_at" <= $6::text::timestamp with time zone AND ("placed_at" < $6::text::timestamp with time zone OR ("id" < $7::text::uuid))
ORDER BY "placed_at" DESC, "id" DESC
LIMIT $8"#,
                ),
            ],
        ),
        keys: &[7, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at
FROM orders
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND customer_id = $1::text::uuid"),
                sql::Part::Clause(
                    1,
                    r"
  AND status = ANY ($2::text[]::order_status[])",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND placed_at >= $3::text::timestamp with time zone",
                ),
                sql::Part::Clause(
                    3,
                    r"
  AND placed_at < $4::text::timestamp with time zone",
                ),
                sql::Part::Clause(4, r"
  AND total >= $5::text::numeric"),
                sql::Part::Text(r#"
) AS page
ORDER BY "total", "id"
LIMIT $6"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at
FROM orders
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND customer_id = $1::text::uuid"),
                sql::Part::Clause(
                    1,
                    r"
  AND status = ANY ($2::text[]::order_status[])",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND placed_at >= $3::text::timestamp with time zone",
                ),
                sql::Part::Clause(
                    3,
                    r"
  AND placed_at < $4::text::timestamp with time zone",
                ),
                sql::Part::Clause(4, r"
  AND total >= $5::text::numeric"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "total" >= $6::text::numeric AND ("total" > $6::text::numeric OR ("id" > $7::text::uuid))
ORDER BY "total", "id"
LIMIT $8"#,
                ),
            ],
        ),
        keys: &[6, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at
FROM orders
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND customer_id = $1::text::uuid"),
                sql::Part::Clause(
                    1,
                    r"
  AND status = ANY ($2::text[]::order_status[])",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND placed_at >= $3::text::timestamp with time zone",
                ),
                sql::Part::Clause(
                    3,
                    r"
  AND placed_at < $4::text::timestamp with time zone",
                ),
                sql::Part::Clause(4, r"
  AND total >= $5::text::numeric"),
                sql::Part::Text(
                    r#"
) AS page
ORDER BY "total" DESC, "id" DESC
LIMIT $6"#,
                ),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at
FROM orders
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND customer_id = $1::text::uuid"),
                sql::Part::Clause(
                    1,
                    r"
  AND status = ANY ($2::text[]::order_status[])",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND placed_at >= $3::text::timestamp with time zone",
                ),
                sql::Part::Clause(
                    3,
                    r"
  AND placed_at < $4::text::timestamp with time zone",
                ),
                sql::Part::Clause(4, r"
  AND total >= $5::text::numeric"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "total" <= $6::text::numeric AND ("total" < $6::text::numeric OR ("id" < $7::text::uuid))
ORDER BY "total" DESC, "id" DESC
LIMIT $8"#,
                ),
            ],
        ),
        keys: &[6, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at
FROM orders
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND customer_id = $1::text::uuid"),
                sql::Part::Clause(
                    1,
                    r"
  AND status = ANY ($2::text[]::order_status[])",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND placed_at >= $3::text::timestamp with time zone",
                ),
                sql::Part::Clause(
                    3,
                    r"
  AND placed_at < $4::text::timestamp with time zone",
                ),
                sql::Part::Clause(4, r"
  AND total >= $5::text::numeric"),
                sql::Part::Text(r#"
) AS page
ORDER BY "number", "id"
LIMIT $6"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at
FROM orders
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND customer_id = $1::text::uuid"),
                sql::Part::Clause(
                    1,
                    r"
  AND status = ANY ($2::text[]::order_status[])",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND placed_at >= $3::text::timestamp with time zone",
                ),
                sql::Part::Clause(
                    3,
                    r"
  AND placed_at < $4::text::timestamp with time zone",
                ),
                sql::Part::Clause(4, r"
  AND total >= $5::text::numeric"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "number" >= $6 AND ("number" > $6 OR ("id" > $7::text::uuid))
ORDER BY "number", "id"
LIMIT $8"#,
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
SELECT id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at
FROM orders
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND customer_id = $1::text::uuid"),
                sql::Part::Clause(
                    1,
                    r"
  AND status = ANY ($2::text[]::order_status[])",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND placed_at >= $3::text::timestamp with time zone",
                ),
                sql::Part::Clause(
                    3,
                    r"
  AND placed_at < $4::text::timestamp with time zone",
                ),
                sql::Part::Clause(4, r"
  AND total >= $5::text::numeric"),
                sql::Part::Text(
                    r#"
) AS page
ORDER BY "number" DESC, "id" DESC
LIMIT $6"#,
                ),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, number, customer_id, status, currency, discount, total, placed_at, packer, shipped_at, delivered_at
FROM orders
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND customer_id = $1::text::uuid"),
                sql::Part::Clause(
                    1,
                    r"
  AND status = ANY ($2::text[]::order_status[])",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND placed_at >= $3::text::timestamp with time zone",
                ),
                sql::Part::Clause(
                    3,
                    r"
  AND placed_at < $4::text::timestamp with time zone",
                ),
                sql::Part::Clause(4, r"
  AND total >= $5::text::numeric"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "number" <= $6 AND ("number" < $6 OR ("id" < $7::text::uuid))
ORDER BY "number" DESC, "id" DESC
LIMIT $8"#,
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
    /// `customer_id`.
    pub customer_id: Option<String>,
    /// `statuses`.
    pub statuses: Option<Vec<types::OrderStatus>>,
    /// `from`.
    pub from: Option<chrono::DateTime<chrono::Utc>>,
    /// `until`.
    pub until: Option<chrono::DateTime<chrono::Utc>>,
    /// Euros.
    pub total_at_least: Option<value::Decimal>,
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
        let customer_id = fields
            .optional(
                "customer_id",
                |input| Ok(input.parsed("a UUID", format::uuid)?.value),
            );
        let statuses = fields
            .optional(
                "statuses",
                |input| Ok(
                    input
                        .array(|input| Ok(types::order_status(input)?.value))?
                        .min_items(1)?
                        .unique_items()?
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
        let total_at_least = fields
            .optional("total_at_least", |input| Ok(types::amount(input)?.value));
        let sort = fields
            .or(
                "sort",
                json!("placed_at"),
                |input| Ok(input.choice(&Sort::ALL)?.value),
            );
        let cursor = fields
            .optional("cursor", |input| Ok(input.text()?.max_length(65536)?.value));
        let page_size = fields
            .or(
                "page_size",
                json!(25),
                |input| Ok(input.integer()?.minimum(1)?.maximum(100)?.value),
            );
        fields
            .finish(|| Some(Self {
                customer_id: customer_id?,
                statuses: statuses?,
                from: from?,
                until: until?,
                total_at_least: total_at_least?,
                sort: sort?,
                cursor: cursor?,
                page_size: page_size?,
            }))
    }
}

/// Column to sort by; with a minus in front, in descending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sort {
    /// `placed_at`.
    #[serde(rename = "placed_at")]
    PlacedAt,
    /// `-placed_at`.
    #[serde(rename = "-placed_at")]
    PlacedAtDescending,
    /// `total`.
    #[serde(rename = "total")]
    Total,
    /// `-total`.
    #[serde(rename = "-total")]
    TotalDescending,
    /// `number`.
    #[serde(rename = "number")]
    Number,
    /// `-number`.
    #[serde(rename = "-number")]
    NumberDescending,
}

impl Sort {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 6] = [
        ("placed_at", Self::PlacedAt),
        ("-placed_at", Self::PlacedAtDescending),
        ("total", Self::Total),
        ("-total", Self::TotalDescending),
        ("number", Self::Number),
        ("-number", Self::NumberDescending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PlacedAt => "placed_at",
            Self::PlacedAtDescending => "-placed_at",
            Self::Total => "total",
            Self::TotalDescending => "-total",
            Self::Number => "number",
            Self::NumberDescending => "-number",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub orders: Vec<rows::Order>,
    /// Where the next page begins; none on the last page.
    pub next_cursor: Option<String>,
}

/// Walk through orders by customer, status, day or total; -placed_at sorts the newest first.
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
    let question = cursor::question("list_orders", params)?;
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
                                params.customer_id.is_some(),
                                params.statuses.is_some(),
                                params.from.is_some(),
                                params.until.is_some(),
                                params.total_at_least.is_some(),
                            ],
                        ),
                )
                .bind(params.customer_id.as_deref())
                .bind(
                    params
                        .statuses
                        .as_ref()
                        .map(|statuses| {
                            statuses.iter().map(|item| item.as_str()).collect::<Vec<_>>()
                        }),
                )
                .bind(params.from.map(value::moment_text))
                .bind(params.until.map(value::moment_text))
                .bind(
                    params
                        .total_at_least
                        .as_ref()
                        .map(|total_at_least| total_at_least.0.as_str()),
                )
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
                                        params.customer_id.is_some(),
                                        params.statuses.is_some(),
                                        params.from.is_some(),
                                        params.until.is_some(),
                                        params.total_at_least.is_some(),
                                    ],
                                ),
                        )
                        .bind(params.customer_id.as_deref())
                        .bind(
                            params
                                .statuses
                                .as_ref()
                                .map(|statuses| {
                                    statuses
                                        .iter()
                                        .map(|item| item.as_str())
                                        .collect::<Vec<_>>()
                                }),
                        )
                        .bind(params.from.map(value::moment_text))
                        .bind(params.until.map(value::moment_text))
                        .bind(
                            params
                                .total_at_least
                                .as_ref()
                                .map(|total_at_least| total_at_least.0.as_str()),
                        ),
                )
                .bind(params.page_size + 1)
        }
    };
    let mut session = shared.database.read(left).await?;
    let (orders, end) = session
        .page(
            statement,
            params.page_size,
            pages.keys,
            |row| rows::Order::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
    Ok(Output { orders, next_cursor })
}
