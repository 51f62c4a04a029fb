//! URIs of resources: literal text and `{placeholders}` (RFC 6570, level 1).

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Ident, UriPart};

use super::context::{At, Context};

/// Takes a URI apart. The params of the resource are checked by the caller.
pub(super) fn parts(context: &mut Context, uri: &str, at: &At) -> Option<Vec<UriPart>> {
    let before = context.diagnostics.len();
    let mut report = |range: std::ops::Range<usize>, message: String, help: &str| {
        let span = context.text(at, range);
        context.report(Diagnostic::new(Code::InvalidUri, span, message).help(help));
    };
    let scheme = uri.split(':').next().unwrap_or_default();
    let fits = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+.-".contains(c));
    if !fits || scheme.len() == uri.len() {
        report(0..uri.len(), format!("`{uri}` has no scheme"), "start it with one: `users://…`");
    }
    let foreign = |c: &char| !c.is_ascii() || c.is_ascii_control() || " \"<>\\^`|".contains(*c);
    if let Some((start, c)) = uri.char_indices().find(|(_, c)| foreign(c)) {
        let shown = c.escape_debug();
        report(
            start..start + c.len_utf8(),
            format!("a URI cannot hold `{shown}`"),
            "percent-encode it",
        );
    }
    let mut parts: Vec<UriPart> = Vec::new();
    let mut rest = 0;
    while let Some(open) = uri[rest..].find(['{', '}']).map(|at| at + rest) {
        if open > rest {
            parts.push(UriPart::Literal(uri[rest..open].to_owned()));
        }
        let close = uri[open..].find('}').map(|at| at + open);
        let (Some(close), true) = (close, uri[open..].starts_with('{')) else {
            report(
                open..open + 1,
                "this brace has no partner".to_owned(),
                "write a placeholder as `{name}`",
            );
            return None;
        };
        let name = &uri[open + 1..close];
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        match Ident::new(name) {
            Ok(ident) if plain => {
                if matches!(parts.last(), Some(UriPart::Param(_))) {
                    let message =
                        format!("nothing divides `{{{name}}}` from the placeholder before it");
                    report(open..close + 1, message, "put a `/` between them");
                }
                parts.push(UriPart::Param(ident));
            }
            Ok(_) | Err(_) => {
                let message = format!("`{{{name}}}` is no placeholder");
                report(open..close + 1, message, "write one name in braces: `{id}`");
            }
        }
        rest = close + 1;
    }
    if rest < uri.len() {
        parts.push(UriPart::Literal(uri[rest..].to_owned()));
    }
    (context.diagnostics.len() == before).then_some(parts)
}

/// Whether a template could have made a URI: each placeholder is text without `/`.
pub(super) fn matches(parts: &[UriPart], uri: &str) -> bool {
    let Some((part, rest)) = parts.split_first() else { return uri.is_empty() };
    match part {
        UriPart::Literal(text) => {
            uri.strip_prefix(text.as_str()).is_some_and(|uri| matches(rest, uri))
        }
        UriPart::Param(_) => {
            let longest = uri.find('/').unwrap_or(uri.len());
            (1..=longest)
                .filter(|end| uri.is_char_boundary(*end))
                .any(|end| matches(rest, &uri[end..]))
        }
    }
}
