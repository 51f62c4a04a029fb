//! How much clients may ask, and what replicas share.

use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Concurrency, Rate, RateKey};
use crate::spec::document::{self, LimitKey, OnError, Period};

use super::context::{At, Context};

/// Requests in a period where the spec does not say.
const REQUESTS: u32 = 100;

/// Whether replicas share a Redis; something must use it.
pub(super) fn shared(context: &mut Context) -> bool {
    let document = &context.loaded.document;
    let Some(document::Shared::Redis) = document.shared else { return false };
    let shares = |tool: &document::Tool| {
        let used =
            tool.rate_limit.is_some() || tool.concurrency.is_some() || tool.confirm.is_some();
        is_enabled(tool) && used
    };
    let root = At::root();
    let dropped = ["rate_limit", "tools"].iter().any(|key| context.poisoned(&root.key(key)));
    let used = document.rate_limit.is_some() || document.tools.values().any(shares);
    if !used && !dropped && !context.misspelt(&root, "rate_limit") {
        let span = context.key(&root.key("shared"));
        context.report(
            Diagnostic::new(Code::Unused, span, "there is nothing that replicas could share")
                .help("remove `shared`, or add what is counted there: `rate_limit: {}`"),
        );
    }
    true
}

fn is_enabled(tool: &document::Tool) -> bool {
    tool.enabled != Some(false)
}

/// Lowers a limit of requests.
pub(super) fn rate(context: &mut Context, written: document::RateLimit, at: &At) -> Rate {
    let known = context.loaded.document.auth.is_some();
    let auth_dropped = context.poisoned(&At::root().key("auth"));
    if written.key == Some(LimitKey::Client) && !known && !auth_dropped {
        let span = context.value(&at.key("key"));
        context.report(
            Diagnostic::new(Code::Exclusive, span, "`key: client` needs `auth`")
                .help("write `key: address`, or say under `auth` how callers are known"),
        );
    }
    if written.key == Some(LimitKey::Tool)
        && !context.loaded.document.tools.values().any(is_enabled)
    {
        let span = context.value(&at.key("key"));
        context.report(
            Diagnostic::new(Code::Exclusive, span, "`key: tool` needs `tools`")
                .help("write `key: address`"),
        );
    }
    let requests = written.requests.unwrap_or(REQUESTS);
    Rate {
        requests,
        per: Duration::from_secs(match written.per {
            Some(Period::Second) => 1,
            Some(Period::Minute) | None => 60,
            Some(Period::Hour) => 3600,
        }),
        burst: written.burst.unwrap_or_else(|| (requests / 5).max(1)),
        key: match written.key {
            Some(LimitKey::Client) => RateKey::Client,
            Some(LimitKey::Address) => RateKey::Address,
            Some(LimitKey::Tool) => RateKey::Tool,
            None if known => RateKey::Client,
            None => RateKey::Address,
        },
        open: open(context, written.on_error, at),
    }
}

/// Lowers how many calls of a tool may run at the same time.
pub(super) fn concurrency(
    context: &mut Context,
    written: document::Concurrency,
    at: &At,
) -> Concurrency {
    match written {
        document::Concurrency::Calls(calls) => Concurrency { calls, open: false },
        document::Concurrency::Shape(shape) => {
            Concurrency { calls: shape.calls, open: open(context, shape.on_error, at) }
        }
    }
}

/// Whether requests are let through while Redis does not answer: where there is none, it cannot fail.
fn open(context: &mut Context, written: Option<OnError>, at: &At) -> bool {
    let root = At::root();
    let dropped = context.poisoned(&root.key("shared")) || context.misspelt(&root, "shared");
    if written.is_some() && context.loaded.document.shared.is_none() && !dropped {
        let span = context.key(&at.key("on_error"));
        context.report(
            Diagnostic::new(Code::Exclusive, span, "`on_error` needs `shared`")
                .help("remove it: what a process counts by itself does not fail"),
        );
    }
    written == Some(OnError::Open)
}
