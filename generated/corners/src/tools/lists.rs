//! The tool `lists`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, sql, template, value};
use crate::server::Shared;
use crate::types;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT id, ready FROM things
WHERE ready IN (SELECT value FROM json_each(?1)) AND self IN (SELECT value FROM json_each(?2))
  ",
        ),
        sql::Part::Clause(0, "AND day IN (SELECT value FROM json_each(?3))"),
        sql::Part::Clause(1, " AND moment IN (SELECT value FROM json_each(?4))"),
        sql::Part::Text(r"
ORDER BY id"),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `days`.
    pub days: Option<Vec<chrono::NaiveDate>>,
    /// `moments`.
    pub moments: Option<Option<Vec<chrono::DateTime<chrono::Utc>>>>,
    /// `flags`.
    pub flags: Vec<bool>,
    /// `words`.
    pub words: Vec<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let days = fields
            .optional(
                "days",
                |input| Ok(
                    input
                        .array(|input| Ok(
                            input.parsed("a date like 2024-02-29", format::date)?.value,
                        ))?
                        .value,
                ),
            );
        let moments = fields
            .optional_nullable(
                "moments",
                |input| Ok(
                    input
                        .array(|input| Ok(
                            input
                                .parsed(
                                    "a date and time like 2024-02-29T12:30:00Z",
                                    format::date_time,
                                )?
                                .value,
                        ))?
                        .value,
                ),
            );
        let flags = fields
            .required(
                "flags",
                |input| Ok(
                    input
                        .array(|input| Ok(input.boolean()?.value))?
                        .min_items(1)?
                        .max_items(2)?
                        .value,
                ),
            );
        let words = fields
            .or(
                "words",
                json!(["one", "two", "three"]),
                |input| Ok(
                    input
                        .array(|input| Ok(types::word(input)?.value))?
                        .max_items(5)?
                        .value,
                ),
            );
        fields
            .at_most_one(
                &["days", "moments"],
                &[!matches!(days, Some(None)), !matches!(moments, Some(None))],
            );
        fields
            .finish(|| Some(Self {
                days: days?,
                moments: moments?,
                flags: flags?,
                words: words?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub things: Vec<ThingsRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThingsRow {
    /// Column `id`.
    pub id: i64,
    /// Column `ready`.
    pub ready: Option<bool>,
}

impl ThingsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            ready: decode::optional(row, 1, decode::boolean)?,
        })
    }
}

/// The text of the answer.
static TEXT: template::Template = template::Template::new(
    "{{ things | length }} things",
);

/// Lists of every kind that SQLite can spread. Give at most one of `days` and `moments`.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::rendered(&output, &TEXT)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(
            SQL.with(&[params.days.is_some(), params.moments.is_some()]),
        )
        .bind(value::json_text(&params.flags)?)
        .bind(value::json_text(&params.words)?)
        .bind(params.days.as_ref().map(value::json_text).transpose()?)
        .bind(
            params
                .moments
                .as_ref()
                .and_then(Option::as_ref)
                .map(|moments| value::moments_text(moments))
                .transpose()?,
        );
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, ThingsRow::decode);
    let things = progress::rows(reading).await?;
    Ok(Output { things })
}
