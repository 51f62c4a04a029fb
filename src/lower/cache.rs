//! Which answers are kept, and which tools end that.

use crate::database::facts::Effect;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Cache, Ident};
use crate::spec::document;

use super::context::{At, Context, name_help};

/// Answers of a tool that are kept where the spec does not say how many.
const MAXIMUM: u32 = 1000;

/// How the answers of a tool are kept.
pub(super) fn cache(
    context: &mut Context,
    written: &document::Tool,
    effect: Effect,
    at: &At,
) -> Option<Cache> {
    let cache = written.cache.as_ref()?;
    let at = at.key("cache");
    if !effect.reads_only() {
        let span = context.key(&at);
        context.report(
            Diagnostic::new(Code::InvalidEffect, span, "answers are kept of tools that only read")
                .help(
                    "remove `cache`; tools whose answers this one changes go under `invalidates`",
                ),
        );
    }
    let known = context.loaded.document.auth.is_some();
    let per_client = cache.scope.map_or(known, |scope| scope == document::KeptFor::Client);
    let broken = context.poisoned(&At::root().key("auth"));
    if per_client && !known && !broken {
        let span = context.value(&at.key("scope"));
        context.report(
            Diagnostic::new(Code::Exclusive, span, "`scope: client` needs `auth`")
                .help("say under `auth` how callers are known, or write `scope: shared`"),
        );
    }
    let ttl = super::duration(context, Some(&cache.ttl), &at.key("ttl"), 0)?;
    Some(Cache { ttl, per_client, maximum: cache.maximum.unwrap_or(MAXIMUM) })
}

/// The tools whose kept answers a tool ends. Those that keep none are fine to name.
pub(super) fn invalidates(
    context: &mut Context,
    written: &document::Tool,
    effect: Effect,
    at: &At,
) -> Vec<Ident> {
    let Some(names) = &written.invalidates else { return Vec::new() };
    let at = at.key("invalidates");
    if effect.reads_only() {
        let span = context.key(&at);
        context.report(
            Diagnostic::new(Code::InvalidEffect, span, "a tool that only reads ends no answer")
                .help("remove `invalidates`"),
        );
    }
    let tools = &context.loaded.document.tools;
    let mut ended = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let span = context.value(&at.item(index));
        if names[..index].contains(name) {
            context.report(
                Diagnostic::new(Code::Exclusive, span, format!("`{name}` is there twice"))
                    .help("remove one"),
            );
            continue;
        }
        let Some(tool) = tools.get(name) else {
            let known: Vec<&str> = tools.keys().map(String::as_str).collect();
            context.report(
                Diagnostic::new(Code::UnknownName, span, format!("there is no tool `{name}`"))
                    .help(name_help(name, &known, "tool")),
            );
            continue;
        };
        if tool.cache.is_some() && tool.enabled != Some(false) {
            ended.extend(Ident::new(name));
        }
    }
    ended
}
