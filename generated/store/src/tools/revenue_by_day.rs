//! The tool `revenue_by_day`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, retry, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"SELECT d.day::date AS day,
       count(o.id) AS orders,
       coalesce(sum(o.total), 0) AS revenue,
       sum(coalesce(sum(o.total), 0)) OVER (ORDER BY d.day) AS total,
       round(avg(coalesce(sum(o.total), 0)) OVER (ORDER BY d.day ROWS 6 PRECEDING), 2) AS mean_of_week
FROM generate_series($1::text::date::date::timestamp, $2::text::date::date::timestamp, interval '1 day') AS d (day)
LEFT JOIN orders AS o
  ON o.placed_at >= d.day AT TIME ZONE 'UTC'
 AND o.placed_at < (d.day + interval '1 day') AT TIME ZONE 'UTC'
 AND o.status IN ('paid', 'packing', 'shipped', 'delivered')
GROUP BY d.day
ORDER BY d.day";

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
    pub until: chrono::NaiveDate,
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
        fields.finish(|| Some(Self { from: from?, until: until? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub days: Vec<DaysRow>,
    /// Whether rows were left out because the result was too large.
    pub truncated: bool,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DaysRow {
    /// Column `day`.
    pub day: chrono::NaiveDate,
    /// Column `orders`.
    pub orders: i64,
    /// Column `revenue`.
    pub revenue: value::Decimal,
    /// Column `total`.
    pub total: value::Decimal,
    /// Column `mean_of_week`.
    pub mean_of_week: value::Decimal,
}

impl DaysRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            day: decode::date(row, 0)?,
            orders: decode::integer(row, 1)?,
            revenue: decode::decimal(row, 2)?,
            total: decode::decimal(row, 3)?,
            mean_of_week: decode::decimal(row, 4)?,
        })
    }
}

/// Orders and revenue of each day, days without any too, with the total and the mean of seven
/// days.
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
    let statement = sqlx::query(SQL)
        .bind(params.from.to_string())
        .bind(params.until.to_string());
    let mut session = shared.database.read(left).await?;
    let (days, truncated) = session
        .bounded(statement, 366, usize::MAX, DaysRow::decode)
        .await?;
    Ok(Output { days, truncated })
}
