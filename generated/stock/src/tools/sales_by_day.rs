//! The tool `sales_by_day`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, sql};
use crate::server::Shared;
use crate::types;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"WITH daily AS (
    SELECT date(m.moved_at) AS day, -SUM(m.quantity) AS sold
    FROM movements AS m JOIN products AS p ON p.id = m.product_id
    WHERE m.kind = 'sale' AND m.moved_at >= ?1 AND m.moved_at < date(?2, '+1 day')
      ",
        ),
        sql::Part::Clause(0, "AND p.category = ?3"),
        sql::Part::Text(
            r"
    GROUP BY date(m.moved_at)
)
SELECT day, sold,
       SUM(sold) OVER (ORDER BY day) AS total,
       AVG(sold) OVER (ORDER BY day ROWS 6 PRECEDING) AS mean_of_week
FROM daily ORDER BY day",
        ),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `from`.
    pub from: chrono::NaiveDate,
    /// `until`.
    pub until: chrono::NaiveDate,
    /// Shelf that the product stands on.
    pub category: Option<types::Category>,
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
        let category = fields
            .optional("category", |input| Ok(types::category(input)?.value));
        fields
            .finish(|| Some(Self {
                from: from?,
                until: until?,
                category: category?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub days: Vec<DaysRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DaysRow {
    /// Column `day`.
    pub day: chrono::NaiveDate,
    /// Column `sold`.
    pub sold: i64,
    /// Column `total`.
    pub total: i64,
    /// Column `mean_of_week`.
    pub mean_of_week: f64,
}

impl DaysRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            day: decode::date(row, 0)?,
            sold: decode::integer(row, 1)?,
            total: decode::integer(row, 2)?,
            mean_of_week: decode::number(row, 3)?,
        })
    }
}

/// Units sold on each day, with the running total and the mean of seven days.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL.with(&[params.category.is_some()]))
        .bind(params.from.to_string())
        .bind(params.until.to_string())
        .bind(params.category.map(types::Category::as_str));
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, DaysRow::decode);
    let days = progress::rows(reading).await?;
    Ok(Output { days })
}
