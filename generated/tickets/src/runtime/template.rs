//! Texts with variables. Templates were checked when the crate was generated.

use std::sync::OnceLock;

use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use serde::Serialize;

use super::failure::Failure;

/// A template that is read once, at its first use.
pub struct Template {
    source: &'static str,
    environment: OnceLock<Environment<'static>>,
}

/// The name of the one template in an environment.
const NAME: &str = "text";

impl Template {
    /// A template with this text.
    pub const fn new(source: &'static str) -> Self {
        Self { source, environment: OnceLock::new() }
    }

    /// Renders the template. Lists and objects are written as JSON.
    ///
    /// # Errors
    /// A variable is missing.
    pub fn render<T: Serialize>(&self, variables: &T) -> Result<String, Failure> {
        let environment = self.environment.get_or_init(|| environment(self.source));
        environment
            .get_template(NAME)
            .and_then(|template| template.render(Value::from(Serde(variables))))
            .map_err(|error| Failure::unknown(&error))
    }
}

fn environment(source: &'static str) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_formatter(|out, state, value| {
        if matches!(value.kind(), ValueKind::Map | ValueKind::Seq | ValueKind::Iterable) {
            let json = serde_json::to_string(value)
                .map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))?;
            return out.write_str(&json).map_err(Error::from);
        }
        minijinja::escape_formatter(out, state, value)
    });
    if let Err(error) = environment.add_template(NAME, source) {
        // Rendering says that there is no template; this says why.
        tracing::error!(%error, "a template cannot be read");
    }
    environment
}
