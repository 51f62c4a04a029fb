//! Params that callers' tokens say: where they may stand, and what tests say in their place.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Action, Ask, Ident, Identity, Param, Prompt, Resource, Tool};
use crate::spec::document;

use super::context::{At, Context, name_help};
use super::param::{Owner, one_line, validator};

/// Keys that say something about what clients give.
fn of_clients(written: &document::Param) -> [(&'static str, bool); 8] {
    [
        ("default", written.default.is_some()),
        ("optional", written.optional),
        ("nullable", written.nullable),
        ("examples", !written.examples.is_empty()),
        ("clamp", written.clamp.is_some()),
        ("complete", written.complete.is_some()),
        ("header", written.header.is_some()),
        ("enumNames", written.choice_names.is_some()),
    ]
}

/// The `claim` of a param: always there, and nothing of it the client's.
pub(super) fn key(context: &mut Context, written: &document::Param, at: &At, owner: Owner) {
    let Some(claim) = &written.claim else { return };
    let span = context.key(&at.key("claim"));
    if owner == Owner::Object {
        context.report(
            Diagnostic::new(Code::InvalidConstraint, span, "a property has no `claim`")
                .help("make a param of its own of it"),
        );
        return;
    }
    if context.loaded.document.auth.is_none() && !context.poisoned(&At::root().key("auth")) {
        context.report(
            Diagnostic::new(Code::Exclusive, span, "`claim` needs `auth`")
                .help("say under `auth` how callers are known, or remove it"),
        );
    }
    if claim.is_empty() || claim.contains(char::is_whitespace) {
        let span = context.value(&at.key("claim"));
        context.report(
            Diagnostic::new(Code::InvalidValue, span, "this names no claim")
                .help("write its name as tokens have it: `claim: sub`"),
        );
    }
    for (key, _) in of_clients(written).into_iter().filter(|(_, there)| *there) {
        let other = context.key(&at.key(key));
        let message = format!("a param with `claim` has no `{key}`");
        // Without the value, an optional clause that keeps a caller to what is his own would go.
        let help = match key {
            "optional" | "nullable" | "default" => {
                format!("remove it: a caller without the claim `{claim}` is refused")
            }
            _ => "remove it: clients neither see the param nor give it".to_owned(),
        };
        context.report(
            Diagnostic::new(Code::Exclusive, other, message).also(span, "the claim").help(help),
        );
    }
}

/// Whoever has claims is known. `what` names what has the params.
pub(super) fn callers(context: &mut Context, params: &[Param], public: bool, what: &str, at: &At) {
    let Some(param) = params.iter().find(|param| !param.is_argument()) else { return };
    if public {
        let span = context.key(&at.key("public"));
        let name = param.ident.wire();
        let message =
            format!("{what} with the claim `{name}` is not for callers who are not known");
        context.report(
            Diagnostic::new(Code::Exclusive, span, message)
                .help("write `scopes: []` for any caller who is known"),
        );
    }
}

/// What is watched is watched once for all who are subscribed to it.
pub(super) fn unwatched(context: &mut Context, params: &[Param], watched: bool, at: &At) {
    let Some(param) = params.iter().find(|param| !param.is_argument()) else { return };
    if watched {
        let span = context.key(&at.key("watch"));
        let name = param.ident.wire();
        let message = format!("what is watched is the same for all, and `{name}` is not");
        context.report(
            Diagnostic::new(Code::NotSupported, span, message)
                .help("remove `watch`: a resource with claims cannot be subscribed to"),
        );
    }
}

/// A form does not ask for a claim, and no result repeats one.
pub(super) fn refuse(context: &mut Context, param: &Param, what: &str, at: &At) {
    if param.is_argument() {
        return;
    }
    let span = context.value(at);
    let message = format!("`{}` is a claim of the caller, and {what}", param.ident.wire());
    context.report(
        Diagnostic::new(Code::Exclusive, span, message)
            .help("take it out: clients neither see it nor give it"),
    );
}

/// Everything of a server that has params.
pub(super) struct Claimed<'s> {
    pub(super) tools: &'s [Tool],
    pub(super) resources: &'s [Resource],
    pub(super) prompts: &'s [Prompt],
}

impl<'s> Claimed<'s> {
    /// Each param that is a claim, with its place.
    fn params(&self) -> Vec<(&'s Param, At)> {
        let mut found = Vec::new();
        let mut add = |section: &str, ident: &Ident, params: &'s [Param]| {
            let at = At::root().key(section).key(ident.wire()).key("params");
            let claims = params.iter().filter(|param| !param.is_argument());
            found.extend(claims.map(|param| (param, at.key(param.ident.wire()).key("claim"))));
        };
        self.tools.iter().for_each(|tool| add("tools", &tool.ident, &tool.params));
        self.resources.iter().for_each(|it| add("resources", &it.ident, &it.params));
        self.prompts.iter().for_each(|prompt| add("prompts", &prompt.ident, &prompt.params));
        found
    }

    /// The claims that an action needs.
    fn of(&self, ask: &Ask, behind: Option<&'s Resource>) -> impl Iterator<Item = &'s str> {
        let params: &[Param] = match ask {
            Ask::Call { tool, .. } => {
                self.tools.iter().find(|it| it.ident == *tool).map_or(&[], |it| &it.params)
            }
            Ask::Prompt { prompt, .. } => {
                self.prompts.iter().find(|it| it.ident == *prompt).map_or(&[], |it| &it.params)
            }
            Ask::Read { .. } => behind.map_or(&[], |it| &it.params),
        };
        params.iter().filter_map(|param| param.claim.as_deref())
    }
}

/// What the token of a test's caller says: what `tests.claims` says, and where that says nothing a
/// value that every param of the claim takes.
pub(super) fn of_tests(
    context: &mut Context,
    written: &IndexMap<String, Value>,
    claimed: &Claimed,
    at: &At,
) -> Map<String, Value> {
    let params = claimed.params();
    let at = at.key("claims");
    known(context, written, &at);
    let mut claims = Map::new();
    for (param, place) in &params {
        let claim = param.claim.as_deref().unwrap_or_default();
        let same = || params.iter().filter(|(other, _)| other.claim.as_deref() == Some(claim));
        if claims.contains_key(claim) {
            continue;
        }
        if let Some(value) = written.get(claim) {
            for (param, _) in same() {
                let Some(validator) = validator(param) else { continue };
                if let Err(error) = validator.validate(value) {
                    let span = context.value(&at.key(claim));
                    let message = format!("`{}` takes no such value", param.ident.wire());
                    context.report(
                        Diagnostic::new(Code::InvalidTest, span, message)
                            .label(one_line(&error))
                            .help("write a value that every param of the claim takes"),
                    );
                    break;
                }
            }
            claims.insert(claim.to_owned(), value.clone());
            continue;
        }
        let fits = |value: &Value| {
            same().all(|(param, _)| validator(param).is_some_and(|it| it.is_valid(value)))
        };
        let found = same().filter_map(|(param, _)| crate::ir::sample(param)).find(fits);
        if found.is_none() {
            let span = context.value(place);
            let message = format!("no value of the claim `{claim}` is good for all its params");
            context.report(
                Diagnostic::new(Code::InvalidConstraint, span, message)
                    .help("give all params of the claim the same type and bounds"),
            );
        }
        claims.insert(claim.to_owned(), found.unwrap_or_default());
    }
    claims
}

/// Reports claims that nothing asks for.
pub(super) fn known(context: &mut Context, written: &IndexMap<String, Value>, at: &At) {
    let document = &context.loaded.document;
    let tools = document.tools.values().map(|tool| &tool.params);
    let resources = document.resources.values().map(|resource| &resource.params);
    let prompts = document.prompts.values().map(|prompt| &prompt.params);
    let params = tools.chain(resources).chain(prompts).flat_map(IndexMap::values);
    let known: Vec<&str> = params.filter_map(|param| param.claim.as_deref()).collect();
    for claim in written.keys().filter(|claim| !known.contains(&claim.as_str())) {
        let span = context.key(&at.key(claim));
        let message = format!("no param is the claim `{claim}`");
        context.report(
            Diagnostic::new(Code::UnknownName, span, message)
                .help(name_help(claim, &known, "claim")),
        );
    }
}

/// A case that succeeds says the claims that it needs.
pub(super) fn of_case<'s>(
    context: &mut Context,
    (common, caller): (&IndexMap<String, Value>, Option<&Identity>),
    actions: &[Action],
    claimed: &Claimed<'s>,
    behind: impl Fn(&str) -> Option<&'s Resource>,
    at: &At,
) {
    let own = match caller {
        Some(Identity::Nobody) => return,
        Some(Identity::Known { claims, .. }) => claims.as_ref(),
        None => None,
    };
    let said = |claim: &str| own.map_or(common.contains_key(claim), |own| own.contains_key(claim));
    for action in actions.iter().filter(|action| action.expect.error.is_none()) {
        let resource = match &action.ask {
            Ask::Read { uri } => behind(uri),
            Ask::Call { .. } | Ask::Prompt { .. } => None,
        };
        let Some(claim) = claimed.of(&action.ask, resource).find(|claim| !said(claim)) else {
            continue;
        };
        let span = context.value(&at.key("name"));
        let message = format!("the case needs the claim `{claim}`, and its caller has none");
        let help = match own {
            Some(_) => format!("add it: `as: {{ …, claims: {{ {claim}: … }} }}`"),
            None => format!("say it for all cases: `tests: {{ claims: {{ {claim}: … }} }}`"),
        };
        context.report(Diagnostic::new(Code::InvalidTest, span, message).help(help));
        return;
    }
}
