//! The tool `input`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, decode, input, progress, sql};
use crate::server::Shared;
use crate::types;

/// The statement in each order, as `sort` counts them.
static ORDERS: [sql::Variants; 6] = [
    sql::Variants::new(
        &[
            sql::Part::Text(
                r"SELECT * FROM (
SELECT id AS self, type, self AS x, type AS x_descending
FROM things
WHERE (self = ?1 OR ?2 IS NULL OR ?3 = self OR type = ?4)
  ",
            ),
            sql::Part::Clause(0, "AND self <> ?5"),
            sql::Part::Clause(1, " AND id IS NOT ?6"),
            sql::Part::Text(r#"
) AS page
ORDER BY "x""#),
        ],
    ),
    sql::Variants::new(
        &[
            sql::Part::Text(
                r"SELECT * FROM (
SELECT id AS self, type, self AS x, type AS x_descending
FROM things
WHERE (self = ?1 OR ?2 IS NULL OR ?3 = self OR type = ?4)
  ",
            ),
            sql::Part::Clause(0, "AND self <> ?5"),
            sql::Part::Clause(1, " AND id IS NOT ?6"),
            sql::Part::Text(r#"
) AS page
ORDER BY "x" DESC"#),
        ],
    ),
    sql::Variants::new(
        &[
            sql::Part::Text(
                r"SELECT * FROM (
SELECT id AS self, type, self AS x, type AS x_descending
FROM things
WHERE (self = ?1 OR ?2 IS NULL OR ?3 = self OR type = ?4)
  ",
            ),
            sql::Part::Clause(0, "AND self <> ?5"),
            sql::Part::Clause(1, " AND id IS NOT ?6"),
            sql::Part::Text(r#"
) AS page
ORDER BY "x_descending""#),
        ],
    ),
    sql::Variants::new(
        &[
            sql::Part::Text(
                r"SELECT * FROM (
SELECT id AS self, type, self AS x, type AS x_descending
FROM things
WHERE (self = ?1 OR ?2 IS NULL OR ?3 = self OR type = ?4)
  ",
            ),
            sql::Part::Clause(0, "AND self <> ?5"),
            sql::Part::Clause(1, " AND id IS NOT ?6"),
            sql::Part::Text(r#"
) AS page
ORDER BY "x_descending" DESC"#),
        ],
    ),
    sql::Variants::new(
        &[
            sql::Part::Text(
                r"SELECT * FROM (
SELECT id AS self, type, self AS x, type AS x_descending
FROM things
WHERE (self = ?1 OR ?2 IS NULL OR ?3 = self OR type = ?4)
  ",
            ),
            sql::Part::Clause(0, "AND self <> ?5"),
            sql::Part::Clause(1, " AND id IS NOT ?6"),
            sql::Part::Text(r#"
) AS page
ORDER BY "self""#),
        ],
    ),
    sql::Variants::new(
        &[
            sql::Part::Text(
                r"SELECT * FROM (
SELECT id AS self, type, self AS x, type AS x_descending
FROM things
WHERE (self = ?1 OR ?2 IS NULL OR ?3 = self OR type = ?4)
  ",
            ),
            sql::Part::Clause(0, "AND self <> ?5"),
            sql::Part::Clause(1, " AND id IS NOT ?6"),
            sql::Part::Text(r#"
) AS page
ORDER BY "self" DESC"#),
        ],
    ),
];

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `fields`.
    pub fields: String,
    /// `input`.
    pub input: Option<String>,
    /// `session`.
    pub session: Option<String>,
    /// `shared`.
    pub shared: Option<String>,
    /// `type`.
    pub type_: types::Odd,
    /// `params`.
    pub params: Option<Option<i64>>,
    /// Column to sort by; with a minus in front, in descending order.
    pub sort: Sort,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let fields_ = fields.required("fields", |input| Ok(types::alias(input)?.value));
        let input_ = fields.optional("input", |input| Ok(input.text()?.value));
        let session_ = fields
            .required_nullable("session", |input| Ok(input.text()?.value));
        let shared_ = fields
            .nullable_or("shared", json!(null), |input| Ok(input.text()?.value));
        let type_ = fields
            .or("type", json!("a b"), |input| Ok(types::odd(input)?.value));
        let params_ = fields
            .optional_nullable("params", |input| Ok(input.integer()?.value));
        let sort = fields
            .or(
                "sort",
                json!("x"),
                |input| Ok(input.choice(&Sort::ALL)?.value),
            );
        fields
            .finish(|| Some(Self {
                fields: fields_?,
                input: input_?,
                session: session_?,
                shared: shared_?,
                type_: type_?,
                params: params_?,
                sort: sort?,
            }))
    }
}

/// Column to sort by; with a minus in front, in descending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sort {
    /// `x`.
    #[serde(rename = "x")]
    X,
    /// `-x`.
    #[serde(rename = "-x")]
    XDescending,
    /// `x_descending`.
    #[serde(rename = "x_descending")]
    XDescending2,
    /// `-x_descending`.
    #[serde(rename = "-x_descending")]
    XDescendingDescending,
    /// `self`.
    #[serde(rename = "self")]
    Self_,
    /// `-self`.
    #[serde(rename = "-self")]
    SelfDescending,
}

impl Sort {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 6] = [
        ("x", Self::X),
        ("-x", Self::XDescending),
        ("x_descending", Self::XDescending2),
        ("-x_descending", Self::XDescendingDescending),
        ("self", Self::Self_),
        ("-self", Self::SelfDescending),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::XDescending => "-x",
            Self::XDescending2 => "x_descending",
            Self::XDescendingDescending => "-x_descending",
            Self::Self_ => "self",
            Self::SelfDescending => "-self",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The records.
    pub output: Vec<OutputRow>,
    /// Number of rows in this answer.
    pub count: usize,
    /// The arguments `fields`, `input`, `session`, `params`.
    pub arguments: Arguments,
    /// The argument `type`.
    #[serde(rename = "type")]
    pub type_: types::Odd,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutputRow {
    /// Column `self`.
    #[serde(rename = "self")]
    pub self_: i64,
    /// Column `type`.
    #[serde(rename = "type")]
    pub type_: String,
    /// Column `x`.
    pub x: String,
    /// Column `x_descending`.
    pub x_descending: String,
}

impl OutputRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            self_: decode::integer(row, 0)?,
            type_: decode::text(row, 1)?,
            x: decode::text(row, 2)?,
            x_descending: decode::text(row, 3)?,
        })
    }
}

/// What `arguments` repeats.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Arguments {
    /// `fields`.
    pub fields: String,
    /// `input`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// `session`.
    pub session: Option<String>,
    /// `params`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub params: Option<Option<i64>>,
}

/// Names of modules and variables of generated code as names of everything.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(
            ORDERS[params.sort as usize]
                .with(&[params.input.is_some(), params.params.is_some()]),
        )
        .bind(params.fields.as_str())
        .bind(params.session.as_deref())
        .bind(params.shared.as_deref())
        .bind(params.type_.as_str())
        .bind(params.input.as_deref())
        .bind(params.params.flatten());
    let mut session = shared.database.read(TIMEOUT).await?;
    let reading = session.many(statement, OutputRow::decode);
    let output_ = progress::rows(reading).await?;
    Ok(Output {
        count: output_.len(),
        output: output_,
        arguments: Arguments {
            fields: params.fields.clone(),
            input: params.input.clone(),
            session: params.session.clone(),
            params: params.params,
        },
        type_: params.type_,
    })
}
