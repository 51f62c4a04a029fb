//! The tool `list_suppliers`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, decode, input, progress};
use crate::server::Shared;

/// The statement in each order, as `sort` counts them.
static ORDERS: [&str; 6] = [
    r#"SELECT * FROM (
SELECT s.id, s.name, s.email, s.lead_time_days, COUNT(p.id) AS products
FROM suppliers AS s LEFT JOIN products AS p ON p.supplier_id = s.id
GROUP BY s.id
) AS page
ORDER BY "name""#,
    r#"SELECT * FROM (
SELECT s.id, s.name, s.email, s.lead_time_days, COUNT(p.id) AS products
FROM suppliers AS s LEFT JOIN products AS p ON p.supplier_id = s.id
GROUP BY s.id
) AS page
ORDER BY "name" DESC"#,
    r#"SELECT * FROM (
SELECT s.id, s.name, s.email, s.lead_time_days, COUNT(p.id) AS products
FROM suppliers AS s LEFT JOIN products AS p ON p.supplier_id = s.id
GROUP BY s.id
) AS page
ORDER BY "lead_time_days""#,
    r#"SELECT * FROM (
SELECT s.id, s.name, s.email, s.lead_time_days, COUNT(p.id) AS products
FROM suppliers AS s LEFT JOIN products AS p ON p.supplier_id = s.id
GROUP BY s.id
) AS page
ORDER BY "lead_time_days" DESC"#,
    r#"SELECT * FROM (
SELECT s.id, s.name, s.email, s.lead_time_days, COUNT(p.id) AS products
FROM suppliers AS s LEFT JOIN products AS p ON p.supplier_id = s.id
GROUP BY s.id
) AS page
ORDER BY "products""#,
    r#"SELECT * FROM (
SELECT s.id, s.name, s.email, s.lead_time_days, COUNT(p.id) AS products
FROM suppliers AS s LEFT JOIN products AS p ON p.supplier_id = s.id
GROUP BY s.id
) AS page
ORDER BY "products" DESC"#,
];

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// Column to sort by; with a minus in front, in descending order.
    pub sort: Sort,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let sort = fields
            .or(
                "sort",
                json!("name"),
                |input| Ok(input.choice(&Sort::ALL)?.value),
            );
        fields.finish(|| Some(Self { sort: sort? }))
    }
}

/// Column to sort by; with a minus in front, in descending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sort {
    /// `name`.
    #[serde(rename = "name")]
    Name,
    /// `-name`.
    #[serde(rename = "-name")]
    NameDescending,
    /// `lead_time_days`.
    #[serde(rename = "lead_time_days")]
    LeadTimeDays,
    /// `-lead_time_days`.
    #[serde(rename = "-lead_time_days")]
    LeadTimeDaysDescending,
    /// `products`.
    #[serde(rename = "products")]
    Products,
    /// `-products`.
    #[serde(rename = "-products")]
    ProductsDescending,
}

impl Sort {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 6] = [
        ("name", Self::Name),
        ("-name", Self::NameDescending),
        ("lead_time_days", Self::LeadTimeDays),
        ("-lead_time_days", Self::LeadTimeDaysDescending),
        ("products", Self::Products),
        ("-products", Self::ProductsDescending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::NameDescending => "-name",
            Self::LeadTimeDays => "lead_time_days",
            Self::LeadTimeDaysDescending => "-lead_time_days",
            Self::Products => "products",
            Self::ProductsDescending => "-products",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub suppliers: Vec<SuppliersRow>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuppliersRow {
    /// Column `id`.
    pub id: i64,
    /// Column `name`.
    pub name: String,
    /// Column `email`.
    pub email: Option<String>,
    /// Column `lead_time_days`.
    pub lead_time_days: i64,
    /// Column `products`.
    pub products: i64,
}

impl SuppliersRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: decode::integer(row, 0)?,
            name: decode::text(row, 1)?,
            email: decode::optional(row, 2, decode::text)?,
            lead_time_days: decode::integer(row, 3)?,
            products: decode::integer(row, 4)?,
        })
    }
}

/// Every supplier with the number of products that they deliver.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let key = cache::key(&params)?;
        let call = async {
            let output = run(shared, &params).await?;
            answer::json(&output)
        };
        shared.caches.list_suppliers.answer(&key, TIMEOUT, call).await
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(ORDERS[params.sort as usize]);
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, SuppliersRow::decode);
    let suppliers = progress::rows(reading).await?;
    Ok(Output { suppliers })
}
