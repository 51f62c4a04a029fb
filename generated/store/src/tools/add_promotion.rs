//! The tool `add_promotion`.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;
use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, retry, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"INSERT INTO promotions (code, percent_off, runs)
VALUES ($1, $2::text::numeric, tstzrange($3::text::timestamp with time zone, $4::text::timestamp with time zone))
RETURNING code, percent_off, lower(runs) AS runs_from, upper(runs) AS runs_until";

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
    /// `code`.
    pub code: String,
    /// More than 0 and less than 100.
    pub percent_off: value::Decimal,
    /// `from`.
    pub from: chrono::DateTime<chrono::Utc>,
    /// Null: it does not end.
    pub until: Option<chrono::DateTime<chrono::Utc>>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let code = fields
            .required(
                "code",
                |input| Ok(
                    input
                        .text()?
                        .pattern({
                            static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
                                Regex::new("^[A-Z0-9]{4,20}$")
                                    .expect("mcpgen compiled this pattern")
                            });
                            &PATTERN
                        })?
                        .max_length(20)?
                        .value,
                ),
            );
        let percent_off = fields
            .required(
                "percent_off",
                |input| Ok(
                    input
                        .parsed(
                            "a decimal number in a string, like \"12.50\"",
                            format::decimal,
                        )?
                        .value,
                ),
            );
        let from = fields
            .required(
                "from",
                |input| Ok(
                    input
                        .parsed(
                            "a date and time like 2024-02-29T12:30:00Z",
                            format::date_time,
                        )?
                        .value,
                ),
            );
        let until = fields
            .nullable_or(
                "until",
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
        fields
            .finish(|| Some(Self {
                code: code?,
                percent_off: percent_off?,
                from: from?,
                until: until?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub promotion: PromotionRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PromotionRow {
    /// Column `code`.
    pub code: String,
    /// Column `percent_off`.
    pub percent_off: value::Decimal,
    /// Column `runs_from`.
    pub runs_from: chrono::DateTime<chrono::Utc>,
    /// Column `runs_until`.
    pub runs_until: Option<chrono::DateTime<chrono::Utc>>,
}

impl PromotionRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            code: decode::text(row, 0)?,
            percent_off: decode::decimal(row, 1)?,
            runs_from: decode::date_time(row, 2)?,
            runs_until: decode::optional(row, 3, decode::date_time)?,
        })
    }
}

/// Add a code that takes a part off the price while it runs.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = RETRY
            .run(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::UniqueConstraintViolation,
                        "There was a promotion with this code",
                        &["Take another code"],
                    )
                    .worded(
                        crate::runtime::failure::Kind::CheckViolation,
                        "percent_off lies between 0 and 100, and until comes after from",
                        &[],
                    )
            })?;
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
        .bind(params.code.as_str())
        .bind(params.percent_off.0.as_str())
        .bind(value::moment_text(params.from))
        .bind(params.until.map(value::moment_text));
    let mut session = shared.database.write(left).await?;
    let promotion = session.one(statement, PromotionRow::decode).await?;
    session.commit().await?;
    Ok(Output { promotion })
}
