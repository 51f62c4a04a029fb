//! The prompt `month_review`.

use std::time::Duration;

use rmcp::model::{ContentBlock, GetPromptResult, PromptMessage};
use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{decode, input, template, value};
use crate::server::Shared;
use crate::types;

/// The statement of `month`.
const MONTH_SQL: &str = "SELECT code, starts_on, ends_on FROM periods WHERE code = ?";

/// The statement of `accounts`.
const ACCOUNTS_SQL: &str = r"SELECT l.account_name AS name, l.kind, l.currency, SUM(l.effect) AS amount
FROM ledger_lines AS l JOIN periods AS m ON m.id = l.period_id
WHERE m.code = ? AND l.kind IN ('income', 'expense')
GROUP BY l.account, l.account_name, l.kind, l.currency
ORDER BY l.account";

/// Message 2.
static MESSAGE_2: template::Template = template::Template::new(
    r"Income and expenses from {{ month.starts_on }} to {{ month.ends_on }}:
{% for a in accounts %}- {{ a.kind }} {{ a.name }}: {{ a.amount }} {{ a.currency }}
{% else %}nothing was posted
{% endfor %}
What stands out, with a look at {{ focus }}?
",
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// A month.
    pub period: String,
    /// `focus`.
    pub focus: Focus,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let period = fields.required("period", |input| Ok(types::period(input)?.value));
        let focus = fields
            .or(
                "focus",
                json!("both"),
                |input| Ok(input.choice(&Focus::ALL)?.value),
            );
        fields
            .finish(|| Some(Self {
                period: period?,
                focus: focus?,
            }))
    }
}

/// `focus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Focus {
    /// `costs`.
    #[serde(rename = "costs")]
    Costs,
    /// `income`.
    #[serde(rename = "income")]
    Income,
    /// `both`.
    #[serde(rename = "both")]
    Both,
}

impl Focus {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 3] = [
        ("costs", Self::Costs),
        ("income", Self::Income),
        ("both", Self::Both),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Costs => "costs",
            Self::Income => "income",
            Self::Both => "both",
        }
    }
}

/// A row of `month`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MonthRow {
    /// Column `code`.
    pub code: String,
    /// Column `starts_on`.
    pub starts_on: chrono::NaiveDate,
    /// Column `ends_on`.
    pub ends_on: chrono::NaiveDate,
}

impl MonthRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            code: decode::text(row, 0)?,
            starts_on: decode::date(row, 1)?,
            ends_on: decode::date(row, 2)?,
        })
    }
}

/// A row of `accounts`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccountsRow {
    /// Column `name`.
    pub name: Option<String>,
    /// Column `kind`.
    pub kind: Option<types::AccountKind>,
    /// Column `currency`.
    pub currency: Option<String>,
    /// Column `amount`.
    pub amount: value::Decimal,
}

impl AccountsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            name: decode::optional(row, 0, decode::text)?,
            kind: decode::optional(
                row,
                1,
                |row, at| decode::choice(row, at, &types::AccountKind::ALL),
            )?,
            currency: decode::optional(row, 2, decode::text)?,
            amount: decode::decimal(row, 3)?,
        })
    }
}

/// What the messages can name.
#[derive(Debug, Serialize)]
struct Variables<'a> {
    /// The arguments.
    #[serde(flatten)]
    params: &'a Params,
    /// What `month` answered.
    month: MonthRow,
    /// What `accounts` answered.
    accounts: Vec<AccountsRow>,
}

/// Ask what stands out in the income and expenses of a month.
pub async fn get(
    shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let mut session = shared.database.read(TIMEOUT).await?;
    let month = session
        .one(sqlx::query(MONTH_SQL).bind(params.period.as_str()), MonthRow::decode)
        .await?;
    let accounts = session
        .many(
            sqlx::query(ACCOUNTS_SQL).bind(params.period.as_str()),
            AccountsRow::decode,
        )
        .await?;
    let variables = Variables {
        params: &params,
        month,
        accounts,
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
            .with_description(
                "Ask what stands out in the income and expenses of a month.",
            ),
    )
}
