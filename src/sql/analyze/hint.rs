//! Types of placeholders that no column and no server gives one to: from what they stand beside.

use sqlparser::ast::{BinaryOperator, Expr, Function, SelectItem, SetExpr};

use crate::database::facts::SqlType::{
    self, Blob, Boolean, Date, DateTime, Decimal, Integer, Json, Real, Text, Time, Unsigned,
};

use super::expression::{arguments, name, placeholder};
use super::relation::Column;
use super::{Analyzer, Known};

impl Analyzer<'_> {
    /// Remembers the type that goes with every placeholder that a value passes on.
    pub(super) fn expect(&mut self, value: &Expr, kind: &SqlType) {
        match value {
            Expr::Nested(inner) | Expr::UnaryOp { expr: inner, .. } => self.expect(inner, kind),
            Expr::Collate { expr: inner, .. } => self.expect(inner, kind),
            Expr::Case { conditions, else_result, .. } => {
                for branch in conditions {
                    self.expect(&branch.result, kind);
                }
                if let Some(otherwise) = else_result {
                    self.expect(otherwise, kind);
                }
            }
            Expr::BinaryOp { left, op, right } if matches!(right.as_ref(), Expr::Interval(_)) => {
                if matches!(op, BinaryOperator::Plus | BinaryOperator::Minus) {
                    self.expect(left, kind);
                }
            }
            Expr::Function(function) => {
                let all = arguments(function);
                let passed = match name(function).as_str() {
                    "coalesce" | "ifnull" | "nvl" | "nullif" | "greatest" | "least" => 0..all.len(),
                    "if" | "iif" if all.len() == 3 => 1..3,
                    _ => 0..0,
                };
                for value in &all[passed] {
                    self.expect(value, kind);
                }
            }
            _ => {
                if let Some(number) = placeholder(value) {
                    let facts = self.analysis.bindings.entry(number).or_default();
                    facts.hint.get_or_insert_with(|| kind.clone());
                }
            }
        }
    }

    /// The same, where it is known of something else.
    pub(super) fn expect_as(&mut self, value: &Expr, beside: &Known) {
        if let Some(kind) = &beside.kind {
            self.expect(value, kind);
        }
    }

    /// Values of one type: what is known of one goes with the others.
    pub(super) fn alike(&mut self, values: &[&Expr], known: &[Known]) {
        if let Some(kind) = known.iter().find_map(|known| known.kind.clone()) {
            for value in values {
                self.expect(value, &kind);
            }
        }
    }

    /// Both sides of an operator that computes: a number goes with a number, and a number of
    /// something with a moment.
    pub(super) fn computed(&mut self, left: &Expr, right: &Expr, known: [&Known; 2]) {
        for (value, beside, other) in [(left, right, known[1]), (right, left, known[0])] {
            if matches!(beside, Expr::Interval(_)) {
                self.expect(value, &DateTime);
                continue;
            }
            let kind = match &other.kind {
                Some(kind @ (Integer | Unsigned | Real | Decimal)) => kind.clone(),
                Some(Boolean | Date | DateTime | Time) => Integer,
                Some(_) | None => Real,
            };
            self.expect(value, &kind);
        }
    }

    /// Columns of both sides of a set operation.
    pub(super) fn set_operation(&mut self, sides: [&SetExpr; 2], columns: [Option<&[Column]>; 2]) {
        for (side, other) in [(sides[0], columns[1]), (sides[1], columns[0])] {
            for (value, column) in projected(side).into_iter().zip(other.unwrap_or_default()) {
                if let Some(value) = value {
                    self.expect_as(value, &column.known);
                }
            }
        }
    }

    /// The arguments of a function, by its name.
    pub(super) fn called(&mut self, function: &Function, known: &[Known]) {
        let values = arguments(function);
        let name = name(function);
        match name.as_str() {
            "coalesce" | "ifnull" | "nvl" | "nullif" | "greatest" | "least" | "field"
            | "timediff" => {
                self.alike(&values, known);
            }
            "if" | "iif" if values.len() == 3 => {
                self.expect(values[0], &Boolean);
                self.alike(&values[1..], &known[1..]);
            }
            "lag" | "lead" | "nth_value" => {
                if let [first, rest @ ..] = values.as_slice() {
                    if let Some(by) = rest.first() {
                        self.expect(by, &Integer);
                    }
                    if let (Some(default), Some(known)) = (rest.get(1), known.first()) {
                        self.alike(&[first, default], std::slice::from_ref(known));
                    }
                }
            }
            _ => {
                for (at, value) in values.iter().enumerate() {
                    if let Some(kind) = parameter(&name, at) {
                        self.expect(value, &kind);
                    }
                }
            }
        }
    }
}

/// The values that a part of a set operation answers with; none where they cannot be told.
fn projected(side: &SetExpr) -> Vec<Option<&Expr>> {
    match side {
        SetExpr::Select(select) => select
            .projection
            .iter()
            .map(|item| match item {
                SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. } => {
                    Some(value)
                }
                _ => None,
            })
            // Behind a `*` nothing can be counted.
            .take_while(Option::is_some)
            .collect(),
        SetExpr::Query(query) => projected(&query.body),
        _ => Vec::new(),
    }
}

/// Whether a value is the answer of a calculation with numbers.
pub(super) fn computes(value: &Expr) -> bool {
    match value {
        Expr::Nested(inner) => computes(inner),
        Expr::BinaryOp { left, op, right } => {
            use BinaryOperator as Op;
            let times = matches!(op, Op::Multiply | Op::Divide | Op::Modulo | Op::MyIntegerDivide);
            let moved = matches!(op, Op::Plus | Op::Minus)
                && ![left, right]
                    .into_iter()
                    .any(|side| matches!(side.as_ref(), Expr::Interval(_)));
            times || moved
        }
        _ => false,
    }
}

/// The type that a cast makes, in MySQL's words.
pub(super) fn cast_in_mysql(declared: &str) -> Option<SqlType> {
    let name = declared.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    Some(match name.to_ascii_uppercase().as_str() {
        "SIGNED" | "INT" | "INTEGER" | "YEAR" => Integer,
        "UNSIGNED" => Unsigned,
        "DECIMAL" | "DEC" | "NUMERIC" => Decimal,
        "DOUBLE" | "FLOAT" | "REAL" => Real,
        "CHAR" | "VARCHAR" | "NCHAR" | "CHARACTER" => Text,
        "BINARY" => Blob,
        "DATE" => Date,
        "TIME" => Time,
        "DATETIME" => DateTime,
        "JSON" => Json,
        _ => return None,
    })
}

/// What a function takes at a place, counted from 0. Sources:
/// <https://dev.mysql.com/doc/refman/8.0/en/functions.html>,
/// <https://mariadb.com/kb/en/built-in-functions/>, <https://sqlite.org/lang_corefunc.html>.
fn parameter(function: &str, at: usize) -> Option<SqlType> {
    let kinds: &[SqlType] = match function {
        "concat" | "concat_ws" | "upper" | "ucase" | "lower" | "lcase" | "trim" | "ltrim"
        | "rtrim" | "replace" | "reverse" | "length" | "char_length" | "character_length"
        | "octet_length" | "bit_length" | "ascii" | "ord" | "unicode" | "md5" | "sha1" | "sha"
        | "hex" | "unhex" | "to_base64" | "from_base64" | "soundex" | "quote" | "find_in_set"
        | "strcmp" | "instr" | "crc32" | "inet_aton" | "inet6_aton" | "is_ipv4" | "is_ipv6"
        | "aes_encrypt" | "aes_decrypt" | "password" | "compress" | "match_against"
        | "regexp_replace" | "regexp_substr" | "regexp_instr" | "regexp_like" | "json_valid"
        | "str_to_date" | "glob" | "like" | "collate" | "weight_string" | "uuid_to_bin"
        | "extractvalue" | "updatexml" | "sformat" | "natural_sort_key" | "convert_using" => {
            &[Text]
        }
        "sha2" | "left" | "right" | "repeat" | "substr" | "substring" | "mid" => &[Text, Integer],
        "locate" | "substring_index" => &[Text, Text, Integer],
        "conv" => &[Text, Integer, Integer],
        "lpad" | "rpad" => &[Text, Integer, Text],
        "insert" => &[Text, Integer, Integer, Text],
        "elt" => &[Integer, Text],
        "json_extract" | "json_value" | "json_query" | "json_exists" | "json_length"
        | "json_keys" | "json_remove" | "json_contains_path" | "json_array_length"
        | "json_type" | "json_search" | "json_unquote" | "json_set" | "json_insert"
        | "json_replace" | "json_array_append" | "json_array_insert" => &[Json, Text],
        "json_contains" => &[Json, Json, Text],
        "json_merge"
        | "json_merge_patch"
        | "json_merge_preserve"
        | "json_compact"
        | "json_detailed"
        | "json_pretty"
        | "json_overlaps"
        | "json_depth"
        | "json_patch"
        | "json_normalize"
        | "json_equals"
        | "json_loose" => &[Json],
        "json_object" | "json_array" | "json_quote" => &[Text],
        "json" | "jsonb" | "jsonb_patch" => &[Json],
        "jsonb_extract" | "jsonb_set" | "jsonb_insert" | "jsonb_replace" | "jsonb_remove" => {
            &[Json, Text]
        }
        "strftime" => &[Text, DateTime, Text],
        "datetime" | "julianday" | "unixepoch" => &[DateTime, Text],
        "year" | "month" | "day" | "dayofmonth" | "dayofweek" | "dayofyear" | "weekday"
        | "dayname" | "monthname" | "quarter" | "last_day" | "to_days" | "datediff" => &[Date],
        "week" | "yearweek" => &[Date, Integer],
        "date" | "time" => &[DateTime, Text],
        "timestamp" | "unix_timestamp" | "to_seconds" => &[DateTime],
        "hour" | "minute" | "second" | "microsecond" | "time_to_sec" => &[Time],
        "date_format" => &[DateTime, Text],
        "time_format" => &[Time, Text],
        "from_unixtime" => &[Integer, Text],
        "date_add" | "date_sub" | "adddate" | "subdate" => &[DateTime, Integer],
        "addtime" | "subtime" => &[DateTime, Time],
        // The first of them is a unit.
        "timestampdiff" => &[Text, DateTime],
        "timestampadd" => &[Text, Integer, DateTime],
        "convert_tz" => &[DateTime, Text],
        "from_days" | "makedate" | "maketime" | "period_add" | "period_diff" | "bin" | "oct"
        | "char" | "space" | "ntile" | "inet_ntoa" | "bit_count" | "randomblob" | "zeroblob"
        | "rand" | "sec_to_time" => &[Integer],
        "abs" | "ceil" | "ceiling" | "floor" | "sqrt" | "pow" | "power" | "exp" | "ln" | "log"
        | "log2" | "log10" | "sign" | "sin" | "cos" | "tan" | "cot" | "asin" | "acos" | "atan"
        | "atan2" | "degrees" | "radians" | "sum" | "avg" | "total" | "mod" | "sleep" | "point"
        | "interval_place" | "std" | "stddev" | "variance" => &[Real],
        "round" | "truncate" | "format" => &[Real, Integer],
        "st_geomfromtext" | "st_geometryfromtext" | "st_geomfromgeojson" => &[Text, Integer],
        "get_lock" => &[Text, Real],
        "release_lock" | "is_free_lock" | "is_used_lock" | "nextval" | "lastval" => &[Text],
        _ => return None,
    };
    // The last one goes on, as functions with any number of arguments have it at their end.
    kinds.get(at).or(kinds.last()).cloned()
}
