//! The prompt `delay_letter`.

use std::time::Duration;

use rmcp::model::{ContentBlock, GetPromptResult, PromptMessage};
use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{decode, input, template, value};
use crate::server::Shared;

/// The statement of `order`.
const ORDER_SQL: &str = r"SELECT o.number, o.total, o.placed_at, c.name AS customer
FROM orders AS o JOIN customers AS c ON c.id = o.customer_id
WHERE o.number = $1";

/// The statement of `items`.
const ITEMS_SQL: &str = r"SELECT i.quantity, p.name
FROM order_items AS i
JOIN orders AS o ON o.id = i.order_id
JOIN variants AS v ON v.id = i.variant_id
JOIN products AS p ON p.id = v.product_id
WHERE o.number = $1 ORDER BY i.line";

/// Message 2.
static MESSAGE_2: template::Template = template::Template::new(
    r"Write a {{ tone }} letter to {{ order.customer }}: order {{ order.number }} of {{ order.placed_at }}
over {{ order.total }} euros is late. It holds:
{% for item in items %}- {{ item.quantity }} × {{ item.name }}
{% endfor %}
",
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// `number`.
    pub number: i64,
    /// `tone`.
    pub tone: Tone,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let number = fields.required("number", |input| Ok(input.integer()?.value));
        let tone = fields
            .or(
                "tone",
                json!("friendly"),
                |input| Ok(input.choice(&Tone::ALL)?.value),
            );
        fields
            .finish(|| Some(Self {
                number: number?,
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

/// A row of `order`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderRow {
    /// Column `number`.
    pub number: i64,
    /// Column `total`.
    pub total: value::Decimal,
    /// Column `placed_at`.
    pub placed_at: chrono::DateTime<chrono::Utc>,
    /// Column `customer`.
    pub customer: String,
}

impl OrderRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            number: decode::integer(row, 0)?,
            total: decode::decimal(row, 1)?,
            placed_at: decode::date_time(row, 2)?,
            customer: decode::text(row, 3)?,
        })
    }
}

/// A row of `items`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemsRow {
    /// Column `quantity`.
    pub quantity: i64,
    /// Column `name`.
    pub name: String,
}

impl ItemsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            quantity: decode::integer(row, 0)?,
            name: decode::text(row, 1)?,
        })
    }
}

/// What the messages can name.
#[derive(Debug, Serialize)]
struct Variables<'a> {
    /// The arguments.
    #[serde(flatten)]
    params: &'a Params,
    /// What `order` answered.
    #[serde(rename = "order")]
    order_: OrderRow,
    /// What `items` answered.
    items: Vec<ItemsRow>,
}

/// Write to a customer whose order is late.
pub async fn get(
    shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let mut session = shared.database.read(TIMEOUT).await?;
    let order_ = session
        .one(sqlx::query(ORDER_SQL).bind(params.number), OrderRow::decode)
        .await?;
    let items = session
        .many(sqlx::query(ITEMS_SQL).bind(params.number), ItemsRow::decode)
        .await?;
    let variables = Variables {
        params: &params,
        order_,
        items,
    };
    let messages = Vec::from([
        PromptMessage::new(
            rmcp::model::Role::User,
            ContentBlock::resource(crate::resources::guide::contents()),
        ),
        PromptMessage::new_text(rmcp::model::Role::User, MESSAGE_2.render(&variables)?),
    ]);
    Ok(
        GetPromptResult::new(messages)
            .with_description("Write to a customer whose order is late."),
    )
}
