//! Where a page ends, in values that SQLite stored.

use serde_json::Value;

use super::database::{Row, Statement};
use super::decode::{Stored, stored};
use super::failure::Failure;

/// Where a page ends: the values of its last row, in the order of the statement's keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Position(Vec<Value>);

impl Position {
    /// The position of a row. `keys` are the positions of the key columns in it.
    pub fn of(row: &Row, keys: &[usize]) -> Result<Self, Failure> {
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            values.push(match stored(row, *key)? {
                Stored::Integer(value) => Value::from(value),
                Stored::Real(value) => Value::from(value),
                Stored::Text(value) => Value::from(value),
                Stored::Blob(_) | Stored::Null => {
                    return Err(Failure::unknown(&"a page cannot end with a blob or NULL"));
                }
            });
        }
        Ok(Self(values))
    }

    /// The statement with every value bound, in the order of the keys.
    pub fn bind_to<'q>(&self, statement: Statement<'q>) -> Statement<'q> {
        self.0.iter().fold(statement, |statement, value| match value {
            Value::Number(number) => match number.as_i64() {
                Some(value) => statement.bind(value),
                None => statement.bind(number.as_f64()),
            },
            Value::String(text) => statement.bind(text.clone()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                statement.bind(None::<i64>)
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
