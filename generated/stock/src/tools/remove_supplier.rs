//! The tool `remove_supplier`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, decode, input};
use crate::server::Shared;

/// The statement.
const SQL: &str = "DELETE FROM suppliers WHERE id = ?1 RETURNING id, name";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `id`.
    pub id: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.required("id", |input| Ok(input.integer()?.value));
        fields.finish(|| Some(Self { id: id? }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub supplier: SupplierRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SupplierRow {
    /// Column `id`.
    pub id: i64,
    /// Column `name`.
    pub name: String,
}

impl SupplierRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            name: decode::text(row, 1)?,
        })
    }
}

/// Remove a supplier who delivers nothing any more.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let call = async {
            let output = run(shared, &params)
                .await
                .map_err(|failure| {
                    failure
                        .worded(
                            crate::runtime::failure::Kind::ForeignKeyViolation,
                            "The supplier still delivers products",
                            &["Discontinue or move the products first"],
                        )
                })?;
            answer::json(&output)
        };
        cache::changing(&[&shared.caches.list_suppliers], TIMEOUT, call).await
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL).bind(params.id);
    let mut session = shared.database.write(TIMEOUT).await?;
    let supplier = session.one(statement, SupplierRow::decode).await?;
    session.commit().await?;
    Ok(Output { supplier })
}
