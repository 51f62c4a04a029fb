//! The tool `list_accounts`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, cursor, input, sql};
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
SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts
WHERE (active ",
                ),
                sql::Part::Clause(0, "OR ?"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND kind IN ("),
                sql::Part::ClauseList(1, 0),
                sql::Part::Clause(1, ")"),
                sql::Part::Clause(2, r"
  AND currency = ?"),
                sql::Part::Clause(3, r"
  AND name LIKE CONCAT('%', ?, '%')"),
                sql::Part::Text(r"
) AS page
ORDER BY `number`
LIMIT ?"),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts
WHERE (active ",
                ),
                sql::Part::Clause(0, "OR ?"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND kind IN ("),
                sql::Part::ClauseList(1, 0),
                sql::Part::Clause(1, ")"),
                sql::Part::Clause(2, r"
  AND currency = ?"),
                sql::Part::Clause(3, r"
  AND name LIKE CONCAT('%', ?, '%')"),
                sql::Part::Text(
                    r"
) AS page
WHERE `number` > ?
ORDER BY `number`
LIMIT ?",
                ),
            ],
        ),
        keys: &[0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts
WHERE (active ",
                ),
                sql::Part::Clause(0, "OR ?"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND kind IN ("),
                sql::Part::ClauseList(1, 0),
                sql::Part::Clause(1, ")"),
                sql::Part::Clause(2, r"
  AND currency = ?"),
                sql::Part::Clause(3, r"
  AND name LIKE CONCAT('%', ?, '%')"),
                sql::Part::Text(r"
) AS page
ORDER BY `number` DESC
LIMIT ?"),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts
WHERE (active ",
                ),
                sql::Part::Clause(0, "OR ?"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND kind IN ("),
                sql::Part::ClauseList(1, 0),
                sql::Part::Clause(1, ")"),
                sql::Part::Clause(2, r"
  AND currency = ?"),
                sql::Part::Clause(3, r"
  AND name LIKE CONCAT('%', ?, '%')"),
                sql::Part::Text(
                    r"
) AS page
WHERE `number` < ?
ORDER BY `number` DESC
LIMIT ?",
                ),
            ],
        ),
        keys: &[0],
    },
    Pages {
        first: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts
WHERE (active ",
                ),
                sql::Part::Clause(0, "OR ?"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND kind IN ("),
                sql::Part::ClauseList(1, 0),
                sql::Part::Clause(1, ")"),
                sql::Part::Clause(2, r"
  AND currency = ?"),
                sql::Part::Clause(3, r"
  AND name LIKE CONCAT('%', ?, '%')"),
                sql::Part::Text(r"
) AS page
ORDER BY `name`, `number`
LIMIT ?"),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts
WHERE (active ",
                ),
                sql::Part::Clause(0, "OR ?"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND kind IN ("),
                sql::Part::ClauseList(1, 0),
                sql::Part::Clause(1, ")"),
                sql::Part::Clause(2, r"
  AND currency = ?"),
                sql::Part::Clause(3, r"
  AND name LIKE CONCAT('%', ?, '%')"),
                sql::Part::Text(
                    r"
) AS page
WHERE `name` >= ? AND (`name` > ? OR (`number` > ?))
ORDER BY `name`, `number`
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
SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts
WHERE (active ",
                ),
                sql::Part::Clause(0, "OR ?"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND kind IN ("),
                sql::Part::ClauseList(1, 0),
                sql::Part::Clause(1, ")"),
                sql::Part::Clause(2, r"
  AND currency = ?"),
                sql::Part::Clause(3, r"
  AND name LIKE CONCAT('%', ?, '%')"),
                sql::Part::Text(
                    r"
) AS page
ORDER BY `name` DESC, `number` DESC
LIMIT ?",
                ),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts
WHERE (active ",
                ),
                sql::Part::Clause(0, "OR ?"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND kind IN ("),
                sql::Part::ClauseList(1, 0),
                sql::Part::Clause(1, ")"),
                sql::Part::Clause(2, r"
  AND currency = ?"),
                sql::Part::Clause(3, r"
  AND name LIKE CONCAT('%', ?, '%')"),
                sql::Part::Text(
                    r"
) AS page
WHERE `name` <= ? AND (`name` < ? OR (`number` < ?))
ORDER BY `name` DESC, `number` DESC
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
SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts
WHERE (active ",
                ),
                sql::Part::Clause(0, "OR ?"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND kind IN ("),
                sql::Part::ClauseList(1, 0),
                sql::Part::Clause(1, ")"),
                sql::Part::Clause(2, r"
  AND currency = ?"),
                sql::Part::Clause(3, r"
  AND name LIKE CONCAT('%', ?, '%')"),
                sql::Part::Text(r"
) AS page
ORDER BY `opened_on`, `number`
LIMIT ?"),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts
WHERE (active ",
                ),
                sql::Part::Clause(0, "OR ?"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND kind IN ("),
                sql::Part::ClauseList(1, 0),
                sql::Part::Clause(1, ")"),
                sql::Part::Clause(2, r"
  AND currency = ?"),
                sql::Part::Clause(3, r"
  AND name LIKE CONCAT('%', ?, '%')"),
                sql::Part::Text(
                    r"
) AS page
WHERE `opened_on` >= ? AND (`opened_on` > ? OR (`number` > ?))
ORDER BY `opened_on`, `number`
LIMIT ?",
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
SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts
WHERE (active ",
                ),
                sql::Part::Clause(0, "OR ?"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND kind IN ("),
                sql::Part::ClauseList(1, 0),
                sql::Part::Clause(1, ")"),
                sql::Part::Clause(2, r"
  AND currency = ?"),
                sql::Part::Clause(3, r"
  AND name LIKE CONCAT('%', ?, '%')"),
                sql::Part::Text(
                    r"
) AS page
ORDER BY `opened_on` DESC, `number` DESC
LIMIT ?",
                ),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT number, name, kind, parent, currency, lowest, active, opened_on
FROM accounts
WHERE (active ",
                ),
                sql::Part::Clause(0, "OR ?"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND kind IN ("),
                sql::Part::ClauseList(1, 0),
                sql::Part::Clause(1, ")"),
                sql::Part::Clause(2, r"
  AND currency = ?"),
                sql::Part::Clause(3, r"
  AND name LIKE CONCAT('%', ?, '%')"),
                sql::Part::Text(
                    r"
) AS page
WHERE `opened_on` <= ? AND (`opened_on` < ? OR (`number` < ?))
ORDER BY `opened_on` DESC, `number` DESC
LIMIT ?",
                ),
            ],
        ),
        keys: &[7, 0],
    },
];

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// `kinds`.
    pub kinds: Option<Vec<types::AccountKind>>,
    /// Currency as in ISO 4217.
    pub currency: Option<String>,
    /// Part of the name.
    pub words: Option<String>,
    /// Says that closed accounts are wanted too.
    pub with_closed: Option<bool>,
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
        let kinds = fields
            .optional(
                "kinds",
                |input| Ok(
                    input
                        .array(|input| Ok(types::account_kind(input)?.value))?
                        .min_items(1)?
                        .unique_items()?
                        .value,
                ),
            );
        let currency = fields
            .optional("currency", |input| Ok(types::currency(input)?.value));
        let words = fields
            .optional(
                "words",
                |input| Ok(input.text()?.min_length(2)?.max_length(80)?.value),
            );
        let with_closed = fields
            .optional(
                "with_closed",
                |input| Ok(input.boolean()?.constant(&true)?.value),
            );
        let sort = fields
            .or(
                "sort",
                json!("number"),
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
                kinds: kinds?,
                currency: currency?,
                words: words?,
                with_closed: with_closed?,
                sort: sort?,
                cursor: cursor?,
                page_size: page_size?,
            }))
    }
}

/// Column to sort by; with a minus in front, in descending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sort {
    /// `number`.
    #[serde(rename = "number")]
    Number,
    /// `-number`.
    #[serde(rename = "-number")]
    NumberDescending,
    /// `name`.
    #[serde(rename = "name")]
    Name,
    /// `-name`.
    #[serde(rename = "-name")]
    NameDescending,
    /// `opened_on`.
    #[serde(rename = "opened_on")]
    OpenedOn,
    /// `-opened_on`.
    #[serde(rename = "-opened_on")]
    OpenedOnDescending,
}

impl Sort {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 6] = [
        ("number", Self::Number),
        ("-number", Self::NumberDescending),
        ("name", Self::Name),
        ("-name", Self::NameDescending),
        ("opened_on", Self::OpenedOn),
        ("-opened_on", Self::OpenedOnDescending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::NumberDescending => "-number",
            Self::Name => "name",
            Self::NameDescending => "-name",
            Self::OpenedOn => "opened_on",
            Self::OpenedOnDescending => "-opened_on",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub accounts: Vec<rows::Account>,
    /// Where the next page begins; none on the last page.
    pub next_cursor: Option<String>,
}

/// Walk through the chart of accounts by kind, currency or name.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let question = cursor::question("list_accounts", params)?;
    let position = match &params.cursor {
        Some(cursor) => Some(cursor::position(&shared.signer, &question, cursor)?),
        None => None,
    };
    let pages = &ORDERS[params.sort as usize];
    let statement = match &position {
        None => {
            let given = [
                params.with_closed.is_some(),
                params.kinds.is_some(),
                params.currency.is_some(),
                params.words.is_some(),
            ];
            let mut statement = sqlx::query(
                pages
                    .first
                    .with_lists(&given, &[params.kinds.as_ref().map_or(0, Vec::len)]),
            );
            if given[0] {
                statement = statement.bind(params.with_closed);
            }
            if given[1] {
                statement = sql::bind_list(
                    statement,
                    params
                        .kinds
                        .as_ref()
                        .map_or(&[][..], Vec::as_slice)
                        .iter()
                        .map(|item| item.as_str()),
                );
            }
            if given[2] {
                statement = statement.bind(params.currency.as_deref());
            }
            if given[3] {
                statement = statement.bind(params.words.as_deref());
            }
            statement = statement.bind(params.page_size + 1);
            statement
        }
        Some(position) => {
            position
                .bind_to({
                    let given = [
                        params.with_closed.is_some(),
                        params.kinds.is_some(),
                        params.currency.is_some(),
                        params.words.is_some(),
                    ];
                    let mut statement = sqlx::query(
                        pages
                            .next
                            .with_lists(
                                &given,
                                &[params.kinds.as_ref().map_or(0, Vec::len)],
                            ),
                    );
                    if given[0] {
                        statement = statement.bind(params.with_closed);
                    }
                    if given[1] {
                        statement = sql::bind_list(
                            statement,
                            params
                                .kinds
                                .as_ref()
                                .map_or(&[][..], Vec::as_slice)
                                .iter()
                                .map(|item| item.as_str()),
                        );
                    }
                    if given[2] {
                        statement = statement.bind(params.currency.as_deref());
                    }
                    if given[3] {
                        statement = statement.bind(params.words.as_deref());
                    }
                    statement
                })
                .bind(params.page_size + 1)
        }
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let (accounts, end) = session
        .page(
            statement,
            params.page_size,
            pages.keys,
            |row| rows::Account::decode(row, [0, 1, 2, 3, 4, 5, 6, 7]),
        )
        .await?;
    let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
    Ok(Output { accounts, next_cursor })
}
