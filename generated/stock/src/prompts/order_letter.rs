//! The prompt `order_letter`.

use std::time::Duration;

use rmcp::model::{ContentBlock, GetPromptResult, PromptMessage};
use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{decode, input, template};
use crate::server::Shared;

/// The statement of `who`.
const WHO_SQL: &str = "SELECT name, email, lead_time_days FROM suppliers WHERE name = ?1";

/// The statement of `due`.
const DUE_SQL: &str = r"SELECT p.sku, p.name, p.reorder_quantity
FROM products AS p
JOIN suppliers AS s ON s.id = p.supplier_id
WHERE s.name = ?1 AND NOT p.discontinued
  AND (SELECT COALESCE(SUM(quantity), 0) FROM movements WHERE product_id = p.id) <= p.reorder_level
ORDER BY p.sku";

/// Message 2.
static MESSAGE_2: template::Template = template::Template::new(
    r"Write a {{ tone }} letter to {{ supplier }}{% if who and who.email %} ({{ who.email }}){% endif %} that orders:
{% for item in due %}- {{ item.reorder_quantity }} × {{ item.name }} ({{ item.sku }})
{% else %}nothing: say that all is well
{% endfor %}
",
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// `supplier`.
    pub supplier: String,
    /// `tone`.
    pub tone: Tone,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let supplier = fields
            .required("supplier", |input| Ok(input.text()?.max_length(120)?.value));
        let tone = fields
            .or(
                "tone",
                json!("friendly"),
                |input| Ok(input.choice(&Tone::ALL)?.value),
            );
        fields
            .finish(|| Some(Self {
                supplier: supplier?,
                tone: tone?,
            }))
    }
}

/// `tone`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Tone {
    /// `friendly`.
    #[serde(rename = "friendly")]
    Friendly,
    /// `formal`.
    #[serde(rename = "formal")]
    Formal,
}

impl Tone {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 2] = [
        ("friendly", Self::Friendly),
        ("formal", Self::Formal),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Friendly => "friendly",
            Self::Formal => "formal",
        }
    }
}

/// A row of `who`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhoRow {
    /// Column `name`.
    pub name: String,
    /// Column `email`.
    pub email: Option<String>,
    /// Column `lead_time_days`.
    pub lead_time_days: i64,
}

impl WhoRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            name: decode::text(row, 0)?,
            email: decode::optional(row, 1, decode::text)?,
            lead_time_days: decode::integer(row, 2)?,
        })
    }
}

/// A row of `due`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DueRow {
    /// Column `sku`.
    pub sku: String,
    /// Column `name`.
    pub name: String,
    /// Column `reorder_quantity`.
    pub reorder_quantity: i64,
}

impl DueRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            sku: decode::text(row, 0)?,
            name: decode::text(row, 1)?,
            reorder_quantity: decode::integer(row, 2)?,
        })
    }
}

/// What the messages can name.
#[derive(Debug, Serialize)]
struct Variables<'a> {
    /// The arguments.
    #[serde(flatten)]
    params: &'a Params,
    /// What `who` answered.
    who: Option<WhoRow>,
    /// What `due` answered.
    due: Vec<DueRow>,
}

/// Write to a supplier and order what is due.
pub async fn get(
    shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let mut session = shared.database.read(TIMEOUT).await?;
    let who = session
        .optional(sqlx::query(WHO_SQL).bind(params.supplier.as_str()), WhoRow::decode)
        .await?;
    let due = session
        .many(sqlx::query(DUE_SQL).bind(params.supplier.as_str()), DueRow::decode)
        .await?;
    let variables = Variables {
        params: &params,
        who,
        due,
    };
    let messages = Vec::from([
        PromptMessage::new(
            rmcp::model::Role::User,
            ContentBlock::resource(crate::resources::handbook::contents()),
        ),
        PromptMessage::new_text(rmcp::model::Role::User, MESSAGE_2.render(&variables)?),
    ]);
    Ok(
        GetPromptResult::new(messages)
            .with_description("Write to a supplier and order what is due."),
    )
}
