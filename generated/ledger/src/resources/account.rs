//! The resource `ledger://accounts/{number}`.

use std::time::Duration;

use rmcp::model::ResourceContents;
use serde::Serialize;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, input, uri};
use crate::server::Shared;
use crate::{rows, types};

/// The parts of `ledger://accounts/{number}`.
pub const URI: &[uri::Part] = &[
    uri::Part::Text("ledger://accounts/"),
    uri::Part::Param("number"),
];

/// The MIME type.
pub const MIME_TYPE: &str = "application/json";

/// The statement.
const SQL: &str = r"SELECT number, name, kind, parent, currency, active, debit, credit, balance
FROM balances WHERE number = ?";

/// How long the statement may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The placeholders of the URI.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Number of an account.
    pub number: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let number = fields
            .required("number", |input| Ok(types::account_number(input)?.value));
        fields.finish(|| Some(Self { number: number? }))
    }
}

/// What the resource holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub account: rows::Balance,
}

/// One account.
pub async fn contents(
    shared: &Shared,
    uri: &str,
    arguments: input::Arguments,
) -> Result<ResourceContents, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let statement = sqlx::query(SQL).bind(params.number);
    let mut session = shared.database.read(TIMEOUT).await?;
    let account = session
        .one(statement, |row| rows::Balance::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8]))
        .await?;
    let output = Output { account };
    answer::resource_json(uri, MIME_TYPE, &output)
}
