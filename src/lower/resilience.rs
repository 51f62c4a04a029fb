//! Calls that are run again, and the breaker of the database.

use crate::database::facts::Effect;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Engine, Plan, Repeat};
use crate::spec::document;

use super::context::{At, Context};
use super::duration;

/// The breaker under `database`.
pub(super) fn breaker(
    context: &mut Context,
    written: &document::Database,
    at: &At,
) -> Option<ir::Breaker> {
    let breaker = written.breaker.as_ref()?;
    let at = at.key("breaker");
    if written.engine == document::Engine::Sqlite {
        let span = context.key(&at);
        let message = "a breaker is for a database on a server, PostgreSQL or MySQL";
        let help = "remove `breaker`: SQLite's file is opened by the server itself";
        context.report(Diagnostic::new(Code::NotSupported, span, message).help(help));
        return None;
    }
    let open = duration(context, breaker.open.as_ref(), &at.key("open"), 10)?;
    Some(ir::Breaker { failures: breaker.failures.unwrap_or(5), open })
}

/// The `retry` under `database`, which holds for the tools that have none.
pub(super) fn of_all(
    context: &mut Context,
    document: &document::SpecDocument,
) -> Option<ir::Retry> {
    let written = document.database.retry.as_ref()?;
    let at = At::root().key("database").key("retry");
    if document.tools.is_empty() && !context.poisoned(&At::root().key("tools")) {
        let span = context.key(&at);
        let message = "there is no tool whose calls could be run again";
        context.report(Diagnostic::new(Code::Exclusive, span, message).help("remove `retry`"));
        return None;
    }
    retry(context, written, &at)
}

fn retry(context: &mut Context, written: &document::Retry, at: &At) -> Option<ir::Retry> {
    if context.loaded.document.database.engine == document::Engine::Sqlite {
        let span = context.key(at);
        let message = "calls are run again on a database on a server, PostgreSQL or MySQL";
        let help = "remove `retry`: SQLite itself waits for a file that is locked";
        context.report(Diagnostic::new(Code::NotSupported, span, message).help(help));
        return None;
    }
    let attempts = written.attempts.unwrap_or(3);
    let backoff_at = at.key("backoff");
    let backoff = match &written.backoff {
        Some(_) => duration(context, written.backoff.as_ref(), &backoff_at, 0)?,
        None => std::time::Duration::from_millis(50),
    };
    let maximum = match &written.maximum {
        Some(_) => duration(context, written.maximum.as_ref(), &at.key("maximum"), 0)?,
        None => backoff.max(std::time::Duration::from_secs(1)),
    };
    for (key, there) in
        [("backoff", written.backoff.is_some()), ("maximum", written.maximum.is_some())]
    {
        if there && attempts == 1 {
            let span = context.key(&at.key(key));
            let message = "a call that is run once waits for nothing";
            let help = format!("remove `{key}`, or raise `attempts`");
            context.report(Diagnostic::new(Code::Exclusive, span, message).help(help));
        }
    }
    if maximum < backoff {
        let span = context.value(&at.key("maximum"));
        let message = "`maximum`, the longest pause, is less than `backoff`, the first one";
        let help = "write a `maximum` that is no less than `backoff`, or leave it out";
        context.report(Diagnostic::new(Code::InvalidConstraint, span, message).help(help));
        return None;
    }
    Some(ir::Retry { attempts, backoff, maximum })
}

/// When the calls of a tool are run again. `texts` are its statements as they were written.
pub(super) fn repeat<'t>(
    context: &mut Context,
    written: &document::Tool,
    plan: &Plan,
    mut texts: impl Iterator<Item = &'t str>,
    at: &At,
) -> Repeat {
    let engine = Engine::from(context.loaded.document.database.engine);
    let at = at.key("retry");
    let own = written.retry.as_ref().map(|retry| (self::retry(context, retry, &at), &at));
    if engine == Engine::Sqlite {
        return Repeat::Never;
    }
    if texts.any(|text| crate::database::may_commit(text, engine)) {
        if let Some((Some(ir::Retry { attempts: 2.., .. }), at)) = own {
            let span = context.key(at);
            let message = "a procedure may have committed before it failed, and would do it twice";
            let help = "remove `retry`, or write what the procedure does as `steps`";
            context.report(Diagnostic::new(Code::InvalidEffect, span, message).help(help));
        }
        return Repeat::Never;
    }
    match own.map_or(context.retry, |(own, _)| own) {
        Some(retry) if retry.attempts > 1 => Repeat::Safe(retry),
        Some(_) => Repeat::Never,
        None if plan.effect() != Effect::default() || written.isolation.is_some() => {
            Repeat::Conflicts
        }
        None => Repeat::Never,
    }
}
