//! The tool `category_tree`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, retry, sql};
use crate::server::Shared;
use crate::types;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"WITH RECURSIVE tree AS (
    SELECT id, slug, name, return_window, 0 AS depth, ARRAY[slug::text] AS path
    FROM categories WHERE parent_id IS NULL
    UNION ALL
    SELECT c.id, c.slug, c.name, coalesce(c.return_window, t.return_window), t.depth + 1, t.path || c.slug::text
    FROM categories AS c JOIN tree AS t ON t.id = c.parent_id
)
SELECT t.slug, t.name, t.depth, t.path, t.return_window,
       (SELECT count(*) FROM products AS p WHERE p.category_id = t.id AND p.status = 'active') AS products
FROM tree AS t
WHERE TRUE ",
        ),
        sql::Part::Clause(0, "AND $1 = ANY (t.path)"),
        sql::Part::Text(r"
ORDER BY t.path"),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often the statements run where nothing of them was kept.
const RETRY: retry::Policy = retry::Policy {
    attempts: 3,
    backoff: Duration::from_millis(50),
    maximum: Duration::from_secs(1),
};

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Only this category and what is below it.
    pub root: Option<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let root = fields.optional("root", |input| Ok(types::slug(input)?.value));
        fields.finish(|| Some(Self { root: root? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub categories: Vec<CategoriesRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CategoriesRow {
    /// Column `slug`.
    pub slug: String,
    /// Column `name`.
    pub name: String,
    /// 0 for a root.
    pub depth: i64,
    /// Slugs from the root down.
    pub path: Vec<Option<String>>,
    /// How long goods may be returned.
    pub return_window: Option<String>,
    /// Active products of the category itself.
    pub products: i64,
}

impl CategoriesRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            slug: decode::text(row, 0)?,
            name: decode::text(row, 1)?,
            depth: decode::integer(row, 2)?,
            path: decode::array(row, 3, decode::text)?,
            return_window: decode::optional(row, 4, decode::interval)?,
            products: decode::integer(row, 5)?,
        })
    }
}

/// Categories below one, or all, with the path, depth and return window that holds for each.
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
    let statement = sqlx::query(SQL.with(&[params.root.is_some()]))
        .bind(params.root.as_deref());
    let mut session = shared.database.read(left).await?;
    let reading = session.many(statement, CategoriesRow::decode);
    let categories = progress::rows(reading).await?;
    Ok(Output { categories })
}
