//! SQLite's own words in those of the parser.
//!
//! What the parser does not know is written as something that it knows, has the same columns and
//! can be NULL where the other can. It is read, never run.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, TokenizerError};

use super::rewriter::Rewriter;
use crate::ir::Engine;

/// The tokens of a statement in words that the parser knows.
pub(super) fn in_words_of_sqlite(sql: &str) -> Result<Vec<Token>, TokenizerError> {
    let tokens = Tokenizer::new(super::dialect(Engine::Sqlite), sql).tokenize_with_location()?;
    let mut writer = Writer::new(tokens.into_iter().map(|token| plain(token, sql)));
    writer.run();
    Ok(writer.written)
}

/// `0x10` is a number; the parser takes it for the blob `x'10'`.
fn plain(token: TokenWithSpan, sql: &str) -> Token {
    if !matches!(token.token, Token::HexStringLiteral(_)) {
        return token.token;
    }
    let index = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).saturating_sub(1);
    let start = token.span.start;
    let first = sql
        .split('\n')
        .nth(index(start.line))
        .and_then(|line| line.chars().nth(index(start.column)));
    if first == Some('0') {
        // Whichever it is, it has 64 bits.
        return Token::Number("16".to_owned(), false);
    }
    token.token
}

/// The table that rows are inserted into: its alias, and its name in the rest of the statement.
type Alias = Option<(String, Token)>;

type Writer = Rewriter<Alias>;

impl Writer {
    fn is_name(&self, distance: usize) -> bool {
        matches!(self.token(distance), Some(Token::Word(_)))
    }

    /// Whether what was written last is a value, behind which an operator may stand.
    fn behind_a_value(&self) -> bool {
        match self.written.last() {
            // Many keywords are names as well, so that these alone end no value.
            Some(Token::Word(word)) => !matches!(
                word.keyword,
                Keyword::SELECT
                    | Keyword::WHERE
                    | Keyword::AND
                    | Keyword::OR
                    | Keyword::NOT
                    | Keyword::ON
                    | Keyword::BY
                    | Keyword::WHEN
                    | Keyword::THEN
                    | Keyword::ELSE
                    | Keyword::HAVING
                    | Keyword::CASE
                    | Keyword::DISTINCT
                    | Keyword::SET
                    | Keyword::RETURNING
            ),
            Some(
                Token::Number(..)
                | Token::SingleQuotedString(_)
                | Token::HexStringLiteral(_)
                | Token::Placeholder(_)
                | Token::RParen,
            ) => true,
            _ => false,
        }
    }

    fn last_is(&self, keyword: Keyword) -> bool {
        matches!(self.written.last(), Some(Token::Word(word)) if word.keyword == keyword)
    }

    /// How far the first of the tokens is that stands in no further parenthesis and begins one of
    /// the words, or the end of what is open here.
    fn until(&self, from: usize, fits: impl Fn(&Self, usize) -> bool) -> usize {
        let mut depth = 0_usize;
        let mut distance = from;
        while let Some(token) = self.token(distance) {
            match token {
                Token::LParen => depth += 1,
                Token::RParen if depth == 0 => return distance,
                Token::RParen => depth -= 1,
                Token::SemiColon => return distance,
                _ if depth == 0 && fits(self, distance) => return distance,
                _ => {}
            }
            distance += 1;
        }
        distance
    }

    fn run(&mut self) {
        while self.at < self.tokens.len() {
            self.step();
        }
    }

    fn step(&mut self) {
        match self.token(0) {
            // Bits are numbers, whatever is done with them.
            Some(Token::ShiftLeft | Token::ShiftRight) => self.instead_token(1, Token::Ampersand),
            Some(Token::Tilde) => self.instead_token(1, Token::Minus),
            Some(Token::Word(word)) => {
                let target = self.state.as_ref().filter(|(alias, _)| {
                    alias.eq_ignore_ascii_case(&word.value) && self.token(1) == Some(&Token::Period)
                });
                match target {
                    Some((_, table)) => self.instead_token(1, table.clone()),
                    None => self.named(),
                }
            }
            _ => self.keep(1),
        }
    }

    fn named(&mut self) {
        let word = self.word(0).unwrap_or_default();
        let call = self.token(1) == Some(&Token::LParen);
        match word.as_str() {
            "ISNULL" => self.instead(1, &["IS", "NULL"]),
            "NOTNULL" => self.instead(1, &["IS", "NOT", "NULL"]),
            "NOT" if self.at_word(1, "NULL") && self.behind_a_value() => {
                self.instead(2, &["IS", "NOT", "NULL"]);
            }
            "GLOB" | "MATCH" | "REGEXP"
                if self.behind_a_value() || self.last_is(Keyword::NOT) && !call =>
            {
                self.instead(1, &["LIKE"]);
            }
            // The parser takes all that follows for the right side of its own `IS DISTINCT FROM`.
            "IS" if self.words(&["IS", "NOT", "DISTINCT", "FROM"]) => {
                self.instead_token(4, Token::Spaceship);
            }
            "IS" if self.words(&["IS", "DISTINCT", "FROM"]) => {
                self.instead_token(3, Token::Spaceship);
            }
            "IS" => {
                let not = usize::from(self.at_word(1, "NOT"));
                let known = ["NULL", "TRUE", "FALSE"].iter().any(|w| self.at_word(not + 1, w));
                if known {
                    self.keep(not + 2);
                } else {
                    self.instead_token(not + 1, Token::Spaceship);
                }
            }
            "IN" if self.is_name(1) => self.in_a_table(),
            "NOT" if self.at_word(1, "MATERIALIZED") => self.at += 2,
            "MATERIALIZED" if self.last_is(Keyword::AS) => self.at += 1,
            "NOT" if self.at_word(1, "INDEXED") => self.at += 2,
            "INDEXED" if self.at_word(1, "BY") => self.at += 3,
            // Which rows of a frame are left out.
            "EXCLUDE" if self.words(&["EXCLUDE", "NO", "OTHERS"]) => self.at += 3,
            "EXCLUDE" if self.words(&["EXCLUDE", "CURRENT", "ROW"]) => self.at += 3,
            "EXCLUDE" if self.at_word(1, "GROUP") || self.at_word(1, "TIES") => self.at += 2,
            "CROSS" if self.at_word(1, "JOIN") => self.at += 1,
            "INTO" if self.last_is(Keyword::INSERT) || self.last_is(Keyword::REPLACE) => {
                self.into();
            }
            "INTO"
                if matches!(self.written.as_slice(), [.., Token::Word(or), _]
                if or.keyword == Keyword::OR) =>
            {
                self.into();
            }
            "ON" if self.at_word(1, "CONFLICT") => self.on_conflict(),
            _ => self.keep(1),
        }
    }

    /// `a IN t`, `a IN main.t`, `a IN f(x)`: the table's only column.
    fn in_a_table(&mut self) {
        self.keep(1);
        self.written.push(Token::LParen);
        self.instead(0, &["SELECT"]);
        self.written.push(Token::Mul);
        self.instead(0, &["FROM"]);
        self.keep(1);
        if self.token(0) == Some(&Token::Period) {
            self.keep(2);
        }
        if self.token(0) == Some(&Token::LParen) {
            let close = self.until(1, |_, _| false);
            self.keep(close + 1);
        }
        self.written.push(Token::RParen);
    }

    /// `INSERT INTO t AS a`: the parser knows no alias there.
    fn into(&mut self) {
        let name = if self.token(2) == Some(&Token::Period) { 3 } else { 1 };
        self.keep(name + 1);
        if self.at_word(0, "AS")
            && let Some(Token::Word(alias)) = self.token(1)
            && let Some(table) = self.written.last()
        {
            self.state = Some((alias.value.clone(), table.clone()));
            self.at += 2;
        }
    }

    /// What rows collide on is kept where it is a list of columns; of several clauses the first is
    /// read.
    fn on_conflict(&mut self) {
        let begins = |writer: &Self, at: usize| {
            writer.at_word(at, "ON") && writer.at_word(at + 1, "CONFLICT")
        };
        self.keep(2);
        let close = match self.token(0) {
            Some(Token::LParen) => self.until(1, |_, _| false),
            _ => 0,
        };
        let plain = |at| matches!(self.token(at), Some(Token::Word(_) | Token::Comma));
        if close > 0 && (1..close).all(plain) {
            self.keep(close + 1);
        }
        self.at += self.until(0, |writer, at| writer.at_word(at, "DO"));
        let end = self.until(0, |writer, at| begins(writer, at) || writer.at_word(at, "RETURNING"));
        let first = self.at + end;
        while self.at < first {
            self.step();
        }
        if begins(self, 0) {
            self.at += self.until(0, |writer, at| writer.at_word(at, "RETURNING"));
        }
    }
}
