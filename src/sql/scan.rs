//! Taking a statement apart without touching a byte of it.
//!
//! A scanner over bytes, not a parser: it knows where strings, comments and
//! quoted names end, and nothing else, so that it cannot misread what it does
//! not have to understand.

use std::ops::Range;

use crate::diagnostic::Code;
use crate::ir::Engine;

use super::{Binding, Clause, Piece, Problem, Template};

/// The longest statement, in bytes.
const LONGEST: usize = 256 * 1024;
/// Most optional clauses in one statement.
const MOST_CLAUSES: usize = 16;

/// Takes a statement apart, by the rules of an engine: what is a string, a comment or a quoted name
/// differs.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub fn scan(text: &str, engine: Engine) -> Result<Template, Vec<Problem>> {
    if text.len() > LONGEST {
        let message = format!("the statement has {} bytes; the most is {LONGEST}", text.len());
        return Err(vec![Problem::new(Code::TooLarge, 0..1, message, "split it")]);
    }
    let mut scanner = Scanner {
        text,
        engine,
        at: 0,
        start: 0,
        pieces: Vec::new(),
        clause: None,
        brackets: 0,
        word: 0..0,
        significant: None,
        opened_in: false,
        problems: Vec::new(),
        ended: None,
        any: false,
    };
    scanner.run();
    if scanner.problems.is_empty() {
        Ok(Template { pieces: scanner.pieces })
    } else {
        Err(scanner.problems)
    }
}

struct Scanner<'t> {
    text: &'t str,
    engine: Engine,
    at: usize,
    /// Where the text piece that is being read starts.
    start: usize,
    pieces: Vec<Piece>,
    /// The clause that is open: its start, and the pieces before it.
    clause: Option<(usize, Vec<Piece>)>,
    /// How many `[` are open.
    brackets: usize,
    /// The last word that was read.
    word: Range<usize>,
    /// The last character outside of white space and comments.
    significant: Option<char>,
    /// Whether the last significant character is the parenthesis of `IN (`.
    opened_in: bool,
    problems: Vec<Problem>,
    /// Where the `;` stands that ended the statement.
    ended: Option<usize>,
    any: bool,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            let here = self.at;
            let two = self.text.as_bytes().get(here + 1).map(|byte| char::from(*byte));
            match (c, two) {
                ('-', Some('-')) if self.dashes_comment() => self.line_comment(here),
                ('#', _) if self.engine == Engine::Mysql => self.line_comment(here),
                ('/', Some('*')) => self.comment(here),
                (c, _) if c.is_whitespace() => self.at += c.len_utf8(),
                _ if self.ended.is_some() => {
                    self.second_statement(here);
                    return;
                }
                ('\'' | '"', _) => self.quoted(c, c),
                ('`', _) if self.engine != Engine::Postgres => self.quoted(c, c),
                ('$', _) if self.engine == Engine::Postgres && self.dollar_quoted(here) => {}
                ('[', Some('[')) if self.clause_may_start() => self.open(here),
                (']', Some(']')) if self.clause.is_some() && self.brackets == 0 => self.close(here),
                ('[', _) if self.engine == Engine::Sqlite && self.quotes_a_name() => {
                    self.quoted('[', ']');
                }
                ('[', _) => {
                    self.brackets += 1;
                    self.step(c);
                }
                (']', _) => {
                    self.brackets = self.brackets.saturating_sub(1);
                    self.step(c);
                }
                (':', Some(':')) => {
                    self.at += 2;
                    self.mark(':');
                }
                (':', Some(next)) if next.is_ascii_alphabetic() || next == '_' => {
                    self.binding(here)
                }
                ('@', Some('@')) if self.engine == Engine::Mysql => {
                    self.at += 2;
                    self.mark('@');
                }
                ('@', _) if self.engine == Engine::Mysql && !self.in_word() => {
                    self.user_variable(here);
                }
                ('?' | '@' | '$', _) if self.places_a_value(c, two) => self.positional(here, c),
                (';', _) => self.end(here),
                ('\0', _) => {
                    self.problem(
                        Code::SqlSyntax,
                        here..here + 1,
                        "the statement holds a zero byte",
                        "remove it",
                    );
                    self.step(c);
                }
                (c, _) if c.is_alphanumeric() || c == '_' => self.word(here),
                _ => self.step(c),
            }
        }
        self.finish();
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn step(&mut self, c: char) {
        self.at += c.len_utf8();
        self.mark(c);
        let before = self.text[self.word.clone()].eq_ignore_ascii_case("in");
        let close = self.text[self.word.end..self.at - c.len_utf8()].trim().is_empty();
        self.opened_in = c == '(' && before && close;
    }

    /// Remembers the last significant character.
    fn mark(&mut self, c: char) {
        self.significant = Some(c);
        self.opened_in = false;
        self.any = true;
    }

    fn problem(
        &mut self,
        code: Code,
        at: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.push(Problem::new(code, at, message, help));
    }

    fn in_word(&self) -> bool {
        self.text[..self.at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
    }

    fn word(&mut self, here: usize) {
        let end = self
            .rest()
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
            .map_or(self.text.len(), |n| here + n);
        self.at = end;
        self.word = here..end;
        self.mark('a');
    }

    /// In MySQL two dashes need white space behind them: `1--1` is 2.
    fn dashes_comment(&self) -> bool {
        let next = self.rest()[2..].chars().next();
        self.engine != Engine::Mysql || next.is_none_or(|c| c.is_whitespace() || c.is_control())
    }

    fn line_comment(&mut self, here: usize) {
        self.at = self.rest().find('\n').map_or(self.text.len(), |n| here + n + 1);
    }

    /// Whether a character begins a placeholder. PostgreSQL has operators with `?` and `@`.
    fn places_a_value(&self, c: char, next: Option<char>) -> bool {
        let free = !self.in_word();
        match self.engine {
            Engine::Sqlite => free,
            Engine::Postgres => {
                free && c == '$' && next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
            }
            Engine::Mysql => c == '?',
        }
    }

    fn user_variable(&mut self, here: usize) {
        let length = self.text[here + 1..]
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '$')))
            .unwrap_or(self.text.len() - here - 1);
        let end = here + 1 + length;
        let message = format!("`{}` is a variable of the session", &self.text[here..end]);
        let help = "it would outlive the call: bind a param, or use a window function or a CTE";
        self.problem(Code::SqlSyntax, here..end, message, help);
        self.at = end.max(here + 1);
        self.mark('a');
    }

    /// A string of PostgreSQL's between `$$` or `$tag$`. Says whether there is one.
    fn dollar_quoted(&mut self, here: usize) -> bool {
        if self.in_word() {
            return false;
        }
        let rest = &self.text[here + 1..];
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|at| {
            rest[*at..].starts_with('$') && !rest.starts_with(|c: char| c.is_ascii_digit())
        });
        let Some(length) = length else { return false };
        let tag = &self.text[here..here + length + 2];
        match self.text[here + tag.len()..].find(tag) {
            Some(n) => self.at = here + n + 2 * tag.len(),
            None => {
                let message = format!("this `{tag}` has no partner");
                let help = format!("close it with `{tag}`");
                let end = here + tag.len();
                self.problem(Code::SqlSyntax, here..end, message, help);
                self.at = self.text.len();
            }
        }
        self.mark('a');
        true
    }

    /// Whether a backslash escapes in the string that begins here.
    fn escapes(&self, open: char) -> bool {
        match self.engine {
            Engine::Sqlite => false,
            Engine::Mysql => open != '`',
            // E'…'
            Engine::Postgres => {
                open == '\''
                    && self.word.end == self.at
                    && self.text[self.word.clone()].eq_ignore_ascii_case("e")
            }
        }
    }

    fn comment(&mut self, here: usize) {
        // `/*M!` is MariaDB's own.
        if let Some(open) = ["/*!", "/*M!"].into_iter().find(|open| self.rest().starts_with(open)) {
            let help = "write the SQL without it: it would be code for one engine and a comment for others";
            let message = format!("`{open}` hides code in a comment");
            self.problem(Code::SqlSyntax, here..here + open.len(), message, help);
        }
        // PostgreSQL's comments nest.
        let nests = self.engine == Engine::Postgres;
        let mut depth = 1;
        let mut at = here + 2;
        while depth > 0 {
            let rest = &self.text[at..];
            let (close, open) = (rest.find("*/"), rest.find("/*").filter(|_| nests));
            match (close, open) {
                (Some(close), Some(open)) if open < close => {
                    depth += 1;
                    at += open + 2;
                }
                (Some(close), _) => {
                    depth -= 1;
                    at += close + 2;
                }
                (None, _) => break,
            }
        }
        match depth {
            0 => self.at = at,
            _ => {
                self.problem(
                    Code::SqlSyntax,
                    here..here + 2,
                    "this comment has no end",
                    "close it with `*/`",
                );
                self.at = self.text.len();
            }
        }
    }

    /// A string or a quoted name; a doubled quote inside stands for itself.
    fn quoted(&mut self, open: char, close: char) {
        let here = self.at;
        let escapes = self.escapes(open);
        let mut at = here + 1;
        loop {
            let found = if escapes {
                self.text[at..].find([close, '\\'])
            } else {
                self.text[at..].find(close)
            };
            if let Some(n) = found
                && self.text[at + n..].starts_with('\\')
            {
                let escaped = self.text[at + n + 1..].chars().next().map_or(0, char::len_utf8);
                at += n + 1 + escaped;
                continue;
            }
            let Some(n) = found else {
                let message = format!("this `{open}` has no partner");
                self.problem(
                    Code::SqlSyntax,
                    here..here + 1,
                    message,
                    format!("close it with `{close}`"),
                );
                self.at = self.text.len();
                return;
            };
            at += n + 1;
            if open == '[' || !self.text[at..].starts_with(close) {
                break;
            }
            at += 1;
        }
        self.at = at;
        self.mark('a');
    }

    /// `[` quotes a name in SQLite where a name may stand; after a value it is a subscript.
    fn quotes_a_name(&self) -> bool {
        let keyword = [
            "select", "from", "join", "by", "and", "or", "where", "on", "set", "into", "as",
            "update", "not", "distinct",
        ];
        let word = &self.text[self.word.clone()];
        match self.significant {
            Some('a') => keyword.iter().any(|keyword| word.eq_ignore_ascii_case(keyword)),
            Some(')' | ']') => false,
            Some(_) | None => true,
        }
    }

    /// An optional clause never starts inside of brackets or after `ARRAY`.
    fn clause_may_start(&self) -> bool {
        let array = self.text[self.word.clone()].eq_ignore_ascii_case("array")
            && self.text[self.word.end..self.at].trim().is_empty();
        self.brackets == 0 && !array
    }

    fn flush(&mut self, end: usize) {
        if end > self.start {
            let text = self.text[self.start..end].to_owned();
            self.pieces.push(Piece::Text { text, at: self.start..end });
        }
    }

    fn open(&mut self, here: usize) {
        if let Some((first, _)) = &self.clause {
            let first = *first;
            let help = "close the first one with `]]`, or make one clause of the two";
            self.problem(Code::InvalidClause, here..here + 2, "a clause inside of a clause", help);
            self.problems.last_mut().expect("just pushed").at = first..here + 2;
        } else {
            self.flush(here);
            self.clause = Some((here, std::mem::take(&mut self.pieces)));
        }
        self.at = here + 2;
        self.start = self.at;
        self.mark('[');
    }

    fn close(&mut self, here: usize) {
        self.flush(here);
        self.at = here + 2;
        self.start = self.at;
        let Some((start, before)) = self.clause.take() else { return };
        let inner = std::mem::replace(&mut self.pieces, before);
        if !inner.iter().any(|piece| matches!(piece, Piece::Bind(_))) {
            let help = "bind an optional param in it, or remove `[[` and `]]`";
            self.problem(Code::InvalidClause, start..self.at, "this clause binds no param", help);
        }
        self.pieces.push(Piece::Clause(Clause { pieces: inner, at: start..self.at }));
        let clauses = self.pieces.iter().filter(|piece| matches!(piece, Piece::Clause(_))).count();
        if clauses == MOST_CLAUSES + 1 {
            let message = format!("more than {MOST_CLAUSES} optional clauses");
            self.problem(Code::TooLarge, start..self.at, message, "make two tools of it");
        }
        self.mark(']');
    }

    fn binding(&mut self, here: usize) {
        // `a[b:c]` is a slice by columns; `a[:b]` and `ARRAY[:b]` bind a param.
        let value = |c: char| c.is_alphanumeric() || matches!(c, '_' | ')' | ']' | '"');
        if self.brackets > 0 && self.text[..here].ends_with(value) {
            let help =
                "put spaces around the colon of a slice, or compute it outside of the brackets";
            self.problem(
                Code::SqlSyntax,
                here..here + 1,
                "this `:` could be that of a slice or of a binding",
                help,
            );
        }
        let list = self.opened_in;
        self.flush(here);
        let mut end = here + 1;
        let mut path = Vec::new();
        loop {
            let length = self.text[end..]
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(self.text.len() - end);
            path.push(self.text[end..end + length].to_owned());
            end += length;
            let next = self.text[end..].strip_prefix('.').and_then(|rest| rest.chars().next());
            if !next.is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
                break;
            }
            end += 1;
        }
        let list = list && self.text[end..].trim_start().starts_with(')');
        self.at = end;
        self.start = end;
        self.pieces.push(Piece::Bind(Binding { path, list, at: here..end }));
        self.mark('a');
    }

    fn positional(&mut self, here: usize, c: char) {
        let digits = self.text[here + 1..]
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(self.text.len() - here - 1);
        let end = here + 1 + digits;
        let name = &self.text[here + 1..end];
        let plain = name.starts_with(|c: char| c.is_ascii_alphabetic());
        let help =
            if plain { format!("write `:{name}`") } else { "write a name: `:id`".to_owned() };
        let message = format!("`{}` is a placeholder without a param", &self.text[here..end]);
        self.problem(Code::SqlSyntax, here..end, message, help);
        self.at = end;
        self.mark(c);
    }

    fn end(&mut self, here: usize) {
        if self.clause.is_some() {
            self.problem(Code::SqlSyntax, here..here + 1, "`;` inside of a clause", "remove it");
        }
        self.ended = Some(here);
        self.flush(here);
        self.at = here + 1;
        self.start = self.text.len();
    }

    fn second_statement(&mut self, here: usize) {
        // More semicolons end nothing more.
        if self.rest().chars().all(|c| c == ';' || c.is_whitespace()) {
            return;
        }
        let length = self.rest().lines().next().unwrap_or_default().trim_end().len();
        let help = "write one statement; several in one transaction are `steps`";
        self.problem(Code::SqlSyntax, here..here + length.max(1), "a second statement", help);
    }

    fn finish(&mut self) {
        if let Some((start, _)) = &self.clause {
            let start = *start;
            self.problem(
                Code::InvalidClause,
                start..start + 2,
                "this clause has no end",
                "close it with `]]`",
            );
        }
        if self.ended.is_none() {
            // Trailing white space says nothing, and the forms of sort and page end with it.
            let end = self.text.trim_end().len().max(self.start);
            let comment =
                self.text[self.start..end].rfind('\n').map_or(self.start, |n| self.start + n);
            let end = if self.text[comment..end].contains("--") { self.text.len() } else { end };
            self.flush(end);
        }
        if !self.any && self.problems.is_empty() {
            self.problem(
                Code::SqlSyntax,
                0..self.text.len(),
                "there is no statement here",
                "write one",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Style;

    fn joined(template: &Template) -> String {
        fn write(pieces: &[Piece], text: &mut String) {
            for piece in pieces {
                match piece {
                    Piece::Text { text: part, .. } => text.push_str(part),
                    Piece::Bind(binding) => {
                        text.push(':');
                        text.push_str(&binding.name());
                    }
                    Piece::Clause(clause) => {
                        text.push_str("[[");
                        write(&clause.pieces, text);
                        text.push_str("]]");
                    }
                }
            }
        }
        let mut text = String::new();
        write(&template.pieces, &mut text);
        text
    }

    #[test]
    fn pieces_give_the_text_back() {
        for text in [
            "SELECT 1",
            "SELECT ':a', \":b\", `:c` /* :d */ -- :e\n, :f",
            "SELECT a::text, x[1:2], ARRAY[[1,2],[3,4]], a[b[1]] FROM t WHERE id IN (:ids)",
            "SELECT * FROM t WHERE TRUE [[AND a = :filters.role]] [[AND b = :b]] LIMIT :limit",
            "SELECT [a b], 'it''s' FROM [my table] WHERE x = :x.y.z",
            "SELECT 1 -- the end",
        ] {
            let template = scan(text, Engine::Sqlite).expect(text);
            assert_eq!(joined(&template), text);
        }
    }

    #[test]
    fn lists_and_variants() {
        let text = "SELECT * FROM t WHERE a IN ( :ids ) [[AND b = :b]] [[AND c = :c OR d = :b]];";
        let template = scan(text, Engine::Sqlite).expect("valid");
        let style = Style::of(Engine::Sqlite);
        assert_eq!(template.masks(), [0, 1, 2, 3]);
        let rendered = template.render(0b10, &style);
        let offset = rendered.sql.find("OR d").expect("is there");
        assert_eq!(Some(rendered.author_offset(offset)), text.find("OR d"));
        assert_eq!(
            rendered.sql,
            "SELECT * FROM t WHERE a IN ( SELECT value FROM json_each(?1) )  AND c = ?3 OR d = ?2"
        );
        assert_eq!(
            (rendered.bindings, rendered.highest),
            (vec!["ids".to_owned(), "b".to_owned(), "c".to_owned()], 3)
        );
        let plain = scan("SELECT 1 WHERE 1 IN (:a, :b)", Engine::Sqlite).expect("valid");
        let plain = plain.render(0, &style);
        assert_eq!(plain.sql, "SELECT 1 WHERE 1 IN (?1, ?2)");
    }

    #[test]
    fn other_engines() {
        for (text, expected) in [
            ("SELECT E'it\\':s', ':x' WHERE a = :a", "SELECT E'it\\':s', ':x' WHERE a = $1"),
            ("SELECT $$ :x $$, $t$ $$ :y $t$, :a::int", "SELECT $$ :x $$, $t$ $$ :y $t$, $1::int"),
            ("SELECT /* a /* :b */ :c */ :d", "SELECT /* a /* :b */ :c */ $1"),
            (
                "SELECT j ? 'a', j ?| :k, j @> :j, x[1:2]",
                "SELECT j ? 'a', j ?| $1, j @> $2, x[1:2]",
            ),
            ("SELECT a[:i], ARRAY[:b, :c]", "SELECT a[$1], ARRAY[$2, $3]"),
            ("SELECT 1 WHERE a NOT IN (:ids)", "SELECT 1 WHERE a <> ALL ($1)"),
            ("SELECT 1 WHERE a in (:ids) AND b = :b", "SELECT 1 WHERE a = ANY ($1) AND b = $2"),
            (
                "SELECT a$1 FROM t WHERE f(x := :x, y => :y)",
                "SELECT a$1 FROM t WHERE f(x := $1, y => $2)",
            ),
        ] {
            let rendered = scan(text, Engine::Postgres).expect(text);
            assert_eq!(rendered.render(0, &Style::of(Engine::Postgres)).sql, expected);
        }
        for (text, expected) in [
            ("SELECT 'it\\':s', \":x\", :a # :b", "SELECT 'it\\':s', \":x\", ? # :b"),
            ("SELECT 1--1, `:a` -- :x\n, :a, :a", "SELECT 1--1, `:a` -- :x\n, ?, ?"),
            ("SELECT @@version WHERE 1 IN (:ids)", "SELECT @@version WHERE 1 IN (?)"),
        ] {
            let rendered = scan(text, Engine::Mysql).expect(text);
            assert_eq!(rendered.render(0, &Style::of(Engine::Mysql)).sql, expected);
        }
        for (text, engine) in [
            ("SELECT $1", Engine::Postgres),
            ("SELECT $$ open", Engine::Postgres),
            ("SELECT ?", Engine::Mysql),
            ("SELECT @x := 1", Engine::Mysql),
        ] {
            assert!(scan(text, engine).is_err(), "{text}");
        }
    }

    #[test]
    fn refusals() {
        for (text, code) in [
            ("", Code::SqlSyntax),
            ("SELECT 1; DELETE FROM t", Code::SqlSyntax),
            ("SELECT ?", Code::SqlSyntax),
            ("SELECT $1", Code::SqlSyntax),
            ("SELECT @x", Code::SqlSyntax),
            ("SELECT 'open", Code::SqlSyntax),
            ("SELECT 1 /* open", Code::SqlSyntax),
            ("SELECT 1 [[AND x = :x", Code::InvalidClause),
            ("SELECT 1 [[AND x = 1]]", Code::InvalidClause),
            ("SELECT 1 [[AND [[x = :x]] ]]", Code::InvalidClause),
            ("SELECT a[b:x] FROM t", Code::SqlSyntax),
            ("SELECT /*! 1 */ 2", Code::SqlSyntax),
            ("SELECT 1 /*M!100000 INTO OUTFILE '/tmp/x' */", Code::SqlSyntax),
        ] {
            let problems = scan(text, Engine::Sqlite).expect_err(text);
            assert_eq!(problems[0].code, code, "{text}");
        }
        assert!(scan("SELECT 1; -- the end\n /* really */ ", Engine::Sqlite).is_ok());
    }

    #[test]
    fn never_panics() {
        // A small linear congruential generator (Knuth, MMIX): the same texts on every run.
        let alphabet: Vec<char> = "a:?'\"[]()/*-;.$@ \nä\0ARRAY IN".chars().collect();
        let mut state = 42_u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..24 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                text.push(alphabet[usize::try_from(state >> 33).expect("small") % alphabet.len()]);
            }
            for engine in [Engine::Sqlite, Engine::Postgres, Engine::Mysql] {
                if let Ok(template) = scan(&text, engine) {
                    let whole = joined(&template);
                    assert!(text.starts_with(&whole), "{text:?} became {whole:?}");
                }
            }
        }
    }
}
