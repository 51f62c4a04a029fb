//! What a migration may not do when mcpgen runs it on a server that others use as well.

use std::ops::Range;

use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use crate::ir::Engine;
use crate::sql::analyze::dialect;

/// The first place at which a migration reaches beyond its own database, and what is there.
///
/// A scratch database is all that a check may change. In PostgreSQL migrations run in a
/// transaction, where databases and settings of the server cannot be changed; roles can.
pub(super) fn beyond(sql: &str, engine: Engine) -> Option<(Range<usize>, String)> {
    let tokens = Tokenizer::new(dialect(engine), sql).tokenize_with_location().ok()?;
    let tokens: Vec<&TokenWithSpan> =
        tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_))).collect();
    let word = |at: usize| match tokens.get(at).map(|token| &token.token) {
        Some(Token::Word(word)) => word.value.to_ascii_uppercase(),
        _ => String::new(),
    };
    let begins = |at: usize| at == 0 || tokens[at - 1].token == Token::SemiColon;
    for at in 0..tokens.len() {
        let found = (begins(at).then(|| global(&word, at, engine)).flatten())
            .or_else(|| other_database(&tokens, &word, at, engine));
        if let Some(message) = found {
            let start = offset(sql, tokens[at]);
            return Some((super::words::word(sql, start), message));
        }
    }
    None
}

/// What a statement that begins at a word does to the whole server.
fn global(word: &impl Fn(usize) -> String, at: usize, engine: Engine) -> Option<String> {
    let mysql = engine == Engine::Mysql;
    let (first, mut second) = (word(at), word(at + 1));
    if second == "OR" {
        second = word(at + 3);
    }
    let object = match second.as_str() {
        "ROLE" | "USER" | "DATABASE" | "TABLESPACE" | "SUBSCRIPTION" | "SYSTEM" => true,
        "SCHEMA" | "SERVER" => mysql,
        _ => false,
    };
    match first.as_str() {
        "CREATE" | "ALTER" | "DROP" if object => {
            Some(format!("`{first} {second}` changes the whole server"))
        }
        "USE" | "GRANT" | "REVOKE" | "FLUSH" | "KILL" | "SHUTDOWN" | "RESET" | "PURGE" | "INSTALL"
        | "UNINSTALL" | "LOAD"
            if mysql =>
        {
            Some(format!("`{first}` reaches beyond the database"))
        }
        "SET" if mysql && matches!(second.as_str(), "GLOBAL" | "PERSIST" | "PASSWORD") => {
            Some(format!("`SET {second}` changes the whole server"))
        }
        "COPY" => Some("`COPY` reads and writes files of the server".to_owned()),
        _ => None,
    }
}

/// In MySQL a name in front of a table's is another database.
fn other_database(
    tokens: &[&TokenWithSpan],
    word: &impl Fn(usize) -> String,
    at: usize,
    engine: Engine,
) -> Option<String> {
    let before = word(at.checked_sub(1)?);
    let names_a_table = matches!(
        before.as_str(),
        "TABLE" | "INTO" | "UPDATE" | "FROM" | "JOIN" | "REFERENCES" | "VIEW" | "EXISTS" | "TRUNCATE"
            | "TRIGGER" | "PROCEDURE" | "FUNCTION"
    );
    let qualified = matches!(tokens[at].token, Token::Word(_))
        && tokens.get(at + 1).is_some_and(|token| token.token == Token::Period);
    (engine == Engine::Mysql && names_a_table && qualified)
        .then(|| format!("`{}` is another database", word(at).to_lowercase()))
}

/// The byte at which a token begins.
fn offset(sql: &str, token: &TokenWithSpan) -> usize {
    let start = token.span.start;
    let line = usize::try_from(start.line.saturating_sub(1)).unwrap_or(0);
    let column = usize::try_from(start.column.saturating_sub(1)).unwrap_or(0);
    let before: usize = sql.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = &sql[before.min(sql.len())..];
    before + rest.char_indices().nth(column).map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_database() {
        for (sql, engine, place) in [
            ("CREATE TABLE a (b int);\nCREATE ROLE x;", Engine::Postgres, Some("CREATE")),
            ("DROP DATABASE prod", Engine::Mysql, Some("DROP")),
            ("CREATE TABLE a (b int); USE other;", Engine::Mysql, Some("USE")),
            ("INSERT INTO other.t VALUES (1)", Engine::Mysql, Some("other.t")),
            ("CREATE TABLE app.a (b int REFERENCES app.c)", Engine::Postgres, None),
            ("CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ DROP ROLE x $$ LANGUAGE sql", Engine::Postgres, None),
            ("CREATE TABLE a (b int COMMENT 'USE; DROP DATABASE x')", Engine::Mysql, None),
        ] {
            let found = beyond(sql, engine).map(|(at, _)| &sql[at]);
            assert_eq!(found, place, "{sql}");
        }
    }
}
