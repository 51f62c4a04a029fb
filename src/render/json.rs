//! JSON inside of `json!(…)`, laid out like JSON.
//!
//! A printer of Rust does not lay out what stands in a macro. The value travels
//! through it as a marked string, and takes its place in the printed text.

use proc_macro2::Literal;
use serde_json::Value;

/// What a string literal starts with that stands for JSON. No text of a spec holds it: YAML takes no
/// control characters.
const MARK: char = '\u{1}';

/// The columns of a line.
const WIDTH: usize = 100;

/// A literal that stands for a value.
pub(super) fn marked(value: &Value) -> Literal {
    Literal::string(&format!("{MARK}{value}"))
}

/// The text with JSON where marked literals stand.
pub(super) fn laid_out(printed: &str) -> String {
    const OPEN: &str = "\"\\u{1}";
    let mut text = String::with_capacity(printed.len());
    let mut rest = printed;
    while let Some(at) = rest.find(OPEN) {
        text.push_str(&rest[..at]);
        // The printer breaks a macro around a long literal; the JSON breaks by itself.
        let broken = text.trim_end().ends_with("json!(");
        if broken {
            text.truncate(text.trim_end().len());
        }
        let literal = &rest[at..at + end_of_literal(&rest[at..])];
        let inner: syn::LitStr = syn::parse_str(literal).expect("the printer keeps literals");
        let value = inner.value();
        let value: Value =
            serde_json::from_str(value.trim_start_matches(MARK)).expect("it was a JSON value");
        let line = text.rsplit('\n').next().unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        let room = WIDTH.saturating_sub(line.chars().count() + 3);
        write(&value, indent, room, &mut text);
        rest = &rest[at + literal.len()..];
        if broken {
            rest = rest.trim_start();
        }
    }
    text.push_str(rest);
    text
}

/// Length of the string literal that a text starts with.
fn end_of_literal(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

fn write(value: &Value, indent: usize, room: usize, text: &mut String) {
    let line = inline(value);
    let composite = matches!(value, Value::Array(items) if !items.is_empty() && run(items).is_none())
        || matches!(value, Value::Object(members) if !members.is_empty());
    if !composite || line.chars().count() <= room {
        text.push_str(&line);
        return;
    }
    let inner = indent + 4;
    let space = " ".repeat(inner);
    let member = |name: Option<&str>, value: &Value, text: &mut String| {
        text.push_str(&space);
        let before = name.map(|name| format!("{}: ", Literal::string(name))).unwrap_or_default();
        text.push_str(&before);
        let room = WIDTH.saturating_sub(inner + before.chars().count() + 1);
        write(value, inner, room, text);
        text.push_str(",\n");
    };
    match value {
        Value::Array(items) => {
            text.push_str("[\n");
            items.iter().for_each(|item| member(None, item, text));
            text.push_str(&" ".repeat(indent));
            text.push(']');
        }
        Value::Object(members) => {
            text.push_str("{\n");
            members.iter().for_each(|(name, value)| member(Some(name), value, text));
            text.push_str(&" ".repeat(indent));
            text.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => text.push_str(&line),
    }
}

/// A value on one line. Long runs of one thing are written as what they are.
fn inline(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => {
            // A whole literal is an `i32` unless it says more.
            let wide = number.as_i64().is_some_and(|n| i32::try_from(n).is_err());
            format!("{number}{}", if wide { "_i64" } else { "" })
        }
        Value::String(string) => match repeated(string) {
            Some((head, fill, n)) if head.is_empty() => {
                format!("{}.repeat({n})", Literal::string(&fill.to_string()))
            }
            Some((head, fill, n)) => format!(
                "{}.to_owned() + &{}.repeat({n})",
                Literal::string(&head),
                Literal::string(&fill.to_string())
            ),
            None => Literal::string(string).to_string(),
        },
        Value::Array(items) => match run(items) {
            Some(item) => format!("vec![json!({}); {}]", inline(item), items.len()),
            None => {
                let items: Vec<String> = items.iter().map(inline).collect();
                format!("[{}]", items.join(", "))
            }
        },
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members = members.iter();
            let members: Vec<String> = members
                .map(|(name, value)| format!("{}: {}", Literal::string(name), inline(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
    }
}

/// The item of a list that holds it more than twelve times and nothing else.
fn run(items: &[Value]) -> Option<&Value> {
    let first = items.first()?;
    (items.len() > 12 && items.iter().all(|item| item == first)).then_some(first)
}

/// A text that ends with more than 40 times the same character.
fn repeated(text: &str) -> Option<(String, char, usize)> {
    let last = text.chars().last()?;
    let n = text.chars().rev().take_while(|c| *c == last).count();
    let head: String = text.chars().take(text.chars().count() - n).collect();
    (n > 40).then_some((head, last, n))
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_laid_out_like_json() {
        let short = marked(&json!({ "a": [1, -2, "x \"y\""], "b": null }));
        let long = marked(&json!({
            "email": "someone@example.com", "name": "a".repeat(41), "list": vec![1; 13],
            "inner": { "one": 5_000_000_000_i64, "two": {}, "three": "Successfully created user and more" },
        }));
        let file = syn::parse2(quote! {
            fn f() { let a = json!(#short); call(json!(#long)); }
        })
        .expect("Rust");
        let expected = r#"fn f() {
    let a = json!({ "a": [1, -2, "x \"y\""], "b": null });
    call(
        json!({
            "email": "someone@example.com",
            "name": "a".repeat(41),
            "list": vec![json!(1); 13],
            "inner": {
                "one": 5000000000_i64,
                "two": {},
                "three": "Successfully created user and more",
            },
        }),
    );
}
"#;
        assert_eq!(laid_out(&prettyplease::unparse(&file)), expected);
    }
}
