//! What a migration may not do when mcpgen runs it on a server that others use as well, and where
//! its statements begin.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use crate::ir::Engine;
use crate::sql::analyze::dialect;

/// Something that mcpgen does not run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beyond {
    /// Where it stands.
    pub(super) at: Range<usize>,
    /// What it is.
    pub(super) message: String,
    /// What to do instead.
    pub(super) help: &'static str,
}

/// What to do about most of it.
const BY_HAND: &str = "a migration changes the schema of its own database; do the rest by hand";

/// The first place at which a migration reaches beyond its own database, and what is there.
///
/// A scratch database is all that a check may change. In PostgreSQL migrations run in a
/// transaction, where databases and settings of the server cannot be changed; roles can.
pub(super) fn beyond(sql: &str, engine: Engine) -> Option<Beyond> {
    let Some(tokens) = tokens(sql, engine) else { return hidden(sql, 0) };
    let word = |at: usize| match tokens.get(at).map(|token| &token.token) {
        Some(Token::Word(word)) => word.value.to_ascii_uppercase(),
        _ => String::new(),
    };
    // What a statement begins with, and which functions' parentheses are open.
    let mut first = 0;
    let mut open: Vec<String> = Vec::new();
    for at in 0..tokens.len() {
        if at == 0 || tokens[at - 1].token == Token::SemiColon {
            first = at;
        }
        match &tokens[at].token {
            Token::LParen => open.push(at.checked_sub(1).map(word).unwrap_or_default()),
            Token::RParen => drop(open.pop()),
            _ => {}
        }
        let start = tokens[at].start;
        if let Token::DollarQuotedString(_) | Token::SingleQuotedString(_) = tokens[at].token
            && word(first) == "DO"
        {
            let end = tokens.get(at + 1).map_or(sql.len(), |next| next.start);
            if let Some(found) = hidden(&sql[start..end], start) {
                return Some(found);
            }
        }
        let found = (first == at).then(|| global(&word, at, engine)).flatten().or_else(|| {
            let other =
                engine == Engine::Mysql && other_database(&tokens, &word, (first, at), &open);
            other.then(|| (format!("`{}` is another database", word(at).to_lowercase()), BY_HAND))
        });
        if let Some((message, help)) = found {
            return Some(Beyond { at: super::words::word(sql, start), message, help });
        }
    }
    None
}

/// The byte at which a statement begins, by its number; the first one where that is not certain.
pub(super) fn statement(sql: &str, engine: Engine, number: usize) -> usize {
    let Some(tokens) = tokens(sql, engine) else { return super::words::leading_space(sql) };
    let begins = |at: usize| at == 0 || tokens[at - 1].token == Token::SemiColon;
    // Inside of a body semicolons end other statements.
    let body = |token: &Placed| matches!(&token.token, Token::Word(word) if word.value.eq_ignore_ascii_case("begin"));
    let number = if tokens.iter().any(body) { 0 } else { number };
    let mut starts = (0..tokens.len())
        .filter(|at| begins(*at) && tokens[*at].token != Token::SemiColon)
        .map(|at| tokens[at].start);
    starts.nth(number).unwrap_or_else(|| super::words::leading_space(sql))
}

/// A token, and the byte at which it begins.
struct Placed {
    token: Token,
    start: usize,
}

fn tokens(sql: &str, engine: Engine) -> Option<Vec<Placed>> {
    let tokens = Tokenizer::new(dialect(engine), sql).tokenize_with_location().ok()?;
    let lines: Vec<usize> =
        std::iter::once(0).chain(sql.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let placed = tokens.into_iter().filter(|token| !matches!(token.token, Token::Whitespace(_)));
    let placed =
        placed.map(|token| Placed { start: offset(sql, &lines, &token), token: token.token });
    Some(placed.collect())
}

/// What changes the whole server inside of a text that cannot be taken apart: the body of `DO`.
fn hidden(text: &str, start: usize) -> Option<Beyond> {
    static GLOBAL: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?i)\b(CREATE|ALTER|DROP)\s+(ROLE|USER|DATABASE|TABLESPACE|SUBSCRIPTION|SYSTEM)\b(\s+MAPPING\b)?";
        Regex::new(pattern).expect("a pattern")
    });
    let found = GLOBAL.captures_iter(text).find(|found| found.get(3).is_none())?;
    let at = found.get(0)?.range();
    Some(Beyond {
        at: start + at.start..start + at.end,
        message: format!("`{}` changes the whole server", found[0].to_ascii_uppercase()),
        help: BY_HAND,
    })
}

/// What a statement that begins at a word does to the whole server.
fn global(
    word: &impl Fn(usize) -> String,
    at: usize,
    engine: Engine,
) -> Option<(String, &'static str)> {
    let mysql = engine == Engine::Mysql;
    let (first, mut second) = (word(at), word(at + 1));
    if second == "OR" {
        second = word(at + 3);
    }
    let object = match second.as_str() {
        "USER" => word(at + 2) != "MAPPING",
        "ROLE" | "DATABASE" | "TABLESPACE" | "SUBSCRIPTION" | "SYSTEM" => true,
        "SCHEMA" | "SERVER" => mysql,
        _ => false,
    };
    match first.as_str() {
        "CREATE" | "ALTER" | "DROP" if object => {
            Some((format!("`{first} {second}` changes the whole server"), BY_HAND))
        }
        "USE" | "GRANT" | "REVOKE" | "FLUSH" | "KILL" | "SHUTDOWN" | "RESET" | "PURGE"
        | "INSTALL" | "UNINSTALL" | "LOAD"
            if mysql =>
        {
            Some((format!("`{first}` reaches beyond the database"), BY_HAND))
        }
        "SET" if mysql && matches!(second.as_str(), "GLOBAL" | "PERSIST" | "PASSWORD") => {
            Some((format!("`SET {second}` changes the whole server"), BY_HAND))
        }
        "SET" if mysql && matches!(second.as_str(), "@@GLOBAL" | "@@PERSIST") => {
            Some((format!("`SET {second}` changes the whole server"), BY_HAND))
        }
        "DELIMITER" if mysql => Some((
            "`DELIMITER` is a command of the client `mysql`, and no statement".to_owned(),
            "leave it out: the server itself knows where `BEGIN … END;` ends",
        )),
        "COPY" => Some((
            "`COPY` reads what a client sends, or files of the server".to_owned(),
            "write the rows as INSERT",
        )),
        _ => None,
    }
}

/// In MySQL a name in front of a table's is another database.
fn other_database(
    tokens: &[Placed],
    word: &impl Fn(usize) -> String,
    (first, at): (usize, usize),
    open: &[String],
) -> bool {
    let is_qualified = matches!(tokens[at].token, Token::Word(_))
        && tokens.get(at + 1).is_some_and(|token| token.token == Token::Period);
    if !is_qualified || at == first {
        return false;
    }
    let about_index = (first..at.min(first + 4)).any(|at| word(at) == "INDEX");
    match word(at - 1).as_str() {
        // `EXTRACT(YEAR FROM o.day)`, `TRIM(' ' FROM NEW.name)`
        "FROM" => !open.last().is_some_and(|name| {
            matches!(name.as_str(), "EXTRACT" | "TRIM" | "SUBSTRING" | "SUBSTR" | "MID")
        }),
        "ON" => about_index,
        "TABLE" | "INTO" | "UPDATE" | "JOIN" | "REFERENCES" | "VIEW" | "EXISTS" | "TRUNCATE"
        | "TRIGGER" | "PROCEDURE" | "FUNCTION" | "EVENT" | "SEQUENCE" | "TO" | "RENAME"
        | "INSERT" | "REPLACE" | "DELETE" | "IGNORE" => true,
        "" => tokens[at - 1].token == Token::Comma && word(first) == "DROP" && open.is_empty(),
        _ => false,
    }
}

/// The byte at which a token begins; `lines` is where each line does.
fn offset(sql: &str, lines: &[usize], token: &TokenWithSpan) -> usize {
    let start = token.span.start;
    let line = usize::try_from(start.line.saturating_sub(1)).unwrap_or(0);
    let column = usize::try_from(start.column.saturating_sub(1)).unwrap_or(0);
    let before = lines.get(line).copied().unwrap_or(sql.len());
    let rest = &sql[before..];
    before + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_database() {
        use Engine::{Mysql, Postgres};
        for (sql, engine, place) in [
            ("CREATE TABLE a (b int);\nCREATE ROLE x;", Postgres, Some("CREATE")),
            ("DROP DATABASE prod", Mysql, Some("DROP")),
            ("CREATE TABLE a (b int); USE other;", Mysql, Some("USE")),
            ("INSERT INTO other.t VALUES (1)", Mysql, Some("other.t")),
            ("RENAME TABLE a TO other.a", Mysql, Some("other.a")),
            ("ALTER TABLE a RENAME other.a", Mysql, Some("other.a")),
            ("DROP TABLE a, other.b", Mysql, Some("other.b")),
            ("CREATE UNIQUE INDEX i ON other.b (c)", Mysql, Some("other.b")),
            ("SET @@GLOBAL.max_connections = 1", Mysql, Some("SET")),
            ("DELIMITER //\nCREATE TRIGGER t", Mysql, Some("DELIMITER")),
            ("CREATE TABLE app.a (b int REFERENCES app.c)", Postgres, None),
            ("CREATE USER MAPPING FOR x SERVER y", Postgres, None),
            (
                "CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ DROP ROLE x $$ LANGUAGE sql",
                Postgres,
                None,
            ),
            ("DO $$ BEGIN\n  CREATE ROLE x; END $$", Postgres, Some("CREATE ROLE")),
            ("DO 'BEGIN EXECUTE ''DROP  USER x''; END'", Postgres, Some("DROP  USER")),
            ("SELECT U&'\\00'; DROP ROLE x", Postgres, Some("DROP ROLE")),
            ("CREATE TABLE a (b int COMMENT 'USE; DROP DATABASE x')", Mysql, None),
            (
                "CREATE VIEW v AS SELECT EXTRACT(YEAR FROM o.day) FROM o JOIN p ON o.id = p.id",
                Mysql,
                None,
            ),
            (
                "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = TRIM(' ' FROM NEW.a)",
                Mysql,
                None,
            ),
        ] {
            let found = beyond(sql, engine).map(|found| &sql[found.at]);
            assert_eq!(found, place, "{sql}");
        }
    }

    #[test]
    fn where_statements_begin() {
        for (sql, number, expected) in [
            ("-- first\nCREATE TABLE a (b int);\n\nINSERT x; -- c;\n DROP y", 2, "DROP y"),
            ("CREATE TABLE a (b text DEFAULT ';'); SELECT 1;", 1, "SELECT 1;"),
            ("  SELECT 1", 7, "SELECT 1"),
            (
                "CREATE TRIGGER t BEGIN SET x; END; SELECT 1",
                1,
                "CREATE TRIGGER t BEGIN SET x; END; SELECT 1",
            ),
        ] {
            assert_eq!(&sql[statement(sql, Engine::Mysql, number)..], expected);
        }
    }
}
