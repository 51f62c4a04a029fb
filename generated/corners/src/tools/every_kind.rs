//! The tool `every_kind`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, sql, value};
use crate::server::Shared;
use crate::types;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"INSERT INTO things (type, day, hour, moment, token, amount, payload, extra, ratio, ready)
SELECT 'new', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
WHERE ?10 > 0 ",
        ),
        sql::Part::Clause(0, "AND ?11 IS NOT NULL"),
        sql::Part::Clause(1, " AND ?12 > ?13"),
        sql::Part::Clause(2, " AND ?14 IS NOT NULL"),
        sql::Part::Clause(3, r"
  AND length(?15 || ?16 || ?17 || ?18 || ?19) > 0"),
        sql::Part::Text(
            r"
RETURNING id, day, hour, moment, token, amount, payload, extra, ratio, ready",
        ),
    ],
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `day`.
    pub day: chrono::NaiveDate,
    /// `hour`.
    pub hour: chrono::NaiveTime,
    /// `moment`.
    pub moment: chrono::DateTime<chrono::Utc>,
    /// `token`.
    pub token: String,
    /// `amount`.
    pub amount: value::Decimal,
    /// `payload`.
    pub payload: value::Bytes,
    /// `extra`.
    pub extra: String,
    /// Greater values are taken as 500.
    pub ratio: f64,
    /// `ready`.
    pub ready: bool,
    /// `level`.
    pub level: i64,
    /// `small`.
    pub small: Option<i64>,
    /// A place.
    pub where_: Option<types::Point>,
    /// `mail`.
    pub mail: Option<String>,
    /// `host`.
    pub host: Option<String>,
    /// `link`.
    pub link: Option<String>,
    /// `four`.
    pub four: Option<String>,
    /// `six`.
    pub six: Option<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let day = fields
            .required(
                "day",
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let hour = fields
            .required(
                "hour",
                |input| Ok(input.parsed("a time like 12:30:00", format::time)?.value),
            );
        let moment = fields
            .required(
                "moment",
                |input| Ok(
                    input
                        .parsed(
                            "a date and time like 2024-02-29T12:30:00Z",
                            format::date_time,
                        )?
                        .value,
                ),
            );
        let token = fields
            .required("token", |input| Ok(input.parsed("a UUID", format::uuid)?.value));
        let amount = fields
            .required(
                "amount",
                |input| Ok(
                    input
                        .parsed(
                            "a decimal number in a string, like \"12.50\"",
                            format::decimal,
                        )?
                        .value,
                ),
            );
        let payload = fields
            .required(
                "payload",
                |input| Ok(input.parsed("bytes in base64", format::bytes)?.value),
            );
        let extra = fields
            .required(
                "extra",
                |input| Ok(input.parsed("a string that holds JSON", format::json)?.value),
            );
        let ratio = fields
            .required(
                "ratio",
                |input| Ok(
                    input
                        .number()?
                        .clamp_maximum(500.0)
                        .exclusive_minimum(0.0)?
                        .multiple_of_number(0.25)?
                        .value,
                ),
            );
        let ready = fields.required("ready", |input| Ok(input.boolean()?.value));
        let level = fields
            .or(
                "level",
                json!(2),
                |input| Ok(input.integer()?.one_of(&[1, 2, 3])?.value),
            );
        let small = fields
            .optional(
                "small",
                |input| Ok(
                    input.integer()?.minimum(-2147483648)?.maximum(2147483647)?.value,
                ),
            );
        let where_ = fields.optional("where", |input| Ok(types::point(input)?.value));
        let mail = fields
            .optional(
                "mail",
                |input| Ok(
                    input.text()?.format("an email address", format::email)?.value,
                ),
            );
        let host = fields
            .optional(
                "host",
                |input| Ok(input.text()?.format("a host name", format::hostname)?.value),
            );
        let link = fields
            .optional(
                "link",
                |input| Ok(input.text()?.format("a URI", format::uri)?.value),
            );
        let four = fields
            .optional(
                "four",
                |input| Ok(input.text()?.format("an IPv4 address", format::ipv4)?.value),
            );
        let six = fields
            .optional(
                "six",
                |input| Ok(input.text()?.format("an IPv6 address", format::ipv6)?.value),
            );
        fields
            .finish(|| Some(Self {
                day: day?,
                hour: hour?,
                moment: moment?,
                token: token?,
                amount: amount?,
                payload: payload?,
                extra: extra?,
                ratio: ratio?,
                ready: ready?,
                level: level?,
                small: small?,
                where_: where_?,
                mail: mail?,
                host: host?,
                link: link?,
                four: four?,
                six: six?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record, where there is one.
    pub thing: Option<ThingRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThingRow {
    /// Column `id`.
    pub id: i64,
    /// Column `day`.
    pub day: Option<chrono::NaiveDate>,
    /// Column `hour`.
    pub hour: Option<chrono::NaiveTime>,
    /// Column `moment`.
    pub moment: Option<chrono::DateTime<chrono::Utc>>,
    /// Column `token`.
    pub token: Option<String>,
    /// Column `amount`.
    pub amount: value::Decimal,
    /// Column `payload`.
    pub payload: Option<value::Bytes>,
    /// Column `extra`.
    pub extra: Option<serde_json::Value>,
    /// Column `ratio`.
    pub ratio: Option<f64>,
    /// Column `ready`.
    pub ready: Option<bool>,
}

impl ThingRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            day: decode::optional(row, 1, decode::date)?,
            hour: decode::optional(row, 2, decode::time)?,
            moment: decode::optional(row, 3, decode::date_time)?,
            token: decode::optional(row, 4, decode::uuid)?,
            amount: decode::decimal(row, 5)?,
            payload: decode::optional(row, 6, decode::bytes)?,
            extra: decode::optional(row, 7, decode::json)?,
            ratio: decode::optional(row, 8, decode::number)?,
            ready: decode::optional(row, 9, decode::boolean)?,
        })
    }
}

/// Every kind of value in and out.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(
            SQL
                .with(
                    &[
                        params.small.is_some(),
                        params.where_.is_some()
                            && params
                                .where_
                                .as_ref()
                                .is_some_and(|where_| where_.y.is_some()),
                        params.where_.is_some(),
                        params.mail.is_some() && params.host.is_some()
                            && params.link.is_some() && params.four.is_some()
                            && params.six.is_some(),
                    ],
                ),
        )
        .bind(params.day.to_string())
        .bind(params.hour.to_string())
        .bind(value::moment_text(params.moment))
        .bind(params.token.as_str())
        .bind(params.amount.0.as_str())
        .bind(params.payload.0.as_slice())
        .bind(params.extra.as_str())
        .bind(params.ratio)
        .bind(params.ready)
        .bind(params.level)
        .bind(params.small)
        .bind(params.where_.as_ref().map(|where_| where_.x))
        .bind(params.where_.as_ref().and_then(|where_| where_.y))
        .bind(params.where_.as_ref().map(value::json_text).transpose()?)
        .bind(params.mail.as_deref())
        .bind(params.host.as_deref())
        .bind(params.link.as_deref())
        .bind(params.four.as_deref())
        .bind(params.six.as_deref());
    let mut session = shared.database.write(TIMEOUT).await?;
    let thing = session.optional(statement, ThingRow::decode).await?;
    session.commit().await?;
    Ok(Output { thing })
}
