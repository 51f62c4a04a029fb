//! The tool `create_customer`.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;
use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, format, input, retry, template, value};
use crate::server::Shared;
use crate::{rows, types};

/// The statement.
const SQL: &str = r"INSERT INTO customers (email, name, phone, birthday, segments, preferences)
VALUES ($1::text::email_address, $2, $3, $4::text::date, $5, $6::text::jsonb)
RETURNING id, email, name, phone, active, segments, preferences, created_at";

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
    /// `email`.
    pub email: String,
    /// `name`.
    pub name: String,
    /// `phone`.
    pub phone: Option<String>,
    /// `birthday`.
    pub birthday: Option<chrono::NaiveDate>,
    /// `segments`.
    pub segments: Vec<String>,
    /// `preferences`.
    pub preferences: Preferences,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let email = fields.required("email", |input| Ok(types::email(input)?.value));
        let name = fields
            .required(
                "name",
                |input| Ok(input.text()?.min_length(2)?.max_length(120)?.value),
            );
        let phone = fields
            .nullable_or(
                "phone",
                json!(null),
                |input| Ok(input.text()?.max_length(30)?.value),
            );
        let birthday = fields
            .nullable_or(
                "birthday",
                json!(null),
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        let segments = fields
            .or(
                "segments",
                json!([]),
                |input| Ok(
                    input
                        .array(|input| Ok(types::tag(input)?.value))?
                        .max_items(10)?
                        .unique_items()?
                        .value,
                ),
            );
        let preferences = fields
            .or(
                "preferences",
                json!({}),
                |input| Ok(
                    input.object(input::Unknown::Refuse, Preferences::read)?.value,
                ),
            );
        fields
            .finish(|| Some(Self {
                email: email?,
                name: name?,
                phone: phone?,
                birthday: birthday?,
                segments: segments?,
                preferences: preferences?,
            }))
    }
}

/// `preferences`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preferences {
    /// `language`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// `currency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// `gift_wrap`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gift_wrap: Option<bool>,
}

impl Preferences {
    /// Reads the members of an object.
    pub fn read(mut fields: input::Fields) -> input::Read<Self> {
        let language = fields
            .optional(
                "language",
                |input| Ok(
                    input
                        .text()?
                        .pattern({
                            static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
                                Regex::new("^[a-z]{2}$")
                                    .expect("mcpgen compiled this pattern")
                            });
                            &PATTERN
                        })?
                        .value,
                ),
            );
        let currency = fields
            .optional(
                "currency",
                |input| Ok(
                    input
                        .text()?
                        .pattern({
                            static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
                                Regex::new("^[A-Z]{3}$")
                                    .expect("mcpgen compiled this pattern")
                            });
                            &PATTERN
                        })?
                        .value,
                ),
            );
        let gift_wrap = fields.optional("gift_wrap", |input| Ok(input.boolean()?.value));
        fields
            .finish(|| Some(Self {
                language: language?,
                currency: currency?,
                gift_wrap: gift_wrap?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub customer: rows::Customer,
}

/// The text of the answer.
static TEXT: template::Template = template::Template::new(
    "Created {{ customer.name }}, {{ customer.id }}",
);

/// Open an account.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let mut output = RETRY
            .run(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::UniqueConstraintViolation,
                        "A customer with this email exists",
                        &["Look at them with get_customer"],
                    )
            })?;
        output.customer.mask();
        answer::rendered(&output, &TEXT)
    })
}

/// Runs the statements.
pub async fn run(
    shared: &Shared,
    params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL)
        .bind(params.email.as_str())
        .bind(params.name.as_str())
        .bind(params.phone.as_deref())
        .bind(params.birthday.map(|birthday| birthday.to_string()))
        .bind(params.segments.as_slice())
        .bind(value::json_text(&params.preferences)?);
    let mut session = shared.database.write(left).await?;
    let customer = session
        .one(statement, |row| rows::Customer::decode(row, [0, 1, 2, 3, 4, 5, 6, 7]))
        .await?;
    session.commit().await?;
    Ok(Output { customer })
}
