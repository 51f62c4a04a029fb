//! What a statement answers with, as it is written: the expressions behind SELECT or RETURNING.

use std::ops::Range;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Token, Tokenizer};

use crate::ir::Engine;

use super::analyze::dialect;

/// Where the expression of a result column stands in the author's text, without its name. `None`
/// for a column of a `*`, and where it cannot be told.
#[must_use]
pub fn expression(
    text: &str,
    engine: Engine,
    column: usize,
    columns: usize,
) -> Option<Range<usize>> {
    let items = items(text, engine)?;
    let star = |item: &Vec<Placed>| matches!(item.last(), Some((Token::Mul, _)));
    let at = match (items.iter().position(star), items.iter().rposition(star)) {
        (None, _) | (_, None) => column,
        (Some(first), _) if column < first => column,
        // Behind the last `*` they are counted from the end.
        (_, Some(last)) => (column + items.len()).checked_sub(columns).filter(|at| *at > last)?,
    };
    let item = items.get(at)?;
    let mut depth = 0_usize;
    let named = item.iter().rposition(|(token, _)| {
        match token {
            Token::RParen => depth += 1,
            Token::LParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && is(token, Keyword::AS)
    });
    let item = match (named, item.as_slice()) {
        (Some(at), _) => &item[..at],
        // A name without AS.
        (None, [rest @ .., before, (Token::Word(name), _)])
            if name.keyword == Keyword::NoKeyword && ends_a_value(&before.0) =>
        {
            &item[..=rest.len()]
        }
        (None, item) => item,
    };
    Some(item.first()?.1.start..item.last()?.1.end)
}

type Placed = (Token, Range<usize>);

fn is(token: &Token, keyword: Keyword) -> bool {
    matches!(token, Token::Word(word) if word.quote_style.is_none() && word.keyword == keyword)
}

fn ends_a_value(token: &Token) -> bool {
    match token {
        Token::Word(word) => {
            word.quote_style.is_some() || matches!(word.keyword, Keyword::NoKeyword | Keyword::END)
        }
        Token::RParen | Token::Number(..) | Token::SingleQuotedString(_) => true,
        _ => false,
    }
}

fn items(text: &str, engine: Engine) -> Option<Vec<Vec<Placed>>> {
    let tokens = tokens(text, engine)?;
    let mut depth = 0_usize;
    let mut begin = None;
    let mut writes = false;
    for (at, (token, _)) in tokens.iter().enumerate() {
        match token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ => {
                let verbs = [Keyword::INSERT, Keyword::REPLACE, Keyword::UPDATE, Keyword::DELETE];
                writes |= begin.is_none() && verbs.iter().any(|verb| is(token, *verb));
                let word = if writes { Keyword::RETURNING } else { Keyword::SELECT };
                if is(token, word) {
                    begin = Some(at + 1);
                    break;
                }
            }
        }
    }
    let rest = tokens.get(begin?..)?;
    let ends = [
        Keyword::FROM,
        Keyword::WHERE,
        Keyword::GROUP,
        Keyword::HAVING,
        Keyword::WINDOW,
        Keyword::ORDER,
        Keyword::LIMIT,
        Keyword::UNION,
        Keyword::EXCEPT,
        Keyword::INTERSECT,
    ];
    let mut items = vec![Vec::new()];
    for (at, (token, place)) in rest.iter().enumerate() {
        let distinct = at > 0 && is(&rest[at - 1].0, Keyword::DISTINCT);
        match token {
            Token::LParen => depth += 1,
            // The end of what the statement stands in.
            Token::RParen if depth == 0 => break,
            Token::RParen => depth -= 1,
            Token::SemiColon => break,
            Token::Comma if depth == 0 => {
                items.push(Vec::new());
                continue;
            }
            _ if depth == 0 && !distinct && ends.iter().any(|end| is(token, *end)) => break,
            _ if at == 0 && (is(token, Keyword::DISTINCT) || is(token, Keyword::ALL)) => continue,
            _ => {}
        }
        items.last_mut()?.push((token.clone(), place.clone()));
    }
    Some(items)
}

/// The tokens of a text with their places in it.
fn tokens(text: &str, engine: Engine) -> Option<Vec<Placed>> {
    let tokens = Tokenizer::new(dialect(engine), text).tokenize_with_location().ok()?;
    let lines: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let offset = |place: Location| {
        let line = *lines.get(usize::try_from(place.line).ok()?.checked_sub(1)?)?;
        let column = usize::try_from(place.column).ok()?.checked_sub(1)?;
        let rest = &text[line..];
        Some(line + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at))
    };
    tokens
        .into_iter()
        .filter(|token| !matches!(token.token, Token::Whitespace(_)))
        .map(|token| Some((token.token, offset(token.span.start)?..offset(token.span.end)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        for (text, columns, expected) in [
            ("SELECT a, b * 2 + :x AS c FROM t", 2, [Some("a"), Some("b * 2 + :x")]),
            ("SELECT t.*, f(a, 'é,') n\nFROM t", 4, [None, None]),
            ("SELECT f(a, 'é,') n, t.*\nFROM t", 4, [Some("f(a, 'é,')"), None]),
            (
                "WITH x AS (SELECT 1) SELECT DISTINCT CAST(a AS TEXT), CASE WHEN a THEN 1 END FROM x",
                2,
                [Some("CAST(a AS TEXT)"), Some("CASE WHEN a THEN 1 END")],
            ),
            (
                "INSERT INTO t SELECT a, b FROM t RETURNING a, b || 'x' AS \"y z\"",
                2,
                [Some("a"), Some("b || 'x'")],
            ),
            (
                "SELECT a IS DISTINCT FROM b, (c) FROM t",
                2,
                [Some("a IS DISTINCT FROM b"), Some("(c)")],
            ),
        ] {
            let found = [0, 1].map(|at| expression(text, Engine::Sqlite, at, columns));
            assert_eq!(found.map(|found| found.map(|range| &text[range])), expected, "{text}");
        }
        let text = "SELECT *, a + 1 FROM t";
        assert_eq!(expression(text, Engine::Mysql, 3, 4).map(|range| &text[range]), Some("a + 1"));
    }
}
