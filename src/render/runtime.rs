//! The parts of the runtime that a crate needs, found by what its own code names.
//!
//! The runtime is a crate of this workspace (`templates/runtime`) whose parts
//! stand behind features. A feature is on when the generated code holds one of
//! its needles, or when a feature that is on needs it.

use std::collections::BTreeSet;

use super::slice;

/// `runtime/mod.rs`, and the files beside it.
const ROOT: &str = include_str!("../../templates/runtime/src/lib.rs");
const FILES: &[(&str, &str)] = &[
    ("answer", include_str!("../../templates/runtime/src/answer.rs")),
    ("cursor", include_str!("../../templates/runtime/src/cursor.rs")),
    ("database", include_str!("../../templates/runtime/src/database.rs")),
    ("decode", include_str!("../../templates/runtime/src/decode.rs")),
    ("failure", include_str!("../../templates/runtime/src/failure.rs")),
    ("format", include_str!("../../templates/runtime/src/format.rs")),
    ("http", include_str!("../../templates/runtime/src/http.rs")),
    ("input", include_str!("../../templates/runtime/src/input.rs")),
    ("logging", include_str!("../../templates/runtime/src/logging.rs")),
    ("sql", include_str!("../../templates/runtime/src/sql.rs")),
    ("stdio", include_str!("../../templates/runtime/src/stdio.rs")),
    ("stop", include_str!("../../templates/runtime/src/stop.rs")),
    ("template", include_str!("../../templates/runtime/src/template.rs")),
    ("uri", include_str!("../../templates/runtime/src/uri.rs")),
    ("value", include_str!("../../templates/runtime/src/value.rs")),
];

/// What in the generated code asks for a feature. Needles are looked for in text without spaces.
const NEEDLES: &[(&str, &[&str])] = &[
    ("affected", &["session.affected("]),
    ("array", &["input.array("]),
    ("bind-date-time", &["value::moment_text"]),
    ("bind-json", &["value::json_text"]),
    ("bind-moments", &["value::moments_text"]),
    ("boolean", &["input.boolean("]),
    ("bounded", &["session.bounded("]),
    ("choice", &["input.choice("]),
    ("choice-completions", &["answer::starting_with("]),
    ("clamp-maximum", &[".clamp_maximum("]),
    ("clamp-minimum", &[".clamp_minimum("]),
    ("clauses", &["sql::Variants"]),
    ("completions", &["answer::Completions"]),
    ("const", &[".constant("]),
    ("default-value", &["fields.or("]),
    ("error-texts", &[".worded("]),
    ("exclusive-maximum", &[".exclusive_maximum("]),
    ("exclusive-minimum", &[".exclusive_minimum("]),
    ("format-byte", &["format::bytes"]),
    ("format-date", &["format::date)"]),
    ("format-date-time", &["format::date_time"]),
    ("format-decimal", &["format::decimal"]),
    ("format-email", &["format::email"]),
    ("format-hostname", &["format::hostname"]),
    ("format-ipv4", &["format::ipv4"]),
    ("format-ipv6", &["format::ipv6"]),
    ("format-json", &["format::json"]),
    ("format-time", &["format::time"]),
    ("format-uri", &["format::uri"]),
    ("format-uuid", &["format::uuid"]),
    ("ignore-unknown", &["Unknown::Ignore"]),
    ("image", &["answer::image("]),
    ("input", &["input::"]),
    ("integer", &["input.integer("]),
    ("json-answer", &["answer::json("]),
    ("many", &["session.many("]),
    ("max-items", &[".max_items("]),
    ("max-length", &[".max_length("]),
    ("maximum", &[".maximum("]),
    ("min-items", &[".min_items("]),
    ("min-length", &[".min_length("]),
    ("minimum", &[".minimum("]),
    ("multiple-of-integer", &[".multiple_of("]),
    ("multiple-of-number", &[".multiple_of_number("]),
    ("nullable-default", &["fields.nullable_or("]),
    ("number", &["input.number("]),
    ("object", &["input.object("]),
    ("one-of", &["?.one_of(", ").one_of("]),
    ("one-row", &["session.one("]),
    ("optional", &["fields.optional("]),
    ("optional-nullable", &["fields.optional_nullable("]),
    ("optional-row", &["session.optional("]),
    ("page", &["cursor::"]),
    ("parsed", &["input.parsed("]),
    ("pattern", &[".pattern("]),
    ("protocol-errors", &["crate::resources::", "crate::prompts::", "crate::completions::"]),
    ("read", &["database.read("]),
    ("refuse-unknown", &["Unknown::Refuse"]),
    ("require-all-or-none", &["fields.all_or_none("]),
    ("require-any-of", &["fields.any_of("]),
    ("require-at-most-one", &["fields.at_most_one("]),
    ("require-one-of", &["fields.one_of("]),
    ("required", &["fields.required("]),
    ("required-nullable", &["fields.required_nullable("]),
    ("resource-blob", &["answer::resource_blob("]),
    ("resource-json", &["answer::resource_json("]),
    ("resource-templates", &["uri::Part"]),
    ("resource-text", &["answer::resource_text("]),
    ("resources", &["answer::no_resource("]),
    ("row-boolean", &["decode::boolean"]),
    ("row-choice", &["decode::choice("]),
    ("row-bytes", &["decode::bytes"]),
    ("row-date", &["decode::date(", "decode::date)"]),
    ("row-date-time", &["decode::date_time"]),
    ("row-decimal", &["decode::decimal"]),
    ("row-integer", &["decode::integer"]),
    ("row-json", &["decode::json(", "decode::json)"]),
    ("row-json-array", &["decode::json_array"]),
    ("row-json-object", &["decode::json_object"]),
    ("row-number", &["decode::number"]),
    ("row-optional", &["decode::optional"]),
    ("row-text", &["decode::text"]),
    ("row-time", &["decode::time"]),
    ("row-uuid", &["decode::uuid"]),
    ("snapshot", &["database.snapshot("]),
    ("templates", &["template::Template"]),
    ("text", &["input.text("]),
    ("text-answer", &["answer::rendered("]),
    ("text-format", &[".format(\""]),
    ("tools", &["answer::json(", "crate::tools::"]),
    ("unique-items", &[".unique_items("]),
    ("value-bytes", &["value::Bytes"]),
    ("value-decimal", &["value::Decimal"]),
    ("write", &["database.write("]),
];

/// What a feature needs to be on as well.
const NEEDS: &[(&str, &[&str])] = &[
    ("affected", &["session"]),
    ("array", &["nested", "typed"]),
    ("array-checks", &["checks"]),
    ("bind-date-time", &["values"]),
    ("bind-json", &["values"]),
    ("bind-moments", &["bind-date-time", "bind-json"]),
    ("boolean", &["typed"]),
    ("choice", &["lists", "typed"]),
    ("choice-completions", &["completions"]),
    ("const", &["checks"]),
    ("clamp-maximum", &["number-checks"]),
    ("clamp-minimum", &["number-checks"]),
    ("exclusive-maximum", &["bounds"]),
    ("exclusive-minimum", &["bounds"]),
    ("bounds", &["checks", "number-checks"]),
    ("format-byte", &["formats", "value-bytes"]),
    ("format-date", &["formats"]),
    ("format-date-time", &["formats"]),
    ("format-decimal", &["formats", "value-decimal"]),
    ("format-email", &["formats"]),
    ("format-hostname", &["formats"]),
    ("format-ipv4", &["formats"]),
    ("format-ipv6", &["formats"]),
    ("format-json", &["formats"]),
    ("format-time", &["formats"]),
    ("format-uri", &["formats"]),
    ("format-uuid", &["formats"]),
    ("integer", &["typed"]),
    ("json-answer", &["tools"]),
    ("max-items", &["array-checks"]),
    ("max-length", &["text-checks"]),
    ("maximum", &["bounds"]),
    ("min-items", &["array-checks"]),
    ("min-length", &["text-checks"]),
    ("minimum", &["bounds"]),
    ("multiple-of-integer", &["checks"]),
    ("multiple-of-number", &["checks"]),
    ("number", &["typed"]),
    ("object", &["nested", "typed"]),
    ("one-of", &["bounds"]),
    ("default-value", &["members"]),
    ("nullable-default", &["members"]),
    ("optional", &["members"]),
    ("optional-nullable", &["members"]),
    ("required", &["members"]),
    ("required-nullable", &["members"]),
    ("one-row", &["optional-row"]),
    ("page", &["rows"]),
    ("parsed", &["typed"]),
    ("pattern", &["text-checks"]),
    ("read", &["session"]),
    ("refuse-unknown", &["lists", "shown"]),
    ("require", &["lists"]),
    ("require-all-or-none", &["require"]),
    ("require-any-of", &["require"]),
    ("require-at-most-one", &["require"]),
    ("require-one-of", &["require"]),
    ("resource-json", &["resource-text"]),
    ("row-boolean", &["rows"]),
    ("row-bytes", &["rows", "value-bytes"]),
    ("row-choice", &["row-parsed"]),
    ("row-date", &["row-parsed"]),
    ("row-date-time", &["rows"]),
    ("row-decimal", &["format-decimal", "rows"]),
    ("row-integer", &["rows"]),
    ("row-json", &["row-parsed"]),
    ("row-json-array", &["row-parsed"]),
    ("row-json-object", &["row-parsed"]),
    ("row-number", &["rows"]),
    ("row-optional", &["rows"]),
    ("row-parsed", &["rows"]),
    ("row-text", &["rows"]),
    ("row-time", &["format-time", "row-parsed"]),
    ("row-uuid", &["format-uuid", "row-parsed"]),
    ("snapshot", &["transaction"]),
    ("text", &["typed"]),
    ("text-answer", &["json-answer", "templates"]),
    ("text-checks", &["checks"]),
    ("text-format", &["text-checks"]),
    ("transaction", &["session"]),
    ("typed", &["shown"]),
    ("unique-items", &["array-checks"]),
    ("value-bytes", &["values"]),
    ("value-decimal", &["values"]),
    ("write", &["transaction"]),
];

/// The files of the runtime that the texts of a crate ask for: path within `src`, and text.
pub(super) fn files<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<(String, String)> {
    let features = features(texts);
    let kept = slice::modules(ROOT, &features);
    let mut files = vec![("runtime/mod.rs".to_owned(), slice::slice(ROOT, &features))];
    for (name, text) in FILES {
        if kept.iter().any(|module| module == name) {
            files.push((format!("runtime/{name}.rs"), slice::slice(text, &features)));
        }
    }
    files
}

/// The features whose needles stand in the texts.
pub(super) fn found<'t>(
    needles: &[(&'static str, &[&str])],
    texts: impl Iterator<Item = &'t str>,
) -> BTreeSet<&'static str> {
    let mut on = BTreeSet::new();
    for text in texts {
        let dense: String = text.split_whitespace().collect();
        for (feature, needles) in needles {
            if needles.iter().any(|needle| dense.contains(needle)) {
                on.insert(*feature);
            }
        }
    }
    on
}

fn features<'t>(texts: impl Iterator<Item = &'t str>) -> BTreeSet<&'static str> {
    let mut on = found(NEEDLES, texts);
    loop {
        let needed: Vec<&'static str> = NEEDS
            .iter()
            .filter(|(feature, _)| on.contains(feature))
            .flat_map(|(_, needs)| needs.iter().copied())
            .filter(|feature| !on.contains(feature))
            .collect();
        if needed.is_empty() {
            return on;
        }
        on.extend(needed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_and_every_feature_is_known() {
        let all: BTreeSet<&str> =
            NEEDLES.iter().chain(NEEDS).map(|(feature, _)| *feature).chain(implied()).collect();
        let manifest = include_str!("../../templates/runtime/Cargo.toml");
        let declared: BTreeSet<&str> =
            manifest.lines().filter_map(|line| line.strip_suffix(" = []")).collect();
        let unknown: Vec<_> = declared.difference(&all).collect();
        assert!(unknown.is_empty(), "nothing turns on {unknown:?}");
        let named: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        let modules: BTreeSet<String> = slice::modules(ROOT, &declared).into_iter().collect();
        assert_eq!(named, modules);
    }

    fn implied() -> impl Iterator<Item = &'static str> {
        NEEDS.iter().flat_map(|(_, needs)| needs.iter().copied())
    }
}
