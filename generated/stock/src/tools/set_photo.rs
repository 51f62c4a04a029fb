//! The tool `set_photo`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, format, input, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"INSERT INTO photos (product_id, image, taken_on)
VALUES (?1, ?2, ?3)
ON CONFLICT (product_id) DO UPDATE SET image = excluded.image, taken_on = excluded.taken_on
RETURNING product_id, length(image) AS bytes, taken_on";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `product_id`.
    pub product_id: i64,
    /// PNG or JPEG.
    pub image: value::Bytes,
    /// `taken_on`.
    pub taken_on: Option<chrono::NaiveDate>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let product_id = fields
            .required("product_id", |input| Ok(input.integer()?.value));
        let image = fields
            .required(
                "image",
                |input| Ok(input.parsed("bytes in base64", format::bytes)?.value),
            );
        let taken_on = fields
            .nullable_or(
                "taken_on",
                json!(null),
                |input| Ok(input.parsed("a date like 2024-02-29", format::date)?.value),
            );
        fields
            .finish(|| Some(Self {
                product_id: product_id?,
                image: image?,
                taken_on: taken_on?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub photo: PhotoRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PhotoRow {
    /// Column `product_id`.
    pub product_id: i64,
    /// Column `bytes`.
    pub bytes: i64,
    /// Column `taken_on`.
    pub taken_on: Option<chrono::NaiveDate>,
}

impl PhotoRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            product_id: decode::integer(row, 0)?,
            bytes: decode::integer(row, 1)?,
            taken_on: decode::optional(row, 2, decode::date)?,
        })
    }
}

/// Store a photo, or replace the one that is there.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL)
        .bind(params.product_id)
        .bind(params.image.0.as_slice())
        .bind(params.taken_on.map(|taken_on| taken_on.to_string()));
    let mut session = shared.database.write(TIMEOUT).await?;
    let photo = session.one(statement, PhotoRow::decode).await?;
    session.commit().await?;
    Ok(Output { photo })
}
