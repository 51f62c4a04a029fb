//! Prompts.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    Content, Ident, Message, Param, Prompt, PromptQuery, Resource, ResourceContent, Role, sample,
};
use crate::spec::document;

use super::auth;
use super::bind::{self, Scope};
use super::claims;
use super::content;
use super::context::{At, Context, name_help};
use super::form;
use super::names::{binding_name, public_name};
use super::param::{self, Owner, TypeNames};
use super::resource::{completions, embedded, mime_of, reads_only};
use super::result::{self, Answering, Place};
use super::sample;
use super::template;

/// Lowers the `prompts` section; `None` when one of the prompts is broken.
pub(super) fn prompts(
    context: &mut Context,
    written: &IndexMap<String, document::Prompt>,
    resources: &[Resource],
    at: &At,
) -> Option<Vec<Prompt>> {
    let mut idents = Vec::new();
    let lowered: Vec<Option<Prompt>> = written
        .iter()
        .map(|(name, written)| {
            let at = at.key(name);
            let ident = public_name(context, name, &at)?;
            idents.push((ident.clone(), context.key(&at)));
            prompt(context, ident, written, resources, &at)
        })
        .collect();
    context.distinct(idents.iter().map(|(ident, span)| (ident, *span)));
    lowered.into_iter().collect()
}

fn prompt(
    context: &mut Context,
    ident: Ident,
    written: &document::Prompt,
    resources: &[Resource],
    at: &At,
) -> Option<Prompt> {
    let before = context.diagnostics.len();
    let mut names = TypeNames::new(ident.clone());
    let params =
        param::params(context, &written.params, &at.key("params"), Owner::Prompt, &mut names);
    let whole = params.is_some();
    let params = params.unwrap_or_default();
    let place = format!("prompts/{}", ident.wire());
    let queries = if whole {
        queries(context, &place, &written.data, &params, &at.key("data"), &mut names)
    } else {
        None
    };
    let completions = completions(context, &place, &written.params, &params, at);
    // Templates are judged only when everything that they may use is known.
    let variables = queries.as_ref().filter(|_| whole).map(|queries| {
        [sample::sample_answer, sample::sparse_answer]
            .map(|sample| variables(&params, queries, sample))
    });
    let mut used = BTreeSet::new();
    let messages: Vec<Option<Message>> = written
        .messages
        .iter()
        .enumerate()
        .map(|(index, written)| {
            let at = at.key("messages").item(index);
            message(context, written, variables.as_ref(), resources, &mut used, &at)
        })
        .collect();
    if let Some(queries) = &queries {
        unused(context, &params, queries, &used, at);
    }
    let icons = content::icons(context, &written.icons, at);
    let ask = if whole {
        form::forms(context, &written.ask, &params, &at.key("ask"))
    } else {
        Vec::new()
    };
    let who = (written.scopes.as_deref(), written.public);
    let access = auth::access(context, who, "a prompt", at);
    claims::callers(context, &params, written.public, "a prompt", at);
    auth::embeds(context, &access, written, resources, at);
    let prompt = Prompt {
        ident,
        title: written.title.clone(),
        description: written.description.clone(),
        params,
        ask,
        access,
        completions: completions?,
        queries: queries?,
        messages: messages.into_iter().collect::<Option<Vec<_>>>()?,
        icons,
    };
    (context.diagnostics.len() == before).then_some(prompt)
}

fn queries(
    context: &mut Context,
    place: &str,
    written: &IndexMap<String, document::DataQuery>,
    params: &[Param],
    at: &At,
    names: &mut TypeNames,
) -> Option<Vec<PromptQuery>> {
    let mut idents = Vec::new();
    let lowered: Vec<Option<PromptQuery>> = written
        .iter()
        .map(|(name, query)| {
            let at = at.key(name);
            let ident = binding_name(context, name, &at)?;
            idents.push((ident.clone(), context.key(&at)));
            let place = format!("{place}/{name}");
            let parsed = context.statement(&place)?;
            let facts = context.statement_facts(&place);
            let mut fitted = params.to_vec();
            if let Some(facts) = facts {
                bind::fit_to_columns(context, parsed, facts, &mut fitted);
                reads_only(context, facts, &at, "a prompt");
            }
            let statement =
                bind::statement(context, parsed, &parsed.template, facts, &Scope::of(params));
            let answering = Answering { parsed, facts: facts?, owner: &at };
            let result = result::shape(
                context,
                &answering,
                query.returns.as_ref(),
                Some(&ident),
                params,
                Place::Inner,
                names,
            );
            Some(PromptQuery { ident, statement: statement?, result: result? })
        })
        .collect();
    let spans: Vec<_> =
        params.iter().map(|param| (param.ident.clone(), context.key(at))).chain(idents).collect();
    context.distinct(spans.iter().map(|(ident, span)| (ident, *span)));
    lowered.into_iter().collect()
}

fn variables(
    params: &[Param],
    queries: &[PromptQuery],
    answer: fn(&crate::ir::Answer) -> Value,
) -> Map<String, Value> {
    let params = params
        .iter()
        .map(|param| (param.ident.wire().to_owned(), sample(param).unwrap_or(Value::Null)));
    let queries =
        queries.iter().map(|query| (query.ident.wire().to_owned(), answer(&query.result.answer)));
    params.chain(queries).collect()
}

fn message(
    context: &mut Context,
    written: &document::Message,
    variables: Option<&[Map<String, Value>; 2]>,
    resources: &[Resource],
    used: &mut BTreeSet<String>,
    at: &At,
) -> Option<Message> {
    let (role, content, at) = match (&written.user, &written.assistant) {
        (Some(content), None) => (Role::User, content, at.key("user")),
        (None, Some(content)) => (Role::Assistant, content, at.key("assistant")),
        (None, None) => {
            let span = context.value(at);
            context.report(
                Diagnostic::new(Code::MissingKey, span, "nobody says this message")
                    .help("write `user: …` or `assistant: …`"),
            );
            return None;
        }
        (Some(_), Some(_)) => {
            let span = context.key(&at.key("assistant"));
            context.report(
                Diagnostic::new(Code::Exclusive, span, "one message is said by one side")
                    .help("make two messages of it"),
            );
            return None;
        }
    };
    let content = match content {
        document::Content::Text(source) => {
            if let Some([full, sparse]) = variables {
                template::check(context, &at, source, [full, sparse], template::NO_ROW);
            }
            used.extend(template::variables(source));
            Content::Template(source.clone())
        }
        document::Content::Embedded(embedded) => {
            self::embedded_content(context, embedded, resources, &at)?
        }
    };
    Some(Message { role, content })
}

fn embedded_content(
    context: &mut Context,
    written: &document::Embedded,
    resources: &[Resource],
    at: &At,
) -> Option<Content> {
    match (&written.image, &written.resource) {
        (Some(path), None) => {
            let mime_type = mime_of(path);
            let known = ["image/png", "image/jpeg", "image/gif", "image/webp"];
            if !known.contains(&mime_type) {
                let span = context.value(&at.key("image"));
                context.report(
                    Diagnostic::new(
                        Code::InvalidValue,
                        span,
                        format!("`{path}` is no image that clients show"),
                    )
                    .help("use a `.png`, `.jpg`, `.gif` or `.webp` file"),
                );
                return None;
            }
            let file = embedded(context, path, Some(mime_type))?;
            Some(Content::Image { file, mime_type: mime_type.to_owned() })
        }
        (None, Some(name)) => {
            let at = at.key("resource");
            let span = context.value(&at);
            let written = context.loaded.document.resources.get(name);
            let Some(written) = written else {
                let known: Vec<&str> =
                    context.loaded.document.resources.keys().map(String::as_str).collect();
                if !context.poisoned(&At::root().key("resources").key(name)) {
                    context.report(
                        Diagnostic::new(
                            Code::UnknownName,
                            span,
                            format!("there is no resource `{name}`"),
                        )
                        .help(name_help(name, &known, "resource")),
                    );
                }
                return None;
            };
            if written.text.is_none() && written.file.is_none() {
                context.report(
                    Diagnostic::new(Code::NotSupported, span, format!("`{name}` is read from the database"))
                        .help("embed a resource with `text` or `file`, or query what you need under `data`"),
                );
                return None;
            }
            let resource = resources.iter().find(|resource| resource.ident.wire() == name)?;
            match &resource.content {
                ResourceContent::Text(_) | ResourceContent::File(_) => {
                    Some(Content::Resource(resource.ident.clone()))
                }
                ResourceContent::Rows { .. }
                | ResourceContent::Blob { .. }
                | ResourceContent::Table(_) => None,
            }
        }
        (None, None) | (Some(_), Some(_)) => {
            let span = context.value(at);
            context.report(
                Diagnostic::new(Code::Exclusive, span, "a message embeds one thing")
                    .help("write either `image: FILE` or `resource: NAME`"),
            );
            None
        }
    }
}

fn unused(
    context: &mut Context,
    params: &[Param],
    queries: &[PromptQuery],
    used: &BTreeSet<String>,
    at: &At,
) {
    let bound: BTreeSet<String> =
        queries.iter().flat_map(|query| bind::bound_names(&query.statement.template)).collect();
    let params = params.iter().map(|param| ("params", param.ident.wire()));
    let queries = queries.iter().map(|query| ("data", query.ident.wire()));
    for (section, name) in params.chain(queries) {
        if used.contains(name) || bound.contains(name) {
            continue;
        }
        let span = context.key(&at.key(section).key(name));
        context.report(
            Diagnostic::new(Code::Unused, span, format!("no message uses `{name}`"))
                .help(format!("write `{{{{ {name} }}}}` in a message, or remove it")),
        );
    }
}
