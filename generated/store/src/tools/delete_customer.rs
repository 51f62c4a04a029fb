//! The tool `delete_customer`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, retry};
use crate::server::Shared;

/// The statement.
const SQL: &str = "DELETE FROM customers WHERE id = $1::text::uuid RETURNING id, email, name";

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
    /// Id of the customer.
    pub id: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields
            .required("id", |input| Ok(input.parsed("a UUID", format::uuid)?.value));
        fields.finish(|| Some(Self { id: id? }))
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
}

impl CustomerRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            email: decode::text(row, 1)?,
            name: decode::text(row, 2)?,
        })
    }
}

/// Delete a customer who never ordered, with addresses, cart and reviews.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = RETRY
            .run(TIMEOUT, |left| run(shared, &params, left))
            .await
            .map_err(|failure| {
                failure
                    .worded(
                        crate::runtime::failure::Kind::ForeignKeyViolation,
                        "The customer has orders",
                        &["Set active to false with update_customer"],
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
    let statement = sqlx::query(SQL).bind(params.id.as_str());
    let mut session = shared.database.write(left).await?;
    let customer = session.one(statement, CustomerRow::decode).await?;
    session.commit().await?;
    Ok(Output { customer })
}
