//! Params whose values nobody but the statements gets to see.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Kind, Param, Type};
use crate::spec::document;

use super::context::{At, Context};
use super::param::Owner;
use super::template;

/// Whether a param is sensitive, by its own word or by its type's; with everything refused that would
/// show its value all the same.
pub(super) fn of(
    context: &mut Context,
    written: &document::Param,
    ty: &Type,
    at: &At,
    owner: Owner,
) -> bool {
    let sensitive = written.sensitive || ty.sensitive();
    if sensitive && owner == Owner::Resource {
        let span = if written.sensitive { at.key("sensitive") } else { at.key("type") };
        let span = context.key(&span);
        context.report(
            Diagnostic::new(Code::Exclusive, span, "what stands in a URI is seen by everybody")
                .help("take it as a param of a tool instead"),
        );
    }
    let shown = [
        ("default", written.default.is_some(), "everybody reads it in the schema"),
        ("header", written.header.is_some(), "what is in front of the server may log headers"),
        ("complete", written.complete.is_some(), "it shows values to whoever types"),
    ];
    for (key, there, why) in shown {
        // What is deeper inside is looked at where it stands.
        if there && (sensitive || key == "default" && ty.holds_sensitive()) {
            let span = context.key(&at.key(key));
            context.report(
                Diagnostic::new(Code::Exclusive, span, format!("a sensitive param has no `{key}`"))
                    .label(why)
                    .help(format!("remove `{key}`, or `sensitive`")),
            );
        }
    }
    sensitive
}

/// Refuses what would show a param: `what` says who does.
pub(super) fn kept_from(context: &mut Context, param: &Param, what: &str, at: &At) {
    if param.holds_sensitive() {
        let name = param.ident.wire();
        let span = context.value(at);
        let message = match param.sensitive {
            true => format!("{what} `{name}`, which is sensitive"),
            false => format!("{what} `{name}`, which holds something sensitive"),
        };
        context.report(Diagnostic::new(Code::Exclusive, span, message).help("leave it out"));
    }
}

/// Refuses a question that shows what is sensitive.
pub(super) fn not_asked(context: &mut Context, question: &str, params: &[Param], at: &At) {
    let used = template::paths(question);
    let mut shown: Vec<String> = params
        .iter()
        .flat_map(|param| paths(param, param.ident.wire().to_owned()))
        .filter(|path| {
            // The whole of an object shows what is within it.
            used.iter().any(|used| used == path || path.starts_with(&format!("{used}.")))
        })
        .collect();
    shown.dedup();
    for path in shown {
        let span = context.value(at);
        context.report(
            Diagnostic::new(
                Code::Exclusive,
                span,
                format!("`confirm` shows `{path}`, which is sensitive"),
            )
            .help("leave it out of the question"),
        );
    }
}

/// The ways to what is sensitive within a param.
fn paths(param: &Param, path: String) -> Vec<String> {
    match param.ty.resolved() {
        _ if param.sensitive => vec![path],
        Kind::Object(object) => object
            .properties
            .iter()
            .flat_map(|property| paths(property, format!("{path}.{}", property.ident.wire())))
            .collect(),
        Kind::Array(item) if item.holds_sensitive() => vec![path],
        _ => Vec::new(),
    }
}
