//! The tool `list_products`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, cursor, input, retry, sql, value};
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
SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue
WHERE status = 'active' AND price_from IS NOT NULL
  ",
                ),
                sql::Part::Clause(
                    0,
                    r"AND category IN (
      WITH RECURSIVE below AS (
          SELECT id, slug FROM categories WHERE slug = $1
          UNION
          SELECT c.id, c.slug FROM categories AS c JOIN below AS b ON b.id = c.parent_id
      )
      SELECT slug FROM below)",
                ),
                sql::Part::Clause(1, r"
  AND tags @> $2"),
                sql::Part::Clause(2, r"
  AND brand = $3"),
                sql::Part::Clause(3, r"
  AND price_from >= $4::text::numeric"),
                sql::Part::Clause(4, r"
  AND price_from <= $5::text::numeric"),
                sql::Part::Clause(5, r"
  AND (in_stock > 0) = $6"),
                sql::Part::Text(r#"
) AS page
ORDER BY "name", "id"
LIMIT $7"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue
WHERE status = 'active' AND price_from IS NOT NULL
  ",
                ),
                sql::Part::Clause(
                    0,
                    r"AND category IN (
      WITH RECURSIVE below AS (
          SELECT id, slug FROM categories WHERE slug = $1
          UNION
          SELECT c.id, c.slug FROM categories AS c JOIN below AS b ON b.id = c.parent_id
      )
      SELECT slug FROM below)",
                ),
                sql::Part::Clause(1, r"
  AND tags @> $2"),
                sql::Part::Clause(2, r"
  AND brand = $3"),
                sql::Part::Clause(3, r"
  AND price_from >= $4::text::numeric"),
                sql::Part::Clause(4, r"
  AND price_from <= $5::text::numeric"),
                sql::Part::Clause(5, r"
  AND (in_stock > 0) = $6"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "name" >= $7 AND ("name" > $7 OR ("id" > $8::text::uuid))
ORDER BY "name", "id"
LIMIT $9"#,
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
SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue
WHERE status = 'active' AND price_from IS NOT NULL
  ",
                ),
                sql::Part::Clause(
                    0,
                    r"AND category IN (
      WITH RECURSIVE below AS (
          SELECT id, slug FROM categories WHERE slug = $1
          UNION
          SELECT c.id, c.slug FROM categories AS c JOIN below AS b ON b.id = c.parent_id
      )
      SELECT slug FROM below)",
                ),
                sql::Part::Clause(1, r"
  AND tags @> $2"),
                sql::Part::Clause(2, r"
  AND brand = $3"),
                sql::Part::Clause(3, r"
  AND price_from >= $4::text::numeric"),
                sql::Part::Clause(4, r"
  AND price_from <= $5::text::numeric"),
                sql::Part::Clause(5, r"
  AND (in_stock > 0) = $6"),
                sql::Part::Text(r#"
) AS page
ORDER BY "name" DESC, "id" DESC
LIMIT $7"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue
WHERE status = 'active' AND price_from IS NOT NULL
  ",
                ),
                sql::Part::Clause(
                    0,
                    r"AND category IN (
      WITH RECURSIVE below AS (
          SELECT id, slug FROM categories WHERE slug = $1
          UNION
          SELECT c.id, c.slug FROM categories AS c JOIN below AS b ON b.id = c.parent_id
      )
      SELECT slug FROM below)",
                ),
                sql::Part::Clause(1, r"
  AND tags @> $2"),
                sql::Part::Clause(2, r"
  AND brand = $3"),
                sql::Part::Clause(3, r"
  AND price_from >= $4::text::numeric"),
                sql::Part::Clause(4, r"
  AND price_from <= $5::text::numeric"),
                sql::Part::Clause(5, r"
  AND (in_stock > 0) = $6"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "name" <= $7 AND ("name" < $7 OR ("id" < $8::text::uuid))
ORDER BY "name" DESC, "id" DESC
LIMIT $9"#,
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
SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue
WHERE status = 'active' AND price_from IS NOT NULL
  ",
                ),
                sql::Part::Clause(
                    0,
                    r"AND category IN (
      WITH RECURSIVE below AS (
          SELECT id, slug FROM categories WHERE slug = $1
          UNION
          SELECT c.id, c.slug FROM categories AS c JOIN below AS b ON b.id = c.parent_id
      )
      SELECT slug FROM below)",
                ),
                sql::Part::Clause(1, r"
  AND tags @> $2"),
                sql::Part::Clause(2, r"
  AND brand = $3"),
                sql::Part::Clause(3, r"
  AND price_from >= $4::text::numeric"),
                sql::Part::Clause(4, r"
  AND price_from <= $5::text::numeric"),
                sql::Part::Clause(5, r"
  AND (in_stock > 0) = $6"),
                sql::Part::Text(r#"
) AS page
ORDER BY "price_from", "id"
LIMIT $7"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue
WHERE status = 'active' AND price_from IS NOT NULL
  ",
                ),
                sql::Part::Clause(
                    0,
                    r"AND category IN (
      WITH RECURSIVE below AS (
          SELECT id, slug FROM categories WHERE slug = $1
          UNION
          SELECT c.id, c.slug FROM categories AS c JOIN below AS b ON b.id = c.parent_id
      )
      SELECT slug FROM below)",
                ),
                sql::Part::Clause(1, r"
  AND tags @> $2"),
                sql::Part::Clause(2, r"
  AND brand = $3"),
                sql::Part::Clause(3, r"
  AND price_from >= $4::text::numeric"),
                sql::Part::Clause(4, r"
  AND price_from <= $5::text::numeric"),
                sql::Part::Clause(5, r"
  AND (in_stock > 0) = $6"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "price_from" >= $7::text::numeric AND ("price_from" > $7::text::numeric OR ("id" > $8::text::uuid))
ORDER BY "price_from", "id"
LIMIT $9"#,
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
SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue
WHERE status = 'active' AND price_from IS NOT NULL
  ",
                ),
                sql::Part::Clause(
                    0,
                    r"AND category IN (
      WITH RECURSIVE below AS (
          SELECT id, slug FROM categories WHERE slug = $1
          UNION
          SELECT c.id, c.slug FROM categories AS c JOIN below AS b ON b.id = c.parent_id
      )
      SELECT slug FROM below)",
                ),
                sql::Part::Clause(1, r"
  AND tags @> $2"),
                sql::Part::Clause(2, r"
  AND brand = $3"),
                sql::Part::Clause(3, r"
  AND price_from >= $4::text::numeric"),
                sql::Part::Clause(4, r"
  AND price_from <= $5::text::numeric"),
                sql::Part::Clause(5, r"
  AND (in_stock > 0) = $6"),
                sql::Part::Text(
                    r#"
) AS page
ORDER BY "price_from" DESC, "id" DESC
LIMIT $7"#,
                ),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue
WHERE status = 'active' AND price_from IS NOT NULL
  ",
                ),
                sql::Part::Clause(
                    0,
                    r"AND category IN (
      WITH RECURSIVE below AS (
          SELECT id, slug FROM categories WHERE slug = $1
          UNION
          SELECT c.id, c.slug FROM categories AS c JOIN below AS b ON b.id = c.parent_id
      )
      SELECT slug FROM below)",
                ),
                sql::Part::Clause(1, r"
  AND tags @> $2"),
                sql::Part::Clause(2, r"
  AND brand = $3"),
                sql::Part::Clause(3, r"
  AND price_from >= $4::text::numeric"),
                sql::Part::Clause(4, r"
  AND price_from <= $5::text::numeric"),
                sql::Part::Clause(5, r"
  AND (in_stock > 0) = $6"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "price_from" <= $7::text::numeric AND ("price_from" < $7::text::numeric OR ("id" < $8::text::uuid))
ORDER BY "price_from" DESC, "id" DESC
LIMIT $9"#,
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
SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue
WHERE status = 'active' AND price_from IS NOT NULL
  ",
                ),
                sql::Part::Clause(
                    0,
                    r"AND category IN (
      WITH RECURSIVE below AS (
          SELECT id, slug FROM categories WHERE slug = $1
          UNION
          SELECT c.id, c.slug FROM categories AS c JOIN below AS b ON b.id = c.parent_id
      )
      SELECT slug FROM below)",
                ),
                sql::Part::Clause(1, r"
  AND tags @> $2"),
                sql::Part::Clause(2, r"
  AND brand = $3"),
                sql::Part::Clause(3, r"
  AND price_from >= $4::text::numeric"),
                sql::Part::Clause(4, r"
  AND price_from <= $5::text::numeric"),
                sql::Part::Clause(5, r"
  AND (in_stock > 0) = $6"),
                sql::Part::Text(r#"
) AS page
ORDER BY "in_stock", "id"
LIMIT $7"#),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue
WHERE status = 'active' AND price_from IS NOT NULL
  ",
                ),
                sql::Part::Clause(
                    0,
                    r"AND category IN (
      WITH RECURSIVE below AS (
          SELECT id, slug FROM categories WHERE slug = $1
          UNION
          SELECT c.id, c.slug FROM categories AS c JOIN below AS b ON b.id = c.parent_id
      )
      SELECT slug FROM below)",
                ),
                sql::Part::Clause(1, r"
  AND tags @> $2"),
                sql::Part::Clause(2, r"
  AND brand = $3"),
                sql::Part::Clause(3, r"
  AND price_from >= $4::text::numeric"),
                sql::Part::Clause(4, r"
  AND price_from <= $5::text::numeric"),
                sql::Part::Clause(5, r"
  AND (in_stock > 0) = $6"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "in_stock" >= $7 AND ("in_stock" > $7 OR ("id" > $8::text::uuid))
ORDER BY "in_stock", "id"
LIMIT $9"#,
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
SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue
WHERE status = 'active' AND price_from IS NOT NULL
  ",
                ),
                sql::Part::Clause(
                    0,
                    r"AND category IN (
      WITH RECURSIVE below AS (
          SELECT id, slug FROM categories WHERE slug = $1
          UNION
          SELECT c.id, c.slug FROM categories AS c JOIN below AS b ON b.id = c.parent_id
      )
      SELECT slug FROM below)",
                ),
                sql::Part::Clause(1, r"
  AND tags @> $2"),
                sql::Part::Clause(2, r"
  AND brand = $3"),
                sql::Part::Clause(3, r"
  AND price_from >= $4::text::numeric"),
                sql::Part::Clause(4, r"
  AND price_from <= $5::text::numeric"),
                sql::Part::Clause(5, r"
  AND (in_stock > 0) = $6"),
                sql::Part::Text(
                    r#"
) AS page
ORDER BY "in_stock" DESC, "id" DESC
LIMIT $7"#,
                ),
            ],
        ),
        next: sql::Variants::new(
            &[
                sql::Part::Text(
                    r"SELECT * FROM (
SELECT id, slug, name, brand, category, tags, price_from, in_stock, reviews, rating
FROM catalogue
WHERE status = 'active' AND price_from IS NOT NULL
  ",
                ),
                sql::Part::Clause(
                    0,
                    r"AND category IN (
      WITH RECURSIVE below AS (
          SELECT id, slug FROM categories WHERE slug = $1
          UNION
          SELECT c.id, c.slug FROM categories AS c JOIN below AS b ON b.id = c.parent_id
      )
      SELECT slug FROM below)",
                ),
                sql::Part::Clause(1, r"
  AND tags @> $2"),
                sql::Part::Clause(2, r"
  AND brand = $3"),
                sql::Part::Clause(3, r"
  AND price_from >= $4::text::numeric"),
                sql::Part::Clause(4, r"
  AND price_from <= $5::text::numeric"),
                sql::Part::Clause(5, r"
  AND (in_stock > 0) = $6"),
                sql::Part::Text(
                    r#"
) AS page
WHERE "in_stock" <= $7 AND ("in_stock" < $7 OR ("id" < $8::text::uuid))
ORDER BY "in_stock" DESC, "id" DESC
LIMIT $9"#,
                ),
            ],
        ),
        keys: &[7, 0],
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
    /// This category and all below it.
    pub category: Option<String>,
    /// All of these.
    pub tags: Option<Vec<String>>,
    /// `brand`.
    pub brand: Option<String>,
    /// Euros.
    pub price_from: Option<value::Decimal>,
    /// Euros.
    pub price_to: Option<value::Decimal>,
    /// Says that only products in stock are wanted.
    pub available: Option<bool>,
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
        let category = fields
            .optional("category", |input| Ok(types::slug(input)?.value));
        let tags = fields
            .optional(
                "tags",
                |input| Ok(
                    input
                        .array(|input| Ok(types::tag(input)?.value))?
                        .min_items(1)?
                        .max_items(10)?
                        .value,
                ),
            );
        let brand = fields
            .optional("brand", |input| Ok(input.text()?.max_length(80)?.value));
        let price_from = fields
            .optional("price_from", |input| Ok(types::amount(input)?.value));
        let price_to = fields
            .optional("price_to", |input| Ok(types::amount(input)?.value));
        let available = fields
            .optional("available", |input| Ok(input.boolean()?.constant(&true)?.value));
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
                category: category?,
                tags: tags?,
                brand: brand?,
                price_from: price_from?,
                price_to: price_to?,
                available: available?,
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
    /// `price_from`.
    #[serde(rename = "price_from")]
    PriceFrom,
    /// `-price_from`.
    #[serde(rename = "-price_from")]
    PriceFromDescending,
    /// `in_stock`.
    #[serde(rename = "in_stock")]
    InStock,
    /// `-in_stock`.
    #[serde(rename = "-in_stock")]
    InStockDescending,
}

impl Sort {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 6] = [
        ("name", Self::Name),
        ("-name", Self::NameDescending),
        ("price_from", Self::PriceFrom),
        ("-price_from", Self::PriceFromDescending),
        ("in_stock", Self::InStock),
        ("-in_stock", Self::InStockDescending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::NameDescending => "-name",
            Self::PriceFrom => "price_from",
            Self::PriceFromDescending => "-price_from",
            Self::InStock => "in_stock",
            Self::InStockDescending => "-in_stock",
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

/// Walk through the catalogue by category, tags, price or stock.
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
    let question = cursor::question("list_products", params)?;
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
                                params.category.is_some(),
                                params.tags.is_some(),
                                params.brand.is_some(),
                                params.price_from.is_some(),
                                params.price_to.is_some(),
                                params.available.is_some(),
                            ],
                        ),
                )
                .bind(params.category.as_deref())
                .bind(params.tags.as_deref())
                .bind(params.brand.as_deref())
                .bind(params.price_from.as_ref().map(|price_from| price_from.0.as_str()))
                .bind(params.price_to.as_ref().map(|price_to| price_to.0.as_str()))
                .bind(params.available)
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
                                        params.category.is_some(),
                                        params.tags.is_some(),
                                        params.brand.is_some(),
                                        params.price_from.is_some(),
                                        params.price_to.is_some(),
                                        params.available.is_some(),
                                    ],
                                ),
                        )
                        .bind(params.category.as_deref())
                        .bind(params.tags.as_deref())
                        .bind(params.brand.as_deref())
                        .bind(
                            params
                                .price_from
                                .as_ref()
                                .map(|price_from| price_from.0.as_str()),
                        )
                        .bind(
                            params.price_to.as_ref().map(|price_to| price_to.0.as_str()),
                        )
                        .bind(params.available),
                )
                .bind(params.page_size + 1)
        }
    };
    let mut session = shared.database.read(left).await?;
    let (products, end) = session
        .page(
            statement,
            params.page_size,
            pages.keys,
            |row| rows::Product::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        )
        .await?;
    let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
    Ok(Output { products, next_cursor })
}
