//! Names that stand in SQL and in JSON: stricter than those of tools.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Ident;
use crate::source::Span;

use super::context::{At, Context};

/// The longest name that every client takes.
const LONGEST: usize = 64;

/// The name of a param, a step, a data query: it must stand in SQL after a colon and in templates.
pub(super) fn binding_name(context: &mut Context, name: &str, at: &At) -> Option<Ident> {
    let span = context.key(at);
    let ident = context.ident_at(name, span)?;
    if let Some(bad) = name.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '_') {
        context.report(
            Diagnostic::new(
                Code::InvalidName,
                span,
                format!("`{name}` holds `{bad}`, which cannot stand in `:{name}`"),
            )
            .help(format!("write `{}`", name.replace(bad, "_"))),
        );
        return None;
    }
    short(context, name, span)?;
    Some(ident)
}

/// The name of a tool, a prompt or a resource: `A-Za-z0-9_.-`, 64 at most, a module in Rust.
pub(super) fn public_name(context: &mut Context, name: &str, at: &At) -> Option<Ident> {
    let span = context.key(at);
    let ident = context.ident_at(name, span)?;
    short(context, name, span)?;
    if matches!(ident.snake(), "mod" | "lib" | "main" | "support" | "rmcp") {
        context.report(
            Diagnostic::new(
                Code::InvalidName,
                span,
                format!("`{name}` cannot name a file of Rust code"),
            )
            .help(format!("add a word: `{name}_it`")),
        );
        return None;
    }
    Some(ident)
}

fn short(context: &mut Context, name: &str, span: Span) -> Option<()> {
    if name.len() <= LONGEST {
        return Some(());
    }
    context.report(
        Diagnostic::new(
            Code::InvalidName,
            span,
            format!("the name has {} characters; clients take {LONGEST}", name.len()),
        )
        .help("shorten it"),
    );
    None
}
