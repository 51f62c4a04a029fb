//! The tool `search_products`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, cursor, format, input, sql};
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
SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products
WHERE (NOT discontinued ",
                ),
                sql::Part::Clause(0, "OR ?1"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND name LIKE '%' || ?2 || '%'"),
                sql::Part::Clause(2, r"
  AND category = ?3"),
                sql::Part::Clause(3, r"
  AND supplier_id = ?4"),
                sql::Part::Clause(
                    4,
                    r"
  AND EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = ?5)",
                ),
                sql::Part::Clause(5, r"
  AND CAST(price AS REAL) <= ?6"),
                sql::Part::Clause(6, r"
  AND added_on >= ?7"),
                sql::Part::Text(r#"
) AS page
ORDER BY "name", "id"
LIMIT ?8"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products
WHERE (NOT discontinued ",
                ),
                sql::Part::Clause(0, "OR ?1"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND name LIKE '%' || ?2 || '%'"),
                sql::Part::Clause(2, r"
  AND category = ?3"),
                sql::Part::Clause(3, r"
  AND supplier_id = ?4"),
                sql::Part::Clause(
                    4,
                    r"
  AND EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = ?5)",
                ),
                sql::Part::Clause(5, r"
  AND CAST(price AS REAL) <= ?6"),
                sql::Part::Clause(6, r"
  AND added_on >= ?7"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "name" >= ?8 AND ("name" > ?8 OR ("id" > ?9))
ORDER BY "name", "id"
LIMIT ?10"#,
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
SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products
WHERE (NOT discontinued ",
                ),
                sql::Part::Clause(0, "OR ?1"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND name LIKE '%' || ?2 || '%'"),
                sql::Part::Clause(2, r"
  AND category = ?3"),
                sql::Part::Clause(3, r"
  AND supplier_id = ?4"),
                sql::Part::Clause(
                    4,
                    r"
  AND EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = ?5)",
                ),
                sql::Part::Clause(5, r"
  AND CAST(price AS REAL) <= ?6"),
                sql::Part::Clause(6, r"
  AND added_on >= ?7"),
                sql::Part::Text(r#"
) AS page
ORDER BY "name" DESC, "id" DESC
LIMIT ?8"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products
WHERE (NOT discontinued ",
                ),
                sql::Part::Clause(0, "OR ?1"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND name LIKE '%' || ?2 || '%'"),
                sql::Part::Clause(2, r"
  AND category = ?3"),
                sql::Part::Clause(3, r"
  AND supplier_id = ?4"),
                sql::Part::Clause(
                    4,
                    r"
  AND EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = ?5)",
                ),
                sql::Part::Clause(5, r"
  AND CAST(price AS REAL) <= ?6"),
                sql::Part::Clause(6, r"
  AND added_on >= ?7"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "name" <= ?8 AND ("name" < ?8 OR ("id" < ?9))
ORDER BY "name" DESC, "id" DESC
LIMIT ?10"#,
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
SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products
WHERE (NOT discontinued ",
                ),
                sql::Part::Clause(0, "OR ?1"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND name LIKE '%' || ?2 || '%'"),
                sql::Part::Clause(2, r"
  AND category = ?3"),
                sql::Part::Clause(3, r"
  AND supplier_id = ?4"),
                sql::Part::Clause(
                    4,
                    r"
  AND EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = ?5)",
                ),
                sql::Part::Clause(5, r"
  AND CAST(price AS REAL) <= ?6"),
                sql::Part::Clause(6, r"
  AND added_on >= ?7"),
                sql::Part::Text(r#"
) AS page
ORDER BY "sku", "id"
LIMIT ?8"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products
WHERE (NOT discontinued ",
                ),
                sql::Part::Clause(0, "OR ?1"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND name LIKE '%' || ?2 || '%'"),
                sql::Part::Clause(2, r"
  AND category = ?3"),
                sql::Part::Clause(3, r"
  AND supplier_id = ?4"),
                sql::Part::Clause(
                    4,
                    r"
  AND EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = ?5)",
                ),
                sql::Part::Clause(5, r"
  AND CAST(price AS REAL) <= ?6"),
                sql::Part::Clause(6, r"
  AND added_on >= ?7"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "sku" >= ?8 AND ("sku" > ?8 OR ("id" > ?9))
ORDER BY "sku", "id"
LIMIT ?10"#,
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
SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products
WHERE (NOT discontinued ",
                ),
                sql::Part::Clause(0, "OR ?1"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND name LIKE '%' || ?2 || '%'"),
                sql::Part::Clause(2, r"
  AND category = ?3"),
                sql::Part::Clause(3, r"
  AND supplier_id = ?4"),
                sql::Part::Clause(
                    4,
                    r"
  AND EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = ?5)",
                ),
                sql::Part::Clause(5, r"
  AND CAST(price AS REAL) <= ?6"),
                sql::Part::Clause(6, r"
  AND added_on >= ?7"),
                sql::Part::Text(r#"
) AS page
ORDER BY "sku" DESC, "id" DESC
LIMIT ?8"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products
WHERE (NOT discontinued ",
                ),
                sql::Part::Clause(0, "OR ?1"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND name LIKE '%' || ?2 || '%'"),
                sql::Part::Clause(2, r"
  AND category = ?3"),
                sql::Part::Clause(3, r"
  AND supplier_id = ?4"),
                sql::Part::Clause(
                    4,
                    r"
  AND EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = ?5)",
                ),
                sql::Part::Clause(5, r"
  AND CAST(price AS REAL) <= ?6"),
                sql::Part::Clause(6, r"
  AND added_on >= ?7"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "sku" <= ?8 AND ("sku" < ?8 OR ("id" < ?9))
ORDER BY "sku" DESC, "id" DESC
LIMIT ?10"#,
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
SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products
WHERE (NOT discontinued ",
                ),
                sql::Part::Clause(0, "OR ?1"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND name LIKE '%' || ?2 || '%'"),
                sql::Part::Clause(2, r"
  AND category = ?3"),
                sql::Part::Clause(3, r"
  AND supplier_id = ?4"),
                sql::Part::Clause(
                    4,
                    r"
  AND EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = ?5)",
                ),
                sql::Part::Clause(5, r"
  AND CAST(price AS REAL) <= ?6"),
                sql::Part::Clause(6, r"
  AND added_on >= ?7"),
                sql::Part::Text(r#"
) AS page
ORDER BY "added_on", "id"
LIMIT ?8"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products
WHERE (NOT discontinued ",
                ),
                sql::Part::Clause(0, "OR ?1"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND name LIKE '%' || ?2 || '%'"),
                sql::Part::Clause(2, r"
  AND category = ?3"),
                sql::Part::Clause(3, r"
  AND supplier_id = ?4"),
                sql::Part::Clause(
                    4,
                    r"
  AND EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = ?5)",
                ),
                sql::Part::Clause(5, r"
  AND CAST(price AS REAL) <= ?6"),
                sql::Part::Clause(6, r"
  AND added_on >= ?7"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "added_on" >= ?8 AND ("added_on" > ?8 OR ("id" > ?9))
ORDER BY "added_on", "id"
LIMIT ?10"#,
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
SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products
WHERE (NOT discontinued ",
                ),
                sql::Part::Clause(0, "OR ?1"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND name LIKE '%' || ?2 || '%'"),
                sql::Part::Clause(2, r"
  AND category = ?3"),
                sql::Part::Clause(3, r"
  AND supplier_id = ?4"),
                sql::Part::Clause(
                    4,
                    r"
  AND EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = ?5)",
                ),
                sql::Part::Clause(5, r"
  AND CAST(price AS REAL) <= ?6"),
                sql::Part::Clause(6, r"
  AND added_on >= ?7"),
                sql::Part::Text(
                    r#"
) AS page
ORDER BY "added_on" DESC, "id" DESC
LIMIT ?8"#,
                ),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued
FROM products
WHERE (NOT discontinued ",
                ),
                sql::Part::Clause(0, "OR ?1"),
                sql::Part::Text(r")
  "),
                sql::Part::Clause(1, "AND name LIKE '%' || ?2 || '%'"),
                sql::Part::Clause(2, r"
  AND category = ?3"),
                sql::Part::Clause(3, r"
  AND supplier_id = ?4"),
                sql::Part::Clause(
                    4,
                    r"
  AND EXISTS (SELECT 1 FROM json_each(tags) AS t WHERE t.value = ?5)",
                ),
                sql::Part::Clause(5, r"
  AND CAST(price AS REAL) <= ?6"),
                sql::Part::Clause(6, r"
  AND added_on >= ?7"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "added_on" <= ?8 AND ("added_on" < ?8 OR ("id" < ?9))
ORDER BY "added_on" DESC, "id" DESC
LIMIT ?10"#,
                ),
            ],
        ),
        keys: &[9, 0],
    },
];

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// Part of the name.
    pub words: Option<String>,
    /// Shelf that the product stands on.
    pub category: Option<types::Category>,
    /// `supplier_id`.
    pub supplier_id: Option<i64>,
    /// `tag`.
    pub tag: Option<String>,
    /// `price_at_most`.
    pub price_at_most: Option<f64>,
    /// `added_since`.
    pub added_since: Option<chrono::NaiveDate>,
    /// Says that discontinued products are wanted too.
    pub with_discontinued: Option<bool>,
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
        let category = fields
            .optional("category", |input| Ok(types::category(input)?.value));
        let supplier_id = fields
            .optional("supplier_id", |input| Ok(input.integer()?.value));
        let tag = fields
            .optional(
                "tag",
                |input| Ok(input.text()?.min_length(1)?.max_length(40)?.value),
            );
        let price_at_most = fields
            .optional(
                "price_at_most",
                |input| Ok(input.number()?.exclusive_minimum(0.0)?.value),
            );
        let added_since = fields
            .optional(
                "added_since",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let with_discontinued = fields
            .optional(
                "with_discontinued",
                |input| Ok(input.boolean()?.constant(&true)?.value),
            );
        let sort = fields
            .or(
                "sort",
                json!("name"),
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
                category: category?,
                supplier_id: supplier_id?,
                tag: tag?,
                price_at_most: price_at_most?,
                added_since: added_since?,
                with_discontinued: with_discontinued?,
                sort: sort?,
                cursor: cursor?,
                page_size: page_size?,
            }))
    }
}

/// Column to sort by; with a minus in front, in descending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sort {
    /// `name`.
    #[serde(rename = "name")]
    Name,
    /// `-name`.
    #[serde(rename = "-name")]
    NameDescending,
    /// `sku`.
    #[serde(rename = "sku")]
    Sku,
    /// `-sku`.
    #[serde(rename = "-sku")]
    SkuDescending,
    /// `added_on`.
    #[serde(rename = "added_on")]
    AddedOn,
    /// `-added_on`.
    #[serde(rename = "-added_on")]
    AddedOnDescending,
}

impl Sort {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 6] = [
        ("name", Self::Name),
        ("-name", Self::NameDescending),
        ("sku", Self::Sku),
        ("-sku", Self::SkuDescending),
        ("added_on", Self::AddedOn),
        ("-added_on", Self::AddedOnDescending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::NameDescending => "-name",
            Self::Sku => "sku",
            Self::SkuDescending => "-sku",
            Self::AddedOn => "added_on",
            Self::AddedOnDescending => "-added_on",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub products: Vec<rows::Product>,
    /// Where the next page begins; none on the last page.
    pub next_cursor: Option<String>,
}

/// Find products by words of the name, category, supplier, tag or price.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let key = cache::key(&(&params, &params.cursor, params.page_size))?;
        let call = async {
            let output = run(shared, &params).await?;
            answer::json(&output)
        };
        shared.caches.search_products.answer(&key, TIMEOUT, call).await
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let question = cursor::question("search_products", params)?;
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
                                params.with_discontinued.is_some(),
                                params.words.is_some(),
                                params.category.is_some(),
                                params.supplier_id.is_some(),
                                params.tag.is_some(),
                                params.price_at_most.is_some(),
                                params.added_since.is_some(),
                            ],
                        ),
                )
                .bind(params.with_discontinued)
                .bind(params.words.as_deref())
                .bind(params.category.map(types::Category::as_str))
                .bind(params.supplier_id)
                .bind(params.tag.as_deref())
                .bind(params.price_at_most)
                .bind(params.added_since.map(|added_since| added_since.to_string()))
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
                                        params.with_discontinued.is_some(),
                                        params.words.is_some(),
                                        params.category.is_some(),
                                        params.supplier_id.is_some(),
                                        params.tag.is_some(),
                                        params.price_at_most.is_some(),
                                        params.added_since.is_some(),
                                    ],
                                ),
                        )
                        .bind(params.with_discontinued)
                        .bind(params.words.as_deref())
                        .bind(params.category.map(types::Category::as_str))
                        .bind(params.supplier_id)
                        .bind(params.tag.as_deref())
                        .bind(params.price_at_most)
                        .bind(
                            params.added_since.map(|added_since| added_since.to_string()),
                        ),
                )
                .bind(params.page_size + 1)
        }
    };
    let mut session = shared.database.read(TIMEOUT).await?;
    let (products, end) = session
        .page(
            statement,
            params.page_size,
            pages.keys,
            |row| rows::Product::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
    Ok(Output { products, next_cursor })
}
