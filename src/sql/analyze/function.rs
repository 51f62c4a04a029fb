//! Functions: what they answer, and whether it can be NULL.
//!
//! PostgreSQL and MySQL say the types of results themselves, so that for them nullability is what
//! is left, and JSON in MariaDB, which calls it text.

use crate::database::facts::SqlType::{
    self, Blob, Boolean, Date, DateTime, Decimal, Integer, Json, Real, Text, Time,
};

use super::Known;
use super::expression::unify;

/// A call of a function.
pub(super) struct Call<'c> {
    /// Its name, in lower case.
    pub(super) name: &'c str,
    /// What is known of its arguments.
    pub(super) arguments: &'c [Known],
    /// Whether it runs over a window.
    pub(super) windowed: bool,
}

impl Call<'_> {
    /// Whether any argument can be NULL.
    fn any(&self) -> bool {
        self.arguments.iter().any(|known| known.nullable)
    }

    /// The type of the first argument.
    fn first(&self) -> Option<&SqlType> {
        self.arguments.first().and_then(|known| known.kind.as_ref())
    }

    /// Whether every argument can be NULL.
    fn all(&self) -> bool {
        self.arguments.iter().all(|known| known.nullable)
    }

    pub(super) fn in_sqlite(&self) -> Known {
        let known = self.arguments;
        let any = known.iter().any(|known| known.nullable);
        let first = known.first().and_then(|known| known.kind.clone());
        match self.name {
            "count" | "row_number" | "rank" | "dense_rank" | "ntile" | "changes"
            | "total_changes" | "last_insert_rowid" | "random" => Known::of(Integer, false),
            "sum" => {
                let kind = first.and_then(|kind| match kind {
                    Integer | Boolean => Some(Integer),
                    Real | Text => Some(Real),
                    Decimal => Some(Decimal),
                    _ => None,
                });
                Known { kind, nullable: true, null: false }
            }
            "total" | "percent_rank" | "cume_dist" => Known::of(Real, false),
            "avg" => Known::of(Real, true),
            "min" | "max" if known.len() == 1 => Known { kind: first, nullable: true, null: false },
            "min" | "max" => unify(known, |nullable| nullable.iter().any(|n| *n)),
            "lag" | "lead" | "first_value" | "last_value" | "nth_value" => {
                // A default, the third argument, may be of another type.
                let default = known.get(2).map(|known| &known.kind);
                let same = default.is_none_or(|default| *default == first);
                Known { kind: first.filter(|_| self.windowed && same), nullable: true, null: false }
            }
            "group_concat" | "string_agg" => Known::of(Text, true),
            "coalesce" | "ifnull" => unify(known, |nullable| nullable.iter().all(|n| *n)),
            "nullif" => Known { kind: first, nullable: true, null: false },
            "iif" | "if" => self.chosen(),
            "likely" | "unlikely" | "likelihood" => {
                known.first().cloned().unwrap_or_else(Known::nothing)
            }
            "substr" | "substring" => {
                let kind = first.filter(|kind| *kind != Blob).map(|_| Text);
                Known { kind, nullable: any, null: false }
            }
            "upper" | "lower" | "trim" | "ltrim" | "rtrim" | "replace" | "concat_ws" => {
                Known::of(Text, any)
            }
            "hex" | "quote" | "typeof" | "char" | "concat" | "sqlite_version" => {
                Known::of(Text, false)
            }
            "printf" | "format" | "strftime" | "timediff" | "json_type" | "json_quote"
            | "json_pretty" | "highlight" | "snippet" => Known::of(Text, true),
            "length" | "octet_length" | "instr" | "json_error_position" => Known::of(Integer, any),
            "unicode" | "json_array_length" | "unixepoch" | "sign" => Known::of(Integer, true),
            "abs" => Known {
                kind: first.filter(|kind| matches!(kind, Integer | Real)),
                nullable: any,
                null: false,
            },
            "round" => Known::of(Real, any),
            "julianday" | "bm25" => Known::of(Real, true),
            "randomblob" | "zeroblob" => Known::of(Blob, false),
            "unhex" | "jsonb" | "jsonb_array" | "jsonb_object" | "jsonb_group_array"
            | "jsonb_group_object" | "jsonb_set" | "jsonb_insert" | "jsonb_replace"
            | "jsonb_patch" | "jsonb_remove" => Known::of(Blob, true),
            "glob" | "like" => Known::of(Boolean, true),
            "date" => Known::of(Date, true),
            "time" => Known::of(Time, true),
            "datetime" => Known::of(DateTime, true),
            "current_timestamp" => Known::of(DateTime, false),
            "current_date" => Known::of(Date, false),
            "current_time" => Known::of(Time, false),
            "json_object" | "json_array" | "json_group_array" | "json_group_object" => {
                Known::of(Json, false)
            }
            "json" | "json_set" | "json_insert" | "json_replace" | "json_patch" | "json_remove" => {
                Known::of(Json, true)
            }
            "json_valid" => Known::of(Boolean, any),
            _ => Known::nothing(),
        }
    }

    /// The values of `iif(a, b, c, d, e)`: b, d and e, or NULL where there is no last one.
    fn chosen(&self) -> Known {
        let known = self.arguments;
        let mut values: Vec<Known> = known.iter().skip(1).step_by(2).cloned().collect();
        match known.last() {
            Some(last) if known.len() % 2 == 1 => values.push(last.clone()),
            _ => values.push(Known::null()),
        }
        unify(&values, |nullable| nullable.iter().any(|n| *n))
    }

    /// Source: <https://www.postgresql.org/docs/current/functions.html>; functions that answer NULL
    /// for arguments that are not NULL are not among them: `to_char` and `extract` do for infinity,
    /// `substring` for a pattern that is not found.
    pub(super) fn in_postgres(&self) -> Known {
        let nullable = match self.name {
            "count"
            | "row_number"
            | "rank"
            | "dense_rank"
            | "percent_rank"
            | "cume_dist"
            | "now"
            | "current_timestamp"
            | "current_date"
            | "current_time"
            | "localtime"
            | "localtimestamp"
            | "clock_timestamp"
            | "statement_timestamp"
            | "transaction_timestamp"
            | "gen_random_uuid"
            | "uuid_generate_v4"
            | "concat"
            | "jsonb_build_object"
            | "json_build_object"
            | "jsonb_build_array"
            | "json_build_array"
            | "txid_current"
            | "pg_backend_pid"
            | "version"
            | "num_nulls"
            | "num_nonnulls" => false,
            "coalesce" | "greatest" | "least" => self.all(),
            // Of a range without a bound they are NULL.
            "upper" | "lower" => self.any() || self.first() != Some(&SqlType::Text),
            "nextval"
            | "ntile"
            | "random"
            | "initcap"
            | "length"
            | "char_length"
            | "character_length"
            | "octet_length"
            | "bit_length"
            | "trim"
            | "btrim"
            | "ltrim"
            | "rtrim"
            | "lpad"
            | "rpad"
            | "repeat"
            | "replace"
            | "reverse"
            | "left"
            | "right"
            | "substr"
            | "strpos"
            | "position"
            | "split_part"
            | "md5"
            | "translate"
            | "ascii"
            | "chr"
            | "abs"
            | "ceil"
            | "ceiling"
            | "floor"
            | "round"
            | "trunc"
            | "sign"
            | "sqrt"
            | "power"
            | "mod"
            | "date_trunc"
            | "make_date"
            | "to_jsonb"
            | "to_json"
            | "cardinality"
            | "string_to_array"
            | "array_append"
            | "to_tsvector"
            | "to_tsquery"
            | "plainto_tsquery"
            | "websearch_to_tsquery"
            | "phraseto_tsquery"
            | "ts_rank"
            | "ts_rank_cd"
            | "similarity"
            | "encode"
            | "decode"
            | "jsonb_set"
            | "timezone" => self.any(),
            _ => true,
        };
        Known::nullable(nullable)
    }

    /// Sources: <https://dev.mysql.com/doc/refman/8.0/en/functions.html>,
    /// <https://mariadb.com/kb/en/built-in-functions/>.
    pub(super) fn in_mysql(&self) -> Known {
        let of_moment = matches!(self.first(), Some(Date | DateTime | Time));
        let nullable = match self.name {
            "count" | "row_number" | "rank" | "dense_rank" | "percent_rank" | "cume_dist"
            | "ntile" | "now" | "current_timestamp" | "current_date" | "current_time"
            | "curdate" | "curtime" | "sysdate" | "utc_timestamp" | "utc_date" | "utc_time"
            | "localtime" | "localtimestamp" | "rand" | "uuid" | "uuid_short" | "connection_id"
            | "version" | "pi" | "json_object" | "json_array" | "isnull" | "field" | "bit_and"
            | "bit_or" | "bit_xor" | "last_insert_id" | "row_count" | "found_rows" | "user"
            | "current_user" => self.name == "last_insert_id" && !self.arguments.is_empty(),
            "unix_timestamp" => !self.arguments.is_empty(),
            "coalesce" | "ifnull" | "nvl" => self.all(),
            "if" if self.arguments.len() == 3 => {
                self.arguments[1..].iter().any(|known| known.nullable)
            }
            // NULL only where the separator is.
            "concat_ws" => self.arguments.first().is_none_or(|known| known.nullable),
            "concat" | "upper" | "ucase" | "lower" | "lcase" | "length" | "char_length"
            | "character_length" | "octet_length" | "bit_length" | "trim" | "ltrim" | "rtrim"
            | "replace" | "reverse" | "left" | "right" | "substr" | "substring" | "mid"
            | "substring_index" | "locate" | "instr" | "find_in_set" | "strcmp" | "ascii"
            | "ord" | "md5" | "sha1" | "sha" | "hex" | "abs" | "ceil" | "ceiling" | "floor"
            | "round" | "truncate" | "sign" | "greatest" | "least" | "crc32" | "bit_count" => {
                self.any()
            }
            "year" | "month" | "day" | "dayofmonth" | "quarter" | "hour" | "minute" | "second" => {
                self.any() || !of_moment
            }
            _ => true,
        };
        Known { kind: self.kind_in_mysql(), ..Known::nullable(nullable) }
    }

    /// The type of what a function answers. The server says it for all statements but those with
    /// RETURNING, and never of JSON in MariaDB, which calls it text.
    fn kind_in_mysql(&self) -> Option<SqlType> {
        let first = self.first().cloned();
        let same = |known: &[Known]| unify(known, |_| true).kind;
        match self.name {
            "json_object"
            | "json_array"
            | "json_arrayagg"
            | "json_objectagg"
            | "json_extract"
            | "json_query"
            | "json_set"
            | "json_insert"
            | "json_replace"
            | "json_remove"
            | "json_merge"
            | "json_merge_patch"
            | "json_merge_preserve"
            | "json_array_append"
            | "json_array_insert"
            | "json_keys"
            | "json_compact"
            | "json_detailed"
            | "json_pretty"
            | "json_normalize" => Some(Json),
            "json_valid" | "json_contains" | "json_contains_path" | "json_exists" | "isnull" => {
                Some(Boolean)
            }
            "count" | "row_number" | "rank" | "dense_rank" | "ntile" | "length" | "char_length"
            | "character_length" | "octet_length" | "bit_length" | "locate" | "instr"
            | "find_in_set" | "field" | "strcmp" | "ascii" | "ord" | "year" | "month" | "day"
            | "dayofmonth" | "dayofweek" | "dayofyear" | "weekday" | "quarter" | "week"
            | "yearweek" | "hour" | "minute" | "second" | "microsecond" | "to_days"
            | "datediff" | "timestampdiff" | "json_length" | "json_depth" | "bit_count"
            | "sign" | "connection_id" | "row_count" => Some(Integer),
            "uuid_short" | "last_insert_id" | "bit_and" | "bit_or" | "bit_xor" | "crc32" => {
                Some(SqlType::Unsigned)
            }
            "sum" | "avg" => match first? {
                Integer | SqlType::Unsigned | Decimal | Boolean => Some(Decimal),
                Real | Text => Some(Real),
                _ => None,
            },
            "rand" | "pi" | "sqrt" | "pow" | "power" | "exp" | "ln" | "log" | "log2" | "log10"
            | "percent_rank" | "cume_dist" | "std" | "stddev" | "stddev_pop" | "stddev_samp"
            | "var_pop" | "var_samp" | "variance" | "match_against" => Some(Real),
            "min" | "max" | "nullif" | "any_value" | "first_value" | "last_value" | "nth_value"
            | "lag" | "lead" => first,
            "coalesce" | "ifnull" | "nvl" => same(self.arguments),
            "if" if self.arguments.len() == 3 => same(&self.arguments[1..]),
            "abs" | "mod" => first.filter(|kind| matches!(kind, Integer | Real | Decimal)),
            "concat" | "concat_ws" | "upper" | "ucase" | "lower" | "lcase" | "trim" | "ltrim"
            | "rtrim" | "replace" | "reverse" | "left" | "right" | "substr" | "substring"
            | "mid" | "substring_index" | "lpad" | "rpad" | "repeat" | "group_concat" => {
                // Of bytes they make bytes.
                let text = |known: &Known| known.kind.as_ref().is_some_and(|kind| *kind != Blob);
                self.arguments.iter().all(text).then_some(Text)
            }
            "md5" | "sha1" | "sha" | "sha2" | "hex" | "uuid" | "date_format" | "time_format"
            | "monthname" | "dayname" | "json_unquote" | "json_value" | "json_type" | "version"
            | "user" | "current_user" | "database" | "to_base64" | "format" | "inet_ntoa"
            | "soundex" | "quote" => Some(Text),
            "from_unixtime" => Some(if self.arguments.len() == 1 { DateTime } else { Text }),
            "now" | "current_timestamp" | "sysdate" | "utc_timestamp" | "localtime"
            | "localtimestamp" | "convert_tz" => Some(DateTime),
            "curdate" | "current_date" | "utc_date" | "date" | "last_day" | "makedate"
            | "from_days" => Some(Date),
            "curtime" | "current_time" | "utc_time" | "time" | "maketime" | "sec_to_time"
            | "timediff" => Some(Time),
            _ => None,
        }
    }
}
