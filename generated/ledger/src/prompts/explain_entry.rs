//! The prompt `explain_entry`.

use std::time::Duration;

use rmcp::model::{GetPromptResult, PromptMessage};
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{decode, input, template, value};
use crate::server::Shared;

/// The statement of `entry`.
const ENTRY_SQL: &str = "SELECT id, entry_date, description FROM entries WHERE id = ?";

/// The statement of `lines`.
const LINES_SQL: &str = r"SELECT a.name, p.debit, p.credit, a.currency
FROM postings AS p JOIN accounts AS a ON a.number = p.account
WHERE p.entry_id = ? ORDER BY p.line";

/// Message 1.
static MESSAGE_1: template::Template = template::Template::new(
    r#"Entry {{ entry.id }} of {{ entry.entry_date }}, "{{ entry.description }}":
{% for l in lines %}- {{ l.name }}: debit {{ l.debit }}, credit {{ l.credit }} {{ l.currency }}
{% endfor %}
Explain in plain words what happened.
"#,
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// `id`.
    pub id: i64,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let id = fields.required("id", |input| Ok(input.integer()?.minimum(1)?.value));
        fields.finish(|| Some(Self { id: id? }))
    }
}

/// A row of `entry`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntryRow {
    /// Column `id`.
    pub id: u64,
    /// Column `entry_date`.
    pub entry_date: chrono::NaiveDate,
    /// Column `description`.
    pub description: String,
}

impl EntryRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::unsigned(row, 0)?,
            entry_date: decode::date(row, 1)?,
            description: decode::text(row, 2)?,
        })
    }
}

/// A row of `lines`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinesRow {
    /// Column `name`.
    pub name: String,
    /// Column `debit`.
    pub debit: value::Decimal,
    /// Column `credit`.
    pub credit: value::Decimal,
    /// Column `currency`.
    pub currency: String,
}

impl LinesRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            name: decode::text(row, 0)?,
            debit: decode::decimal(row, 1)?,
            credit: decode::decimal(row, 2)?,
            currency: decode::text(row, 3)?,
        })
    }
}

/// What the messages can name.
#[derive(Debug, Serialize)]
struct Variables<'a> {
    /// The arguments.
    #[serde(flatten)]
    params: &'a Params,
    /// What `entry` answered.
    entry: EntryRow,
    /// What `lines` answered.
    lines: Vec<LinesRow>,
}

/// Explain an entry to somebody who does not keep books.
pub async fn get(
    shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let mut session = shared.database.read(TIMEOUT).await?;
    let entry = session
        .one(sqlx::query(ENTRY_SQL).bind(params.id), EntryRow::decode)
        .await?;
    let lines = session
        .many(sqlx::query(LINES_SQL).bind(params.id), LinesRow::decode)
        .await?;
    let variables = Variables {
        params: &params,
        entry,
        lines,
    };
    let messages = Vec::from([
        PromptMessage::new_text(rmcp::model::Role::User, MESSAGE_1.render(&variables)?),
    ]);
    Ok(
        GetPromptResult::new(messages)
            .with_description("Explain an entry to somebody who does not keep books."),
    )
}
