//! Where a page ends, in values that MySQL compares as it compared them itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sqlx::TypeInfo as _;
use sqlx::mysql::MySqlTypeInfo;

use super::binary::{self, Found};
use super::database::{Row, Statement};
use super::decode;
use super::failure::Failure;

/// Where a page ends: the values of its last row, in the order of the statement's keys, each with
/// what it is bound as.
#[derive(Debug, Clone, PartialEq)]
pub struct Position(Vec<Value>);

impl Position {
    /// The position of a row. `keys` are the positions of the key columns in it.
    pub fn of(row: &Row, keys: &[usize]) -> Result<Self, Failure> {
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            let field = decode::field(row, *key)?;
            let Some(bytes) = field.bytes else {
                return Err(Failure::unknown(&"a page cannot end with NULL"));
            };
            let value = value(&field.kind, bytes).map_err(|found| {
                let name = field.name;
                Failure::unknown(&format!("a page cannot end with {found} in column `{name}`"))
            })?;
            values.push(value);
        }
        Ok(Self(values))
    }

    /// The statement with every value bound, in the order in which the placeholders stand in
    /// `a <= ? AND (a < ? OR (b <= ? AND (b < ? OR c < ?)))`: all but the last one twice.
    pub fn bind_to<'q>(&self, statement: Statement<'q>) -> Statement<'q> {
        let last = self.0.len().saturating_sub(1);
        self.0.iter().enumerate().fold(statement, |statement, (at, value)| {
            let statement = bind(statement, value);
            if at < last { bind(statement, value) } else { statement }
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

/// A value with what it is bound as.
fn value(kind: &MySqlTypeInfo, bytes: &[u8]) -> Result<Value, Found> {
    Ok(match kind.name() {
        // MySQL compares in wide numbers: the narrow one is that exact value there.
        "FLOAT" => {
            let narrow = f32::from_le_bytes(bytes.try_into().map_err(|_| "another width")?);
            json!(["number", f64::from(narrow)])
        }
        "DOUBLE" => {
            let number = f64::from_le_bytes(bytes.try_into().map_err(|_| "another width")?);
            json!(["number", number])
        }
        "DECIMAL" => json!(["decimal", binary::decimal(kind, bytes)?]),
        "DATE" => json!(["date", binary::date(kind, bytes)?]),
        "TIME" => json!(["time", binary::time(kind, bytes)?]),
        "DATETIME" | "TIMESTAMP" => json!(["moment", binary::date_time(kind, bytes)?]),
        _ => {
            if let Ok(text) = binary::text(kind, bytes) {
                json!(["text", text])
            } else if let Ok(whole) = binary::integer(kind, bytes) {
                json!(["integer", whole])
            } else if let Ok(whole) = binary::unsigned(kind, bytes) {
                json!(["unsigned", whole])
            } else {
                json!(["bytes", STANDARD.encode(binary::bytes(kind, bytes)?)])
            }
        }
    })
}

/// The statement with a value bound. What is not of its kind was not signed by this server.
fn bind<'q>(statement: Statement<'q>, value: &Value) -> Statement<'q> {
    let (kind, value) = (value[0].as_str().unwrap_or_default(), &value[1]);
    let text = value.as_str().unwrap_or_default();
    match kind {
        "integer" => statement.bind(value.as_i64()),
        "unsigned" => statement.bind(value.as_u64()),
        "number" => statement.bind(value.as_f64()),
        "decimal" => statement.bind(text.parse::<sqlx::types::BigDecimal>().ok()),
        "date" => statement.bind(text.parse::<chrono::NaiveDate>().ok()),
        "time" => statement.bind(text.parse::<chrono::NaiveTime>().ok()),
        // Without its zone: with one it would be a TIMESTAMP, which ends in 2038.
        "moment" => {
            let moment = text.parse::<chrono::DateTime<chrono::Utc>>();
            statement.bind(moment.ok().map(|moment| moment.naive_utc()))
        }
        "bytes" => statement.bind(STANDARD.decode(text).ok()),
        _ => statement.bind(text.to_owned()),
    }
}
