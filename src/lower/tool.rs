//! Tools.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::json;

use crate::database::facts::{ResultColumn, StatementFacts};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    self, Answer, Backend, Choice, ChoiceType, Column, Constraint, ErrorKind, ErrorText, Hints,
    Ident, Kind, Order, PageOrder, Param, Plan, Presence, RequireRule, Requirement, Scalar, Step,
    Tool, Type,
};
use crate::spec::document::{self, Returns};

use super::auth;
use super::bind::{self, Scope};
use super::cache;
use super::claims;
use super::content;
use super::context::{At, Context, list, name_help};
use super::form;
use super::infer;
use super::kind::{self, distinct_choices};
use super::limits;
use super::mask;
use super::names::{binding_name, public_name};
use super::param::{self, Owner, TypeNames};
use super::resilience;
use super::result::{self, Answering, Place};
use super::statement::Parsed;
use super::{sample, sensitive, template};

/// Lowers the `tools` section; `None` when one of the tools is broken.
pub(super) fn tools(
    context: &mut Context,
    written: &IndexMap<String, document::Tool>,
    at: &At,
) -> Option<Vec<Tool>> {
    let mut idents = Vec::new();
    let lowered: Vec<Option<Tool>> = written
        .iter()
        .map(|(name, written)| {
            let at = at.key(name);
            if let Some(ident) = public_name(context, name, &at) {
                idents.push((ident, context.key(&at)));
            }
            tool(context, name, written, &at)
        })
        .collect();
    context.distinct(idents.iter().map(|(ident, span)| (ident, *span)));
    let enabled = lowered
        .into_iter()
        .zip(written.values())
        .filter(|(_, written)| written.enabled != Some(false))
        .map(|(tool, _)| tool);
    enabled.collect()
}

fn tool(context: &mut Context, name: &str, written: &document::Tool, at: &At) -> Option<Tool> {
    let before = context.diagnostics.len();
    let ident = Ident::new(name).ok()?;
    if written.description.as_deref().is_none_or(|text| text.trim().is_empty())
        && !context.misspelt(at, "description")
    {
        let span = context.key(at);
        context.report(
            Diagnostic::new(
                Code::MissingKey,
                span,
                format!("the tool `{name}` has no description"),
            )
            .help("say what it does and when to use it: a model has nothing else to go by"),
        );
    }
    let mut names = TypeNames::new(ident.clone());
    let places: Vec<String> = if written.steps.is_empty() {
        vec![format!("tools/{name}")]
    } else {
        written.steps.keys().map(|step| format!("tools/{name}/{step}")).collect()
    };
    let typed = infer::typed(context, &written.params, &places);
    let params = param::params(context, &typed, &at.key("params"), Owner::Tool, &mut names);
    // A broken param is no reason not to look at the statement.
    let whole = params.is_some();
    let mut params = params.unwrap_or_default();
    let require = require(context, written, &params, at, whole);
    let timeout = match &written.timeout {
        Some(_) => super::duration(context, written.timeout.as_ref(), &at.key("timeout"), 0),
        None => Some(context.statement_timeout),
    };
    let rate_limit =
        written.rate_limit.map(|written| limits::rate(context, written, &at.key("rate_limit")));
    let concurrency = written
        .concurrency
        .map(|written| limits::concurrency(context, written, &at.key("concurrency")));
    let isolation = isolation(context, written, at);
    let plan =
        if whole { plan(context, &ident, written, &mut params, at, &mut names) } else { None };
    let errors = errors(context, &written.errors, &at.key("errors"));
    let confirm = confirm(context, written, &params, at, whole);
    let ask = if whole {
        form::forms(context, &written.ask, &params, &at.key("ask"))
    } else {
        Vec::new()
    };
    if confirm.is_some() && !ask.is_empty() {
        let span = context.key(&at.key("confirm"));
        context.report(
            Diagnostic::new(Code::Exclusive, span, "a tool that asks in forms has no `confirm`")
                .help("remove it: whoever fills a form in has accepted it"),
        );
    }
    let plan = plan?;
    unused(context, written, &params, &plan, at);
    let hints = hints(context, written, &plan, at);
    let statements = context.statements;
    let texts = places.iter().filter_map(|place| Some(statements.get(place)?.text.as_str()));
    let repeat = resilience::repeat(context, written, &plan, texts, at);
    let icons = content::icons(context, &written.icons, at);
    let access = auth::access(context, (written.scopes.as_deref(), written.public), "a tool", at);
    let cached = cache::cache(context, written, plan.effect(), at);
    let invalidates = cache::invalidates(context, written, plan.effect(), at);
    claims::callers(context, &params, written.public, "a tool", at);
    let description = described(written, &require);
    let tool = Tool {
        ident,
        title: written.title.clone(),
        description,
        params,
        unknown: kind::unknown(written.unknown),
        require,
        backend: Backend::Sql(plan),
        timeout: timeout?,
        repeat,
        rate_limit,
        concurrency,
        isolation,
        confirm,
        ask,
        access,
        cache: cached,
        invalidates,
        errors,
        hints,
        icons,
    };
    (context.diagnostics.len() == before).then_some(tool)
}

/// The question to a person; the params are its variables.
fn confirm(
    context: &mut Context,
    written: &document::Tool,
    params: &[Param],
    at: &At,
    whole: bool,
) -> Option<String> {
    let question = written.confirm.as_ref()?;
    let at = at.key("confirm");
    if question.trim().is_empty() {
        let span = context.value(&at);
        context.report(
            Diagnostic::new(Code::InvalidValue, span, "`confirm` asks nothing")
                .help("write the question: `confirm: \"Delete note {{ id }}?\"`"),
        );
    } else if whole {
        // What changes from page to page is no part of the question.
        let asked: Vec<Param> = params
            .iter()
            .filter(|param| !(written.page.is_some() && is_page_param(param)))
            .cloned()
            .collect();
        let [all, least] = sample::params(&asked);
        let when = "what is optional is not given";
        template::check(context, &at, question, [&all, &least], when);
        sensitive::not_asked(context, question, &asked, &at);
    }
    Some(question.clone())
}

fn is_page_param(param: &Param) -> bool {
    matches!(param.ident.wire(), "cursor" | "page_size")
}

/// Isolation is that of the transaction that `steps` are.
fn isolation(context: &mut Context, written: &document::Tool, at: &At) -> Option<ir::Isolation> {
    let isolation = written.isolation?;
    let span = context.key(&at.key("isolation"));
    if written.steps.is_empty() {
        context.report(
            Diagnostic::new(Code::Exclusive, span, "`isolation` belongs to `steps`")
                .help("one statement sees the database at one moment: remove it"),
        );
    } else if context.loaded.document.database.engine == document::Engine::Sqlite {
        context.report(
            Diagnostic::new(Code::InvalidValue, span, "SQLite's transactions are serializable")
                .help("remove `isolation`"),
        );
    }
    Some(isolation.into())
}

fn plan(
    context: &mut Context,
    ident: &Ident,
    written: &document::Tool,
    params: &mut Vec<Param>,
    at: &At,
    names: &mut TypeNames,
) -> Option<Plan> {
    if !written.steps.is_empty() {
        for key in ["sort", "page", "returns"] {
            let present = match key {
                "sort" => written.sort.is_some(),
                "page" => written.page.is_some(),
                _ => written.returns.is_some(),
            };
            if present {
                let span = context.key(&at.key(key));
                context.report(
                    Diagnostic::new(
                        Code::Exclusive,
                        span,
                        format!("a tool with `steps` has no `{key}`"),
                    )
                    .help("each step says what it returns"),
                );
            }
        }
        let lowered = steps(context, ident, &written.steps, params, &at.key("steps"), names);
        defaults_fit(context, params, at);
        return lowered.map(Plan::Steps);
    }
    let place = format!("tools/{}", ident.wire());
    let parsed = context.statement(&place)?;
    let facts = context.statement_facts(&place);
    if let Some(facts) = facts {
        bind::fit_to_columns(context, parsed, facts, params);
        defaults_fit(context, params, at);
    }
    let scope = Scope::of(params);
    let statement = bind::statement(context, parsed, &parsed.template, facts, &scope);
    let facts = facts?;
    let answering = Answering { parsed, facts, owner: at };
    let paged = written.page.is_some();
    let shape = result::shape(
        context,
        &answering,
        written.returns.as_ref(),
        None,
        params,
        Place::Tool { paged },
        names,
    );
    let sort = written.sort.as_deref().unwrap_or_default();
    if written.page.is_none() && written.sort.is_none() {
        return Some(Plan::Single { statement: statement?, result: shape? });
    }
    let ordered = ordering(context, written, facts, at);
    let sort_param = sort_param(context, sort, params, at, names);
    let (statement, result) = (statement?, shape?);
    ordered?;
    let sorted = sort.iter().enumerate().map(|(n, name)| (at.key("sort").item(n), name.clone()));
    let keys = written.page.iter().flat_map(|page| page.keys.iter().enumerate());
    let keys = keys.map(|(n, name)| (at.key("page").key("keys").item(n), name.clone()));
    mask::not_paged(context, &result, sorted.chain(keys));
    match &written.page {
        None => {
            params.push(sort_param?);
            let orders = parsed
                .sorted
                .iter()
                .map(|form| {
                    let template = &form.template;
                    let statement = bind::statement(
                        context,
                        parsed,
                        template,
                        Some(facts),
                        &Scope::of(params),
                    )?;
                    Some(Order { choice: form.choice.clone(), statement })
                })
                .collect::<Option<Vec<_>>>()?;
            Some(Plan::Sorted { orders, result })
        }
        Some(page) => {
            drop(statement);
            if !sort.is_empty() {
                params.push(sort_param?);
            }
            let size = page.size.unwrap_or(50);
            let maximum = page.maximum.unwrap_or(200.max(size));
            page_params(context, params, size, maximum, at)?;
            let orders = pages(context, parsed, facts, params)?;
            Some(Plan::Paged { orders, maximum, result })
        }
    }
}

/// `sort` and `page` name columns of the result that are never NULL.
fn ordering(
    context: &mut Context,
    written: &document::Tool,
    facts: &StatementFacts,
    at: &At,
) -> Option<()> {
    let before = context.diagnostics.len();
    if !facts.effect.reads_only() || facts.columns.is_empty() {
        let key = if written.page.is_some() { "page" } else { "sort" };
        let span = context.key(&at.key(key));
        context.report(
            Diagnostic::new(
                Code::InvalidPage,
                span,
                format!("`{key}` needs a statement that only reads"),
            )
            .help(format!("remove `{key}`")),
        );
        return None;
    }
    let known: Vec<&str> = facts.columns.iter().map(|column| column.name.as_str()).collect();
    let mut names: Vec<(At, &String)> = Vec::new();
    if let Some(sort) = &written.sort {
        if sort.is_empty() {
            let span = context.value(&at.key("sort"));
            context.report(
                Diagnostic::new(Code::InvalidPage, span, "`sort` names no column")
                    .help("name the columns that a client may sort by, or remove it"),
            );
        }
        names.extend(sort.iter().enumerate().map(|(i, name)| (at.key("sort").item(i), name)));
    }
    if let Some(page) = &written.page {
        let keys = at.key("page").key("keys");
        names.extend(page.keys.iter().enumerate().map(|(i, name)| (keys.item(i), name)));
        if let (Some(size), Some(maximum)) = (page.size, page.maximum)
            && size > maximum
        {
            let span = context.value(&at.key("page").key("size"));
            context.report(
                Diagnostic::new(
                    Code::InvalidPage,
                    span,
                    format!("`size` is {size}, more than `maximum`, which is {maximum}"),
                )
                .help(format!("write `size: {maximum}` or less")),
            );
        }
    }
    let mut seen = BTreeSet::new();
    for (at, name) in names {
        let span = context.value(&at);
        // A key may be a sort column as well; the keys then break no tie, and need not.
        if !seen.insert((at.pointer().contains("/page/"), name)) {
            context.report(
                Diagnostic::new(Code::InvalidPage, span, format!("`{name}` is there twice"))
                    .help("remove one"),
            );
        }
        match facts.columns.iter().find(|column| column.name == *name) {
            None => context.report(
                Diagnostic::new(
                    Code::InvalidPage,
                    span,
                    format!("the statement returns no column `{name}`"),
                )
                .help(name_help(name, &known, "column")),
            ),
            Some(column) if column.nullable && !declared_not_null(context, written, name) => {
                context.report(
                    Diagnostic::new(
                        Code::InvalidPage,
                        span,
                        format!("`{name}` can be NULL, and rows cannot be walked in the order of NULLs"),
                    )
                    .help("sort by `coalesce(…)` under a name of its own, or declare the column `nullable: false`"),
                );
            }
            // Of a sort without pages no row is lost; one may want the order of the numbers.
            Some(column) if written.page.is_some() && numbered_text(context, column) => context
                .report(
                    Diagnostic::new(
                        Code::InvalidPage,
                        span,
                        format!("pages in the order of `{name}` lose rows: MySQL sorts an ENUM or a SET by its numbers, and compares it as text"),
                    )
                    .help("select `CONCAT(…)` of it under a name of its own, and name that"),
                ),
            Some(column) if column.renamed => context.report(
                Diagnostic::new(
                    Code::InvalidPage,
                    span,
                    format!("`{name}` is a name that the statement does not give"),
                )
                .help(format!("name the column in the statement: `… AS {name}`")),
            ),
            Some(_) => {}
        }
    }
    (context.diagnostics.len() == before).then_some(())
}

/// Whether a column is an ENUM or a SET of MySQL.
fn numbered_text(context: &Context, column: &ResultColumn) -> bool {
    let Some(origin) = &column.origin else { return false };
    let table = context.facts.tables.get(&origin.table);
    let passed = table.and_then(|table| table.columns.iter().find(|c| c.name == origin.column));
    context.facts.flavour.is_some() && passed.is_some_and(|passed| passed.is_numbered_text())
}

fn declared_not_null(context: &Context, written: &document::Tool, name: &str) -> bool {
    let Some(Returns::Shape(shape)) = &written.returns else { return false };
    let rows = &context.loaded.document.rows;
    let declared = match &shape.row {
        Some(row) => rows.get(row).and_then(|row| row.get(name)),
        None => shape.columns.get(name),
    };
    declared.and_then(|column| column.nullable) == Some(false)
}

fn sort_param(
    context: &mut Context,
    sort: &[String],
    params: &[Param],
    at: &At,
    names: &mut TypeNames,
) -> Option<Param> {
    let values: Vec<String> =
        sort.iter().flat_map(|column| [column.clone(), format!("-{column}")]).collect();
    let choices: Vec<Choice> = sort
        .iter()
        .flat_map(|column| {
            let plain = Ident::new(column).ok();
            let down = plain.as_ref().map(|ident| ident.descending());
            [plain, down]
        })
        .flatten()
        .map(|ident| Choice { ident, title: None })
        .collect();
    let choices = distinct_choices(choices);
    let first = values.first()?.clone();
    let ident = Ident::new("sort").expect("a name");
    free(context, params, "sort", &at.key("sort"))?;
    let kind =
        Kind::Choice(ChoiceType { ident: names.unique(&ident, None), choices, named: false });
    Some(Param {
        ident,
        title: None,
        description: Some(
            "Column to sort by; with a minus in front, in descending order.".to_owned(),
        ),
        examples: Vec::new(),
        ty: Type { kind, constraints: Vec::new() },
        presence: Presence::Default(json!(first)),
        nullable: false,
        clamp: None,
        header: None,
        sensitive: false,
        claim: None,
    })
}

fn page_params(
    context: &mut Context,
    params: &mut Vec<Param>,
    size: u32,
    maximum: u32,
    at: &At,
) -> Option<()> {
    let at = at.key("page");
    free(context, params, "cursor", &at)?;
    free(context, params, "page_size", &at)?;
    let plain = |name: &str, description: &str, ty: Type, presence: Presence| Param {
        ident: Ident::new(name).expect("a name"),
        title: None,
        description: Some(description.to_owned()),
        examples: Vec::new(),
        ty,
        presence,
        nullable: false,
        clamp: None,
        header: None,
        sensitive: false,
        claim: None,
    };
    params.push(plain(
        "cursor",
        "The `next_cursor` of the page before; leave it out for the first page.",
        Type { kind: Kind::Text, constraints: vec![Constraint::MaxLength(65536)] },
        Presence::Optional,
    ));
    let bounds = vec![
        Constraint::Minimum(Scalar::Integer(1)),
        Constraint::Maximum(Scalar::Integer(maximum.into())),
    ];
    params.push(plain(
        "page_size",
        "Most rows of a page.",
        Type { kind: Kind::Integer, constraints: bounds },
        Presence::Default(json!(size)),
    ));
    Some(())
}

fn free(context: &mut Context, params: &[Param], name: &str, at: &At) -> Option<()> {
    if !params.iter().any(|param| param.ident.wire() == name) {
        return Some(());
    }
    let span = context.key(at);
    context.report(
        Diagnostic::new(
            Code::NameCollision,
            span,
            format!("this adds a param `{name}`, and there is one"),
        )
        .help(format!("rename the param `{name}`")),
    );
    None
}

fn pages(
    context: &mut Context,
    parsed: &Parsed,
    facts: &StatementFacts,
    params: &[Param],
) -> Option<Vec<PageOrder>> {
    let forms = parsed.paged.as_ref()?;
    let mut orders = Vec::new();
    for form in &forms.orders {
        let mut scope = Scope::of(params);
        let first = bind::statement(context, parsed, &form.first, Some(facts), &scope);
        scope.cursor.clone_from(&form.columns);
        let next = bind::statement(context, parsed, &form.next, Some(facts), &scope);
        let cursor = form
            .columns
            .iter()
            .map(|name| {
                let position = facts.columns.iter().position(|column| column.name == *name)?;
                Some((name.clone(), position))
            })
            .collect::<Option<Vec<_>>>()?;
        orders.push(PageOrder { choice: form.choice.clone(), first: first?, next: next?, cursor });
    }
    Some(orders)
}

fn steps(
    context: &mut Context,
    tool: &Ident,
    written: &IndexMap<String, document::Step>,
    params: &mut [Param],
    at: &At,
    names: &mut TypeNames,
) -> Option<Vec<Step>> {
    let mut idents = Vec::new();
    let mut lowered: Vec<Option<Step>> = Vec::new();
    let mut earlier: Vec<(Ident, Vec<Column>)> = Vec::new();
    let mut inserted: Vec<Ident> = Vec::new();
    let mut others: Vec<(String, Option<&'static str>)> =
        written.keys().map(|name| (name.clone(), Some("that step runs later"))).collect();
    // Params are fitted to the columns of all steps before any of them is bound.
    for name in written.keys() {
        let place = format!("tools/{}/{name}", tool.wire());
        if let (Some(parsed), Some(facts)) =
            (context.statement(&place), context.statement_facts(&place))
        {
            bind::fit_to_columns(context, parsed, facts, params);
        }
    }
    for (name, step) in written {
        let at = at.key(name);
        let ident = binding_name(context, name, &at);
        if let Some(ident) = &ident {
            idents.push((ident.clone(), context.key(&at)));
            if let Some(param) = params.iter().find(|param| param.ident.wire() == name) {
                let span = context.key(&at);
                context.report(
                    Diagnostic::new(
                        Code::NameCollision,
                        span,
                        format!("`:{}` could be this step or the param", param.ident.wire()),
                    )
                    .help("rename one of them"),
                );
            }
        }
        let place = format!("tools/{}/{name}", tool.wire());
        let parsed = context.statement(&place);
        let facts = context.statement_facts(&place);
        let (Some(parsed), Some(ident)) = (parsed, ident) else {
            lowered.push(None);
            others.retain(|(other, _)| other != name);
            others.push((name.clone(), None));
            continue;
        };
        let mut scope = Scope::of(params);
        scope.steps.clone_from(&earlier);
        scope.inserted.clone_from(&inserted);
        scope.other_steps.clone_from(&others);
        let statement = bind::statement(context, parsed, &parsed.template, facts, &scope);
        let shape = facts.and_then(|facts| {
            let answering = Answering { parsed, facts, owner: &at };
            result::shape(
                context,
                &answering,
                step.returns.as_ref(),
                Some(&ident),
                params,
                Place::Inner,
                names,
            )
        });
        others.retain(|(other, _)| other != name);
        match shape.as_ref().map(|shape| &shape.answer) {
            Some(Answer::One(row)) => earlier.push((ident.clone(), row.row.columns.clone())),
            Some(Answer::InsertedId) => inserted.push(ident.clone()),
            Some(Answer::Optional(_) | Answer::Many(_) | Answer::Scalar(_) | Answer::Affected) => {
                let why = "that step does not answer with exactly one row";
                others.push((name.clone(), Some(why)));
            }
            None => others.push((name.clone(), None)),
        }
        lowered.push((|| Some(Step { ident, statement: statement?, result: shape? }))());
    }
    context.distinct(idents.iter().map(|(ident, span)| (ident, *span)));
    lowered.into_iter().collect()
}

fn defaults_fit(context: &mut Context, params: &[Param], at: &At) {
    for param in params {
        let Some(key) = bind::unfit(param) else { continue };
        let what = if key == "default" { "this default" } else { "one of these examples" };
        let span = context.value(&at.key("params").key(param.ident.wire()).key(key));
        context.report(
            Diagnostic::new(
                Code::InvalidDefault,
                span,
                format!(
                    "the column that `{}` is written to does not take {what}",
                    param.ident.wire()
                ),
            )
            .help("write a value that the column takes"),
        );
    }
}

fn require(
    context: &mut Context,
    written: &document::Tool,
    params: &[Param],
    at: &At,
    whole: bool,
) -> Vec<Requirement> {
    let Some(require) = &written.require else { return Vec::new() };
    let at = at.key("require");
    let groups = [
        ("one_of", RequireRule::OneOf, &require.one_of),
        ("any_of", RequireRule::AnyOf, &require.any_of),
        ("all_or_none", RequireRule::AllOrNone, &require.all_or_none),
        ("at_most_one", RequireRule::AtMostOne, &require.at_most_one),
    ];
    let mut requirements = Vec::new();
    for (key, rule, group) in groups {
        let Some(group) = group else { continue };
        let at = at.key(key);
        if group.len() < 2 {
            let span = context.value(&at);
            context.report(
                Diagnostic::new(
                    Code::InvalidConstraint,
                    span,
                    format!("`{key}` needs two params or more"),
                )
                .help("for a single param, leave out `optional`"),
            );
        }
        let known: Vec<&str> = params.iter().map(|param| param.ident.wire()).collect();
        let mut idents = Vec::new();
        for (index, name) in group.iter().enumerate() {
            let span = context.value(&at.item(index));
            match params.iter().find(|param| param.ident.wire() == name) {
                Some(param) if !param.optional() => context.report(
                    Diagnostic::new(
                        Code::InvalidConstraint,
                        span,
                        format!("`{name}` is always given, so `{key}` says nothing about it"),
                    )
                    .help("make it `optional: true`, or take it out of the group"),
                ),
                Some(param) if idents.contains(&param.ident) => context.report(
                    Diagnostic::new(
                        Code::InvalidConstraint,
                        span,
                        format!("`{name}` is there twice"),
                    )
                    .help("remove one"),
                ),
                Some(param) => idents.push(param.ident.clone()),
                None if whole => context.report(
                    Diagnostic::new(Code::UnknownName, span, format!("there is no param `{name}`"))
                        .help(name_help(name, &known, "param")),
                ),
                None => {}
            }
        }
        requirements.push(Requirement { rule, params: idents });
    }
    requirements
}

/// What the tool does, with what `require` says.
fn described(written: &document::Tool, require: &[Requirement]) -> String {
    let mut text = written.description.clone().unwrap_or_default().trim().to_owned();
    for requirement in require {
        let names: Vec<&str> = requirement.params.iter().map(Ident::wire).collect();
        let names = list(&names);
        let sentence = match requirement.rule {
            RequireRule::OneOf => format!("Give exactly one of {names}."),
            RequireRule::AnyOf => format!("Give at least one of {names}."),
            RequireRule::AllOrNone => format!("Give all of {names}, or none of them."),
            RequireRule::AtMostOne => format!("Give at most one of {names}."),
        };
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&sentence);
    }
    text
}

fn errors(
    context: &mut Context,
    written: &IndexMap<String, document::ErrorText>,
    at: &At,
) -> Vec<ErrorText> {
    let known: Vec<&str> = ErrorKind::ALL.into_iter().map(ErrorKind::wire).collect();
    written
        .iter()
        .filter_map(|(name, written)| {
            let kind = ErrorKind::ALL.into_iter().find(|kind| kind.wire() == name);
            if kind.is_none() {
                let span = context.key(&at.key(name));
                context.report(
                    Diagnostic::new(
                        Code::UnknownName,
                        span,
                        format!("`{name}` is no error that can be worded"),
                    )
                    .help(name_help(name, &known, "error type")),
                );
            }
            Some(ErrorText {
                kind: kind?,
                message: written.message.clone(),
                suggestions: written.suggestions.clone(),
            })
        })
        .collect()
}

/// Reports the params that no statement binds.
fn unused(context: &mut Context, written: &document::Tool, params: &[Param], plan: &Plan, at: &At) {
    let mut bound = BTreeSet::new();
    let mut add = |statement: &ir::Statement| bound.extend(bind::bound_names(&statement.template));
    match plan {
        Plan::Single { statement, .. } => add(statement),
        Plan::Sorted { orders, .. } => orders.iter().for_each(|order| add(&order.statement)),
        Plan::Paged { orders, .. } => orders.iter().for_each(|order| add(&order.first)),
        Plan::Steps(steps) => steps.iter().for_each(|step| add(&step.statement)),
    }
    let declared: Vec<&Param> =
        params.iter().filter(|param| written.params.contains_key(param.ident.wire())).collect();
    for param in declared {
        let at = at.key("params").key(param.ident.wire());
        report_unused(context, param, param.ident.wire(), &bound, &at);
    }
}

/// Reports a param that nothing binds, or the properties of it that nothing binds.
pub(super) fn report_unused(
    context: &mut Context,
    param: &Param,
    name: &str,
    bound: &BTreeSet<String>,
    at: &At,
) {
    if bound.contains(name) {
        return;
    }
    if let Kind::Object(object) = &param.ty.kind {
        for property in &object.properties {
            let wire = property.ident.wire();
            let at = at.key("properties").key(wire);
            report_unused(context, property, &format!("{name}.{wire}"), bound, &at);
        }
        return;
    }
    // A property of an object of a named type may be for other tools.
    if matches!(param.ty.resolved(), Kind::Object(_))
        && bound.iter().any(|other| other.starts_with(&format!("{name}.")))
    {
        return;
    }
    let span = context.key(at);
    context.report(
        Diagnostic::new(Code::Unused, span, format!("no statement binds `{name}`"))
            .help(format!("use `:{name}` in the SQL, or remove the param")),
    );
}

/// Hints follow from the statements and can be set towards caution only.
fn hints(context: &mut Context, written: &document::Tool, plan: &Plan, at: &At) -> Hints {
    let effect = plan.effect();
    let read_only = effect.reads_only();
    let proven = Hints {
        read_only,
        destructive: effect.updates || effect.deletes,
        // Setting the same values or deleting the same rows again changes nothing more only when
        // the statement does not look at what it changes, which cannot be proven here.
        idempotent: read_only,
        open_world: false,
    };
    let Some(annotations) = &written.annotations else { return proven };
    let at = at.key("annotations");
    let mut towards = |key: &str, given: Option<bool>, cautious: bool, proven: bool| {
        let Some(given) = given else { return proven };
        if given != cautious && given != proven {
            let span = context.value(&at.key(key));
            context.report(
                Diagnostic::new(
                    Code::InvalidEffect,
                    span,
                    format!("`{key}: {given}` is not what the statements do"),
                )
                .help(format!("remove it; only `{key}: {cautious}` can be set against them")),
            );
        }
        given
    };
    Hints {
        read_only: towards("readOnlyHint", annotations.read_only_hint, false, proven.read_only),
        destructive: towards(
            "destructiveHint",
            annotations.destructive_hint,
            true,
            proven.destructive,
        ),
        idempotent: towards(
            "idempotentHint",
            annotations.idempotent_hint,
            false,
            proven.idempotent,
        ),
        open_world: towards("openWorldHint", annotations.open_world_hint, true, proven.open_world),
    }
}
