//! Test cases of the generated crate: that each can be run, and could pass.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    Action, Ask, Backend, Case, Expect, Form, Ident, Identity, Param, Presence, Prompt, Reply,
    Resource, ResourceContent, Tests, Tool, UnknownRule, plan_schema,
};
use crate::spec::document;

use super::claims::{self, Claimed};
use super::context::{At, Context, name_help};
use super::param::{one_line, validator};
use super::uri;

/// Every type of error that a server answers with.
const ERROR_TYPES: &[&str] = &[
    "INVALID_ARGUMENTS",
    "RECORD_NOT_FOUND",
    "UNIQUE_CONSTRAINT_VIOLATION",
    "FOREIGN_KEY_VIOLATION",
    "NOT_NULL_VIOLATION",
    "CHECK_VIOLATION",
    "TIMEOUT",
    "CONNECTION_ERROR",
    "POOL_EXHAUSTED",
    "PERMISSION_DENIED",
    "UNAUTHENTICATED",
    "RESULT_TOO_LARGE",
    "CONFIRMATION_DECLINED",
    "CONFIRMATION_UNAVAILABLE",
    "CONFIRMATION_INVALID",
    "UNKNOWN_ERROR",
];

/// Lowers the `tests` section; `None` when one of the cases is broken.
pub(super) fn tests(
    context: &mut Context,
    written: &document::Tests,
    tools: &[Tool],
    resources: &[Resource],
    prompts: &[Prompt],
    at: &At,
) -> Option<Tests> {
    let seed = written.seed.as_deref().and_then(|path| seed(context, path));
    let mut idents = Vec::new();
    let server = Lowered { tools, resources, prompts };
    let claimed = Claimed { tools, resources, prompts };
    let claims = claims::of_tests(context, &written.claims, &claimed, at);
    let cases: Vec<Option<Case>> = written
        .cases
        .iter()
        .enumerate()
        .map(|(index, written_case)| {
            let at = at.key("cases").item(index);
            let span = context.value(&at.key("name"));
            let Ok(ident) = Ident::of_prose(&written_case.name) else {
                context.report(
                    Diagnostic::new(Code::InvalidName, span, "the name holds no letter of a to z")
                        .help("it becomes the name of a Rust function: say what the case shows"),
                );
                return None;
            };
            idents.push((ident.clone(), span));
            let case = case(context, ident, written_case, &server, &at)?;
            let known = (&written.claims, case.caller.as_ref());
            let behind = |uri: &str| server.behind(uri);
            claims::of_case(context, known, &case.actions, &claimed, behind, &at);
            Some(case)
        })
        .collect();
    context.distinct(idents.iter().map(|(ident, span)| (ident, *span)));
    Some(Tests { seed, claims, cases: cases.into_iter().collect::<Option<Vec<_>>>()? })
}

/// What a case may ask for.
struct Lowered<'s> {
    tools: &'s [Tool],
    resources: &'s [Resource],
    prompts: &'s [Prompt],
}

impl<'s> Lowered<'s> {
    /// The resource that answers to a URI.
    fn behind(&self, uri: &str) -> Option<&'s Resource> {
        let fixed = |resource: &&Resource| !resource.templated() && resource.uri_text() == uri;
        let fits = |resource: &&Resource| uri::matches(&resource.uri, uri);
        self.resources.iter().find(fixed).or_else(|| self.resources.iter().find(fits))
    }
}

fn seed(context: &Context, path: &str) -> Option<String> {
    let file = context.files.text(path)?;
    Some(context.loaded_text(file).to_owned())
}

fn case(
    context: &mut Context,
    ident: Ident,
    written: &document::Case,
    server: &Lowered,
    at: &At,
) -> Option<Case> {
    let single = document::Action {
        call: written.call.clone(),
        read: written.read.clone(),
        prompt: written.prompt.clone(),
        with: written.with.clone(),
        confirm: written.confirm,
        answer: written.answer.clone(),
        expect: written.expect.clone(),
        text: written.text.clone(),
        content: written.content.clone(),
        error: written.error.clone(),
    };
    let actions: Vec<Option<Action>> = if written.steps.is_empty() {
        vec![action(context, &single, server, at)]
    } else {
        if single != document::Action::default() {
            let span = context.key(&at.key("steps"));
            context.report(
                Diagnostic::new(Code::Exclusive, span, "a case is a single action or has `steps`")
                    .help("move the action into `steps`"),
            );
        }
        written
            .steps
            .iter()
            .enumerate()
            .map(|(index, step)| action(context, step, server, &at.key("steps").item(index)))
            .collect()
    };
    let seed = written.seed.as_deref().and_then(|path| seed(context, path));
    let caller = written.caller.as_ref().map(|caller| identity(context, caller, &at.key("as")));
    let updates = written.updates.iter();
    updates.clone().for_each(|(uri, _)| watched(context, uri, server, at));
    let updates = updates.map(|(uri, told)| (uri.clone(), *told)).collect();
    Some(Case {
        ident,
        name: written.name.clone(),
        seed,
        caller,
        actions: actions.into_iter().collect::<Option<Vec<_>>>()?,
        updates,
    })
}

/// Who a case is: somebody with scopes that there are.
fn identity(context: &mut Context, written: &document::Identity, at: &At) -> Identity {
    let Some(auth) = &context.loaded.document.auth else {
        let span = context.key(at);
        context.report(
            Diagnostic::new(Code::Exclusive, span, "without `auth` everybody is the same")
                .help("remove `as`, or say under `auth` how callers are known"),
        );
        return Identity::Nobody;
    };
    let document::Identity::Known(known) = written else { return Identity::Nobody };
    let names: Vec<&str> = auth.scopes.keys().map(String::as_str).collect();
    for (index, scope) in known.scopes.iter().enumerate() {
        if !names.contains(&scope.as_str()) {
            let span = context.value(&at.key("scopes").item(index));
            let help = name_help(scope, &names, "scope");
            context.report(
                Diagnostic::new(Code::UnknownName, span, format!("there is no scope `{scope}`"))
                    .help(help),
            );
        }
    }
    if let Some(claims) = &known.claims {
        claims::known(context, claims, &at.key("claims"));
    }
    let claims = known.claims.clone().map(|claims| claims.into_iter().collect());
    Identity::Known { scopes: known.scopes.clone(), claims }
}

fn action(
    context: &mut Context,
    written: &document::Action,
    server: &Lowered,
    at: &At,
) -> Option<Action> {
    let before = context.diagnostics.len();
    let given = [
        ("call", written.call.is_some()),
        ("read", written.read.is_some()),
        ("prompt", written.prompt.is_some()),
    ];
    let keys: Vec<&str> =
        given.into_iter().filter(|(_, there)| *there).map(|(key, _)| key).collect();
    let [key] = keys.as_slice() else {
        let span = context.value(at);
        let (code, message) = match keys.as_slice() {
            [] => (Code::MissingKey, "the case does nothing"),
            _ => (Code::Exclusive, "one action does one thing"),
        };
        let help = "write one of `call: TOOL`, `read: URI` and `prompt: NAME`";
        context.report(Diagnostic::new(code, span, message).help(help));
        return None;
    };
    let parts = [written.text.is_some(), written.content.is_some(), written.error.is_some()];
    if written.expect.is_none() && !parts.contains(&true) {
        let span = context.value(at);
        context.report(
            Diagnostic::new(
                Code::InvalidTest,
                span,
                "the case expects nothing, so it shows nothing",
            )
            .help("add `expect`, `text` or `error`"),
        );
    }
    if written.expect.is_some() && written.error.is_some() {
        let span = context.key(&at.key("error"));
        context.report(
            Diagnostic::new(Code::Exclusive, span, "an error has no result to expect")
                .help("keep one of `expect` and `error`"),
        );
    }
    if let Some(error) = &written.error
        && !ERROR_TYPES.contains(&error.kind.as_str())
    {
        let span = context.value(&at.key("error").key("type"));
        context.report(
            Diagnostic::new(
                Code::UnknownName,
                span,
                format!("there is no error type `{}`", error.kind),
            )
            .help(name_help(&error.kind, ERROR_TYPES, "error type")),
        );
    }
    if written.content.is_some() && *key != "call" {
        let span = context.key(&at.key("content"));
        context.report(
            Diagnostic::new(Code::InvalidTest, span, "`content` is what a tool answers")
                .help("write `text: …`"),
        );
    }
    if written.confirm.is_some() && *key != "call" {
        let span = context.key(&at.key("confirm"));
        context.report(
            Diagnostic::new(Code::Exclusive, span, "only a tool asks for a confirmation")
                .help("remove `confirm`"),
        );
    }
    if written.answer.is_some() && *key == "read" {
        let span = context.key(&at.key("answer"));
        context.report(
            Diagnostic::new(Code::Exclusive, span, "a resource asks nobody")
                .help("remove `answer`"),
        );
    }
    let with = Value::Object(written.with.clone().into_iter().collect::<Map<_, _>>());
    let document = &context.loaded.document;
    let ask = match *key {
        "call" => {
            let name = written.call.as_deref()?;
            let tool = server.tools.iter().find(|tool| tool.ident.wire() == name);
            if tool.is_none() {
                unknown(context, "call", name, "tool", keys_of(&document.tools), &at.key("call"));
            }
            let tool = tool?;
            expected_members(context, written.expect.as_ref(), tool, at);
            let answer = answered(context, written, (key, name, &tool.ask), at);
            if written.error.is_none() {
                arguments(context, written, &tool.params, (tool.unknown, &tool.ask), at);
            }
            confirmed(context, written, tool, at);
            let reply = answer.or_else(|| written.confirm.map(Into::into));
            Ask::Call { tool: tool.ident.clone(), with, reply }
        }
        "prompt" => {
            let name = written.prompt.as_deref()?;
            let prompt = server.prompts.iter().find(|prompt| prompt.ident.wire() == name);
            if prompt.is_none() {
                unknown(
                    context,
                    "prompt",
                    name,
                    "prompt",
                    keys_of(&document.prompts),
                    &at.key("prompt"),
                );
            }
            if written.expect.is_some() {
                let span = context.key(&at.key("expect"));
                context.report(
                    Diagnostic::new(Code::InvalidTest, span, "a prompt has no result but its text")
                        .help("write `text: …`"),
                );
            }
            let prompt = prompt?;
            let reply = answered(context, written, (key, name, &prompt.ask), at);
            if written.error.is_none() {
                let rule = (UnknownRule::Refuse, prompt.ask.as_slice());
                arguments(context, written, &prompt.params, rule, at);
            }
            Ask::Prompt { prompt: prompt.ident.clone(), with, reply }
        }
        _ => {
            let uri = written.read.clone()?;
            if !written.with.is_empty() {
                let span = context.key(&at.key("with"));
                context.report(
                    Diagnostic::new(Code::Exclusive, span, "reading a resource takes no arguments")
                        .help("put them into the URI"),
                );
            }
            read(context, &uri, written, server, at)?;
            Ask::Read { uri }
        }
    };
    let expect = Expect {
        subset: written.expect.clone(),
        text: written.text.clone(),
        content: written.content.clone().map(Value::Array),
        error: written.error.as_ref().map(|error| (error.kind.clone(), error.message.clone())),
    };
    (context.diagnostics.len() == before).then_some(Action { ask, expect })
}

/// A case of a tool that asks says what the client answers, unless the call does not come that far.
fn confirmed(context: &mut Context, written: &document::Action, tool: &Tool, at: &At) {
    let name = tool.ident.wire();
    let refused = written.error.as_ref().is_some_and(|error| error.kind == "INVALID_ARGUMENTS");
    match (tool.confirm.is_some(), written.confirm) {
        (true, None) if !refused => {
            let span = context.value(&at.key("call"));
            context.report(
                Diagnostic::new(
                    Code::InvalidTest,
                    span,
                    format!("`{name}` asks a person before it runs"),
                )
                .help("say what the client answers: `confirm: accept`, `decline`, `cancel` or `unsupported`"),
            );
        }
        (false, Some(_)) => {
            let span = context.key(&at.key("confirm"));
            context.report(
                Diagnostic::new(
                    Code::InvalidTest,
                    span,
                    format!("`{name}` asks nobody before it runs"),
                )
                .help("remove it, or give the tool a `confirm`"),
            );
        }
        (true, _) | (false, None) => {}
    }
}

/// What the client answers to the forms of a tool or prompt, which the case names under `key`.
fn answered(
    context: &mut Context,
    written: &document::Action,
    (key, name, forms): (&str, &str, &[Form]),
    at: &At,
) -> Option<Reply> {
    let left_out = |param: &&Param| written.with.get(param.ident.wire()).is_none_or(Value::is_null);
    let shown = forms.iter().filter_map(|form| Some((form, form.params.iter().find(left_out)?)));
    let shown: Vec<(&Form, &Param)> = shown.collect();
    let refused = written.error.as_ref().is_some_and(|error| error.kind == "INVALID_ARGUMENTS");
    let answer = at.key("answer");
    match (&written.answer, shown.first()) {
        (None, Some((form, param))) if !refused && !context.poisoned(&answer) => {
            let (form, param) = (&form.name, param.ident.wire());
            let span = context.value(&at.key(key));
            context.report(
                Diagnostic::new(
                    Code::InvalidTest,
                    span,
                    format!("`{name}` asks a person for `{param}`"),
                )
                .help(format!("say what is filled in: `answer: {{ {form}: {{ {param}: … }} }}`, or `answer: unsupported`")),
            );
            None
        }
        (None, _) => None,
        (Some(_), None) => {
            let (message, help) = match forms {
                [] => (format!("`{name}` has no forms"), "remove it, or give it an `ask`"),
                _ => (
                    format!("`{name}` shows no form here"),
                    "remove it, or leave out of `with` what a form asks for",
                ),
            };
            let span = context.key(&answer);
            context.report(Diagnostic::new(Code::InvalidTest, span, message).help(help));
            None
        }
        (Some(document::Answer::Client(document::Unable::Unsupported)), _) => {
            Some(Reply::Unsupported)
        }
        (Some(document::Answer::Person(answers)), _) => {
            let judged = written.error.is_none();
            Some(filled(context, answers, (forms, &shown), judged, &answer))
        }
    }
}

/// What the person makes of each form that is shown; of no other.
fn filled(
    context: &mut Context,
    answers: &IndexMap<String, document::Filled>,
    (forms, shown): (&[Form], &[(&Form, &Param)]),
    judged: bool,
    at: &At,
) -> Reply {
    let broken = forms.iter().any(|form| context.poisoned(&at.key(&form.name)));
    let mut replies = Map::new();
    let mut left: Vec<&String> = answers.keys().collect();
    for (form, param) in shown {
        let name = &form.name;
        left.retain(|left| *left != name);
        let reply = match answers.get(name) {
            Some(document::Filled::In(content)) => {
                fields(context, content, form, judged, &at.key(name));
                content.clone().into_iter().collect()
            }
            Some(document::Filled::Refused(document::Refusal::Decline)) => json!("decline"),
            Some(document::Filled::Refused(document::Refusal::Cancel)) => json!("cancel"),
            // One that is broken may have been the last that is shown.
            None if broken => continue,
            None => {
                let span = context.key(at);
                let param = param.ident.wire();
                context.report(
                    Diagnostic::new(
                        Code::InvalidTest,
                        span,
                        format!("the form `{name}` is shown, and has no answer"),
                    )
                    .help(format!("say what is filled in: `{name}: {{ {param}: … }}`")),
                );
                continue;
            }
        };
        // Who refuses a form sees no other.
        let last = reply.is_string();
        replies.insert(param.ident.wire().to_owned(), reply);
        if last {
            break;
        }
    }
    let known: Vec<&str> = forms.iter().map(|form| form.name.as_str()).collect();
    for name in left {
        let span = context.key(&at.key(name));
        context.report(if known.contains(&name.as_str()) {
            Diagnostic::new(Code::InvalidTest, span, format!("the form `{name}` is not shown"))
                .help("remove it: `with` has all that it asks for, or the person refused before")
        } else {
            Diagnostic::new(Code::UnknownName, span, format!("there is no form `{name}`"))
                .help(name_help(name, &known, "form"))
        });
    }
    Reply::Forms(replies.into())
}

/// A form has fields for its params, which take their values.
fn fields(
    context: &mut Context,
    content: &IndexMap<String, Value>,
    form: &Form,
    judged: bool,
    at: &At,
) {
    let known: Vec<&str> = form.params.iter().map(|param| param.ident.wire()).collect();
    for (name, value) in content {
        let Some(param) = form.params.iter().find(|param| param.ident.wire() == name) else {
            let span = context.key(&at.key(name));
            let message = format!("the form `{}` does not ask for `{name}`", form.name);
            context.report(
                Diagnostic::new(Code::UnknownName, span, message)
                    .help(name_help(name, &known, "param")),
            );
            continue;
        };
        if judged
            && let Some(validator) = validator(param)
            && let Err(error) = validator.validate(value)
        {
            let span = context.value(&at.key(name));
            context.report(
                Diagnostic::new(Code::InvalidTest, span, format!("`{name}` takes no such value"))
                    .label(one_line(&error))
                    .help("write a value that the param takes, or expect the error"),
            );
        }
    }
}

/// Whether neither the client nor a person gives a param; of a form without an answer that is said
/// elsewhere.
fn is_missing(written: &document::Action, forms: &[Form], param: &Param) -> bool {
    let name = param.ident.wire();
    let form = forms.iter().find(|form| form.params.iter().any(|of| of.ident == param.ident));
    let answered = match (form, &written.answer) {
        (Some(_), None) => true,
        (Some(form), Some(document::Answer::Person(answers))) => match answers.get(&form.name) {
            Some(document::Filled::In(content)) => content.contains_key(name),
            Some(document::Filled::Refused(_)) => false,
            None => true,
        },
        (Some(_), Some(document::Answer::Client(_))) | (None, _) => false,
    };
    !answered && !written.with.contains_key(name)
}

/// A call that succeeds names no argument that is refused, and leaves none out that is required.
fn arguments(
    context: &mut Context,
    written: &document::Action,
    params: &[Param],
    (rule, forms): (UnknownRule, &[Form]),
    at: &At,
) {
    let with = &written.with;
    let params: Vec<&Param> = params.iter().filter(|param| param.is_argument()).collect();
    let known: Vec<&str> = params.iter().map(|param| param.ident.wire()).collect();
    let extra = with.keys().filter(|name| !known.contains(&name.as_str()));
    for name in extra.filter(|_| rule == UnknownRule::Refuse) {
        let span = context.key(&at.key("with").key(name));
        context.report(
            Diagnostic::new(Code::InvalidTest, span, format!("there is no param `{name}`"))
                .help(name_help(name, &known, "param")),
        );
    }
    let missing = params.iter().filter(|param| {
        matches!(param.presence, Presence::Required) && is_missing(written, forms, param)
    });
    for param in missing {
        let key = if with.is_empty() { at.clone() } else { at.key("with") };
        let span = context.key(&key);
        let name = param.ident.wire();
        context.report(
            Diagnostic::new(
                Code::InvalidTest,
                span,
                format!("`{name}` is required, and is not given"),
            )
            .help(format!("give it: `with: {{ {name}: … }}`, or expect the error")),
        );
    }
}

fn keys_of<T>(map: &IndexMap<String, T>) -> Vec<String> {
    map.keys().cloned().collect()
}

/// Reports a name that refers to nothing; one that is declared but broken is reported there.
fn unknown(
    context: &mut Context,
    section: &str,
    name: &str,
    what: &str,
    known: Vec<String>,
    at: &At,
) {
    let section = if section == "call" { "tools" } else { "prompts" };
    if known.iter().any(|known| known == name) {
        let disabled =
            context.loaded.document.tools.get(name).is_some_and(|tool| tool.enabled == Some(false));
        if section == "tools" && disabled {
            let span = context.value(at);
            context.report(
                Diagnostic::new(
                    Code::InvalidTest,
                    span,
                    format!("the tool `{name}` is not enabled"),
                )
                .help("remove the case, or `enabled: false`"),
            );
        }
        return;
    }
    if context.poisoned(&At::root().key(section).key(name)) {
        return;
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let span = context.value(at);
    context.report(
        Diagnostic::new(Code::UnknownName, span, format!("there is no {what} `{name}`"))
            .help(name_help(name, &known, what)),
    );
}

/// Members that the result cannot have make a case that can never pass.
fn expected_members(context: &mut Context, expect: Option<&Value>, tool: &Tool, at: &At) {
    let Some(expect) = expect else { return };
    let Backend::Sql(plan) = &tool.backend;
    let schema = plan_schema(plan);
    let members: Vec<&str> = schema["properties"]
        .as_object()
        .map(|p| p.keys().map(String::as_str).collect())
        .unwrap_or_default();
    let Some(expected) = expect.as_object() else {
        let span = context.value(&at.key("expect"));
        context.report(
            Diagnostic::new(Code::InvalidTest, span, "a result is an object")
                .help("expect its members: `expect: { count: 2 }`"),
        );
        return;
    };
    for name in expected.keys().filter(|name| !members.contains(&name.as_str())) {
        let span = context.key(&at.key("expect").key(name));
        context.report(
            Diagnostic::new(Code::InvalidTest, span, format!("the result has no member `{name}`"))
                .help(name_help(name, &members, "member")),
        );
    }
}

/// Reports a URI that clients cannot subscribe to.
fn watched(context: &mut Context, uri: &str, server: &Lowered, at: &At) {
    let all_lowered = server.resources.len() == context.loaded.document.resources.len();
    let watched = server.behind(uri).is_some_and(|resource| resource.watch.is_some());
    if all_lowered && !watched {
        let span = context.key(&at.key("updates").key(uri));
        context.report(
            Diagnostic::new(Code::InvalidTest, span, format!("nobody can subscribe to `{uri}`"))
                .help("name a URI of a resource that has `watch`"),
        );
    }
}

fn read(
    context: &mut Context,
    uri: &str,
    written: &document::Action,
    server: &Lowered,
    at: &At,
) -> Option<()> {
    let resource = server.behind(uri);
    // Where a resource is broken, it may be the one that is meant.
    let all_lowered = server.resources.len() == context.loaded.document.resources.len();
    let Some(resource) = resource else {
        if all_lowered && written.error.is_none() {
            let span = context.value(&at.key("read"));
            let known: Vec<String> = server.resources.iter().map(Resource::uri_text).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            context.report(
                Diagnostic::new(Code::UnknownName, span, format!("no resource answers to `{uri}`"))
                    .help(name_help(uri, &known, "resource")),
            );
        }
        return all_lowered.then_some(());
    };
    let json = match &resource.content {
        ResourceContent::Rows { .. } | ResourceContent::Table(_) => true,
        ResourceContent::Text(_) | ResourceContent::File(_) | ResourceContent::Blob { .. } => false,
    };
    if written.expect.is_some() && !json {
        let span = context.key(&at.key("expect"));
        context.report(
            Diagnostic::new(Code::InvalidTest, span, "this resource is no JSON")
                .help("write `text: …`, a part of what it holds"),
        );
    }
    Some(())
}
