//! Diagnostics for programs: a JSON object a line, and GitHub's annotations.

use serde_json::{Value, json};

use crate::source::{SourceMap, Span};

use super::Diagnostic;

/// One diagnostic as a JSON object on one line.
///
/// Lines and columns count from 1, columns in characters; the end is exclusive.
#[must_use]
pub fn json_line(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|label| {
            let mut shown = place(label.span, sources);
            shown["text"] = json!(label.text);
            shown
        })
        .collect();
    let mut object = json!({
        "code": diagnostic.code.id(),
        "severity": "error",
        "message": diagnostic.message,
        "help": diagnostic.help,
    });
    if let (Some(object), Some(first)) = (object.as_object_mut(), diagnostic.labels.first())
        && let Value::Object(place) = place(first.span, sources)
    {
        object.extend(place);
        object.insert("labels".to_owned(), Value::Array(labels));
    }
    object.to_string()
}

fn place(span: Span, sources: &SourceMap) -> Value {
    let (line, column) = sources.line_column(span.file, span.start);
    let (end_line, end_column) = sources.line_column(span.file, span.end);
    json!({
        "file": sources.file(span.file).name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    })
}

/// One diagnostic as a command that GitHub Actions shows beside the line.
///
/// Escaping as in <https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>.
#[must_use]
pub fn github_annotation(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        message = format!("{message}\nhelp: {help}");
    }
    let mut properties = String::new();
    if let Some(label) = diagnostic.labels.first() {
        let (line, column) = sources.line_column(label.span.file, label.span.start);
        let (end_line, end_column) = sources.line_column(label.span.file, label.span.end);
        let file = property(&sources.file(label.span.file).name);
        properties = format!(
            "file={file},line={line},endLine={end_line},col={column},endColumn={end_column},"
        );
    }
    format!("::error {properties}title={}::{}", property(diagnostic.code.id()), data(&message))
}
