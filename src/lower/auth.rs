//! Who may call what.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Access, Auth, Introspection, Jwt, Resource, Scope};
use crate::spec::document;

use super::context::{At, Context, name_help};

/// The ways to know callers.
const WAYS: [&str; 3] = ["api_keys", "jwt", "introspection"];

/// How tokens are signed where the spec does not say: what nearly every issuer does.
const ALGORITHMS: [document::Algorithm; 2] =
    [document::Algorithm::RS256, document::Algorithm::ES256];

/// Lowers `auth`.
pub(super) fn auth(context: &mut Context, written: &document::Auth, at: &At) -> Option<Auth> {
    let before = context.diagnostics.len();
    let dropped = |key| context.poisoned(&at.key(key)) || context.misspelt(at, key);
    let none =
        written.api_keys.is_none() && written.jwt.is_none() && written.introspection.is_none();
    if none && !WAYS.iter().any(|way| dropped(way)) {
        let span = context.key(at);
        context.report(
            Diagnostic::new(Code::MissingKey, span, "`auth` does not say how callers are known")
                .help("add `api_keys: { env: API_KEYS }`, `jwt` or `introspection`"),
        );
    }
    let scopes = scopes(context, written, &at.key("scopes"));
    if let Some(keys) = written.api_keys.as_ref().filter(|keys| !names_variable(&keys.env)) {
        let span = context.value(&at.key("api_keys").key("env"));
        let message = format!("`{}` names no variable", keys.env);
        context.report(
            Diagnostic::new(Code::InvalidValue, span, message)
                .help("write it in capitals, without `$`: `env: API_KEYS`"),
        );
    }
    let jwt = written.jwt.as_ref().map(|jwt| self::jwt(context, jwt, &at.key("jwt")));
    let introspection = written
        .introspection
        .as_ref()
        .map(|written| introspection(context, written, &at.key("introspection")));
    let auth = Auth {
        scopes,
        api_keys: written.api_keys.as_ref().map(|keys| keys.env.clone()),
        jwt: jwt.flatten(),
        introspection: introspection.flatten(),
    };
    (context.diagnostics.len() == before).then_some(auth)
}

fn scopes(context: &mut Context, written: &document::Auth, at: &At) -> Vec<Scope> {
    let names: Vec<&str> = written.scopes.keys().map(String::as_str).collect();
    let included = |name: &str| match written.scopes.get(name) {
        Some(document::Scope::Shape(shape)) => shape.includes.as_slice(),
        Some(document::Scope::Text(_)) | None => &[],
    };
    let mut scopes = Vec::new();
    for (name, scope) in &written.scopes {
        let at = at.key(name);
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '/' | '-');
        if name.is_empty() || !name.chars().all(plain) {
            let span = context.key(&at);
            context.report(
                Diagnostic::new(Code::InvalidName, span, format!("`{name}` is no scope"))
                    .help("use letters, digits and `_.:/-`: `users:read`"),
            );
        }
        for (index, other) in included(name).iter().enumerate() {
            if !names.contains(&other.as_str()) {
                let span = context.value(&at.key("includes").item(index));
                let help = name_help(other, &names, "scope");
                context.report(
                    Diagnostic::new(
                        Code::UnknownName,
                        span,
                        format!("there is no scope `{other}`"),
                    )
                    .help(help),
                );
            }
        }
        let mut all = BTreeSet::new();
        let mut open: Vec<&str> = included(name).iter().map(String::as_str).collect();
        while let Some(other) = open.pop() {
            if all.insert(other) {
                open.extend(included(other).iter().map(String::as_str));
            }
        }
        if all.contains(name.as_str()) {
            let span = context.key(&at.key("includes"));
            context.report(
                Diagnostic::new(Code::InvalidValue, span, format!("`{name}` includes itself"))
                    .help("take it out of what it includes"),
            );
        }
        let description = match scope {
            document::Scope::Text(text) => text,
            document::Scope::Shape(shape) => &shape.description,
        };
        let includes = names.iter().filter(|other| all.contains(*other));
        scopes.push(Scope {
            name: name.clone(),
            description: description.clone(),
            includes: includes.map(|&other| other.to_owned()).collect(),
        });
    }
    scopes
}

fn jwt(context: &mut Context, written: &document::Jwt, at: &At) -> Option<Jwt> {
    let issuer = url(context, &written.issuer, &at.key("issuer"));
    let audience = setting(context, &written.audience, &at.key("audience"));
    if let (Some(issuer), Some(audience)) = (&issuer, &audience)
        && variable(issuer).is_none()
        && variable(audience).is_none()
    {
        let span = context.value(&at.key("issuer"));
        context.report(
            Diagnostic::new(
                Code::InvalidValue,
                span,
                "nothing of `jwt` is a variable, so that it could not be off in development and tests",
            )
            .help("write `issuer: \"${OIDC_ISSUER}\"`, and set the variable where the server runs"),
        );
    }
    let skew = super::duration(context, written.skew.as_ref(), &at.key("skew"), 30);
    let algorithms = written.algorithms.as_deref().unwrap_or(&ALGORITHMS);
    Some(Jwt {
        issuer: issuer?,
        audience: audience?,
        algorithms: algorithms.iter().map(|algorithm| format!("{algorithm:?}")).collect(),
        skew: skew?,
    })
}

fn introspection(
    context: &mut Context,
    written: &document::Introspection,
    at: &At,
) -> Option<Introspection> {
    let issuer = url(context, &written.issuer, &at.key("issuer"));
    let asked = url(context, &written.url, &at.key("url"));
    let client_id = setting(context, &written.client_id, &at.key("client_id"));
    let secret = setting(context, &written.client_secret, &at.key("client_secret"));
    if secret.as_deref().is_some_and(|secret| variable(secret).is_none()) {
        let span = context.value(&at.key("client_secret"));
        context.report(
            Diagnostic::new(Code::InvalidValue, span, "a secret does not stand in a spec")
                .help("name a variable that holds it: `client_secret: \"${CLIENT_SECRET}\"`"),
        );
    }
    let audience = setting(context, &written.audience, &at.key("audience"));
    let cache = match &written.cache {
        Some(_) => super::duration(context, written.cache.as_ref(), &at.key("cache"), 0),
        None => Some(Duration::ZERO),
    };
    Some(Introspection {
        issuer: issuer?,
        url: asked?,
        client_id: client_id?,
        client_secret: secret?,
        audience: audience?,
        cache: cache?,
    })
}

/// The name of the variable that a text stands for.
fn variable(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}')
}

fn names_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// A text, or a variable of the environment.
fn setting(context: &mut Context, text: &str, at: &At) -> Option<String> {
    let fine = match variable(text) {
        Some(name) => names_variable(name),
        None => !text.trim().is_empty() && !text.contains("${"),
    };
    if !fine {
        let span = context.value(at);
        context.report(
            Diagnostic::new(Code::InvalidValue, span, "this is no text and no variable")
                .help("write the text itself, or the whole of it as a variable: `${OIDC_ISSUER}`"),
        );
    }
    fine.then(|| text.to_owned())
}

/// A URL, or a variable that holds one.
fn url(context: &mut Context, text: &str, at: &At) -> Option<String> {
    let text = setting(context, text, at)?;
    let secure = text.starts_with("https://") && text.len() > "https://".len();
    if variable(&text).is_none() && !secure {
        let span = context.value(at);
        context.report(
            Diagnostic::new(Code::InvalidValue, span, format!("`{text}` is no `https:` URL"))
                .help("write a URL that begins with `https://`, or a variable: `${OIDC_ISSUER}`"),
        );
        return None;
    }
    Some(text)
}

/// What a tool, a resource or a prompt asks of its callers. `what` names it for people.
pub(super) fn access(
    context: &mut Context,
    (scopes, public): (Option<&[String]>, bool),
    what: &str,
    at: &At,
) -> Access {
    if context.loaded.document.auth.is_none() {
        let key = if scopes.is_some() { "scopes" } else { "public" };
        if scopes.is_some() || public {
            let span = context.key(&at.key(key));
            let broken = context.poisoned(&At::root().key("auth"));
            if !broken {
                context.report(
                    Diagnostic::new(Code::Exclusive, span, format!("`{key}` needs `auth`"))
                        .help("say under `auth` how callers are known, or remove it"),
                );
            }
        }
        return Access::Public;
    }
    match (scopes, public) {
        (Some(_), true) => {
            let span = context.key(&at.key("public"));
            context.report(
                Diagnostic::new(Code::Exclusive, span, format!("{what} with scopes is not public"))
                    .help("remove one of the two"),
            );
        }
        (None, false) if !context.misspelt(at, "scopes") && !context.misspelt(at, "public") => {
            let span = context.key(at);
            let help = "write `scopes: [NAME]`, `scopes: []` for any caller who is known, or `public: true`";
            let message = format!("{what} does not say who may use it");
            context.report(Diagnostic::new(Code::MissingKey, span, message).help(help));
        }
        _ => {}
    }
    let Some(scopes) = scopes else { return Access::Public };
    self::known(context, scopes, &at.key("scopes"));
    Access::Scopes(scopes.to_vec())
}

/// Reports scopes that there are not, or twice.
pub(super) fn known(context: &mut Context, scopes: &[String], at: &At) {
    let Some(auth) = &context.loaded.document.auth else { return };
    let known: Vec<&str> = auth.scopes.keys().map(String::as_str).collect();
    for (index, scope) in scopes.iter().enumerate() {
        let span = context.value(&at.item(index));
        if !known.contains(&scope.as_str()) {
            let help = match known.is_empty() {
                true => {
                    format!("declare it: `auth: {{ scopes: {{ \"{scope}\": What it is for }} }}`")
                }
                false => name_help(scope, &known, "scope"),
            };
            context.report(
                Diagnostic::new(Code::UnknownName, span, format!("there is no scope `{scope}`"))
                    .help(help),
            );
        } else if scopes[..index].contains(scope) {
            context.report(
                Diagnostic::new(Code::Exclusive, span, format!("`{scope}` is there twice"))
                    .help("remove one"),
            );
        }
    }
}

/// The resource that a message embeds.
fn embedded(message: &document::Message) -> Option<&str> {
    let content = message.user.as_ref().or(message.assistant.as_ref())?;
    match content {
        document::Content::Embedded(embedded) => embedded.resource.as_deref(),
        document::Content::Text(_) => None,
    }
}

/// A prompt must not show a resource to those who may not read it.
pub(super) fn embeds(
    context: &mut Context,
    access: &Access,
    written: &document::Prompt,
    resources: &[Resource],
    at: &At,
) {
    for (index, name) in written.messages.iter().map(embedded).enumerate() {
        let Some(name) = name else { continue };
        let Some(resource) = resources.iter().find(|it| it.ident.wire() == name) else { continue };
        let shown = match (&resource.access, access) {
            (Access::Public, _) => true,
            (Access::Scopes(_), Access::Public) => false,
            (Access::Scopes(needed), Access::Scopes(has)) => {
                needed.iter().all(|scope| has.contains(scope))
            }
        };
        if !shown {
            let span = context.value(&at.key("messages").item(index));
            let message = format!("who may get the prompt may not read `{name}`");
            context.report(
                Diagnostic::new(Code::InvalidValue, span, message)
                    .help("give the prompt the scopes of the resource as well"),
            );
        }
    }
}
