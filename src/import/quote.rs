//! Names in SQL.

use crate::ir::Engine;

/// A name as a statement writes it: in quotes only where it needs them.
pub(super) fn name(engine: Engine, name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        // PostgreSQL folds what is not quoted.
        && (engine != Engine::Postgres || !name.contains(|c: char| c.is_ascii_uppercase()))
        && !reserved(name);
    match engine {
        _ if plain => name.to_owned(),
        Engine::Sqlite | Engine::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
        Engine::Mysql => format!("`{}`", name.replace('`', "``")),
    }
}

/// Whether a word is one of SQL's own.
pub(super) fn reserved(word: &str) -> bool {
    RESERVED.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

/// Text in single quotes.
pub(super) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Words that one of the engines takes for its own where a name may stand, in order.
const RESERVED: &[&str] = &[
    "accessible", "add", "all", "alter", "always", "analyse", "analyze", "and", "anti", "any",
    "array", "as", "asc", "asensitive", "asof", "asymmetric", "attach", "authorization",
    "autoincrement", "before", "begin", "between", "bigint", "binary", "blob", "both", "by", "call",
    "cascade", "case", "cast", "change", "char", "character", "check", "cluster", "collate",
    "collation", "column", "commit", "concurrently", "condition", "conflict", "connect",
    "constraint", "continue", "convert", "create", "cross", "cube", "cume_dist", "current",
    "current_catalog", "current_date", "current_role", "current_schema", "current_time",
    "current_timestamp", "current_user", "cursor", "database", "databases", "date", "day_hour",
    "day_microsecond", "day_minute", "day_second", "dec", "decimal", "declare", "default",
    "deferrable", "deferred", "delayed", "delete", "delimited", "dense_rank", "desc", "describe",
    "detach", "deterministic", "distinct", "distinctrow", "distribute", "div", "do", "double",
    "drop", "dual", "each", "else", "elseif", "empty", "enclosed", "end", "escape", "escaped",
    "except", "exclude", "exclusive", "exec", "exists", "exit", "explain", "fail", "false", "fetch",
    "filter", "final", "first_value", "float", "float4", "float8", "following", "for", "force",
    "foreign", "format", "freeze", "from", "full", "fulltext", "function", "generated", "get",
    "glob", "global", "grant", "group", "grouping", "groups", "having", "high_priority",
    "hour_microsecond", "hour_minute", "hour_second", "if", "ignore", "ilike", "immediate", "in",
    "index", "indexed", "infile", "initially", "inner", "inout", "insensitive", "insert", "instead",
    "int", "int1", "int2", "int3", "int4", "int8", "integer", "intersect", "interval", "into", "is",
    "isnull", "iterate", "join", "json_table", "key", "keys", "kill", "lag", "last_value",
    "lateral", "lead", "leading", "leave", "left", "like", "limit", "linear", "lines", "load",
    "localtime", "localtimestamp", "lock", "long", "longblob", "longtext", "loop", "low_priority",
    "match", "match_recognize", "materialized", "mediumblob", "mediumint", "mediumtext",
    "middleint", "minus", "minute_microsecond", "minute_second", "mod", "modifies", "natural", "no",
    "not", "nothing", "notnull", "nth_value", "ntile", "null", "numeric", "of", "offset", "on",
    "only", "optimize", "option", "optionally", "or", "order", "others", "out", "outer", "outfile",
    "over", "overlaps", "partition", "percent_rank", "pivot", "placing", "plan", "pragma",
    "preceding", "precision", "prewhere", "primary", "procedure", "purge", "qualify", "query",
    "raise", "range", "rank", "read", "reads", "real", "recursive", "references", "regexp",
    "reindex", "release", "rename", "repeat", "replace", "require", "resignal", "restrict",
    "return", "returning", "returns", "revoke", "right", "rlike", "rollback", "row", "row_number",
    "rows", "sample", "savepoint", "schema", "schemas", "second_microsecond", "select", "semi",
    "sensitive", "separator", "session_user", "set", "settings", "show", "signal", "similar",
    "smallint", "some", "sort", "spatial", "specific", "sql", "sqlexception", "sqlstate",
    "sqlwarning", "ssl", "start", "starting", "stored", "straight_join", "symmetric", "system",
    "system_user", "table", "tablesample", "temp", "temporary", "terminated", "then", "ties",
    "time", "timestamp", "tinyblob", "tinyint", "tinytext", "to", "top", "trailing", "transaction",
    "trigger", "true", "unbounded", "undo", "union", "unique", "unlock", "unpivot", "unsigned",
    "update", "usage", "use", "user", "using", "utc_date", "utc_time", "utc_timestamp", "vacuum",
    "values", "varbinary", "varchar", "variadic", "varying", "verbose", "view", "virtual", "when",
    "where", "while", "window", "with", "within", "without", "write", "xor", "year_month",
    "zerofill",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_order() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn only_what_needs_quotes_has_them() {
        for (engine, given, expected) in [
            (Engine::Postgres, "film", "film"),
            (Engine::Postgres, "Film", "\"Film\""),
            (Engine::Postgres, "a\"b", "\"a\"\"b\""),
            (Engine::Sqlite, "Film", "Film"),
            (Engine::Sqlite, "order", "\"order\""),
            (Engine::Sqlite, "2nd", "\"2nd\""),
            (Engine::Mysql, "Rank", "`Rank`"),
            (Engine::Mysql, "a`b", "`a``b`"),
        ] {
            assert_eq!(name(engine, given), expected);
        }
    }
}
