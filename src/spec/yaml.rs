//! The text of a spec as a tree with places.
//!
//! serde_yaml gives values but no places, so a second reader walks the same
//! text for places, duplicate keys and bounds; a text that the two understand
//! differently is refused.

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span as YamlSpan};
use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// The deepest nesting that is read.
const DEEPEST: usize = 64;
/// Most scalars, lists and maps of a file, aliases counted with what they stand for.
const MOST_NODES: usize = 500_000;

/// A node of the file.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Byte range of the value.
    pub(super) at: Range<usize>,
    pub(super) kind: Kind,
    /// Nodes in it, itself included, with aliases counted out.
    size: usize,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// Text, and whether it is plain (neither quoted nor a block).
    Scalar(String, bool),
    List(Vec<Node>),
    /// Key, its range, and the value.
    Map(Vec<Entry>),
    /// `*name`: the same value as the anchored node's.
    Alias,
}

/// Reads places, and reports duplicate keys and what is out of bounds. `text` is free of a BOM;
/// `shift` is how many bytes stand before it in the file.
pub(super) fn read(text: &str, shift: usize, file: FileId) -> Result<Node, Vec<Diagnostic>> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        shift,
        file,
        length: text.len(),
        anchors: HashMap::new(),
        nodes: 0,
        problems: Vec::new(),
    };
    match reader.document() {
        Ok(node) if reader.problems.is_empty() => Ok(node),
        Ok(_) => Err(reader.problems),
        Err(problem) => {
            reader.problems.push(*problem);
            Err(reader.problems)
        }
    }
}

struct Reader<'t> {
    parser: Parser<'t, granit_parser::StrInput<'t>>,
    shift: usize,
    file: FileId,
    length: usize,
    /// Size of each anchored node.
    anchors: HashMap<usize, usize>,
    nodes: usize,
    problems: Vec<Diagnostic>,
}

type Problem = Box<Diagnostic>;

/// A key, its place, and its value.
type Entry = (String, Range<usize>, Node);

impl<'t> Reader<'t> {
    fn document(&mut self) -> Result<Node, Problem> {
        let mut found = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(..) => {
                    if found.is_some() {
                        return Err(self.problem(
                            Code::Yaml,
                            &span,
                            "a second document",
                            "write one spec a file, without `---` in it",
                        ));
                    }
                    let (event, span) = self.next()?;
                    found = Some(self.node(event, &span, 0)?);
                }
                Event::StreamEnd => break,
                _ => {
                    return Err(self.problem(
                        Code::Yaml,
                        &span,
                        "this belongs to no document",
                        "remove it",
                    ));
                }
            }
        }
        found.ok_or_else(|| {
            let span = Span { file: self.file, start: 0, end: 0 };
            Box::new(
                Diagnostic::new(Code::Yaml, span, "the file is empty")
                    .help("start with `mcpgen: 1`"),
            )
        })
    }

    fn next(&mut self) -> Result<(Event<'t>, YamlSpan), Problem> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, span)),
            Some(Err(error)) => {
                let start = self.shift + error.marker().byte_offset().unwrap_or(0).min(self.length);
                let span = Span { file: self.file, start, end: start };
                Err(Box::new(
                    Diagnostic::new(
                        Code::Yaml,
                        span,
                        match error.info().as_str() {
                            "" => "this is not valid YAML".to_owned(),
                            reason => format!("this is not valid YAML: {reason}"),
                        },
                    )
                    .help("check the indentation (spaces, never tabs), the colons and the quotes"),
                ))
            }
            None => Ok((Event::StreamEnd, YamlSpan::default())),
        }
    }

    fn range(&self, span: &YamlSpan) -> Range<usize> {
        let start = span.start.byte_offset().unwrap_or(0);
        let end = span.end.byte_offset().unwrap_or(start).max(start);
        self.shift + start..self.shift + end
    }

    fn problem(
        &self,
        code: Code,
        span: &YamlSpan,
        message: impl Into<String>,
        help: &str,
    ) -> Problem {
        let range = self.range(span);
        let span = Span { file: self.file, start: range.start, end: range.end };
        Box::new(Diagnostic::new(code, span, message).help(help))
    }

    fn node(&mut self, event: Event<'t>, span: &YamlSpan, depth: usize) -> Result<Node, Problem> {
        if depth > DEEPEST {
            return Err(self.problem(
                Code::TooLarge,
                span,
                format!("nested deeper than {DEEPEST}"),
                "a spec is never that deep",
            ));
        }
        self.nodes += 1;
        let start = self.range(span);
        let (kind, anchor, size, end) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.no_tag(tag.is_some(), span)?;
                (Kind::Scalar(text.into_owned(), style == ScalarStyle::Plain), anchor, 1, start.end)
            }
            Event::Alias(id) => {
                // An alias inside of the node that it names has no size yet, and no end.
                let Some(size) = self.anchors.get(&id).copied() else {
                    return Err(self.problem(
                        Code::Yaml,
                        span,
                        "an alias of nothing that is complete",
                        "anchor a value before you repeat it",
                    ));
                };
                self.nodes += size;
                (Kind::Alias, 0, size, start.end)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.no_tag(tag.is_some(), span)?;
                let (items, size, end) = self.list(depth)?;
                (Kind::List(items), anchor, size, end)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.no_tag(tag.is_some(), span)?;
                let (entries, size, end) = self.map(depth)?;
                (Kind::Map(entries), anchor, size, end)
            }
            _ => {
                return Err(self.problem(Code::Yaml, span, "a value is missing here", "write one"));
            }
        };
        if self.nodes > MOST_NODES {
            return Err(self.problem(
                Code::TooLarge,
                span,
                format!("more than {MOST_NODES} values, aliases counted out"),
                "make two specs of it",
            ));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, size);
        }
        Ok(Node { at: start.start..end.max(start.start), kind, size })
    }

    fn no_tag(&self, tagged: bool, span: &YamlSpan) -> Result<(), Problem> {
        if tagged {
            return Err(self.problem(
                Code::Yaml,
                span,
                "YAML tags (`!…`) mean nothing here",
                "remove the tag",
            ));
        }
        Ok(())
    }

    fn list(&mut self, depth: usize) -> Result<(Vec<Node>, usize, usize), Problem> {
        let mut items = Vec::new();
        let mut size = 1;
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                let end =
                    items.last().map_or(0, |item: &Node| item.at.end).max(self.flow_end(&span));
                return Ok((items, size, end));
            }
            let item = self.node(event, &span, depth + 1)?;
            size += item.size;
            items.push(item);
        }
    }

    fn map(&mut self, depth: usize) -> Result<(Vec<Entry>, usize, usize), Problem> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut size = 1;
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                let end = entries
                    .last()
                    .map_or(0, |(_, _, value)| value.at.end)
                    .max(self.flow_end(&span));
                return Ok((entries, size, end));
            }
            let key_span = self.range(&span);
            let Event::Scalar(key, ..) = event else {
                return Err(self.problem(
                    Code::Yaml,
                    &span,
                    "a key is plain text",
                    "write `name: value`",
                ));
            };
            let key = key.into_owned();
            if key == "<<" {
                return Err(self.problem(
                    Code::Ambiguous,
                    &span,
                    "readers of YAML disagree about the merge key `<<`",
                    "write the keys out, or share a named type or row",
                ));
            }
            if let Some((_, first, _)) = entries.iter().find(|(other, ..)| *other == key) {
                let here = Span { file: self.file, start: key_span.start, end: key_span.end };
                let first = Span { file: self.file, start: first.start, end: first.end };
                self.problems.push(
                    Diagnostic::new(
                        Code::DuplicateKey,
                        here,
                        format!("the key `{key}` is there twice"),
                    )
                    .also(first, "the first one")
                    .help("rename or remove one of them"),
                );
            }
            let (event, span) = self.next()?;
            let value = self.node(event, &span, depth + 1)?;
            size += value.size;
            entries.push((key, key_span, value));
        }
    }

    /// The end of a collection in braces or brackets; a block collection ends with its last value.
    fn flow_end(&self, span: &YamlSpan) -> usize {
        let range = self.range(span);
        if range.is_empty() { 0 } else { range.end }
    }
}

/// Whether the two readers understood the same: names, numbers of items, and texts.
pub(super) fn agrees(node: &Node, value: &Value) -> bool {
    match (&node.kind, value) {
        // What an alias stands for was compared where it is anchored.
        (Kind::Alias, _) => true,
        (Kind::Scalar(text, _), Value::String(value)) => text == value,
        (Kind::Scalar(_, plain), Value::Null | Value::Bool(_) | Value::Number(_)) => *plain,
        (Kind::List(items), Value::Array(values)) => {
            items.len() == values.len() && items.iter().zip(values).all(|(n, v)| agrees(n, v))
        }
        (Kind::Map(entries), Value::Object(values)) => {
            entries.len() == values.len()
                && entries
                    .iter()
                    .all(|(key, _, node)| values.get(key).is_some_and(|value| agrees(node, value)))
        }
        _ => false,
    }
}
