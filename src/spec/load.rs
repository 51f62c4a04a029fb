//! From the bytes of a file to a document with places.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Number, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, SourceMap, Span};

use super::places::Places;
use super::{SpecDocument, schema, yaml};

/// The largest spec, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// A spec that could be read.
#[derive(Debug)]
pub struct Loaded {
    /// What was written, without what the JSON Schema refused.
    pub document: SpecDocument,
    /// Where it stands.
    pub places: Places,
    /// JSON pointers of what was refused and left out.
    pub poisoned: BTreeSet<String>,
}

/// Reads a spec file into the source map, bounded.
///
/// # Errors
/// The outer error: the file cannot be read. The inner one: it is no text, or too large.
pub fn read(
    sources: &mut SourceMap,
    path: &Path,
    shown: &str,
) -> io::Result<Result<FileId, Diagnostic>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(text_file(sources, shown, bytes, LARGEST))
}

/// Adds a text file to the source map; refuses one that is too large or not UTF-8.
pub(super) fn text_file(
    sources: &mut SourceMap,
    shown: &str,
    bytes: Vec<u8>,
    largest: u64,
) -> Result<FileId, Diagnostic> {
    if bytes.len() as u64 > largest {
        let file = sources.add(shown, "");
        let span = Span { file, start: 0, end: 0 };
        let mib = largest / 1024 / 1024;
        return Err(Diagnostic::new(
            Code::TooLarge,
            span,
            format!("the file is larger than {mib} MiB"),
        )
        .help("make several files of it"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(sources.add(shown, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            // The text up to the bad byte, so that there is something to show.
            let readable = String::from_utf8_lossy(&bytes[..at]).into_owned();
            let end = readable.len();
            let file = sources.add(shown, readable);
            let span = Span { file, start: end, end };
            Err(Diagnostic::new(
                Code::Encoding,
                span,
                format!("the byte 0x{:02x} behind this place is not UTF-8", bytes[at]),
            )
            .help("save the file as UTF-8"))
        }
    }
}

/// Makes a document of a file's text. What is wrong with a part is reported, and the rest is kept.
#[must_use]
pub fn load(sources: &SourceMap, file: FileId) -> (Option<Loaded>, Vec<Diagnostic>) {
    let whole = &sources.file(file).text;
    // serde_yaml takes a byte order mark before CRLF for a document of its own.
    let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
    let shift = whole.len() - text.len();
    let root = match yaml::read(text, shift, file) {
        Ok(root) => root,
        Err(diagnostics) => {
            // What a reader makes of a tab that indents helps nobody to find it.
            let start =
                diagnostics.first().and_then(|first| first.labels.first()).map(|l| l.span.start);
            let tab = tabs(text, shift, file).filter(|tab| {
                let at = tab.labels.first().map(|label| label.span.start);
                at <= start
            });
            // Where this reader has no words, the other one may have some.
            let reason = serde_yaml::from_str::<serde_yaml::Value>(text).err().map(|error| {
                error.to_string().split(" at line ").next().unwrap_or_default().to_owned()
            });
            let diagnostics = diagnostics.into_iter().map(|diagnostic| match &reason {
                Some(reason) if diagnostic.message == "this is not valid YAML" => {
                    diagnostic.label(reason.clone())
                }
                Some(_) | None => diagnostic,
            });
            return (None, tab.map_or_else(|| diagnostics.collect(), |tab| vec![tab]));
        }
    };
    let places = Places::of(&root, file, whole);
    let mut value = match values(text, &places, file) {
        Ok(value) => value,
        Err(diagnostic) => return (None, vec![*diagnostic]),
    };
    if !yaml::agrees(&root, &value) {
        let span = places.value("");
        let diagnostic = Diagnostic::new(
            Code::Ambiguous,
            span,
            "two readers of YAML understand this file differently",
        )
        .help("quote the texts that look like something else, and avoid anchors");
        return (None, vec![diagnostic]);
    }
    let (mut diagnostics, poisoned) = schema::check(&mut value, &places);
    match SpecDocument::deserialize(value) {
        Ok(document) => (Some(Loaded { document, places, poisoned }), diagnostics),
        Err(error) => {
            // With the sections that a server cannot do without missing there is nothing to go on
            // with; the reasons are reported already.
            if diagnostics.is_empty() {
                let span = places.value("");
                diagnostics.push(
                    Diagnostic::new(Code::InvalidValue, span, error.to_string())
                        .help("see the language page for what stands here"),
                );
            }
            (None, diagnostics)
        }
    }
}

/// A tab that indents is the most common thing that no reader of YAML takes.
fn tabs(text: &str, shift: usize, file: FileId) -> Option<Diagnostic> {
    let mut at = shift;
    for line in text.split_inclusive('\n') {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indentation].find('\t')
            && !line.trim().is_empty()
        {
            let span = Span { file, start: at + tab, end: at + tab + 1 };
            return Some(
                Diagnostic::new(Code::Yaml, span, "a tab in the indentation")
                    .help("indent with spaces"),
            );
        }
        at += line.len();
    }
    None
}

fn values(text: &str, places: &Places, file: FileId) -> Result<Value, Box<Diagnostic>> {
    let value: serde_yaml::Value = serde_yaml::from_str(text).map_err(|error| {
        let start = error.location().map_or(0, |location| location.index().min(text.len()));
        let span = Span { file, start, end: start };
        let message = format!("this is not valid YAML: {error}");
        Box::new(
            Diagnostic::new(Code::Yaml, span, message)
                .help("check the indentation, the colons and the quotes"),
        )
    })?;
    json(value, "", places)
}

/// YAML values as JSON, whose types the language is made of.
fn json(
    value: serde_yaml::Value,
    pointer: &str,
    places: &Places,
) -> Result<Value, Box<Diagnostic>> {
    let refuse = |pointer: &str, message: String, help: &str| {
        Box::new(Diagnostic::new(Code::WrongType, places.value(pointer), message).help(help))
    };
    Ok(match value {
        serde_yaml::Value::Null => Value::Null,
        serde_yaml::Value::Bool(value) => Value::Bool(value),
        serde_yaml::Value::Number(number) => {
            let whole =
                number.as_i64().map(Number::from).or_else(|| number.as_u64().map(Number::from));
            let number = whole.or_else(|| number.as_f64().and_then(Number::from_f64));
            Value::Number(number.ok_or_else(|| {
                refuse(
                    pointer,
                    "this number is not finite".to_owned(),
                    "write a number, or quote the text",
                )
            })?)
        }
        serde_yaml::Value::String(text) => Value::String(text),
        serde_yaml::Value::Sequence(items) => Value::Array(
            items
                .into_iter()
                .enumerate()
                .map(|(index, item)| json(item, &format!("{pointer}/{index}"), places))
                .collect::<Result<_, _>>()?,
        ),
        serde_yaml::Value::Mapping(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                let serde_yaml::Value::String(key) = key else {
                    return Err(refuse(
                        pointer,
                        "a key here is no text".to_owned(),
                        "put the key in quotes",
                    ));
                };
                let escaped = key.replace('~', "~0").replace('/', "~1");
                let value = json(value, &format!("{pointer}/{escaped}"), places)?;
                object.insert(key, value);
            }
            Value::Object(object)
        }
        serde_yaml::Value::Tagged(_) => {
            return Err(refuse(
                pointer,
                "YAML tags mean nothing here".to_owned(),
                "remove the tag",
            ));
        }
    })
}
