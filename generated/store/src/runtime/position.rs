//! Where a page ends, in values that PostgreSQL reads back as they were.

use serde_json::{Value, json};

use super::binary;
use super::database::{Row, Statement};
use super::decode::Source;
use super::failure::Failure;

/// Where a page ends: the values of its last row, in the order of the statement's keys, each with
/// the type that it is bound as.
#[derive(Debug, Clone, PartialEq)]
pub struct Position(Vec<Value>);

impl Position {
    /// The position of a row. `keys` are the positions of the key columns in it.
    pub fn of(row: &Row, keys: &[usize]) -> Result<Self, Failure> {
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            let field = row.field(*key)?;
            let Some(bytes) = field.bytes else {
                return Err(Failure::unknown(&"a page cannot end with NULL"));
            };
            let refused = |found| {
                let name = field.name;
                Failure::unknown(&format!("a page cannot end with {found} in column `{name}`"))
            };
            let kind = &field.kind;
            values.push(match sqlx::TypeInfo::name(kind) {
                name @ ("INT2" | "INT4" | "INT8") => {
                    json!([name, binary::integer(kind, bytes).map_err(refused)?])
                }
                "BOOL" => json!(["BOOL", binary::boolean(kind, bytes).map_err(refused)?]),
                // As text, because JSON has no NaN and no infinity.
                name @ ("FLOAT4" | "FLOAT8") => {
                    json!([name, binary::text_form(kind, bytes).map_err(refused)?])
                }
                _ => json!(["TEXT", binary::text_form(kind, bytes).map_err(refused)?]),
            });
        }
        Ok(Self(values))
    }

    /// The statement with every value bound, in the order of the keys.
    pub fn bind_to<'q>(&self, statement: Statement<'q>) -> Statement<'q> {
        self.0.iter().fold(statement, |statement, value| {
            let (kind, value) = (value[0].as_str().unwrap_or_default(), &value[1]);
            let whole = value.as_i64().unwrap_or_default();
            let text = value.as_str().unwrap_or_default();
            // What does not fit was not signed by this server.
            match kind {
                "INT2" => statement.bind(i16::try_from(whole).ok()),
                "INT4" => statement.bind(i32::try_from(whole).ok()),
                "INT8" => statement.bind(whole),
                "FLOAT4" => statement.bind(text.parse::<f32>().ok()),
                "FLOAT8" => statement.bind(text.parse::<f64>().ok()),
                "BOOL" => statement.bind(value.as_bool()),
                _ => statement.bind(text.to_owned()),
            }
        })
    }

    /// The values as they travel in a cursor.
    pub(super) fn into_values(self) -> Vec<Value> {
        self.0
    }

    /// A position of values that a cursor brought back.
    pub(super) fn from_values(values: Vec<Value>) -> Self {
        Self(values)
    }
}
