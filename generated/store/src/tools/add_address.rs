//! The tool `add_address`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, progress, retry};
use crate::server::Shared;
use crate::types;

/// The statement of `replaced`.
const REPLACED_SQL: &str = r"UPDATE addresses SET is_default = false
WHERE customer_id = $1::text::uuid AND kind = $2::text::address_kind AND is_default AND $3";

/// The statement of `address`.
const ADDRESS_SQL: &str = r"INSERT INTO addresses (customer_id, kind, line1, line2, postcode, city, country, is_default)
VALUES ($1::text::uuid, $2::text::address_kind, $3, $4, $5, $6, $7::text::country_code, $8)
RETURNING id, customer_id, kind, line1, line2, postcode, city, country, is_default";

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
    /// `customer_id`.
    pub customer_id: String,
    /// `kind`.
    pub kind: types::AddressKind,
    /// `line1`.
    pub line1: String,
    /// `line2`.
    pub line2: Option<String>,
    /// `postcode`.
    pub postcode: String,
    /// `city`.
    pub city: String,
    /// Country as in ISO 3166.
    pub country: String,
    /// `is_default`.
    pub is_default: bool,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let customer_id = fields
            .required(
                "customer_id",
                |input| Ok(input.parsed("a UUID", format::uuid)?.value),
            );
        let kind = fields
            .or(
                "kind",
                json!("shipping"),
                |input| Ok(types::address_kind(input)?.value),
            );
        let line1 = fields
            .required(
                "line1",
                |input| Ok(input.text()?.min_length(1)?.max_length(200)?.value),
            );
        let line2 = fields
            .nullable_or(
                "line2",
                json!(null),
                |input| Ok(input.text()?.max_length(200)?.value),
            );
        let postcode = fields
            .required(
                "postcode",
                |input| Ok(input.text()?.min_length(1)?.max_length(20)?.value),
            );
        let city = fields
            .required(
                "city",
                |input| Ok(input.text()?.min_length(1)?.max_length(100)?.value),
            );
        let country = fields
            .required("country", |input| Ok(types::country(input)?.value));
        let is_default = fields
            .or("is_default", json!(false), |input| Ok(input.boolean()?.value));
        fields
            .finish(|| Some(Self {
                customer_id: customer_id?,
                kind: kind?,
                line1: line1?,
                line2: line2?,
                postcode: postcode?,
                city: city?,
                country: country?,
                is_default: is_default?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `replaced` answered.
    pub replaced: u64,
    /// What the step `address` answered.
    pub address: AddressRow,
}

/// A row of the step `address`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AddressRow {
    /// Column `id`.
    pub id: String,
    /// Column `customer_id`.
    pub customer_id: String,
    /// Column `kind`.
    pub kind: types::AddressKind,
    /// Column `line1`.
    pub line1: String,
    /// Column `line2`.
    pub line2: Option<String>,
    /// Column `postcode`.
    pub postcode: String,
    /// Column `city`.
    pub city: String,
    /// Column `country`.
    pub country: String,
    /// Column `is_default`.
    pub is_default: bool,
}

impl AddressRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::uuid(row, 0)?,
            customer_id: decode::uuid(row, 1)?,
            kind: decode::choice(row, 2, &types::AddressKind::ALL)?,
            line1: decode::text(row, 3)?,
            line2: decode::optional(row, 4, decode::text)?,
            postcode: decode::text(row, 5)?,
            city: decode::text(row, 6)?,
            country: decode::text(row, 7)?,
            is_default: decode::boolean(row, 8)?,
        })
    }
}

/// Add an address of a customer; a new default takes the place of the old one.
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
                        "There is no such customer",
                        &["Find them with list_customers"],
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
    let mut session = shared.database.write(left).await?;
    let replaced = session
        .affected(
            sqlx::query(REPLACED_SQL)
                .bind(params.customer_id.as_str())
                .bind(params.kind.as_str())
                .bind(params.is_default),
        )
        .await?;
    progress::step(1, 2, "replaced");
    let address = session
        .one(
            sqlx::query(ADDRESS_SQL)
                .bind(params.customer_id.as_str())
                .bind(params.kind.as_str())
                .bind(params.line1.as_str())
                .bind(params.line2.as_deref())
                .bind(params.postcode.as_str())
                .bind(params.city.as_str())
                .bind(params.country.as_str())
                .bind(params.is_default),
            AddressRow::decode,
        )
        .await?;
    progress::step(2, 2, "address");
    session.commit().await?;
    Ok(Output { replaced, address })
}
