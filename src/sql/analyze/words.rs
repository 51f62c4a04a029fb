//! MySQL's own words in those of the parser.
//!
//! What the parser does not know is written as something that it knows, has the same columns and the
//! same bindings, and can be NULL where the other can. It is read, never run.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Tokenizer, TokenizerError};

use super::rewriter::Rewriter;
use crate::ir::Engine;

/// The tokens of a statement in words that the parser knows.
pub(super) fn in_words_of_mysql(sql: &str) -> Result<Vec<Token>, TokenizerError> {
    let tokens = Tokenizer::new(super::dialect(Engine::Mysql), sql).tokenize()?;
    let mut writer = Writer::new(tokens);
    writer.run();
    writer.returned_first();
    Ok(writer.written)
}

/// Units of time that are two in one, written as text: `'1:30'`. The parser is given a unit that
/// MySQL has not.
const PAIRS_OF_UNITS: &[&str] = &[
    "YEAR_MONTH",
    "DAY_HOUR",
    "DAY_MINUTE",
    "DAY_SECOND",
    "DAY_MICROSECOND",
    "HOUR_MINUTE",
    "HOUR_SECOND",
    "HOUR_MICROSECOND",
    "MINUTE_SECOND",
    "MINUTE_MICROSECOND",
    "SECOND_MICROSECOND",
];

/// What stands between a verb and its table and changes no type.
const ASIDES: &[&str] = &["LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK", "IGNORE", "HISTORY"];

/// What a parenthesis is that is still open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// One like any other.
    Plain,
    /// It holds joined tables, between which a comma is a join.
    Tables,
    /// It holds one table, and falls away.
    Table,
}

/// The parentheses that are open, the innermost last.
type Writer = Rewriter<Vec<Open>>;

impl Writer {
    /// Whether what was written last is a value, behind which an operator may stand.
    fn behind_a_value(&self) -> bool {
        match self.written.last() {
            Some(Token::Word(word)) => {
                word.keyword == Keyword::NoKeyword || word.keyword == Keyword::NULL
            }
            Some(
                Token::Number(..)
                | Token::SingleQuotedString(_)
                | Token::DoubleQuotedString(_)
                | Token::Placeholder(_)
                | Token::RParen,
            ) => true,
            _ => false,
        }
    }

    fn last_is(&self, words: &[&str]) -> bool {
        matches!(self.written.last(), Some(Token::Word(word))
            if words.iter().any(|known| word.value.eq_ignore_ascii_case(known)))
    }

    /// Where the parenthesis at a distance is closed, as a distance.
    fn partner(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (distance, token) in self.tokens[self.at..].iter().enumerate().skip(open) {
            match token {
                Token::LParen => depth += 1,
                Token::RParen if depth == 1 => return Some(distance),
                Token::RParen => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        None
    }

    /// Whether one of the tokens from `open` to `close` that stands in no further parenthesis fits.
    fn inside(&self, open: usize, close: usize, fits: impl Fn(&Token) -> bool) -> bool {
        let mut depth = 0_usize;
        self.tokens[self.at + open + 1..self.at + close].iter().any(|token| {
            match token {
                Token::LParen => depth += 1,
                Token::RParen => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && fits(token)
        })
    }

    fn run(&mut self) {
        let first = self.word(0).unwrap_or_default();
        let mut selects_from = false;
        // The tables of a statement that writes to several.
        let mut targets = matches!(first.as_str(), "UPDATE" | "DELETE");
        let mut aside = matches!(first.as_str(), "UPDATE" | "DELETE" | "INSERT" | "REPLACE");
        while let Some(token) = self.token(0).cloned() {
            let outside = self.state.is_empty();
            let word = self.word(0).unwrap_or_default();
            if aside && ASIDES.contains(&word.as_str()) && !self.written.is_empty() {
                // Whether a row that is there already is an error changes no type.
                self.at += 1;
                continue;
            }
            aside &= self.written.is_empty();
            match word.as_str() {
                "WHERE" | "SET" | "USING" | "SELECT" if outside => targets = false,
                "FROM" if outside => selects_from = true,
                _ => {}
            }
            match &token {
                Token::LParen => self.open(),
                Token::RParen => match self.state.pop() {
                    Some(Open::Table) => self.at += 1,
                    Some(Open::Plain | Open::Tables) | None => self.keep(1),
                },
                Token::Comma if self.state.last() == Some(&Open::Tables) => self.cross(),
                Token::Comma if outside && targets && first == "UPDATE" => self.cross(),
                Token::Period if targets && self.token(1) == Some(&Token::Mul) => self.at += 2,
                Token::ExclamationMark => {
                    self.instead_token(1, Token::Minus);
                }
                Token::LBrace => self.brace(),
                Token::RBrace => self.at += 1,
                Token::Word(_) => self.named(&word, outside, selects_from),
                _ => self.keep(1),
            }
        }
    }

    /// A comma between tables is a join without a condition.
    fn cross(&mut self) {
        self.instead(1, &["CROSS", "JOIN"]);
    }

    /// ODBC's braces: `{ OJ a LEFT JOIN b … }`, `{d '2024-01-01'}`, `{fn NOW()}`.
    fn brace(&mut self) {
        let word = self.word(1).unwrap_or_default();
        let typed = match word.as_str() {
            "D" => Some("DATE"),
            "T" => Some("TIME"),
            "TS" => Some("TIMESTAMP"),
            _ => None,
        };
        self.instead(2, typed.as_slice());
    }

    fn open(&mut self) {
        let table = self.last_is(&["FROM", "JOIN", "STRAIGHT_JOIN", "UPDATE"])
            || self.state.last() == Some(&Open::Tables)
                && matches!(self.written.last(), Some(Token::LParen));
        let begins = self.tokens[self.at..].iter().find(|token| **token != Token::LParen);
        let query = matches!(begins, Some(Token::Word(word)) if matches!(
            word.keyword, Keyword::SELECT | Keyword::WITH | Keyword::VALUES | Keyword::TABLE));
        let close = self.partner(0).filter(|close| {
            let joined = ["JOIN", "LEFT", "RIGHT", "INNER", "CROSS", "NATURAL", "STRAIGHT_JOIN"];
            let behind = self.word(close + 1).unwrap_or_default();
            let listed = self.written.last() == Some(&Token::Comma)
                && joined.contains(&behind.as_str())
                && self.token(close + 2) != Some(&Token::LParen);
            (table || listed) && !query
        });
        let Some(close) = close else {
            self.state.push(Open::Plain);
            self.keep(1);
            return;
        };
        let joins = self.inside(0, close, |token| match token {
            Token::Comma | Token::LParen => true,
            Token::Word(word) => matches!(word.keyword, Keyword::JOIN | Keyword::STRAIGHT_JOIN),
            _ => false,
        });
        if joins {
            self.state.push(Open::Tables);
            self.keep(1);
        } else {
            self.state.push(Open::Table);
            self.at += 1;
        }
    }

    fn named(&mut self, word: &str, outside: bool, selects_from: bool) {
        let next = self.token(1).cloned();
        let call = next == Some(Token::LParen);
        match word {
            "MOD" if self.behind_a_value() => {
                self.instead_token(1, Token::Mod);
            }
            "SOUNDS" if self.at_word(1, "LIKE") => self.at += 1,
            "LOCK" if self.words(&["LOCK", "IN", "SHARE", "MODE"]) => self.at += 4,
            "ROWS" if self.words(&["ROWS", "EXAMINED"]) => self.at += 3,
            "MATCH" => self.matches(),
            "IN" if self.words(&["IN", "BOOLEAN", "MODE"]) => self.at += 3,
            "IN" if self.words(&["IN", "NATURAL", "LANGUAGE", "MODE"]) => self.at += 4,
            "WITH" if self.words(&["WITH", "QUERY", "EXPANSION"]) => self.at += 3,
            "ASC" | "DESC" => self.at += 1,
            "EXCLUDE" if self.words(&["EXCLUDE", "NO", "OTHERS"]) => self.at += 3,
            "EXCLUDE" if self.words(&["EXCLUDE", "CURRENT", "ROW"]) => self.at += 3,
            // The parser wants to know what is cut off.
            "LEADING" | "TRAILING" | "BOTH" if self.at_word(1, "FROM") => {
                self.at += 2;
            }
            "FOR" if self.words(&["FOR", "PORTION", "OF"]) => self.portion(),
            "WAIT" if self.last_is(&["UPDATE", "SHARE", "MODE"]) => self.at += 2,
            "INTERVAL" if call => {
                let close = self.partner(1);
                let list = close
                    .is_some_and(|close| self.inside(1, close, |token| *token == Token::Comma));
                if list {
                    self.instead(1, &["interval_place"]);
                } else {
                    self.keep(1);
                }
            }
            "CHARACTER" if self.at_word(1, "SET") => self.at += 3,
            "CHARSET" if self.last_is(&["CHAR"]) => self.at += 2,
            "INT" | "INTEGER" if self.last_is(&["SIGNED", "UNSIGNED"]) => self.at += 1,
            "BINARY" if !call && !self.last_is(&["AS"]) && !ends(next.as_ref()) => self.at += 1,
            // MariaDB's sequences.
            "NEXT" | "PREVIOUS" if self.at_word(1, "VALUE") => {
                self.instead(3, &["nextval"]);
                self.written.push(Token::LParen);
                self.keep(1);
                self.written.push(Token::RParen);
            }
            // Without FROM the parser takes ON for the name of the last column.
            "ON" if outside && !selects_from && self.words(&["ON", "DUPLICATE"]) => {
                let select = self.written.iter().rposition(
                    |token| matches!(token, Token::Word(word) if word.keyword == Keyword::SELECT),
                );
                let limited = matches!(self.written.get(self.written.len().wrapping_sub(2)),
                    Some(Token::Word(word)) if word.keyword == Keyword::LIMIT);
                if select.is_some() && !limited {
                    self.instead(0, &["LIMIT"]);
                    self.written.push(Token::Number("1".to_owned(), false));
                }
                self.keep(1);
            }
            _ if PAIRS_OF_UNITS.contains(&word) => self.instead(1, &["CENTURY"]),
            _ => self.keep(1),
        }
    }

    /// The period of `FOR PORTION OF period FROM a TO b`, which changes no type.
    fn portion(&mut self) {
        let behind = ["WHERE", "SET", "ORDER", "LIMIT", "RETURNING"];
        let rest = self.tokens.len() - self.at;
        let end = (0..rest).find(|distance| {
            self.word(*distance).is_some_and(|word| behind.contains(&word.as_str()))
        });
        self.at += end.unwrap_or(rest);
    }

    /// `DELETE … ORDER BY … LIMIT … RETURNING …`: the parser has RETURNING before the others.
    fn returned_first(&mut self) {
        let is = |token: &Token, keyword: Keyword| matches!(token, Token::Word(word) if word.keyword == keyword);
        if !self.written.first().is_some_and(|token| is(token, Keyword::DELETE)) {
            return;
        }
        let mut depth = 0_usize;
        let mut outside = Vec::new();
        for (at, token) in self.written.iter().enumerate() {
            match token {
                Token::LParen => depth += 1,
                Token::RParen => depth = depth.saturating_sub(1),
                _ if depth == 0 => outside.push(at),
                _ => {}
            }
        }
        let place = |keyword| outside.iter().copied().find(|at| is(&self.written[*at], keyword));
        let ordered = place(Keyword::ORDER).or_else(|| place(Keyword::LIMIT));
        if let (Some(ordered), Some(returning)) = (ordered, place(Keyword::RETURNING))
            && ordered < returning
        {
            let end = self.written.iter().rposition(|token| *token != Token::SemiColon);
            self.written[ordered..end.map_or(returning, |end| end + 1)]
                .rotate_left(returning - ordered);
        }
    }

    /// `MATCH a, b AGAINST (…)`: a function of what is looked for.
    fn matches(&mut self) {
        let against = self.tokens[self.at..].iter().position(|token| {
            matches!(token, Token::Word(word) if word.value.eq_ignore_ascii_case("against"))
        });
        match against {
            Some(against) => self.instead(against + 1, &["match_against"]),
            None => self.keep(1),
        }
    }
}

/// Whether nothing follows that an operator in front could stand for.
fn ends(next: Option<&Token>) -> bool {
    matches!(next, None | Some(Token::RParen | Token::Comma | Token::SemiColon))
}
