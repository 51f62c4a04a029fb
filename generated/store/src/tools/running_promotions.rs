//! The tool `running_promotions`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, retry, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"SELECT code, percent_off, lower(runs) AS runs_from, upper(runs) AS runs_until,
       upper(runs) - coalesce($1::text::timestamp with time zone, now()) AS time_left
FROM promotions
WHERE runs @> coalesce($1::text::timestamp with time zone, now())
ORDER BY code";

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
    /// Now if it is left out.
    pub at: Option<chrono::DateTime<chrono::Utc>>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let at = fields
            .nullable_or(
                "at",
                json!(null),
                |input| Ok(
                    input
                        .parsed(
                            "a date and time like 2024-02-29T12:30:00Z",
                            format::date_time,
                        )?
                        .value,
                ),
            );
        fields.finish(|| Some(Self { at: at? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub promotions: Vec<PromotionsRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PromotionsRow {
    /// Column `code`.
    pub code: String,
    /// Column `percent_off`.
    pub percent_off: value::Decimal,
    /// Column `runs_from`.
    pub runs_from: Option<chrono::DateTime<chrono::Utc>>,
    /// Column `runs_until`.
    pub runs_until: Option<chrono::DateTime<chrono::Utc>>,
    /// Column `time_left`.
    pub time_left: Option<String>,
}

impl PromotionsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            code: decode::text(row, 0)?,
            percent_off: decode::decimal(row, 1)?,
            runs_from: decode::optional(row, 2, decode::date_time)?,
            runs_until: decode::optional(row, 3, decode::date_time)?,
            time_left: decode::optional(row, 4, decode::interval)?,
        })
    }
}

/// Promotions that run at a moment, and how long they still do.
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
    let statement = sqlx::query(SQL).bind(params.at.map(value::moment_text));
    let mut session = shared.database.read(left).await?;
    let reading = session.many(statement, PromotionsRow::decode);
    let promotions = progress::rows(reading).await?;
    Ok(Output { promotions })
}
