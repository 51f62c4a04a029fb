//! The tool `get_customer`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, mask, retry, sql, value};
use crate::server::Shared;
use crate::types;

/// The statement.
static SQL: sql::Variants = sql::Variants::new(
    &[
        sql::Part::Text(
            r"SELECT c.id, c.email, c.name, c.phone, c.birthday, c.active, c.segments, c.preferences,
       host(c.last_seen_from) AS last_seen_from, c.created_at,
       spent.orders, spent.total AS spent, spent.last_order_at
FROM customers AS c
CROSS JOIN LATERAL (
    SELECT count(*) AS orders, coalesce(sum(total), 0) AS total, max(placed_at) AS last_order_at
    FROM orders
    WHERE customer_id = c.id AND status IN ('paid', 'packing', 'shipped', 'delivered')
) AS spent
WHERE TRUE ",
        ),
        sql::Part::Clause(0, "AND c.id = $1::text::uuid"),
        sql::Part::Clause(1, " AND lower(c.email) = lower($2)"),
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
    pub id: Option<String>,
    /// `email`.
    pub email: Option<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields
            .optional("id", |input| Ok(input.parsed("a UUID", format::uuid)?.value));
        let email = fields.optional("email", |input| Ok(types::email(input)?.value));
        fields
            .one_of(
                &["id", "email"],
                &[!matches!(id, Some(None)), !matches!(email, Some(None))],
            );
        fields.finish(|| Some(Self { id: id?, email: email? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub customer: CustomerRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CustomerRow {
    /// Column `id`.
    pub id: String,
    /// Column `email`.
    pub email: String,
    /// Column `name`.
    pub name: String,
    /// Column `phone`.
    pub phone: Option<String>,
    /// Column `birthday`.
    pub birthday: Option<chrono::NaiveDate>,
    /// Column `active`.
    pub active: bool,
    /// Column `segments`.
    pub segments: Vec<Option<String>>,
    /// Column `preferences`.
    pub preferences: serde_json::Value,
    /// The same for the same address.
    pub last_seen_from: Option<String>,
    /// Column `created_at`.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// Orders that were paid.
    pub orders: i64,
    /// Column `spent`.
    pub spent: value::Decimal,
    /// Column `last_order_at`.
    pub last_order_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl CustomerRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            email: decode::text(row, 1)?,
            name: decode::text(row, 2)?,
            phone: decode::optional(row, 3, decode::text)?,
            birthday: decode::optional(row, 4, decode::date)?,
            active: decode::boolean(row, 5)?,
            segments: decode::array(row, 6, decode::text)?,
            preferences: decode::json_object(row, 7)?,
            last_seen_from: decode::optional(row, 8, decode::text)?,
            created_at: decode::date_time(row, 9)?,
            orders: decode::integer(row, 10)?,
            spent: decode::decimal(row, 11)?,
            last_order_at: decode::optional(row, 12, decode::date_time)?,
        })
    }

    /// Hides what not everybody may see.
    pub fn mask(&mut self, signer: &crate::runtime::secret::Signer) {
        if let Some(text) = &mut self.phone {
            mask::last4(text);
        }
        if let Some(text) = &mut self.last_seen_from {
            mask::hash(text, signer);
        }
    }
}

/// Look one customer up by id or email, with the number of orders and what they paid. Give
/// exactly one of `id` and `email`.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let mut output = RETRY
            .run(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::RecordNotFound,
                        "There is no such customer",
                        &["Find them with list_customers"],
                    )
            })?;
        output.customer.mask(&shared.signer);
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(
    shared: &Shared,
    params: &Params,
    left: Duration,
) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL.with(&[params.id.is_some(), params.email.is_some()]))
        .bind(params.id.as_deref())
        .bind(params.email.as_deref());
    let mut session = shared.database.read(left).await?;
    let customer = session.one(statement, CustomerRow::decode).await?;
    Ok(Output { customer })
}
