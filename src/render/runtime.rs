//! The parts of the runtime that a crate needs, found by what its own code names.
//!
//! The runtime is a crate of this workspace (`templates/runtime`) whose parts
//! stand behind features. A feature is on when the generated code holds one of
//! its needles, or when a feature that is on needs it.

use std::collections::BTreeSet;

use super::slice;

/// `runtime/mod.rs`.
const ROOT: &str = include_str!("../../templates/runtime/src/lib.rs");
/// The files that modules lie in: those of all engines, and in folders those of some.
const FILES: &[(&str, &str)] = &[
    ("address.rs", include_str!("../../templates/runtime/src/address.rs")),
    ("answer.rs", include_str!("../../templates/runtime/src/answer.rs")),
    ("ask.rs", include_str!("../../templates/runtime/src/ask.rs")),
    ("audit.rs", include_str!("../../templates/runtime/src/audit.rs")),
    ("audit_file.rs", include_str!("../../templates/runtime/src/audit_file.rs")),
    ("audit_table.rs", include_str!("../../templates/runtime/src/audit_table.rs")),
    ("auth.rs", include_str!("../../templates/runtime/src/auth.rs")),
    ("cache.rs", include_str!("../../templates/runtime/src/cache.rs")),
    ("cache/local.rs", include_str!("../../templates/runtime/src/cache/local.rs")),
    ("cache/shared.rs", include_str!("../../templates/runtime/src/cache/shared.rs")),
    ("claims.rs", include_str!("../../templates/runtime/src/claims.rs")),
    ("client_log.rs", include_str!("../../templates/runtime/src/client_log.rs")),
    ("concurrency.rs", include_str!("../../templates/runtime/src/concurrency.rs")),
    ("confirm.rs", include_str!("../../templates/runtime/src/confirm.rs")),
    ("cursor.rs", include_str!("../../templates/runtime/src/cursor.rs")),
    ("elicit.rs", include_str!("../../templates/runtime/src/elicit.rs")),
    ("failure.rs", include_str!("../../templates/runtime/src/failure.rs")),
    ("format.rs", include_str!("../../templates/runtime/src/format.rs")),
    ("front.rs", include_str!("../../templates/runtime/src/front.rs")),
    ("gate.rs", include_str!("../../templates/runtime/src/gate.rs")),
    ("handle.rs", include_str!("../../templates/runtime/src/handle.rs")),
    ("http.rs", include_str!("../../templates/runtime/src/http.rs")),
    ("input.rs", include_str!("../../templates/runtime/src/input.rs")),
    ("introspection.rs", include_str!("../../templates/runtime/src/introspection.rs")),
    ("jsonrpc.rs", include_str!("../../templates/runtime/src/jsonrpc.rs")),
    ("jwt.rs", include_str!("../../templates/runtime/src/jwt.rs")),
    ("keys.rs", include_str!("../../templates/runtime/src/keys.rs")),
    ("listing.rs", include_str!("../../templates/runtime/src/listing.rs")),
    ("logging.rs", include_str!("../../templates/runtime/src/logging.rs")),
    ("management.rs", include_str!("../../templates/runtime/src/management.rs")),
    ("mask.rs", include_str!("../../templates/runtime/src/mask.rs")),
    ("metrics.rs", include_str!("../../templates/runtime/src/metrics.rs")),
    ("mysql/binary.rs", include_str!("../../templates/runtime/src/mysql/binary.rs")),
    ("mysql/codes.rs", include_str!("../../templates/runtime/src/mysql/codes.rs")),
    ("mysql/decode.rs", include_str!("../../templates/runtime/src/mysql/decode.rs")),
    ("mysql/engine.rs", include_str!("../../templates/runtime/src/mysql/engine.rs")),
    ("mysql/position.rs", include_str!("../../templates/runtime/src/mysql/position.rs")),
    ("mysql/sql.rs", include_str!("../../templates/runtime/src/mysql/sql.rs")),
    ("mysql/value.rs", include_str!("../../templates/runtime/src/mysql/value.rs")),
    ("once.rs", include_str!("../../templates/runtime/src/once.rs")),
    ("places.rs", include_str!("../../templates/runtime/src/places.rs")),
    ("poll.rs", include_str!("../../templates/runtime/src/poll.rs")),
    ("pooled/breaker.rs", include_str!("../../templates/runtime/src/pooled/breaker.rs")),
    ("pooled/database.rs", include_str!("../../templates/runtime/src/pooled/database.rs")),
    ("pooled/retry.rs", include_str!("../../templates/runtime/src/pooled/retry.rs")),
    ("postgres/binary.rs", include_str!("../../templates/runtime/src/postgres/binary.rs")),
    ("postgres/codes.rs", include_str!("../../templates/runtime/src/postgres/codes.rs")),
    ("postgres/decode.rs", include_str!("../../templates/runtime/src/postgres/decode.rs")),
    ("postgres/engine.rs", include_str!("../../templates/runtime/src/postgres/engine.rs")),
    ("postgres/listen.rs", include_str!("../../templates/runtime/src/postgres/listen.rs")),
    ("postgres/position.rs", include_str!("../../templates/runtime/src/postgres/position.rs")),
    ("postgres/value.rs", include_str!("../../templates/runtime/src/postgres/value.rs")),
    ("progress.rs", include_str!("../../templates/runtime/src/progress.rs")),
    ("rate.rs", include_str!("../../templates/runtime/src/rate.rs")),
    ("rate/local.rs", include_str!("../../templates/runtime/src/rate/local.rs")),
    ("rate/shared.rs", include_str!("../../templates/runtime/src/rate/shared.rs")),
    ("room.rs", include_str!("../../templates/runtime/src/room.rs")),
    ("secret.rs", include_str!("../../templates/runtime/src/secret.rs")),
    ("session.rs", include_str!("../../templates/runtime/src/session.rs")),
    ("sessions.rs", include_str!("../../templates/runtime/src/sessions.rs")),
    ("shared.rs", include_str!("../../templates/runtime/src/shared.rs")),
    ("sql.rs", include_str!("../../templates/runtime/src/sql.rs")),
    ("sqlite/codes.rs", include_str!("../../templates/runtime/src/sqlite/codes.rs")),
    ("sqlite/database.rs", include_str!("../../templates/runtime/src/sqlite/database.rs")),
    ("sqlite/decode.rs", include_str!("../../templates/runtime/src/sqlite/decode.rs")),
    ("sqlite/position.rs", include_str!("../../templates/runtime/src/sqlite/position.rs")),
    ("sqlite/value.rs", include_str!("../../templates/runtime/src/sqlite/value.rs")),
    ("stdio.rs", include_str!("../../templates/runtime/src/stdio.rs")),
    ("stop.rs", include_str!("../../templates/runtime/src/stop.rs")),
    ("subscriber.rs", include_str!("../../templates/runtime/src/subscriber.rs")),
    ("table.rs", include_str!("../../templates/runtime/src/table.rs")),
    ("telemetry.rs", include_str!("../../templates/runtime/src/telemetry.rs")),
    ("template.rs", include_str!("../../templates/runtime/src/template.rs")),
    ("token.rs", include_str!("../../templates/runtime/src/token.rs")),
    ("uri.rs", include_str!("../../templates/runtime/src/uri.rs")),
    ("watch.rs", include_str!("../../templates/runtime/src/watch.rs")),
];

/// What in the generated code asks for a feature. Needles are looked for in text without spaces.
const NEEDLES: &[(&str, &[&str])] = &[
    ("address", &["Proxies::new("]),
    ("affected", &["session.affected("]),
    ("annotated", &["answer::annotated("]),
    ("array", &["input.array("]),
    ("ask", &["ask::Form{"]),
    ("audio", &["answer::audio("]),
    ("audit", &["audit::Audit"]),
    ("audit-arguments", &["arguments:written"]),
    ("audit-file", &["audit_file::"]),
    ("audit-lines", &[".write_to("]),
    ("audit-required", &["required:changes"]),
    ("audit-table", &["table:SQL"]),
    ("audit-uris", &["uris:named"]),
    ("auth", &["auth::Rules"]),
    ("auth-introspection", &["introspection:auth::Asked{"]),
    ("auth-jwt", &["jwt:auth::Jwt{"]),
    ("auth-keys", &["api_keys:\""]),
    ("bind-date-time", &["value::moment_text"]),
    ("bind-decimal", &["value::big_decimal"]),
    ("bind-int2", &["value::int2(", "value::int2)"]),
    ("bind-int2s", &["value::int2s(", "value::int2s)"]),
    ("bind-float4", &["value::float4(", "value::float4)"]),
    ("bind-int4", &["value::int4(", "value::int4)"]),
    ("bind-int4s", &["value::int4s(", "value::int4s)"]),
    ("bind-json", &["value::json_text"]),
    ("bind-moment-texts", &["value::moment_texts"]),
    ("bind-moments", &["value::moments_text"]),
    ("block-answer", &["answer::blocks("]),
    ("boolean", &["input.boolean("]),
    ("bounded", &["session.bounded("]),
    ("breaker", &["breaker::Rule"]),
    ("cache", &["crate::runtime::cache::"]),
    ("cache-shared", &["Caches::empty(redis)"]),
    ("choice", &["input.choice("]),
    ("choice-completions", &["answer::starting_with("]),
    ("claims", &["caller.claim("]),
    ("clamp-maximum", &[".clamp_maximum("]),
    ("clamp-minimum", &[".clamp_minimum("]),
    ("clauses", &["sql::Variants"]),
    ("client-log", &["client_log::"]),
    ("completions", &["answer::Completions"]),
    ("concurrency", &["concurrency::Most"]),
    ("confirm", &["Confirmations::"]),
    ("const", &[".constant("]),
    ("default-value", &["fields.or("]),
    ("error-texts", &[".worded("]),
    ("exclusive-maximum", &[".exclusive_maximum("]),
    ("exclusive-minimum", &[".exclusive_minimum("]),
    ("format-byte", &["format::bytes"]),
    ("format-date", &["format::date)"]),
    ("format-date-time", &["format::date_time"]),
    ("format-decimal", &["format::decimal"]),
    ("format-duration", &["format::duration"]),
    ("format-email", &["format::email"]),
    ("format-hostname", &["format::hostname"]),
    ("format-ipv4", &["format::ipv4"]),
    ("format-ipv6", &["format::ipv6"]),
    ("format-json", &["format::json"]),
    ("format-time", &["format::time"]),
    ("format-uri", &["format::uri"]),
    ("format-uuid", &["format::uuid"]),
    ("handled", &["handle::"]),
    ("ignore-unknown", &["Unknown::Ignore"]),
    ("image", &["answer::image("]),
    ("input", &["input::"]),
    ("integer", &["input.integer("]),
    ("isolation", &["Isolation::"]),
    ("json-answer", &["answer::json("]),
    ("last-insert-id", &["session.last_insert_id("]),
    ("list-parts", &["sql::Part::List(", "sql::Part::ClauseList("]),
    ("listing", &["listing::page("]),
    ("log-format", &["logging::start(log_format"]),
    ("management-port", &["management.listen("]),
    ("many", &["session.many("]),
    ("mask-email", &["mask::email("]),
    ("mask-hash", &["mask::hash("]),
    ("mask-last4", &["mask::last4("]),
    ("max-items", &[".max_items("]),
    ("max-length", &[".max_length("]),
    ("maximum", &[".maximum("]),
    ("min-items", &[".min_items("]),
    ("min-length", &[".min_length("]),
    ("minimum", &[".minimum("]),
    ("metrics", &["metrics::Metrics"]),
    ("multiple-of-integer", &[".multiple_of("]),
    ("multiple-of-number", &[".multiple_of_number("]),
    ("nullable-default", &["fields.nullable_or("]),
    ("number", &["input.number("]),
    ("object", &["input.object("]),
    ("once-here", &["Confirmations::new("]),
    ("once-shared", &["Confirmations::shared("]),
    ("one-of", &["?.one_of(", ").one_of("]),
    ("one-row", &["session.one("]),
    ("optional", &["fields.optional("]),
    ("optional-nullable", &["fields.optional_nullable("]),
    ("optional-row", &["session.optional("]),
    ("otlp", &["telemetry::"]),
    ("page", &["cursor::"]),
    ("parsed", &["input.parsed("]),
    ("pattern", &[".pattern("]),
    ("progress", &["progress::told("]),
    ("protocol-errors", &["crate::resources::", "crate::prompts::", "crate::completions::"]),
    ("rate-address", &["rate::by_address"]),
    ("rate-client", &["rate::by_client"]),
    ("rate-limit", &["rate::Rates"]),
    ("rate-tool", &["rate::by_tool"]),
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
    ("retry", &["retry::transaction("]),
    ("retry-policy", &["retry::Policy"]),
    ("row-array", &["decode::array("]),
    ("row-bits", &["decode::bits"]),
    ("row-boolean", &["decode::boolean"]),
    ("row-bytes", &["decode::bytes"]),
    ("row-choice", &["decode::choice("]),
    ("row-composite", &["decode::composite"]),
    ("row-date", &["decode::date(", "decode::date)"]),
    ("row-date-time", &["decode::date_time"]),
    ("row-decimal", &["decode::decimal"]),
    ("row-inet", &["decode::inet"]),
    ("row-integer", &["decode::integer"]),
    ("row-interval", &["decode::interval"]),
    ("row-json", &["decode::json(", "decode::json)"]),
    ("row-json-array", &["decode::json_array"]),
    ("row-json-object", &["decode::json_object"]),
    ("row-mac-address", &["decode::mac_address"]),
    ("row-number", &["decode::number"]),
    ("row-optional", &["decode::optional"]),
    ("row-progress", &["progress::rows("]),
    ("row-range", &["decode::range"]),
    ("row-text", &["decode::text"]),
    ("row-time", &["decode::time"]),
    ("row-unsigned", &["decode::unsigned"]),
    ("row-uuid", &["decode::uuid"]),
    ("sensitive", &["input.sensitive("]),
    ("sensitive-within", &["input.sensitive_within("]),
    ("shared", &["shared::Redis"]),
    ("signed", &["answer::sign("]),
    ("snapshot", &["database.snapshot("]),
    ("step-progress", &["progress::step("]),
    ("table-answer", &["answer::table("]),
    ("table-csv", &["table::csv"]),
    ("table-markdown", &["table::markdown"]),
    ("templates", &["template::Template"]),
    ("text", &["input.text("]),
    ("text-answer", &["answer::rendered("]),
    ("text-format", &[".format(\""]),
    ("titled-form", &[r#""oneOf":[{"const""#]),
    ("tools", &["crate::tools::"]),
    ("unique-items", &[".unique_items("]),
    ("unsigned", &["input.unsigned("]),
    ("value-bytes", &["value::Bytes"]),
    ("value-decimal", &["value::Decimal"]),
    ("watch", &["watch::"]),
    ("watch-channel", &["Watch::channel("]),
    ("watch-poll", &["Watch::poll("]),
    ("write", &["database.write("]),
];

/// What a feature needs to be on as well.
const NEEDS: &[(&str, &[&str])] = &[
    ("affected", &["session"]),
    ("array", &["nested", "typed"]),
    ("array-checks", &["checks"]),
    ("audit", &["address", "handled"]),
    ("audit-arguments", &["audit-rules"]),
    ("audit-required", &["audit-rules"]),
    ("audit-table", &["affected", "audit-rules", "write"]),
    ("audit-uris", &["audit-rules"]),
    ("auth-introspection", &["auth", "auth-token"]),
    ("auth-jwt", &["auth", "auth-token"]),
    ("bind-date-time", &["values"]),
    ("bind-json", &["values"]),
    ("bind-decimal", &["values"]),
    ("bind-int2", &["values"]),
    ("bind-int2s", &["bind-int2"]),
    ("bind-float4", &["values"]),
    ("bind-int4", &["values"]),
    ("bind-int4s", &["bind-int4"]),
    ("bind-moment-texts", &["bind-date-time"]),
    ("bind-moments", &["bind-date-time", "bind-json"]),
    ("block-answer", &["json-answer"]),
    ("boolean", &["typed"]),
    ("breaker", &["retry-after"]),
    ("cache", &["tools"]),
    ("cache-shared", &["cache", "secret", "shared"]),
    ("choice", &["lists", "typed"]),
    ("choice-completions", &["completions"]),
    ("claims", &["auth", "given", "input"]),
    ("client-log", &["sessions", "tools"]),
    ("auth-keys", &["auth", "secret"]),
    ("ask", &["elicit", "input", "protocol-errors", "secret"]),
    ("confirm", &["elicit", "secret", "templates", "tools"]),
    ("elicit", &["sessions"]),
    ("concurrency", &["retry-after", "tools"]),
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
    ("format-duration", &["formats"]),
    ("format-email", &["formats"]),
    ("format-hostname", &["formats"]),
    ("format-ipv4", &["formats"]),
    ("format-ipv6", &["formats"]),
    ("format-json", &["formats"]),
    ("format-time", &["formats"]),
    ("format-uri", &["formats"]),
    ("format-uuid", &["formats"]),
    ("once-shared", &["retry-after"]),
    ("integer", &["typed"]),
    ("json-answer", &["tools"]),
    ("isolation", &["transaction"]),
    ("last-insert-id", &["session"]),
    ("list-parts", &["clauses"]),
    ("mask-email", &["masks"]),
    ("mask-hash", &["masks", "secret"]),
    ("mask-last4", &["masks"]),
    ("max-items", &["array-checks"]),
    ("metrics", &["handled"]),
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
    ("members", &["given"]),
    ("required", &["members"]),
    ("required-nullable", &["members"]),
    ("one-row", &["optional-row"]),
    ("page", &["rows", "secret"]),
    ("parsed", &["typed"]),
    ("pattern", &["text-checks"]),
    ("rate-address", &["address", "rate-limit"]),
    ("rate-client", &["address", "rate-limit"]),
    ("rate-limit", &["retry-after"]),
    ("rate-tool", &["rate-limit", "tools"]),
    ("read", &["session"]),
    ("refuse-unknown", &["lists", "shown"]),
    ("require", &["lists"]),
    ("require-all-or-none", &["require"]),
    ("require-any-of", &["require"]),
    ("require-at-most-one", &["require"]),
    ("require-one-of", &["require"]),
    ("resource-json", &["resource-text"]),
    ("row-array", &["rows"]),
    ("row-bits", &["rows"]),
    ("row-boolean", &["rows"]),
    ("row-bytes", &["rows", "value-bytes"]),
    ("row-choice", &["row-parsed"]),
    (
        "row-composite",
        &[
            "row-boolean",
            "row-bytes",
            "row-date",
            "row-date-time",
            "row-integer",
            "row-json",
            "row-number",
            "row-range",
            "row-time",
            "rows",
        ],
    ),
    ("row-date", &["rows"]),
    ("row-date-time", &["rows"]),
    ("row-decimal", &["rows", "value-decimal"]),
    ("row-inet", &["rows"]),
    ("row-integer", &["rows"]),
    ("row-interval", &["rows"]),
    ("row-json", &["rows"]),
    ("row-json-array", &["rows"]),
    ("row-json-object", &["rows"]),
    ("row-mac-address", &["rows"]),
    ("row-number", &["rows"]),
    ("row-optional", &["rows"]),
    ("row-parsed", &["rows"]),
    ("row-range", &["rows", "text-form"]),
    ("row-text", &["rows"]),
    ("row-time", &["rows"]),
    ("row-unsigned", &["rows"]),
    ("row-uuid", &["format-uuid", "rows"]),
    ("sensitive", &["members"]),
    ("sensitive-within", &["members", "nested", "sensitive"]),
    ("snapshot", &["transaction"]),
    ("table-answer", &["tools"]),
    ("table-csv", &["tables"]),
    ("table-markdown", &["tables"]),
    ("text", &["typed"]),
    ("text-answer", &["json-answer", "templates"]),
    ("text-checks", &["checks"]),
    ("text-form", &["format-uuid", "rows"]),
    ("text-format", &["text-checks"]),
    ("transaction", &["session"]),
    ("typed", &["shown"]),
    ("unique-items", &["array-checks"]),
    ("unsigned", &["typed"]),
    ("value-bytes", &["values"]),
    ("value-decimal", &["values"]),
    ("watch", &["protocol-errors", "sessions"]),
    ("watch-channel", &["watch"]),
    ("watch-poll", &["read", "rows", "watch"]),
    ("write", &["transaction"]),
];

/// What a feature needs to be on as well with one engine.
const NEEDS_OF: &[(&str, &str, &[&str])] = &[
    ("postgres", "page", &["text-form"]),
    ("sqlite", "row-date", &["row-parsed"]),
    ("sqlite", "row-decimal", &["format-decimal"]),
    ("sqlite", "row-json", &["row-parsed"]),
    ("sqlite", "row-json-array", &["row-parsed"]),
    ("sqlite", "row-json-object", &["row-parsed"]),
    ("sqlite", "row-time", &["format-time", "row-parsed"]),
    ("sqlite", "row-uuid", &["row-parsed"]),
];

/// The files of the runtime that the texts of a crate ask for: path within `src`, and text. The
/// engine is a feature as well: `sqlite`, `postgres` or `mysql`.
pub(super) fn files<'t>(
    engine: &'static str,
    texts: impl Iterator<Item = &'t str>,
) -> Vec<(String, String)> {
    let features = features(engine, texts);
    let mut files = vec![("runtime/mod.rs".to_owned(), slice::slice(ROOT, &features))];
    for (name, path) in slice::modules(ROOT, &features) {
        let found = FILES.iter().find(|(file, _)| *file == path);
        let (_, text) = found.expect("a test knows every file");
        files.push((format!("runtime/{name}.rs"), slice::slice(text, &features)));
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

fn features<'t>(
    engine: &'static str,
    texts: impl Iterator<Item = &'t str>,
) -> BTreeSet<&'static str> {
    let mut on = found(NEEDLES, texts);
    on.insert(engine);
    let of_engine = NEEDS_OF.iter().filter(|(of, ..)| *of == engine);
    let of_engine = of_engine.map(|(_, feature, needs)| (*feature, *needs));
    let needs: Vec<(&str, &[&str])> = NEEDS.iter().copied().chain(of_engine).collect();
    loop {
        let needed: Vec<&'static str> = needs
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
        let declared = manifest.lines().filter_map(|line| line.split_once(" = ["));
        let declared = declared.map(|(name, _)| name).filter(|name| !name.contains(' '));
        let apart = |name: &&str| ["default", "full"].contains(name) || ENGINES.contains(name);
        let declared: BTreeSet<&str> = declared.filter(|name| !apart(name)).collect();
        let unknown: Vec<_> = declared.difference(&all).collect();
        assert!(unknown.is_empty(), "nothing turns on {unknown:?}");
        let named: BTreeSet<&str> = FILES.iter().map(|(path, _)| *path).collect();
        let mut paths = BTreeSet::new();
        // Where replicas share nothing, other files stand in the place of some.
        let alone = declared.iter().copied().filter(|name| !name.ends_with("shared")).collect();
        for (engine, of) in
            ENGINES.iter().flat_map(|engine| [(engine, &declared), (engine, &alone)])
        {
            let mut features: BTreeSet<&str> = of.clone();
            features.insert(engine);
            paths.extend(slice::modules(ROOT, &features).into_iter().map(|(_, path)| path));
        }
        assert_eq!(named, paths.iter().map(String::as_str).collect());
    }

    #[test]
    fn rows_are_told_where_there_can_be_so_many() {
        let rows = format!("const ROWS: usize = {};", crate::ir::ROWS_TOLD);
        assert!(FILES.iter().any(|(file, text)| *file == "progress.rs" && text.contains(&rows)));
    }

    #[test]
    fn a_crate_has_the_files_of_one_engine() {
        for engine in ENGINES {
            let files = files(engine, ["decode::integer session.many( database.read("].into_iter());
            let names: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names.len(), files.len(), "{engine} has a file twice");
            assert!(names.contains("runtime/database.rs"), "{engine}: {names:?}");
            assert_eq!(names.contains("runtime/engine.rs"), engine != "sqlite", "{names:?}");
            for (name, text) in &files {
                assert!(!text.contains("feature ="), "{engine}: {name} has a gate left");
            }
        }
    }

    const ENGINES: [&str; 3] = ["sqlite", "postgres", "mysql"];

    fn implied() -> impl Iterator<Item = &'static str> {
        let of_engines = NEEDS_OF.iter().map(|(.., needs)| *needs);
        NEEDS.iter().map(|(_, needs)| *needs).chain(of_engines).flatten().copied()
    }
}
