//! The tool `search_postings`.

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
static ORDERS: [Pages; 6] = [
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_id, line, entry_date, description, reference, account, account_name, currency, debit, credit, memo
FROM ledger_lines
WHERE entry_date BETWEEN ? AND ?
  ",
                ),
                sql::Part::Clause(0, "AND account = ?"),
                sql::Part::Clause(
                    1,
                    r"
  AND CONCAT_WS(' ', description, memo) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND GREATEST(debit, credit) >= CAST(? AS DECIMAL(19, 4))",
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
SELECT id, entry_id, line, entry_date, description, reference, account, account_name, currency, debit, credit, memo
FROM ledger_lines
WHERE entry_date BETWEEN ? AND ?
  ",
                ),
                sql::Part::Clause(0, "AND account = ?"),
                sql::Part::Clause(
                    1,
                    r"
  AND CONCAT_WS(' ', description, memo) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND GREATEST(debit, credit) >= CAST(? AS DECIMAL(19, 4))",
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
        keys: &[3, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_id, line, entry_date, description, reference, account, account_name, currency, debit, credit, memo
FROM ledger_lines
WHERE entry_date BETWEEN ? AND ?
  ",
                ),
                sql::Part::Clause(0, "AND account = ?"),
                sql::Part::Clause(
                    1,
                    r"
  AND CONCAT_WS(' ', description, memo) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND GREATEST(debit, credit) >= CAST(? AS DECIMAL(19, 4))",
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
SELECT id, entry_id, line, entry_date, description, reference, account, account_name, currency, debit, credit, memo
FROM ledger_lines
WHERE entry_date BETWEEN ? AND ?
  ",
                ),
                sql::Part::Clause(0, "AND account = ?"),
                sql::Part::Clause(
                    1,
                    r"
  AND CONCAT_WS(' ', description, memo) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND GREATEST(debit, credit) >= CAST(? AS DECIMAL(19, 4))",
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
        keys: &[3, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_id, line, entry_date, description, reference, account, account_name, currency, debit, credit, memo
FROM ledger_lines
WHERE entry_date BETWEEN ? AND ?
  ",
                ),
                sql::Part::Clause(0, "AND account = ?"),
                sql::Part::Clause(
                    1,
                    r"
  AND CONCAT_WS(' ', description, memo) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND GREATEST(debit, credit) >= CAST(? AS DECIMAL(19, 4))",
                ),
                sql::Part::Text(r"
) AS page
ORDER BY `debit`, `id`
LIMIT ?"),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_id, line, entry_date, description, reference, account, account_name, currency, debit, credit, memo
FROM ledger_lines
WHERE entry_date BETWEEN ? AND ?
  ",
                ),
                sql::Part::Clause(0, "AND account = ?"),
                sql::Part::Clause(
                    1,
                    r"
  AND CONCAT_WS(' ', description, memo) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND GREATEST(debit, credit) >= CAST(? AS DECIMAL(19, 4))",
                ),
                sql::Part::Text(
                    r"
) AS page
WHERE `debit` >= ? AND (`debit` > ? OR (`id` > ?))
ORDER BY `debit`, `id`
LIMIT ?",
                ),
            ],
        ),
        keys: &[9, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_id, line, entry_date, description, reference, account, account_name, currency, debit, credit, memo
FROM ledger_lines
WHERE entry_date BETWEEN ? AND ?
  ",
                ),
                sql::Part::Clause(0, "AND account = ?"),
                sql::Part::Clause(
                    1,
                    r"
  AND CONCAT_WS(' ', description, memo) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND GREATEST(debit, credit) >= CAST(? AS DECIMAL(19, 4))",
                ),
                sql::Part::Text(r"
) AS page
ORDER BY `debit` DESC, `id` DESC
LIMIT ?"),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_id, line, entry_date, description, reference, account, account_name, currency, debit, credit, memo
FROM ledger_lines
WHERE entry_date BETWEEN ? AND ?
  ",
                ),
                sql::Part::Clause(0, "AND account = ?"),
                sql::Part::Clause(
                    1,
                    r"
  AND CONCAT_WS(' ', description, memo) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND GREATEST(debit, credit) >= CAST(? AS DECIMAL(19, 4))",
                ),
                sql::Part::Text(
                    r"
) AS page
WHERE `debit` <= ? AND (`debit` < ? OR (`id` < ?))
ORDER BY `debit` DESC, `id` DESC
LIMIT ?",
                ),
            ],
        ),
        keys: &[9, 0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_id, line, entry_date, description, reference, account, account_name, currency, debit, credit, memo
FROM ledger_lines
WHERE entry_date BETWEEN ? AND ?
  ",
                ),
                sql::Part::Clause(0, "AND account = ?"),
                sql::Part::Clause(
                    1,
                    r"
  AND CONCAT_WS(' ', description, memo) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND GREATEST(debit, credit) >= CAST(? AS DECIMAL(19, 4))",
                ),
                sql::Part::Text(r"
) AS page
ORDER BY `credit`, `id`
LIMIT ?"),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_id, line, entry_date, description, reference, account, account_name, currency, debit, credit, memo
FROM ledger_lines
WHERE entry_date BETWEEN ? AND ?
  ",
                ),
                sql::Part::Clause(0, "AND account = ?"),
                sql::Part::Clause(
                    1,
                    r"
  AND CONCAT_WS(' ', description, memo) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND GREATEST(debit, credit) >= CAST(? AS DECIMAL(19, 4))",
                ),
                sql::Part::Text(
                    r"
) AS page
WHERE `credit` >= ? AND (`credit` > ? OR (`id` > ?))
ORDER BY `credit`, `id`
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
SELECT id, entry_id, line, entry_date, description, reference, account, account_name, currency, debit, credit, memo
FROM ledger_lines
WHERE entry_date BETWEEN ? AND ?
  ",
                ),
                sql::Part::Clause(0, "AND account = ?"),
                sql::Part::Clause(
                    1,
                    r"
  AND CONCAT_WS(' ', description, memo) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND GREATEST(debit, credit) >= CAST(? AS DECIMAL(19, 4))",
                ),
                sql::Part::Text(r"
) AS page
ORDER BY `credit` DESC, `id` DESC
LIMIT ?"),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, entry_id, line, entry_date, description, reference, account, account_name, currency, debit, credit, memo
FROM ledger_lines
WHERE entry_date BETWEEN ? AND ?
  ",
                ),
                sql::Part::Clause(0, "AND account = ?"),
                sql::Part::Clause(
                    1,
                    r"
  AND CONCAT_WS(' ', description, memo) LIKE CONCAT('%', ?, '%')",
                ),
                sql::Part::Clause(
                    2,
                    r"
  AND GREATEST(debit, credit) >= CAST(? AS DECIMAL(19, 4))",
                ),
                sql::Part::Text(
                    r"
) AS page
WHERE `credit` <= ? AND (`credit` < ? OR (`id` < ?))
ORDER BY `credit` DESC, `id` DESC
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
    pub from: chrono::NaiveDate,
    /// `until`.
    pub until: chrono::NaiveDate,
    /// Number of an account.
    pub account: Option<i64>,
    /// Part of the description or memo.
    pub words: Option<String>,
    /// Smallest debit or credit.
    pub at_least: Option<value::Decimal>,
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
            .required(
                "from",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let until = fields
            .required(
                "until",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let account = fields
            .optional("account", |input| Ok(types::account_number(input)?.value));
        let words = fields
            .optional(
                "words",
                |input| Ok(input.text()?.min_length(2)?.max_length(80)?.value),
            );
        let at_least = fields
            .optional("at_least", |input| Ok(types::amount(input)?.value));
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
                json!(50),
                |input| Ok(input.integer()?.minimum(1)?.maximum(200)?.value),
            );
        fields
            .finish(|| Some(Self {
                from: from?,
                until: until?,
                account: account?,
                words: words?,
                at_least: at_least?,
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
    /// `debit`.
    #[serde(rename = "debit")]
    Debit,
    /// `-debit`.
    #[serde(rename = "-debit")]
    DebitDescending,
    /// `credit`.
    #[serde(rename = "credit")]
    Credit,
    /// `-credit`.
    #[serde(rename = "-credit")]
    CreditDescending,
}

impl Sort {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 6] = [
        ("entry_date", Self::EntryDate),
        ("-entry_date", Self::EntryDateDescending),
        ("debit", Self::Debit),
        ("-debit", Self::DebitDescending),
        ("credit", Self::Credit),
        ("-credit", Self::CreditDescending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EntryDate => "entry_date",
            Self::EntryDateDescending => "-entry_date",
            Self::Debit => "debit",
            Self::DebitDescending => "-debit",
            Self::Credit => "credit",
            Self::CreditDescending => "-credit",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub postings: Vec<PostingsRow>,
    /// Where the next page begins; none on the last page.
    pub next_cursor: Option<String>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PostingsRow {
    /// Column `id`.
    pub id: u64,
    /// Column `entry_id`.
    pub entry_id: Option<u64>,
    /// Column `line`.
    pub line: Option<i64>,
    /// Column `entry_date`.
    pub entry_date: chrono::NaiveDate,
    /// Column `description`.
    pub description: Option<String>,
    /// Column `reference`.
    pub reference: Option<String>,
    /// Column `account`.
    pub account: Option<i64>,
    /// Column `account_name`.
    pub account_name: Option<String>,
    /// Column `currency`.
    pub currency: Option<String>,
    /// Column `debit`.
    pub debit: value::Decimal,
    /// Column `credit`.
    pub credit: value::Decimal,
    /// Column `memo`.
    pub memo: Option<String>,
}

impl PostingsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::unsigned(row, 0)?,
            entry_id: decode::optional(row, 1, decode::unsigned)?,
            line: decode::optional(row, 2, decode::integer)?,
            entry_date: decode::date(row, 3)?,
            description: decode::optional(row, 4, decode::text)?,
            reference: decode::optional(row, 5, decode::text)?,
            account: decode::optional(row, 6, decode::integer)?,
            account_name: decode::optional(row, 7, decode::text)?,
            currency: decode::optional(row, 8, decode::text)?,
            debit: decode::decimal(row, 9)?,
            credit: decode::decimal(row, 10)?,
            memo: decode::optional(row, 11, decode::text)?,
        })
    }
}

/// Posted lines of some days, of all accounts or one, by words and amount.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let question = cursor::question("search_postings", params)?;
    let position = match &params.cursor {
        Some(cursor) => Some(cursor::position(&shared.signer, &question, cursor)?),
        None => None,
    };
    let pages = &ORDERS[params.sort as usize];
    let statement = match &position {
        None => {
            let given = [
                params.account.is_some(),
                params.words.is_some(),
                params.at_least.is_some(),
            ];
            let mut statement = sqlx::query(pages.first.with(&given));
            statement = statement.bind(params.from);
            statement = statement.bind(params.until);
            if given[0] {
                statement = statement.bind(params.account);
            }
            if given[1] {
                statement = statement.bind(params.words.as_deref());
            }
            if given[2] {
                statement = statement
                    .bind(
                        params
                            .at_least
                            .as_ref()
                            .map(|at_least| value::big_decimal(&at_least.0))
                            .transpose()?,
                    );
            }
            statement = statement.bind(params.page_size + 1);
            statement
        }
        Some(position) => {
            position
                .bind_to({
                    let given = [
                        params.account.is_some(),
                        params.words.is_some(),
                        params.at_least.is_some(),
                    ];
                    let mut statement = sqlx::query(pages.next.with(&given));
                    statement = statement.bind(params.from);
                    statement = statement.bind(params.until);
                    if given[0] {
                        statement = statement.bind(params.account);
                    }
                    if given[1] {
                        statement = statement.bind(params.words.as_deref());
                    }
                    if given[2] {
                        statement = statement
                            .bind(
                                params
                                    .at_least
                                    .as_ref()
                                    .map(|at_least| value::big_decimal(&at_least.0))
                                    .transpose()?,
                            );
                    }
                    statement
                })
                .bind(params.page_size + 1)
        }
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let (postings, end) = session
        .page(statement, params.page_size, pages.keys, PostingsRow::decode)
        .await?;
    let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
    Ok(Output { postings, next_cursor })
}
