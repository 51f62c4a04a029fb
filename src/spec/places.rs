//! Where each key and value of a spec stands.

use std::collections::HashMap;
use std::ops::Range;

use crate::source::{FileId, Span};

use super::yaml::{Kind, Node};

/// Places by JSON pointer.
#[derive(Debug)]
pub struct Places {
    file: FileId,
    text: String,
    places: HashMap<String, Place>,
}

#[derive(Debug, Clone)]
struct Place {
    key: Range<usize>,
    value: Range<usize>,
    /// The scalar's content, for places inside of it.
    content: Option<String>,
}

impl Places {
    pub(super) fn of(root: &Node, file: FileId, text: &str) -> Self {
        let mut places = HashMap::new();
        collect(root, String::new(), 0..0, &mut places);
        Self { file, text: text.to_owned(), places }
    }

    /// The key at a pointer; of a list's item, the item. The nearest parent's where there is none.
    #[must_use]
    pub fn key(&self, pointer: &str) -> Span {
        self.span(self.nearest(pointer).map_or(0..0, |place| place.key.clone()))
    }

    /// The value at a pointer, its first line where it has several.
    #[must_use]
    pub fn value(&self, pointer: &str) -> Span {
        let Some(place) = self.nearest(pointer) else { return self.span(0..0) };
        let text = &self.text[place.value.clone()];
        let first_line = text.lines().next().unwrap_or_default().trim_end().len();
        if first_line == 0 {
            return self.span(place.key.clone());
        }
        self.span(place.value.start..place.value.start + first_line)
    }

    /// A part of a scalar's content: exact for every style of scalar, because content and text are
    /// aligned character by character. Of several lines the first.
    #[must_use]
    pub fn text(&self, pointer: &str, range: Range<usize>) -> Span {
        let Some(Place { value, content: Some(content), .. }) = self.places.get(pointer) else {
            return self.value(pointer);
        };
        let raw = &self.text[value.clone()];
        let Some((start, end)) = align(raw, content, &range) else { return self.value(pointer) };
        let line = raw[start..end.max(start)].lines().next().unwrap_or_default().trim_end().len();
        self.span(value.start + start..value.start + start + line)
    }

    fn nearest(&self, pointer: &str) -> Option<&Place> {
        let mut pointer = pointer;
        loop {
            if let Some(place) = self.places.get(pointer) {
                return Some(place);
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span { file: self.file, start: range.start, end: range.end }
    }
}

fn collect(node: &Node, pointer: String, key: Range<usize>, places: &mut HashMap<String, Place>) {
    let content = match &node.kind {
        Kind::Scalar(text, _) => Some(text.clone()),
        Kind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{pointer}/{index}"), item.at.clone(), places);
            }
            None
        }
        Kind::Map(entries) => {
            for (name, key, value) in entries {
                let escaped = name.replace('~', "~0").replace('/', "~1");
                collect(value, format!("{pointer}/{escaped}"), key.clone(), places);
            }
            None
        }
        Kind::Alias => None,
    };
    places.insert(pointer, Place { key, value: node.at.clone(), content });
}

/// Where a range of the content stands in the raw text.
///
/// Both are walked at once: the raw text holds every character of the content in order, with
/// quotes, indentation, line breaks and escapes between them.
fn align(raw: &str, content: &str, range: &Range<usize>) -> Option<(usize, usize)> {
    let double = raw.starts_with('"');
    let mut raw_at = match raw.chars().next()? {
        '|' | '>' => raw.find('\n')? + 1,
        '"' | '\'' => 1,
        _ => 0,
    };
    let mut start = None;
    let mut end = raw_at;
    for (at, wanted) in content.char_indices() {
        if at == range.start {
            start = skip_to(raw, raw_at, wanted).or(Some(raw_at));
        }
        if at >= range.end && start.is_some() {
            return Some((start?, end));
        }
        if double && raw[raw_at..].starts_with('\\') {
            raw_at += escape_length(&raw[raw_at..]);
        } else {
            raw_at = skip_to(raw, raw_at, wanted)?;
            raw_at += raw[raw_at..].chars().next().map_or(0, char::len_utf8);
            // A quote is doubled inside of single quotes.
            if raw.starts_with('\'') && wanted == '\'' {
                raw_at += 1;
            }
        }
        end = raw_at;
    }
    Some((start.unwrap_or(end), end))
}

/// The next place of a character; only white space may lie between. A space of the content can be
/// a line break of the text.
fn skip_to(raw: &str, from: usize, wanted: char) -> Option<usize> {
    let rest = raw.get(from..)?;
    if rest.starts_with(wanted) {
        return Some(from);
    }
    if wanted.is_whitespace() {
        let offset = rest.find(char::is_whitespace)?;
        return Some(from + offset);
    }
    let offset = rest.find(|c: char| !c.is_whitespace())?;
    rest[offset..].starts_with(wanted).then_some(from + offset)
}

fn escape_length(raw: &str) -> usize {
    match raw[1..].chars().next() {
        Some('x') => 4,
        Some('u') => 6,
        Some('U') => 10,
        Some(c) => 1 + c.len_utf8(),
        None => 1,
    }
    .min(raw.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_found_in_every_style() {
        for (raw, content, wanted) in [
            ("SELECT a FROM t", "SELECT a FROM t", "FROM"),
            ("|\n    SELECT a\n    FROM t\n", "SELECT a\nFROM t\n", "FROM"),
            ("|\n  a\n\n    b\n  c", "a\n\n  b\nc", "c"),
            (">\n  one two\n  three FROM\n", "one two three FROM\n", "FROM"),
            ("\"a \\\"q\\\" \\u00e4 FROM\"", "a \"q\" ä FROM", "FROM"),
            ("'it''s FROM'", "it's FROM", "FROM"),
            ("one\n  two FROM", "one two FROM", "FROM"),
        ] {
            let start = content.find(wanted).expect("is in it");
            let (from, to) = align(raw, content, &(start..start + wanted.len())).expect(raw);
            assert_eq!(&raw[from..to], wanted, "{raw:?}");
        }
    }
}
