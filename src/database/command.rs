//! What kind of statement a text is, by its own words.

use sqlparser::tokenizer::{Token, Tokenizer};

use crate::ir::Engine;
use crate::sql::analyze::dialect;

use super::facts::Effect;
use super::words::verb;

/// Kinds of statements that a tool may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    /// It reads.
    Select,
    /// It reads and locks what it reads.
    SelectForUpdate,
    /// It inserts.
    Insert,
    /// It inserts, and replaces what is in the way.
    Replace,
    /// It updates.
    Update,
    /// It deletes.
    Delete,
    /// It may do all of these.
    Merge,
    /// It calls a procedure, which may do anything.
    Call,
}

impl Command {
    /// What such a statement does.
    pub(super) fn effect(self) -> Effect {
        let nothing = Effect::default();
        match self {
            Self::Select => nothing,
            Self::SelectForUpdate => Effect { locks: true, ..nothing },
            Self::Insert => Effect { inserts: true, ..nothing },
            Self::Replace => Effect { inserts: true, deletes: true, ..nothing },
            Self::Update => Effect { updates: true, ..nothing },
            Self::Delete => Effect { deletes: true, ..nothing },
            Self::Merge | Self::Call => {
                Effect { inserts: true, updates: true, deletes: true, locks: false }
            }
        }
    }
}

/// The kind of a statement, or why it may not stand in a tool and what to do.
pub(super) fn command(sql: &str, engine: Engine) -> Result<Command, (String, &'static str)> {
    let words = words(sql, engine);
    let top = |at: usize| words.get(at).filter(|(depth, _)| *depth == 0);
    let first = words.iter().map(|(_, word)| word.as_str()).next().unwrap_or_default();
    // Behind WITH, the first verb that stands in no parenthesis.
    let verb = if first == "WITH" {
        let verbs = ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE", "REPLACE"];
        let found =
            words.iter().find(|(depth, word)| *depth == 0 && verbs.contains(&word.as_str()));
        found.map_or("SELECT", |(_, word)| word.as_str())
    } else {
        first
    };
    let pair = |a: &str, b: &str| words.windows(2).any(|pair| pair[0].1 == a && pair[1].1 == b);
    let locks = pair("FOR", "UPDATE")
        || pair("FOR", "SHARE")
        || pair("FOR", "NO")
        || pair("FOR", "KEY")
        || words.windows(3).any(|three| {
            // MySQL's older words.
            matches!(three, [(_, a), (_, b), (_, c)] if a == "LOCK" && b == "IN" && c == "SHARE")
        });
    match verb {
        "SELECT" | "VALUES" | "TABLE" => {
            if (0..words.len()).any(|at| top(at).is_some_and(|(_, word)| word == "INTO")) {
                let message = "this `SELECT … INTO` makes something of the rows".to_owned();
                return Err((message, "leave `INTO` out: the rows are the answer"));
            }
            Ok(if locks { Command::SelectForUpdate } else { Command::Select })
        }
        "INSERT" => Ok(Command::Insert),
        "REPLACE" if engine == Engine::Mysql => Ok(Command::Replace),
        "UPDATE" => Ok(Command::Update),
        "DELETE" => Ok(Command::Delete),
        "MERGE" => Ok(Command::Merge),
        "CALL" => Ok(Command::Call),
        "BEGIN" | "START" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "LOCK" => Err((
            "transactions are made by `steps`, not by statements".to_owned(),
            "write the statements under `steps`; `SELECT … FOR UPDATE` locks rows",
        )),
        "TRUNCATE" => Err(("`TRUNCATE` empties a table past its rules".to_owned(), "use DELETE")),
        "CREATE" | "ALTER" | "DROP" | "RENAME" | "COMMENT" | "GRANT" | "REVOKE" => Err((
            "a statement of a tool does not change the schema".to_owned(),
            "a statement reads, inserts, updates or deletes rows; the schema belongs to the migrations",
        )),
        other => Err((
            format!("`{other}` is no statement of a tool"),
            "a statement reads, inserts, updates or deletes rows, or calls a procedure",
        )),
    }
}

/// Words in upper case, with how many parentheses they stand in. Those that stand around the whole
/// statement do not count.
fn words(sql: &str, engine: Engine) -> Vec<(usize, String)> {
    let Ok(tokens) = Tokenizer::new(dialect(engine), sql).tokenize() else {
        let plain = sql.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        return plain
            .filter(|word| !word.is_empty())
            .map(|word| (0, word.to_ascii_uppercase()))
            .collect();
    };
    let mut words: Vec<(usize, String)> = Vec::new();
    let mut depth = 0_usize;
    for token in &tokens {
        match token {
            Token::LParen => depth += usize::from(!words.is_empty()),
            Token::RParen => depth = depth.saturating_sub(1),
            Token::Word(word) if word.quote_style.is_none() => {
                words.push((depth, word.value.to_ascii_uppercase()));
            }
            _ => {}
        }
    }
    words
}

/// Whether a statement may commit what it does by itself, as a procedure of MySQL may.
#[must_use]
pub(crate) fn may_commit(sql: &str, engine: Engine) -> bool {
    engine == Engine::Mysql && sql[verb(sql)].eq_ignore_ascii_case("CALL")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        for (sql, expected) in [
            ("(SELECT 1) UNION (SELECT 2)", Ok(Command::Select)),
            ("/* a */ WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", Ok(Command::Select)),
            ("WITH x AS (SELECT 1) UPDATE t SET a = 1", Ok(Command::Update)),
            ("SELECT * FROM t FOR UPDATE SKIP LOCKED", Ok(Command::SelectForUpdate)),
            ("SELECT * FROM t WHERE a IN (share, b)", Ok(Command::Select)),
            ("SELECT * INTO t2 FROM t", Err(())),
            ("INSERT INTO t SELECT 1", Ok(Command::Insert)),
            ("CREATE TABLE t (a int)", Err(())),
            ("VALUES (1)", Ok(Command::Select)),
            ("CALL f(1)", Ok(Command::Call)),
        ] {
            assert_eq!(command(sql, Engine::Postgres).map_err(|_| ()), expected, "{sql}");
        }
    }
}
