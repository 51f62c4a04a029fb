//! Texts with variables. Templates were checked when the crate was generated.

use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::failure::Failure;

/// Renders a template. Values that are no text are written as JSON.
pub fn render<T: Serialize>(source: &str, variables: &T) -> Result<String, Failure> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_formatter(|out, state, value| {
        use minijinja::value::ValueKind::{Iterable, Map, Seq};
        if matches!(value.kind(), Map | Seq | Iterable) {
            let json = serde_json::to_string(value).map_err(|error| {
                minijinja::Error::new(minijinja::ErrorKind::BadSerialization, error.to_string())
            })?;
            return out.write_str(&json).map_err(minijinja::Error::from);
        }
        minijinja::escape_formatter(out, state, value)
    });
    environment
        .render_str(source, Value::from(Serde(variables)))
        .map_err(|error| Failure::unknown(&error))
}
