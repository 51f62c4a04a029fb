//! The tool `list_entries`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, cursor, format, input, sql};
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
static ORDERS: [Pages; 4] = [
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total
FROM journal
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND entry_date >= ?"),
                sql::Part::Clause(1, r"
  AND entry_date <= ?"),
                sql::Part::Clause(2, r"
  AND period = ?"),
                sql::Part::Clause(3, r"
  AND status = ?"),
                sql::Part::Clause(
                    4,
                    r"
  AND CONCAT_WS(' ', description, reference) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    5,
                    r"
  AND JSON_UNQUOTE(JSON_EXTRACT(metadata, CONCAT('$.', ?))) = ?",
                ),
                sql::Part::Text(r"
) AS page
ORDER BY `entry_date`, `id`
LIMIT ?"),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total
FROM journal
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND entry_date >= ?"),
                sql::Part::Clause(1, r"
  AND entry_date <= ?"),
                sql::Part::Clause(2, r"
  AND period = ?"),
                sql::Part::Clause(3, r"
  AND status = ?"),
                sql::Part::Clause(
                    4,
                    r"
  AND CONCAT_WS(' ', description, reference) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    5,
                    r"
  AND JSON_UNQUOTE(JSON_EXTRACT(metadata, CONCAT('$.', ?))) = ?",
                ),
                sql::Part::Text(
                    r"
) AS page
WHERE `entry_date` >= ? AND (`entry_date` > ? OR (`id` > ?))
ORDER BY `entry_date`, `id`
LIMIT ?",
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
SELECT id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total
FROM journal
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND entry_date >= ?"),
                sql::Part::Clause(1, r"
  AND entry_date <= ?"),
                sql::Part::Clause(2, r"
  AND period = ?"),
                sql::Part::Clause(3, r"
  AND status = ?"),
                sql::Part::Clause(
                    4,
                    r"
  AND CONCAT_WS(' ', description, reference) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    5,
                    r"
  AND JSON_UNQUOTE(JSON_EXTRACT(metadata, CONCAT('$.', ?))) = ?",
                ),
                sql::Part::Text(
                    r"
) AS page
ORDER BY `entry_date` DESC, `id` DESC
LIMIT ?",
                ),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total
FROM journal
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND entry_date >= ?"),
                sql::Part::Clause(1, r"
  AND entry_date <= ?"),
                sql::Part::Clause(2, r"
  AND period = ?"),
                sql::Part::Clause(3, r"
  AND status = ?"),
                sql::Part::Clause(
                    4,
                    r"
  AND CONCAT_WS(' ', description, reference) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    5,
                    r"
  AND JSON_UNQUOTE(JSON_EXTRACT(metadata, CONCAT('$.', ?))) = ?",
                ),
                sql::Part::Text(
                    r"
) AS page
WHERE `entry_date` <= ? AND (`entry_date` < ? OR (`id` < ?))
ORDER BY `entry_date` DESC, `id` DESC
LIMIT ?",
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
SELECT id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total
FROM journal
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND entry_date >= ?"),
                sql::Part::Clause(1, r"
  AND entry_date <= ?"),
                sql::Part::Clause(2, r"
  AND period = ?"),
                sql::Part::Clause(3, r"
  AND status = ?"),
                sql::Part::Clause(
                    4,
                    r"
  AND CONCAT_WS(' ', description, reference) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    5,
                    r"
  AND JSON_UNQUOTE(JSON_EXTRACT(metadata, CONCAT('$.', ?))) = ?",
                ),
                sql::Part::Text(r"
) AS page
ORDER BY `total`, `id`
LIMIT ?"),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total
FROM journal
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND entry_date >= ?"),
                sql::Part::Clause(1, r"
  AND entry_date <= ?"),
                sql::Part::Clause(2, r"
  AND period = ?"),
                sql::Part::Clause(3, r"
  AND status = ?"),
                sql::Part::Clause(
                    4,
                    r"
  AND CONCAT_WS(' ', description, reference) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    5,
                    r"
  AND JSON_UNQUOTE(JSON_EXTRACT(metadata, CONCAT('$.', ?))) = ?",
                ),
                sql::Part::Text(
                    r"
) AS page
WHERE `total` >= ? AND (`total` > ? OR (`id` > ?))
ORDER BY `total`, `id`
LIMIT ?",
                ),
            ],
        ),
        keys: &[10, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total
FROM journal
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND entry_date >= ?"),
                sql::Part::Clause(1, r"
  AND entry_date <= ?"),
                sql::Part::Clause(2, r"
  AND period = ?"),
                sql::Part::Clause(3, r"
  AND status = ?"),
                sql::Part::Clause(
                    4,
                    r"
  AND CONCAT_WS(' ', description, reference) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    5,
                    r"
  AND JSON_UNQUOTE(JSON_EXTRACT(metadata, CONCAT('$.', ?))) = ?",
                ),
                sql::Part::Text(r"
) AS page
ORDER BY `total` DESC, `id` DESC
LIMIT ?"),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_date, period, description, reference, status, reverses_id, metadata, posted_at, line_count, total
FROM journal
WHERE TRUE
  ",
                ),
                sql::Part::Clause(0, "AND entry_date >= ?"),
                sql::Part::Clause(1, r"
  AND entry_date <= ?"),
                sql::Part::Clause(2, r"
  AND period = ?"),
                sql::Part::Clause(3, r"
  AND status = ?"),
                sql::Part::Clause(
                    4,
                    r"
  AND CONCAT_WS(' ', description, reference) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    5,
                    r"
  AND JSON_UNQUOTE(JSON_EXTRACT(metadata, CONCAT('$.', ?))) = ?",
                ),
                sql::Part::Text(
                    r"
) AS page
WHERE `total` <= ? AND (`total` < ? OR (`id` < ?))
ORDER BY `total` DESC, `id` DESC
LIMIT ?",
                ),
            ],
        ),
        keys: &[10, 0],
    },
];

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// `from`.
    pub from: Option<chrono::NaiveDate>,
    /// `until`.
    pub until: Option<chrono::NaiveDate>,
    /// A month.
    pub period: Option<String>,
    /// `status`.
    pub status: Option<types::EntryStatus>,
    /// Part of the description or reference.
    pub words: Option<String>,
    /// Name of a label.
    pub label: Option<String>,
    /// Value of the label.
    pub value: Option<String>,
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
        let from = fields
            .optional(
                "from",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let until = fields
            .optional(
                "until",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let period = fields.optional("period", |input| Ok(types::period(input)?.value));
        let status = fields
            .optional("status", |input| Ok(types::entry_status(input)?.value));
        let words = fields
            .optional(
                "words",
                |input| Ok(input.text()?.min_length(2)?.max_length(80)?.value),
            );
        let label = fields.optional("label", |input| Ok(types::key(input)?.value));
        let value = fields
            .optional("value", |input| Ok(input.text()?.max_length(80)?.value));
        let sort = fields
            .or(
                "sort",
                json!("entry_date"),
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
            .all_or_none(
                &["label", "value"],
                &[!matches!(label, Some(None)), !matches!(value, Some(None))],
            );
        fields
            .finish(|| Some(Self {
                from: from?,
                until: until?,
                period: period?,
                status: status?,
                words: words?,
                label: label?,
                value: value?,
                sort: sort?,
                cursor: cursor?,
                page_size: page_size?,
            }))
    }
}

/// Column to sort by; with a minus in front, in descending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sort {
    /// `entry_date`.
    #[serde(rename = "entry_date")]
    EntryDate,
    /// `-entry_date`.
    #[serde(rename = "-entry_date")]
    EntryDateDescending,
    /// `total`.
    #[serde(rename = "total")]
    Total,
    /// `-total`.
    #[serde(rename = "-total")]
    TotalDescending,
}

impl Sort {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 4] = [
        ("entry_date", Self::EntryDate),
        ("-entry_date", Self::EntryDateDescending),
        ("total", Self::Total),
        ("-total", Self::TotalDescending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EntryDate => "entry_date",
            Self::EntryDateDescending => "-entry_date",
            Self::Total => "total",
            Self::TotalDescending => "-total",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub entries: Vec<rows::Entry>,
    /// Where the next page begins; none on the last page.
    pub next_cursor: Option<String>,
}

/// Walk through the journal by day, period, state, words or a label. Give all of `label` and
/// `value`, or none of them.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let question = cursor::question("list_entries", params)?;
    let position = match &params.cursor {
        Some(cursor) => Some(cursor::position(&shared.signer, &question, cursor)?),
        None => None,
    };
    let pages = &ORDERS[params.sort as usize];
    let statement = match &position {
        None => {
            let given = [
                params.from.is_some(),
                params.until.is_some(),
                params.period.is_some(),
                params.status.is_some(),
                params.words.is_some(),
                params.label.is_some() && params.value.is_some(),
            ];
            let mut statement = sqlx::query(pages.first.with(&given));
            if given[0] {
                statement = statement.bind(params.from);
            }
            if given[1] {
                statement = statement.bind(params.until);
            }
            if given[2] {
                statement = statement.bind(params.period.as_deref());
            }
            if given[3] {
                statement = statement
                    .bind(params.status.map(types::EntryStatus::as_str));
            }
            if given[4] {
                statement = statement.bind(params.words.as_deref());
            }
            if given[5] {
                statement = statement.bind(params.label.as_deref());
            }
            if given[5] {
                statement = statement.bind(params.value.as_deref());
            }
            statement = statement.bind(params.page_size + 1);
            statement
        }
        Some(position) => {
            position
                .bind_to({
                    let given = [
                        params.from.is_some(),
                        params.until.is_some(),
                        params.period.is_some(),
                        params.status.is_some(),
                        params.words.is_some(),
                        params.label.is_some() && params.value.is_some(),
                    ];
                    let mut statement = sqlx::query(pages.next.with(&given));
                    if given[0] {
                        statement = statement.bind(params.from);
                    }
                    if given[1] {
                        statement = statement.bind(params.until);
                    }
                    if given[2] {
                        statement = statement.bind(params.period.as_deref());
                    }
                    if given[3] {
                        statement = statement
                            .bind(params.status.map(types::EntryStatus::as_str));
                    }
                    if given[4] {
                        statement = statement.bind(params.words.as_deref());
                    }
                    if given[5] {
                        statement = statement.bind(params.label.as_deref());
                    }
                    if given[5] {
                        statement = statement.bind(params.value.as_deref());
                    }
                    statement
                })
                .bind(params.page_size + 1)
        }
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let (entries, end) = session
        .page(
            statement,
            params.page_size,
            pages.keys,
            |row| rows::Entry::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
    Ok(Output { entries, next_cursor })
}
