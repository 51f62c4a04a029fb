//! How changes of a resource are seen.

use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Ident, Kind, Param, ResourceContent, Watch};
use crate::spec::document;

use super::bind::{self, Scope};
use super::context::{At, Context};
use super::resource::reads_only;

/// Lowers the `watch` of a resource; `at` is the resource.
pub(super) fn watch(
    context: &mut Context,
    ident: &Ident,
    written: &document::Watch,
    content: Option<&ResourceContent>,
    params: &[Param],
    at: &At,
) -> Option<Watch> {
    let at = at.key("watch");
    let fixed = matches!(
        content,
        Some(ResourceContent::Text(_) | ResourceContent::File(_) | ResourceContent::Table(_))
    );
    if fixed {
        let span = context.key(&at);
        context.report(
            Diagnostic::new(
                Code::Exclusive,
                span,
                "this resource is a part of the server and never changes",
            )
            .help("remove `watch`: it goes with `sql`"),
        );
        return None;
    }
    let dropped = |key| context.poisoned(&at.key(key)) || context.misspelt(&at, key);
    match (&written.channel, &written.sql) {
        (Some(_), Some(_)) => {
            let span = context.key(&at.key("sql"));
            let first = context.key(&at.key("channel"));
            context.report(
                Diagnostic::new(Code::Exclusive, span, "the watch has both `channel` and `sql`")
                    .also(first, "the first one")
                    .help("keep one of them"),
            );
            None
        }
        (None, None) => {
            if !dropped("channel") && !dropped("sql") {
                let span = context.key(&at);
                context.report(
                    Diagnostic::new(
                        Code::MissingKey,
                        span,
                        "the watch does not say how changes are seen",
                    )
                    .help("add `sql: SELECT …` and `every: 10s`, or `channel: NAME`"),
                );
            }
            None
        }
        (Some(channel), None) => self::channel(context, channel, written, params, &at),
        (None, Some(_)) => poll(context, ident, written, params, &at),
    }
}

fn channel(
    context: &mut Context,
    channel: &str,
    written: &document::Watch,
    params: &[Param],
    at: &At,
) -> Option<Watch> {
    let before = context.diagnostics.len();
    let span = context.value(&at.key("channel"));
    if context.loaded.document.database.engine != document::Engine::Postgres {
        let span = context.key(&at.key("channel"));
        context.report(
            Diagnostic::new(Code::NotSupported, span, "only PostgreSQL has channels")
                .help("write `sql: SELECT …` and `every: 10s`"),
        );
        return None;
    }
    // `NOTIFY Orders` is `orders`, and `pg_notify('Orders', …)` is not: with these letters both are
    // the same.
    let fits = channel.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && channel.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && channel.len() <= 63;
    if !fits {
        context.report(
            Diagnostic::new(
                Code::InvalidName,
                span,
                format!("`{channel}` is no name of a channel"),
            )
            .help("use lower case letters, digits and `_`, at most 63: `orders_changed`"),
        );
    }
    if written.every.is_some() {
        let span = context.key(&at.key("every"));
        context.report(
            Diagnostic::new(
                Code::Exclusive,
                span,
                "a channel is not asked: `every` goes with `sql`",
            )
            .help("remove `every`"),
        );
    }
    for param in params.iter().filter(|param| !has_one_text(param)) {
        context.report(
            Diagnostic::new(
                Code::NotSupported,
                span,
                format!(
                    "a payload cannot name `{}`, whose type has several texts for a value",
                    param.ident.wire()
                ),
            )
            .help(
                "use `sql` and `every`; strings, integers, booleans, dates and UUIDs can be named",
            ),
        );
    }
    (context.diagnostics.len() == before).then(|| Watch::Channel(channel.to_owned()))
}

/// Whether the database and this server write a value of the type alike.
fn has_one_text(param: &Param) -> bool {
    matches!(
        param.ty.resolved(),
        Kind::Text
            | Kind::Integer
            | Kind::Unsigned
            | Kind::Boolean
            | Kind::Date
            | Kind::Uuid
            | Kind::Choice(_)
    )
}

fn poll(
    context: &mut Context,
    ident: &Ident,
    written: &document::Watch,
    params: &[Param],
    at: &At,
) -> Option<Watch> {
    let before = context.diagnostics.len();
    let every = every(context, written, at);
    let place = format!("resources/{}/watch", ident.wire());
    let parsed = context.statement(&place)?;
    let facts = context.statement_facts(&place);
    if let Some(facts) = facts {
        reads_only(context, facts, at, "a watch");
    }
    let statement = bind::statement(context, parsed, &parsed.template, facts, &Scope::of(params));
    facts?;
    let (statement, every) = (statement?, every?);
    (context.diagnostics.len() == before).then_some(Watch::Poll { statement, every })
}

fn every(context: &mut Context, written: &document::Watch, at: &At) -> Option<Duration> {
    let key = at.key("every");
    if written.every.is_none() {
        if !context.poisoned(&key) && !context.misspelt(at, "every") {
            let span = context.key(at);
            context.report(
                Diagnostic::new(
                    Code::MissingKey,
                    span,
                    "the watch does not say how often it looks",
                )
                .help("add `every: 10s`"),
            );
        }
        return None;
    }
    let every = super::duration(context, written.every.as_ref(), &key, 0)?;
    if every < Duration::from_secs(1) || every > Duration::from_hours(1) {
        let span = context.value(&key);
        context.report(
            Diagnostic::new(
                Code::InvalidValue,
                span,
                "a watch looks every second at most, and every hour at least",
            )
            .help("write `1s` to `1h`"),
        );
        return None;
    }
    Some(every)
}
