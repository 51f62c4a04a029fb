//! What PostgreSQL says about a statement, in words that help.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use crate::diagnostic::{Code, closest};
use crate::sql::{Problem, Rendered};

use super::super::facts::Table;
use super::super::words::{column_help, leading_space, named_tables, table_help, word};

/// The byte of a text that an error points at.
pub(super) fn place(error: &sqlx::Error, sql: &str) -> Option<usize> {
    let error = error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?;
    match error.position()? {
        PgErrorPosition::Original(at) => {
            sql.char_indices().nth(at.checked_sub(1)?).map(|(at, _)| at).or(Some(sql.len()))
        }
        PgErrorPosition::Internal { .. } => None,
    }
}

/// What PostgreSQL says about a statement, in words that help.
pub(super) fn refused(
    error: &sqlx::Error,
    rendered: &Rendered,
    tables: &BTreeMap<String, Table>,
    functions: &BTreeSet<String>,
) -> Problem {
    let sql = &rendered.sql;
    let offset = place(error, sql);
    let range = offset.map(|offset| word(sql, offset));
    let start = rendered.author_offset(offset.unwrap_or_else(|| leading_space(sql)));
    let at = start..start + range.clone().map_or(1, |range| range.len());
    let found =
        error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    let Some(found) = found else {
        let (message, help) = match error {
            sqlx::Error::ColumnDecode { .. } => (
                "the statement has a type that cannot be read, such as a multirange".to_owned(),
                "cast it: a column of the result `…::text AS name`, a binding `:name::text::int4multirange`",
            ),
            error => (format!("PostgreSQL cannot be asked: {error}"), "try again"),
        };
        return Problem::new(Code::SqlError, at, message, help);
    };
    let message = named(found.message(), rendered);
    let quoted = message.split('"').nth(1).unwrap_or_default().to_owned();
    let hint = found.hint().map(|hint| named(hint, rendered));
    let (code, message, help) = match found.code() {
        "42P01" => {
            (Code::SqlError, format!("there is no table `{quoted}`"), table_help(&quoted, tables))
        }
        "42703" => {
            let plain = quoted.rsplit('.').next().unwrap_or_default();
            let plain = if plain.is_empty() {
                range.map_or("", |range| &sql[range]).rsplit('.').next().unwrap_or_default()
            } else {
                plain
            };
            let help = column_help(plain, &named_tables(sql, tables));
            // Without its quotes a name is read in small letters, and in quotes a text is a name.
            let meant =
                help.strip_prefix("did you mean `").and_then(|help| help.strip_suffix("`?"));
            let quoted = offset.is_some_and(|offset| sql[offset..].starts_with('"'));
            let help = match meant {
                Some(name) if name.contains(char::is_uppercase) => {
                    format!("did you mean `\"{name}\"`, with its quotes?")
                }
                None if quoted => format!("text goes in single quotes: `'{plain}'`; {help}"),
                _ => help,
            };
            (Code::SqlError, message, help)
        }
        "42601" => {
            let help = "check what stands before this place: a comma, a keyword, a parenthesis";
            (Code::SqlSyntax, message, help.to_owned())
        }
        "42P18" | "42P08" => {
            let help = "cast the binding where it stands: `:name::text`";
            (Code::SqlError, message, help.to_owned())
        }
        "42883" if misspelt(&message, functions).is_some() => {
            let near = misspelt(&message, functions).unwrap_or_default();
            (Code::SqlError, message, format!("did you mean `{near}`?"))
        }
        _ => {
            let help = hint.unwrap_or_else(|| {
                "the words are PostgreSQL's own; https://www.postgresql.org/docs/current/sql.html says what it takes".to_owned()
            });
            (Code::SqlError, message, help)
        }
    };
    Problem::new(code, at, message, help)
}

/// The function that was meant where none has the name in `function lenght(text) does not exist`.
fn misspelt<'f>(message: &str, functions: &'f BTreeSet<String>) -> Option<&'f str> {
    let name = message.strip_prefix("function ")?.split_once('(')?.0.rsplit('.').next()?;
    let known = functions.iter().map(String::as_str);
    closest(name, known).filter(|near| *near != name)
}

/// A message with `:name` for `$1`.
fn named(message: &str, rendered: &Rendered) -> String {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\$(\d+)").expect("a pattern"));
    let name = |found: &regex::Captures| {
        let name =
            found[1].parse().ok().and_then(|n: usize| rendered.bindings.get(n.checked_sub(1)?));
        name.map_or_else(|| found[0].to_owned(), |name| format!(":{name}"))
    };
    NUMBER.replace_all(message, name).into_owned()
}
