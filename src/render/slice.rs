//! Cutting the runtime down to what a server needs.
//!
//! The runtime is a real crate whose parts stand behind real features. What a
//! generated crate gets is its text without the parts whose feature is off and
//! without the attributes of those that are on. The text is cut, not printed
//! anew, so that comments and layout stay as they were written.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, FnArg, ImplItem, Item, Meta, Stmt, Token, TraitItem};

/// The text of a Rust file with the given features.
///
/// # Panics
/// When the text is no Rust, or has a `cfg` that is not made of features: both are defects of the
/// runtime's own files, which a test reads in every combination that matters.
#[must_use]
pub fn slice(text: &str, features: &BTreeSet<&str>) -> String {
    let file = syn::parse_file(text).expect("the runtime is valid Rust");
    let mut cutter = Cutter { text, features, cuts: Vec::new() };
    let inner: Vec<&Attribute> = file.attrs.iter().filter(|attr| is_cfg(attr)).collect();
    assert!(inner.is_empty(), "a whole file is gated where its module is declared");
    cutter.visit_file(&file);
    let mut cuts = cutter.cuts;
    cuts.sort_by_key(|cut| (cut.start, std::cmp::Reverse(cut.end)));
    let mut sliced = String::with_capacity(text.len());
    let mut at = 0;
    for cut in cuts {
        if cut.start >= at {
            sliced.push_str(&text[at..cut.start]);
            at = cut.end;
        }
    }
    sliced.push_str(&text[at..]);
    tidy(&sliced)
}

/// The modules that a file declares with the given features: name, and the file that it lies in.
#[must_use]
pub fn modules(text: &str, features: &BTreeSet<&str>) -> Vec<(String, String)> {
    let file = syn::parse_file(text).expect("the runtime is valid Rust");
    file.items
        .iter()
        .filter_map(|item| match item {
            Item::Mod(module) if module.content.is_none() => Some(module),
            _ => None,
        })
        .filter(|module| module.attrs.iter().filter(|a| is_cfg(a)).all(|a| enabled(a, features)))
        .map(|module| {
            let name = module.ident.to_string();
            let path = module.attrs.iter().find_map(path_of);
            let path = path.unwrap_or_else(|| format!("{name}.rs"));
            (name, path)
        })
        .collect()
}

struct Cutter<'t> {
    text: &'t str,
    features: &'t BTreeSet<&'t str>,
    cuts: Vec<Range<usize>>,
}

impl Cutter<'_> {
    /// Cuts a node, or the gates from it. Says whether the node stays.
    fn gate(&mut self, attributes: &[Attribute], node: Span) -> bool {
        let gates: Vec<&Attribute> = attributes.iter().filter(|attr| is_cfg(attr)).collect();
        if gates.is_empty() {
            return true;
        }
        if gates.iter().all(|gate| enabled(gate, self.features)) {
            for gate in gates {
                let range = self.whole_lines(gate.span().byte_range());
                self.cuts.push(range);
            }
            return true;
        }
        let range = self.with_comments(self.with_separator(node.byte_range()));
        self.cuts.push(range);
        false
    }

    /// The range with the comma behind it.
    fn with_separator(&self, range: Range<usize>) -> Range<usize> {
        let rest = &self.text[range.end..];
        let comma = rest.trim_start().starts_with(',');
        let end = range.end + if comma { rest.find(',').map_or(0, |at| at + 1) } else { 0 };
        range.start..end
    }

    /// The range with the comments that stand right above it.
    fn with_comments(&self, range: Range<usize>) -> Range<usize> {
        let mut range = self.whole_lines(range);
        while let Some(line_start) = self.line_above(range.start) {
            let line = self.text[line_start..range.start].trim();
            if line.starts_with("//") && !line.starts_with("//!") {
                range.start = line_start;
            } else {
                break;
            }
        }
        range
    }

    fn line_above(&self, start: usize) -> Option<usize> {
        let before = self.text[..start].strip_suffix('\n')?;
        Some(before.rfind('\n').map_or(0, |at| at + 1))
    }

    /// The range with its indentation and its line break, where nothing else stands on the lines.
    fn whole_lines(&self, range: Range<usize>) -> Range<usize> {
        let line_start = self.text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let line_end =
            self.text[range.end..].find('\n').map_or(self.text.len(), |at| range.end + at + 1);
        let alone_before = self.text[line_start..range.start].trim().is_empty();
        let alone_after = self.text[range.end..line_end].trim().is_empty();
        match (alone_before, alone_after) {
            (true, true) => line_start..line_end,
            (_, false) => {
                let space = self.text[range.end..line_end].len()
                    - self.text[range.end..line_end].trim_start().len();
                range.start..range.end + space
            }
            (false, true) => range,
        }
    }
}

/// Whether an attribute is a gate of features; `cfg(unix)` and its like stay as they are.
fn is_cfg(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .meta
            .require_list()
            .is_ok_and(|list| list.tokens.to_string().contains("feature"))
}

/// The file that `#[path = "…"]` names.
fn path_of(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let Expr::Lit(literal) = &pair.value else { return None };
    match &literal.lit {
        syn::Lit::Str(path) if pair.path.is_ident("path") => Some(path.value()),
        _ => None,
    }
}

fn enabled(attribute: &Attribute, features: &BTreeSet<&str>) -> bool {
    let predicate: Meta = attribute.parse_args().expect("a cfg has one predicate");
    holds(&predicate, features)
}

fn holds(predicate: &Meta, features: &BTreeSet<&str>) -> bool {
    match predicate {
        Meta::NameValue(pair) if pair.path.is_ident("feature") => {
            let Expr::Lit(literal) = &pair.value else { panic!("a feature is a string") };
            let syn::Lit::Str(name) = &literal.lit else { panic!("a feature is a string") };
            features.contains(name.value().as_str())
        }
        Meta::List(list) => {
            let inner = list
                .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
                .expect("a list of predicates");
            if list.path.is_ident("any") {
                inner.iter().any(|inner| holds(inner, features))
            } else if list.path.is_ident("all") {
                inner.iter().all(|inner| holds(inner, features))
            } else if list.path.is_ident("not") {
                !inner.iter().all(|inner| holds(inner, features))
            } else {
                panic!("the runtime is gated by features alone")
            }
        }
        Meta::Path(_) | Meta::NameValue(_) => panic!("the runtime is gated by features alone"),
    }
}

fn item_attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn expression_attributes(expression: &Expr) -> &[Attribute] {
    match expression {
        Expr::Array(e) => &e.attrs,
        Expr::Assign(e) => &e.attrs,
        Expr::Await(e) => &e.attrs,
        Expr::Block(e) => &e.attrs,
        Expr::Call(e) => &e.attrs,
        Expr::ForLoop(e) => &e.attrs,
        Expr::If(e) => &e.attrs,
        Expr::Macro(e) => &e.attrs,
        Expr::Match(e) => &e.attrs,
        Expr::MethodCall(e) => &e.attrs,
        Expr::Path(e) => &e.attrs,
        Expr::Reference(e) => &e.attrs,
        Expr::Return(e) => &e.attrs,
        Expr::Struct(e) => &e.attrs,
        Expr::Try(e) => &e.attrs,
        Expr::Tuple(e) => &e.attrs,
        _ => &[],
    }
}

impl Cutter<'_> {
    fn elements(&mut self, elements: &Punctuated<Expr, Token![,]>) {
        for element in elements {
            if self.gate(expression_attributes(element), element.span()) {
                self.visit_expr(element);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Cutter<'_> {
    fn visit_expr_array(&mut self, node: &'ast syn::ExprArray) {
        self.elements(&node.elems);
    }

    fn visit_expr_call(&mut self, node: &'ast syn::ExprCall) {
        self.visit_expr(&node.func);
        self.elements(&node.args);
    }

    fn visit_item(&mut self, node: &'ast Item) {
        if self.gate(item_attributes(node), node.span()) {
            // Files of an engine lie in a folder here, and beside the others in a crate.
            for path in item_attributes(node).iter().filter(|attr| path_of(attr).is_some()) {
                let range = self.whole_lines(path.span().byte_range());
                self.cuts.push(range);
            }
            visit::visit_item(self, node);
        }
    }

    fn visit_impl_item(&mut self, node: &'ast ImplItem) {
        let attributes: &[Attribute] = match node {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            _ => &[],
        };
        if self.gate(attributes, node.span()) {
            visit::visit_impl_item(self, node);
        }
    }

    fn visit_trait_item(&mut self, node: &'ast TraitItem) {
        let attributes: &[Attribute] = match node {
            TraitItem::Const(item) => &item.attrs,
            TraitItem::Fn(item) => &item.attrs,
            TraitItem::Type(item) => &item.attrs,
            _ => &[],
        };
        if self.gate(attributes, node.span()) {
            visit::visit_trait_item(self, node);
        }
    }

    fn visit_field(&mut self, node: &'ast syn::Field) {
        if self.gate(&node.attrs, node.span()) {
            visit::visit_field(self, node);
        }
    }

    fn visit_variant(&mut self, node: &'ast syn::Variant) {
        if self.gate(&node.attrs, node.span()) {
            visit::visit_variant(self, node);
        }
    }

    fn visit_stmt(&mut self, node: &'ast Stmt) {
        let attributes: &[Attribute] = match node {
            Stmt::Local(local) => &local.attrs,
            // An item statement is an item.
            Stmt::Item(_) => &[],
            Stmt::Expr(expression, _) => expression_attributes(expression),
            Stmt::Macro(statement) => &statement.attrs,
        };
        if self.gate(attributes, node.span()) {
            visit::visit_stmt(self, node);
        }
    }

    fn visit_arm(&mut self, node: &'ast syn::Arm) {
        if self.gate(&node.attrs, node.span()) {
            visit::visit_arm(self, node);
        }
    }

    fn visit_field_value(&mut self, node: &'ast syn::FieldValue) {
        if self.gate(&node.attrs, node.span()) {
            visit::visit_field_value(self, node);
        }
    }

    fn visit_field_pat(&mut self, node: &'ast syn::FieldPat) {
        if self.gate(&node.attrs, node.span()) {
            visit::visit_field_pat(self, node);
        }
    }

    fn visit_fn_arg(&mut self, node: &'ast FnArg) {
        let attributes = match node {
            FnArg::Receiver(receiver) => &receiver.attrs,
            FnArg::Typed(typed) => &typed.attrs,
        };
        if self.gate(attributes, node.span()) {
            visit::visit_fn_arg(self, node);
        }
    }
}

/// No more than one blank line in a row, none after an opening or before a closing brace.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            blank = true;
            continue;
        }
        let closes = line.trim_start().starts_with(['}', ')', ']']);
        let opened = tidied.trim_end_matches('\n').ends_with(['{', '(', '[']);
        if blank && !closes && !opened && !tidied.is_empty() {
            tidied.push('\n');
        }
        blank = false;
        tidied.push_str(line);
        tidied.push('\n');
    }
    tidied
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"//! A file.

#[cfg(feature = "a")]
use std::fmt;
use std::io;

/// Kept.
pub struct Both {
    /// One.
    #[cfg(feature = "a")]
    pub one: u8,
    // Why two.
    #[cfg(feature = "b")]
    pub two: u8,
}

// Only with b.
/// Documented.
#[cfg(feature = "b")]
#[derive(Debug)]
pub enum Only {
    X,
}

#[cfg(any(feature = "a", feature = "b"))]
fn f(x: u8) -> u8 {
    #[cfg(feature = "b")]
    let x = x + 1;
    #[cfg(not(feature = "b"))]
    println!("{x}");
    match x {
        #[cfg(feature = "a")]
        1 => 2,
        _ => 3,
    }
}
"#;

    #[test]
    fn what_is_off_goes_with_its_comments() {
        let sliced = slice(TEXT, &BTreeSet::from(["a"]));
        let expected = r#"//! A file.

use std::fmt;
use std::io;

/// Kept.
pub struct Both {
    /// One.
    pub one: u8,
}

fn f(x: u8) -> u8 {
    println!("{x}");
    match x {
        1 => 2,
        _ => 3,
    }
}
"#;
        assert_eq!(sliced, expected);
    }

    #[test]
    fn everything_off() {
        let sliced = slice(TEXT, &BTreeSet::new());
        assert_eq!(sliced, "//! A file.\n\nuse std::io;\n\n/// Kept.\npub struct Both {\n}\n");
    }

    #[test]
    fn everything_on_loses_the_gates_alone() {
        let sliced = slice(TEXT, &BTreeSet::from(["a", "b"]));
        assert!(!sliced.contains("cfg"), "{sliced}");
        assert!(sliced.contains("    // Why two.\n    pub two: u8,\n"), "{sliced}");
        assert!(sliced.contains("    let x = x + 1;\n    match x"), "{sliced}");
    }

    #[test]
    fn elements_of_arrays_are_cut() {
        let text = "const A: &[u8] = &[\n    ONE,\n    #[cfg(feature = \"a\")]\n    TWO,\n];\n";
        assert_eq!(slice(text, &BTreeSet::new()), "const A: &[u8] = &[\n    ONE,\n];\n");
        let on = BTreeSet::from(["a"]);
        assert_eq!(slice(text, &on), "const A: &[u8] = &[\n    ONE,\n    TWO,\n];\n");
    }

    #[test]
    fn of_modules_with_one_name_the_right_one_stays_without_its_path() {
        let text = "#[cfg(feature = \"a\")]\n#[path = \"a/m.rs\"]\npub mod m;\n\
                    #[cfg(feature = \"b\")]\n#[path = \"b/m.rs\"]\npub mod m;\npub mod n;\n";
        let on = BTreeSet::from(["b"]);
        assert_eq!(slice(text, &on), "pub mod m;\npub mod n;\n");
        let named = |name: &str, path: &str| (name.to_owned(), path.to_owned());
        assert_eq!(modules(text, &on), [named("m", "b/m.rs"), named("n", "n.rs")]);
    }
}
