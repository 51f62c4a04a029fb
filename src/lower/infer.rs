//! Params without a type, where the database says it.

use indexmap::IndexMap;

use crate::database::facts::{BindingFacts, ColumnRef, SqlType};
use crate::spec::document;

use super::context::Context;

/// The params with the types that the statements at `places` give to those that have none. A param
/// that no statement knows stays as it is; it is reported where types are read.
pub(super) fn typed(
    context: &Context,
    params: &IndexMap<String, document::Param>,
    places: &[String],
) -> IndexMap<String, document::Param> {
    let inference = Inference { context, places };
    inference.params(params, "")
}

struct Inference<'c, 'a> {
    context: &'c Context<'a>,
    places: &'c [String],
}

impl Inference<'_, '_> {
    fn params(
        &self,
        params: &IndexMap<String, document::Param>,
        prefix: &str,
    ) -> IndexMap<String, document::Param> {
        params
            .iter()
            .map(|(name, written)| (name.clone(), self.param(written, &format!("{prefix}{name}"))))
            .collect()
    }

    fn param(&self, written: &document::Param, dotted: &str) -> document::Param {
        let mut param = written.clone();
        if let Some(properties) = &param.properties {
            param.properties = Some(self.params(properties, &format!("{dotted}.")));
            return param;
        }
        let open =
            param.kind.is_none() || param.kind.as_deref() == Some("array") && param.items.is_none();
        if open && let Some(kind) = self.known(dotted) {
            fill(&mut param, &kind);
        } else if open && param.kind.is_none() && self.refused() {
            // What the database refuses is reported; that it then says no type is no second error.
            param.kind = Some("string".to_owned());
        }
        param
    }

    /// Whether one of the statements was refused.
    fn refused(&self) -> bool {
        self.places.iter().any(|place| self.context.statement_facts(place).is_none())
    }

    fn known(&self, dotted: &str) -> Option<SqlType> {
        let facts = self.places.iter().filter_map(|place| self.context.statement_facts(place));
        let all: Vec<&BindingFacts> =
            facts.filter_map(|facts| facts.bindings.get(dotted)).collect();
        let said = all.iter().find_map(|known| known.kind.clone());
        let met = || {
            all.iter().find_map(|known| {
                let met = known.assigned.iter().chain(&known.compared);
                let one = met.into_iter().find_map(|reference| self.column(reference));
                let list = || {
                    let item = known.spread.iter().find_map(|reference| self.column(reference));
                    item.map(|item| SqlType::Array(Box::new(item)))
                };
                one.or_else(list)
            })
        };
        let hinted = || all.iter().find_map(|known| known.hint.clone());
        said.or_else(met).or_else(hinted)
    }

    fn column(&self, reference: &ColumnRef) -> Option<SqlType> {
        let table = self.context.facts.tables.get(&reference.table)?;
        let column = table.columns.iter().find(|column| column.name == reference.column)?;
        column.kind.clone()
    }
}

/// Writes a database's type as a spec does. What is written beside it stays.
fn fill(param: &mut document::Param, kind: &SqlType) {
    let (name, format) = written(kind);
    if let SqlType::Array(item) = kind {
        let mut items = document::Param::default();
        fill(&mut items, item);
        param.items = Some(Box::new(items));
    }
    param.kind = Some(name.to_owned());
    if param.format.is_none() && param.choices.is_none() {
        param.format = format.map(str::to_owned);
    }
}

/// The `type` and the `format` that a database's type has in a spec.
#[must_use]
pub(crate) fn written(kind: &SqlType) -> (&'static str, Option<&'static str>) {
    match kind {
        SqlType::Array(_) => ("array", None),
        SqlType::Integer => ("integer", None),
        SqlType::Unsigned => ("integer", Some("uint64")),
        SqlType::Real => ("number", None),
        SqlType::Decimal => ("string", Some("decimal")),
        SqlType::Boolean => ("boolean", None),
        SqlType::Blob => ("string", Some("byte")),
        SqlType::Date => ("string", Some("date")),
        SqlType::Time => ("string", Some("time")),
        SqlType::DateTime => ("string", Some("date-time")),
        SqlType::Interval => ("string", Some("duration")),
        SqlType::Uuid => ("string", Some("uuid")),
        SqlType::Json => ("string", Some("json")),
        SqlType::Text
        | SqlType::Inet
        | SqlType::MacAddress
        | SqlType::Bits
        | SqlType::Range
        | SqlType::Composite => ("string", None),
    }
}
