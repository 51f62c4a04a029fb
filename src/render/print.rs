//! From tokens to text: imports, blank lines, doc comments, literals.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;

use crate::ir::BARE_NAMES;

/// Modules that generated code names by their last part: `decode::text`.
const MODULES: &[(&str, &str)] = &[
    ("access", "crate"),
    ("answer", "crate::runtime"),
    ("ask", "crate::runtime"),
    ("auth", "crate::runtime"),
    ("cache", "crate::runtime"),
    ("client_log", "crate::runtime"),
    ("audit", "crate::runtime"),
    ("confirm", "crate::runtime"),
    ("cursor", "crate::runtime"),
    ("decode", "crate::runtime"),
    ("format", "crate::runtime"),
    ("handle", "crate::runtime"),
    ("input", "crate::runtime"),
    ("listing", "crate::runtime"),
    ("mask", "crate::runtime"),
    ("progress", "crate::runtime"),
    ("retry", "crate::runtime"),
    ("rows", "crate"),
    ("sql", "crate::runtime"),
    ("table", "crate::runtime"),
    ("telemetry", "crate::runtime"),
    ("template", "crate::runtime"),
    ("types", "crate"),
    ("uri", "crate::runtime"),
    ("value", "crate::runtime"),
    ("watch", "crate::runtime"),
];

/// A Rust file: its doc comment, then its items under the imports that they need.
///
/// # Panics
/// When the tokens are no Rust: a defect of the renderer, whatever the spec says.
pub(super) fn file(doc_text: &str, items: TokenStream) -> String {
    file_with(doc_text, items, &[])
}

/// A Rust file that uses more names bare, each with the path of its module.
pub(super) fn file_with(doc_text: &str, items: TokenStream, names: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for line in paragraph(doc_text, 0) {
        text.push_str("//! ");
        text.push_str(&line);
        text.push('\n');
    }
    let parsed: syn::File =
        syn::parse2(items.clone()).unwrap_or_else(|error| panic!("{error} in\n{items}"));
    let (written, parsed): (Vec<syn::Item>, Vec<syn::Item>) =
        parsed.items.into_iter().partition(|item| matches!(item, syn::Item::Use(_)));
    let defined = parsed.iter().filter_map(|item| match item {
        syn::Item::Struct(item) => Some(item.ident.to_string()),
        syn::Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    });
    let imports = imports(&items, names, &defined.collect(), written);
    if !imports.is_empty() {
        text.push('\n');
        text.push_str(&imports);
    }
    let mut previous_is_line = false;
    for item in parsed {
        let is_line = matches!(&item, syn::Item::Mod(module) if module.content.is_none());
        if !(is_line && previous_is_line) {
            text.push('\n');
        }
        previous_is_line = is_line;
        let is_impl = matches!(item, syn::Item::Impl(_));
        let printed = printed(item);
        text.push_str(&if is_impl { with_blank_lines(&printed) } else { printed });
    }
    text
}

fn printed(item: syn::Item) -> String {
    super::json::laid_out(&prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    }))
}

/// A blank line between the functions of an `impl`. They hold no literal of several lines.
fn with_blank_lines(printed: &str) -> String {
    let mut text = String::with_capacity(printed.len() + 16);
    let mut ended = false;
    for line in printed.lines() {
        let closes = line == "}";
        if ended && !closes {
            text.push('\n');
        }
        ended = matches!(line, "    }" | "    ];");
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// Imports that the items need, and those that were written out, in three groups: the standard
/// library, other crates, this crate.
fn imports(
    items: &TokenStream,
    names: &[(&str, &str)],
    defined: &BTreeSet<String>,
    written: Vec<syn::Item>,
) -> String {
    let mut used: BTreeSet<(String, String)> = BTreeSet::new();
    find(items.clone(), names, &mut used);
    let mut by_parent: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (parent, name) in used.into_iter().filter(|(_, name)| !defined.contains(name)) {
        by_parent.entry(parent).or_default().push(name);
    }
    let needed = by_parent.into_iter().map(|(parent, names)| match names.as_slice() {
        [name] => format!("use {parent}::{name};"),
        names => format!("use {parent}::{{{}}};", names.join(", ")),
    });
    let needed = needed.filter_map(|line| syn::parse_str(&line).ok());
    let mut groups: [Vec<String>; 3] = Default::default();
    for line in needed.chain(written).map(printed) {
        let group = match line.trim_start_matches("use ").split("::").next() {
            Some("std") => 0,
            Some("crate") => 2,
            _ => 1,
        };
        groups[group].push(line);
    }
    for group in &mut groups {
        // Without the semicolon, which sorts behind a colon.
        group.sort_by(|a, b| a.trim_end_matches(";\n").cmp(b.trim_end_matches(";\n")));
    }
    let blocks: Vec<String> =
        groups.iter().filter(|group| !group.is_empty()).map(|group| group.concat()).collect();
    blocks.join("\n")
}

fn find(tokens: TokenStream, names: &[(&str, &str)], used: &mut BTreeSet<(String, String)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    for (at, token) in tokens.iter().enumerate() {
        let ident = match token {
            TokenTree::Group(group) => {
                find(group.stream(), names, used);
                continue;
            }
            TokenTree::Ident(ident) => ident.to_string(),
            TokenTree::Punct(_) | TokenTree::Literal(_) => continue,
        };
        // The rest of a path, and what belongs to a value, name nothing that is imported.
        if at > 0 && ((at > 1 && is(at - 1, ':') && is(at - 2, ':')) || is(at - 1, '.')) {
            continue;
        }
        let heads_path = is(at + 1, ':') && is(at + 2, ':');
        let imported = if ident == "json" && is(at + 1, '!') {
            Some("serde_json")
        } else if heads_path && let Some((_, parent)) = MODULES.iter().find(|(m, _)| *m == ident) {
            Some(*parent)
        } else {
            BARE_NAMES
                .iter()
                .chain(names)
                .find(|(name, _)| *name == ident)
                .map(|(_, parent)| *parent)
        };
        if let Some(parent) = imported {
            used.insert((parent.to_owned(), ident));
        }
    }
}

/// Doc comment attributes of a text, `///` when printed.
pub(super) fn doc(text: &str) -> TokenStream {
    let lines = paragraph(text, 4).into_iter().map(|line| format!(" {line}"));
    quote!(#(#[doc = #lines])*)
}

/// The text in lines of at most 100 columns, as one paragraph: whatever layout a description has
/// in YAML, it is one thought here.
fn paragraph(text: &str, indent: usize) -> Vec<String> {
    let width = 96 - indent;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            // At the start of a line such a word would begin a list, a quote or a heading.
            Some(line)
                if line.chars().count() + word.chars().count() < width
                    || !word.starts_with(|c: char| {
                        c.is_alphabetic() || matches!(c, '`' | '"' | '(')
                    }) =>
            {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// One sentence: with a full stop where there is none.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}

/// A text as a literal that reads like the text: raw where it has lines or quotes.
pub(super) fn text_literal(text: &str) -> TokenStream {
    let plain = !text.contains(['\n', '"', '\\']) || text.trim().is_empty();
    if plain
        || text.contains('\r')
        || text.contains(|c: char| c.is_control() && c != '\n' && c != '\t')
    {
        return quote!(#text);
    }
    let mut hashes = 0;
    while text.contains(&format!("\"{}", "#".repeat(hashes))) {
        hashes += 1;
    }
    let fence = "#".repeat(hashes);
    let literal: Literal = format!("r{fence}\"{text}\"{fence}")
        .parse()
        .unwrap_or_else(|error| panic!("a raw string can hold this: {error}"));
    quote!(#literal)
}

/// An identifier. Names come from `Ident`, whose forms are identifiers.
pub(super) fn id(name: &str) -> proc_macro2::Ident {
    proc_macro2::Ident::new(name, proc_macro2::Span::call_site())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file() {
        let items = quote! {
            #[doc = " What it answers."]
            pub struct Output { pub a: i64, pub answer: rows::User, pub at: serde_json::Value }
            impl Output {
                pub fn a(&self) -> Failure { self.answer.x() }
                pub fn b(&self) -> CallToolResult { answer::json(json!({})) }
            }
        };
        let expected = "//! A tool.

use rmcp::model::CallToolResult;
use serde_json::json;

use crate::rows;
use crate::runtime::answer;
use crate::runtime::failure::Failure;

/// What it answers.
pub struct Output {
    pub a: i64,
    pub answer: rows::User,
    pub at: serde_json::Value,
}

impl Output {
    pub fn a(&self) -> Failure {
        self.answer.x()
    }

    pub fn b(&self) -> CallToolResult {
        answer::json(json!({}))
    }
}
";
        assert_eq!(file("A tool.", items), expected);
    }

    #[test]
    fn literals() {
        assert_eq!(text_literal("a").to_string(), "\"a\"");
        assert_eq!(text_literal("a\n\"b\"").to_string(), "r#\"a\n\"b\"\"#");
    }
}
