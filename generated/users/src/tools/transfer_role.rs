//! The tool `transfer_role`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, decode, input, progress, template};
use crate::server::Shared;

/// The statement of `giver`.
const GIVER_SQL: &str = "UPDATE users SET role = 'user' WHERE id = ?1 AND role = 'admin' RETURNING id, role";

/// The statement of `taker`.
const TAKER_SQL: &str = "UPDATE users SET role = 'admin' WHERE id = ?1 RETURNING id, role";

/// What a person is asked before the call.
static CONFIRM: template::Template = template::Template::new(
    "Move the admin role from user {{ from_id }} to user {{ to_id }}?",
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// `from_id`.
    pub from_id: i64,
    /// `to_id`.
    pub to_id: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let from_id = fields.required("from_id", |input| Ok(input.integer()?.value));
        let to_id = fields.required("to_id", |input| Ok(input.integer()?.value));
        fields
            .finish(|| Some(Self {
                from_id: from_id?,
                to_id: to_id?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// What the step `giver` answered.
    pub giver: GiverRow,
    /// What the step `taker` answered.
    pub taker: TakerRow,
}

/// A row of the step `giver`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GiverRow {
    /// Column `id`.
    pub id: i64,
    /// Column `role`.
    pub role: String,
}

impl GiverRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            role: decode::text(row, 1)?,
        })
    }
}

/// A row of the step `taker`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TakerRow {
    /// Column `id`.
    pub id: i64,
    /// Column `role`.
    pub role: String,
}

impl TakerRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            role: decode::text(row, 1)?,
        })
    }
}

/// What a person is asked before a call with these arguments.
pub fn question(arguments: input::Arguments) -> Result<String, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    CONFIRM.render(&params)
}

/// Move the admin role from one user to another, both or neither.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let call = async {
            let output = run(shared, &params).await?;
            answer::json(&output)
        };
        cache::changing(&[&shared.caches.query_users], TIMEOUT, call).await
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let mut session = shared.database.write(TIMEOUT).await?;
    let giver = session
        .one(sqlx::query(GIVER_SQL).bind(params.from_id), GiverRow::decode)
        .await?;
    progress::step(1, 2, "giver");
    let taker = session
        .one(sqlx::query(TAKER_SQL).bind(params.to_id), TakerRow::decode)
        .await?;
    progress::step(2, 2, "taker");
    session.commit().await?;
    Ok(Output { giver, taker })
}
