//! The tool `sales_by_category`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, retry, sql, value};
use crate::server::Shared;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"WITH RECURSIVE roots AS (
    SELECT id, slug AS root FROM categories WHERE parent_id IS NULL
    UNION ALL
    SELECT c.id, r.root FROM categories AS c JOIN roots AS r ON r.id = c.parent_id
), monthly AS (
    SELECT to_char(s.day, 'YYYY-MM') AS month, r.root::text AS category, s.order_id, s.quantity, s.line_total
    FROM sales AS s JOIN roots AS r ON r.id = s.category_id
    WHERE s.day >= $1::text::date ",
        ),
        sql::Part::Clause(0, "AND s.day <= $2::text::date"),
        sql::Part::Text(
            r"
)
SELECT month,
       category,
       count(DISTINCT order_id) AS orders,
       sum(quantity) AS sold,
       sum(line_total) AS revenue,
       grouping(month, category) AS level
FROM monthly
GROUP BY ROLLUP (month, category)
ORDER BY grouping(month), month, grouping(category), category",
        ),
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
    /// `from`.
    pub from: chrono::NaiveDate,
    /// `until`.
    pub until: Option<chrono::NaiveDate>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let from = fields
            .or(
                "from",
                json!("2024-01-01"),
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let until = fields
            .optional(
                "until",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        fields.finish(|| Some(Self { from: from?, until: until? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub sales: Vec<SalesRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SalesRow {
    /// YYYY-MM; null: all months.
    pub month: Option<String>,
    /// Null: all categories.
    pub category: Option<String>,
    /// Column `orders`.
    pub orders: i64,
    /// Column `sold`.
    pub sold: Option<i64>,
    /// Column `revenue`.
    pub revenue: Option<value::Decimal>,
    /// 0: a category, 1: a month, 3: all.
    pub level: i64,
}

impl SalesRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            month: decode::optional(row, 0, decode::text)?,
            category: decode::optional(row, 1, decode::text)?,
            orders: decode::integer(row, 2)?,
            sold: decode::optional(row, 3, decode::integer)?,
            revenue: decode::optional(row, 4, decode::decimal)?,
            level: decode::integer(row, 5)?,
        })
    }
}

/// Units and revenue by month and root category, with the sum of each month and of all.
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
    let statement = sqlx::query(SQL.with(&[params.until.is_some()]))
        .bind(params.from.to_string())
        .bind(params.until.map(|until| until.to_string()));
    let mut session = shared.database.read(left).await?;
    let reading = session.many(statement, SalesRow::decode);
    let sales = progress::rows(reading).await?;
    Ok(Output { sales })
}
