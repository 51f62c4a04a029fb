//! Rows as a table of text.

use serde_json::Value;

/// A table of Markdown.
pub fn markdown(columns: &[&str], rows: &[Value]) -> String {
    let cell = |value: &Value| {
        let text = plain(value);
        let text = text.replace('\\', "\\\\").replace('|', "\\|");
        text.lines().collect::<Vec<_>>().join("<br>")
    };
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let names: Vec<Value> = columns.iter().map(|name| Value::from(*name)).collect();
    let mut text = line(names.iter().map(cell).collect());
    text.push_str(&line(columns.iter().map(|_| "---".to_owned()).collect()));
    for row in rows {
        text.push_str(&line(columns.iter().map(|name| cell(&row[*name])).collect()));
    }
    text
}

/// Comma-separated values with a header, RFC 4180. NULL is nothing, and an empty text is `""`.
pub fn csv(columns: &[&str], rows: &[Value]) -> String {
    let cell = |value: &Value| {
        let text = plain(value);
        let empty = value.as_str().is_some_and(str::is_empty);
        if empty || text.contains(['"', ',', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    let line = |cells: Vec<String>| cells.join(",") + "\n";
    let names: Vec<Value> = columns.iter().map(|name| Value::from(*name)).collect();
    let mut text = line(names.iter().map(cell).collect());
    for row in rows {
        text.push_str(&line(columns.iter().map(|name| cell(&row[*name])).collect()));
    }
    text
}

/// A text as it is, NULL as nothing, everything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
