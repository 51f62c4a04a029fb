//! The tool `update_customer`.

use std::time::Duration;

use serde::Serialize;

use crate::rows;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, format, input, retry, sql, value};
use crate::server::Shared;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(r"UPDATE customers
SET id = id "),
        sql::Part::Clause(0, ", name = $1"),
        sql::Part::Clause(1, " , phone = $2"),
        sql::Part::Clause(2, " , active = $3"),
        sql::Part::Clause(
            3,
            r"
  , preferences = preferences || $4::text::jsonb::jsonb",
        ),
        sql::Part::Text(
            r"
WHERE id = $5::text::uuid
RETURNING id, email, name, phone, active, segments, preferences, created_at",
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
    /// `id`.
    pub id: String,
    /// `name`.
    pub name: Option<String>,
    /// `phone`.
    pub phone: Option<Option<String>>,
    /// `active`.
    pub active: Option<bool>,
    /// `preferences`.
    pub preferences: Option<Preferences>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields
            .required("id", |input| Ok(input.parsed("a UUID", format::uuid)?.value));
        let name = fields
            .optional(
                "name",
                |input| Ok(input.text()?.min_length(2)?.max_length(120)?.value),
            );
        let phone = fields
            .optional_nullable("phone", |input| Ok(input.text()?.max_length(30)?.value));
        let active = fields.optional("active", |input| Ok(input.boolean()?.value));
        let preferences = fields
            .optional(
                "preferences",
                |input| Ok(
                    input.object(input::Unknown::Ignore, Preferences::read)?.value,
                ),
            );
        fields
            .any_of(
                &["name", "phone", "active", "preferences"],
                &[
                    !matches!(name, Some(None)),
                    !matches!(phone, Some(None)),
                    !matches!(active, Some(None)),
                    !matches!(preferences, Some(None)),
                ],
            );
        fields
            .finish(|| Some(Self {
                id: id?,
                name: name?,
                phone: phone?,
                active: active?,
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
        let language = fields.optional("language", |input| Ok(input.text()?.value));
        let currency = fields.optional("currency", |input| Ok(input.text()?.value));
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

/// Change what is given. Preferences are merged into those that are there. Give at least one of
/// `name`, `phone`, `active` and `preferences`.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let mut output = RETRY.run(TIMEOUT, |left| run(shared, &params, left)).await?;
        output.customer.mask();
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(
    shared: &Shared,
    params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let statement = sqlx::query(
            SQL
                .with(
                    &[
                        params.name.is_some(),
                        params.phone.is_some(),
                        params.active.is_some(),
                        params.preferences.is_some(),
                    ],
                ),
        )
        .bind(params.name.as_deref())
        .bind(params.phone.as_ref().and_then(Option::as_ref).map(|phone| phone.as_str()))
        .bind(params.active)
        .bind(params.preferences.as_ref().map(value::json_text).transpose()?)
        .bind(params.id.as_str());
    let mut session = shared.database.write(left).await?;
    let customer = session
        .one(statement, |row| rows::Customer::decode(row, [0, 1, 2, 3, 4, 5, 6, 7]))
        .await?;
    session.commit().await?;
    Ok(Output { customer })
}
