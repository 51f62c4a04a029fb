//! What is written of calls.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Audit, AuditSink};
use crate::spec::document::{self, Param, SpecDocument};

use super::context::{At, Context, name_help};

/// Lowers `audit`.
pub(super) fn audit(context: &mut Context, written: &document::Audit, at: &At) -> Audit {
    let document = &context.loaded.document;
    let redact_at = at.key("redact");
    let names = names(document);
    if !written.redact.is_empty() && !written.arguments && !in_uris(document, &written.redact) {
        let span = context.key(&redact_at);
        context.report(
            Diagnostic::new(Code::Exclusive, span, "no arguments are written, so none is left out")
                .help("add `arguments: true`, or remove `redact`"),
        );
    }
    let known: Vec<&str> = names.iter().copied().collect();
    for (index, name) in written.redact.iter().enumerate() {
        let span = context.value(&redact_at.item(index));
        if !names.contains(name.as_str()) {
            context.report(
                Diagnostic::new(
                    Code::UnknownName,
                    span,
                    format!("no param and no property is called `{name}`"),
                )
                .help(name_help(name, &known, "param")),
            );
        } else if written.redact[..index].contains(name) {
            context.report(
                Diagnostic::new(Code::Exclusive, span, format!("`{name}` is there twice"))
                    .help("remove one"),
            );
        }
    }
    let writes = !document.tools.is_empty();
    if written.required == Some(true) && !writes {
        let span = context.key(&at.key("required"));
        context.report(
            Diagnostic::new(Code::Exclusive, span, "there is no tool that could be refused")
                .help("remove `required`"),
        );
    }
    Audit {
        sink: match written.sink {
            None | Some(document::AuditSink::Stderr) => AuditSink::Stderr,
            Some(document::AuditSink::File) => AuditSink::File,
        },
        arguments: written.arguments,
        redact: written.redact.clone(),
        required: written.required.unwrap_or(true),
    }
}

/// Whether the URI of a resource has one of these params.
fn in_uris(document: &SpecDocument, redact: &[String]) -> bool {
    let mut params = document.resources.values().flat_map(|resource| resource.params.keys());
    params.any(|name| redact.contains(name))
}

/// The names of all params and properties.
fn names(document: &SpecDocument) -> BTreeSet<&str> {
    fn within<'d>(params: &'d IndexMap<String, Param>, names: &mut BTreeSet<&'d str>) {
        for (name, param) in params {
            names.insert(name);
            of_type(param, names);
        }
    }
    fn of_type<'d>(param: &'d Param, names: &mut BTreeSet<&'d str>) {
        if let Some(properties) = &param.properties {
            within(properties, names);
        }
        if let Some(items) = &param.items {
            of_type(items, names);
        }
    }
    let mut names = BTreeSet::new();
    for param in document.types.values() {
        of_type(param, &mut names);
    }
    let tools = document.tools.values().map(|tool| &tool.params);
    let resources = document.resources.values().map(|resource| &resource.params);
    let prompts = document.prompts.values().map(|prompt| &prompt.params);
    for params in tools.chain(resources).chain(prompts) {
        within(params, &mut names);
    }
    names
}
