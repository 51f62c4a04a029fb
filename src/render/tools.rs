//! A module for each tool: params, statement, output, handler.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print::{doc, id, sentence, text_literal};
use super::{cache, claims, content, limits, masks, print, resilience, statement, types};
use crate::database::facts::Effect;
use crate::ir::{
    Answer, Backend, Echo, EchoSource, ErrorKind, Form, Ident, Isolation, Order, PageOrder, Param,
    Plan, RequireRule, Requirement, ResultShape, Statement, Step, Tool, UnknownRule,
};

/// `tools/NAME.rs`.
pub(super) fn module(tool: &Tool, shared: bool) -> String {
    let Backend::Sql(plan) = &tool.backend;
    let constants = constants(tool, plan);
    let params = params(tool, plan);
    let output = output(plan);
    let handler = handler(tool, plan, shared);
    let items = quote!(#constants #params #output #handler);
    print::file(&format!("The tool `{}`.", tool.ident.wire()), items)
}

/// `tools/mod.rs`.
pub(super) fn index(tools: &[Tool]) -> String {
    let modules = tools.iter().map(|tool| {
        let name = id(tool.ident.snake());
        quote!(pub mod #name;)
    });
    let arms = tools.iter().map(|tool| {
        let name = id(tool.ident.snake());
        let wire = tool.ident.wire();
        let caller = claims::argument(tool.takes_caller());
        // By way of `self`: the name may be that of a module that is imported elsewhere.
        quote!(#wire => self::#name::call(shared, #caller arguments))
    });
    let asking: Vec<&Tool> = tools.iter().filter(|tool| tool.confirm.is_some()).collect();
    let question = questions(&asking);
    let forms = forms_by_name(tools.iter().map(|tool| (&tool.ident, tool.ask.as_slice())));
    let caller = tools.iter().any(Tool::takes_caller).then(|| quote!(caller: &'c auth::Caller,));
    print::file(
        "The tools, and which of them a call means.",
        quote! {
            #(#modules)*

            #question

            #forms

            #[doc = " The call of a tool; none when there is no tool of this name."]
            pub fn call<'c>(
                shared: &'c Shared,
                #caller
                name: &str,
                arguments: crate::runtime::input::Arguments,
            ) -> Option<answer::Call<'c>> {
                Some(match name {
                    #(#arms,)*
                    _ => return None,
                })
            }
        },
    )
}

/// `question`: that of each tool that asks one before a call.
fn questions(asking: &[&Tool]) -> Option<TokenStream> {
    let arms = asking.iter().map(|tool| {
        let (name, wire) = (id(tool.ident.snake()), tool.ident.wire());
        quote!(#wire => self::#name::question)
    });
    let docs =
        quote!(#[doc = " What a person is asked before a call; none when the tool asks nothing."]);
    if asking.iter().any(|tool| tool.reads_claims()) {
        let arms = asking.iter().zip(arms).map(|(tool, arm)| {
            let caller = claims::argument(tool.reads_claims());
            quote!(#arm(#caller arguments()))
        });
        return Some(quote! {
            #docs
            pub fn question(
                caller: &auth::Caller,
                name: &str,
                arguments: Option<&crate::runtime::input::Arguments>,
            ) -> Option<Result<String, Failure>> {
                let arguments = || arguments.cloned().unwrap_or_default();
                Some(match name {
                    #(#arms,)*
                    _ => return None,
                })
            }
        });
    }
    (!asking.is_empty()).then(|| {
        quote! {
            #docs
            pub fn question(
                name: &str,
                arguments: Option<&crate::runtime::input::Arguments>,
            ) -> Option<Result<String, Failure>> {
                let question = match name {
                    #(#arms,)*
                    _ => return None,
                };
                Some(question(arguments.cloned().unwrap_or_default()))
            }
        }
    })
}

fn constants(tool: &Tool, plan: &Plan) -> TokenStream {
    let timeout = duration(tool.timeout);
    let timeout = quote! {
        #[doc = " How long the statements may take."]
        const TIMEOUT: Duration = #timeout;
    };
    let statements = match plan {
        Plan::Single { statement, .. } => statement::item("SQL", "The statement.", statement),
        Plan::Sorted { orders, .. } => sorted(orders),
        Plan::Paged { orders, .. } => paged(orders),
        Plan::Steps(steps) => {
            let items = steps.iter().map(|step| {
                let name = format!("{}_SQL", step.ident.shouting());
                let docs = format!("The statement of `{}`.", step.ident.wire());
                statement::item(&name, &docs, &step.statement)
            });
            quote!(#(#items)*)
        }
    };
    let confirm = tool.confirm.as_deref().map(|question| {
        let question = text_literal(question.trim_end());
        quote! {
            #[doc = " What a person is asked before the call."]
            static CONFIRM: template::Template = template::Template::new(#question);
        }
    });
    let forms = forms(&tool.ask);
    let retry = resilience::policy(tool.repeat);
    quote!(#statements #confirm #forms #timeout #retry)
}

/// `FORMS`, where a person is asked for params.
pub(super) fn forms(forms: &[Form]) -> Option<TokenStream> {
    let items = forms.iter().map(|form| {
        let (name, message) = (&form.name, &form.message);
        let schema = text_literal(&crate::ir::form_schema(&form.params).to_string());
        let params = form.params.iter().map(|param| param.ident.wire());
        quote! {
            ask::Form { name: #name, message: #message, schema: #schema, params: &[#(#params),*] }
        }
    });
    (!forms.is_empty()).then(|| {
        quote! {
            #[doc = " What a person is asked for where the client leaves it out."]
            pub const FORMS: &[ask::Form] = &[#(#items),*];
        }
    })
}

/// `forms`: those of each name that has some.
pub(super) fn forms_by_name<'i>(
    asking: impl Iterator<Item = (&'i Ident, &'i [Form])>,
) -> Option<TokenStream> {
    let arms = asking.filter(|(_, forms)| !forms.is_empty()).map(|(ident, _)| {
        let (name, wire) = (id(ident.snake()), ident.wire());
        quote!(#wire => self::#name::FORMS)
    });
    let arms: Vec<TokenStream> = arms.collect();
    (!arms.is_empty()).then(|| {
        quote! {
            #[doc = " What a person is asked for where the client leaves it out."]
            pub fn forms(name: &str) -> &'static [crate::runtime::ask::Form] {
                match name {
                    #(#arms,)*
                    _ => &[],
                }
            }
        }
    })
}

/// A duration in the largest unit that is whole.
pub(super) fn duration(duration: Duration) -> TokenStream {
    let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    if millis.is_multiple_of(1000) {
        let seconds = proc_macro2::Literal::u64_unsuffixed(millis / 1000);
        quote!(Duration::from_secs(#seconds))
    } else {
        let millis = proc_macro2::Literal::u64_unsuffixed(millis);
        quote!(Duration::from_millis(#millis))
    }
}

fn text_type(statement: &Statement) -> TokenStream {
    if statement::in_parts(statement) { quote!(sql::Variants) } else { quote!(&'static str) }
}

fn sorted(orders: &[Order]) -> TokenStream {
    let Some(first) = orders.first() else { return quote!() };
    // In a static, `'static` goes without saying.
    let ty =
        if statement::in_parts(&first.statement) { quote!(sql::Variants) } else { quote!(&str) };
    let count = proc_macro2::Literal::usize_unsuffixed(orders.len());
    let texts = orders.iter().map(|order| statement::text(&order.statement));
    quote! {
        #[doc = " The statement in each order, as `sort` counts them."]
        static ORDERS: [#ty; #count] = [#(#texts),*];
    }
}

fn paged(orders: &[PageOrder]) -> TokenStream {
    let Some(first) = orders.first() else { return quote!() };
    let ty = text_type(&first.first);
    let pages = orders.iter().map(|order| {
        let first = statement::text(&order.first);
        let next = statement::text(&order.next);
        let keys = order.cursor.iter().map(|(_, at)| proc_macro2::Literal::usize_unsuffixed(*at));
        quote!(Pages { first: #first, next: #next, keys: &[#(#keys),*] })
    });
    let pages: Vec<TokenStream> = pages.collect();
    let statics = if first.choice.is_some() {
        let count = proc_macro2::Literal::usize_unsuffixed(orders.len());
        quote! {
            #[doc = " The statement in each order, as `sort` counts them."]
            static ORDERS: [Pages; #count] = [#(#pages),*];
        }
    } else {
        let page = pages.first();
        quote! {
            #[doc = " The statement page by page."]
            static PAGES: Pages = #page;
        }
    };
    quote! {
        #[doc = " A statement page by page, in one order."]
        struct Pages {
            #[doc = " The first page."]
            first: #ty,
            #[doc = " A page after a cursor."]
            next: #ty,
            #[doc = " Where the values of the cursor stand in a row."]
            keys: &'static [usize],
        }
        #statics
    }
}

fn params(tool: &Tool, plan: &Plan) -> TokenStream {
    let fields = match plan {
        Plan::Paged { .. } => types::Fields::Question,
        _ if tool.confirm.is_some() || tool.cache.is_some() => types::Fields::Variables,
        Plan::Single { .. } | Plan::Sorted { .. } | Plan::Steps(_) => types::Fields::Plain,
    };
    params_struct(&tool.params, &tool.require, tool.unknown, "What the tool takes.", fields)
}

/// `Params` with its reading, and the types that it needs.
pub(super) fn params_struct(
    params: &[Param],
    require: &[Requirement],
    unknown: UnknownRule,
    docs: &str,
    form: types::Fields,
) -> TokenStream {
    let docs = doc(docs);
    let unknown = types::unknown(unknown);
    let (lines, made) = types::reading(params, types::Home::Module);
    let requirements = require.iter().map(|requirement| {
        let function = match requirement.rule {
            RequireRule::OneOf => quote!(one_of),
            RequireRule::AnyOf => quote!(any_of),
            RequireRule::AllOrNone => quote!(all_or_none),
            RequireRule::AtMostOne => quote!(at_most_one),
        };
        let names = requirement.params.iter().map(crate::ir::Ident::wire);
        let given = requirement.params.iter().map(|ident| {
            let name = statement::local(ident);
            // What was given and cannot be read is `None`: it was given all the same.
            quote!(!matches!(#name, Some(None)))
        });
        quote!(fields.#function(&[#(#names),*], &[#(#given),*]);)
    });
    let derives = types::derives(form != types::Fields::Plain);
    let fields = types::fields(params, form);
    let definitions = types::definitions(params, types::Home::Module);
    let (structure, made) = if params.is_empty() {
        (
            quote!(
                pub struct Params {}
            ),
            quote!(Self {}),
        )
    } else {
        (quote!(pub struct Params { #fields }), made)
    };
    let mutable = params.iter().any(Param::is_argument).then(|| quote!(mut));
    let read = quote! {
        let #mutable fields = input::Fields::of(arguments, #unknown);
        #lines
        #(#requirements)*
        fields.finish(|| Some(#made))
    };
    let read = match params.iter().all(Param::is_argument) {
        true => quote! {
            #[doc = " Reads the arguments."]
            pub fn read(arguments: input::Arguments) -> input::Read<Self> { #read }
        },
        false => quote! {
            #[doc = " Reads the arguments, and what the caller's token or key says."]
            pub fn read(
                caller: &auth::Caller,
                arguments: input::Arguments,
            ) -> Result<Self, Failure> {
                #read.map_err(input::refuse)
            }
        },
    };
    quote! {
        #docs
        #derives
        #structure

        impl Params { #read }

        #definitions
    }
}

fn output(plan: &Plan) -> TokenStream {
    let (fields, definitions) = match plan {
        Plan::Single { result, .. } | Plan::Sorted { result, .. } => members(result, false),
        Plan::Paged { result, .. } => members(result, true),
        Plan::Steps(steps) => step_members(steps),
    };
    quote! {
        #[doc = " What the tool answers."]
        #[derive(Debug, Clone, PartialEq, Serialize)]
        pub struct Output { #fields }

        #definitions
    }
}

/// The fields of an output, and the types that they need.
pub(super) fn members(result: &ResultShape, paged: bool) -> (TokenStream, TokenStream) {
    let member = id(result.member.snake());
    let rename = types::serde_attributes(&result.member, false);
    let ty = statement::answer_type(&result.answer);
    let docs = doc(answer_doc(&result.answer));
    let count = result.count.then(|| {
        quote! {
            #[doc = " Number of rows in this answer."]
            pub count: usize,
        }
    });
    let echoes = result.echo.iter().map(echo_field);
    let next = paged.then(|| {
        quote! {
            #[doc = " Where the next page begins; none on the last page."]
            pub next_cursor: Option<String>,
        }
    });
    let truncated = result.bounded().then(|| {
        quote! {
            #[doc = " Whether rows were left out because the result was too large."]
            pub truncated: bool,
        }
    });
    let row = statement::own_row(&result.answer, "A row of the answer.");
    let structs = result.echo.iter().filter_map(|echo| match &echo.source {
        EchoSource::Params { ident, params } => {
            let name = id(ident.pascal());
            let docs = doc(&format!("What `{}` repeats.", echo.ident.wire()));
            let fields = types::fields(params, types::Fields::Echo);
            Some(quote! {
                #docs
                #[derive(Debug, Clone, PartialEq, Serialize)]
                pub struct #name { #fields }
            })
        }
        EchoSource::Param(_) => None,
    });
    (
        quote!(#docs #rename pub #member: #ty, #count #(#echoes,)* #next #truncated),
        quote!(#row #(#structs)*),
    )
}

fn answer_doc(answer: &Answer) -> &'static str {
    match answer {
        Answer::One(_) => "The record.",
        Answer::Optional(_) => "The record, where there is one.",
        Answer::Many(_) => "The records.",
        Answer::Scalar(_) => "The value.",
        Answer::Affected => "Number of rows changed.",
        Answer::InsertedId => "Number of the new row.",
    }
}

fn echo_field(echo: &Echo) -> TokenStream {
    let name = id(echo.ident.snake());
    match &echo.source {
        EchoSource::Param(param) => {
            let docs = doc(&format!("The argument `{}`.", param.ident.wire()));
            let ty = types::field_type(param);
            let serde = types::serde_attributes(&echo.ident, param.optional());
            quote!(#docs #serde pub #name: #ty)
        }
        EchoSource::Params { ident, params } => {
            let names: Vec<String> =
                params.iter().map(|param| format!("`{}`", param.ident.wire())).collect();
            let docs = doc(&format!("The arguments {}.", names.join(", ")));
            let serde = types::serde_attributes(&echo.ident, false);
            let ty = id(ident.pascal());
            quote!(#docs #serde pub #name: #ty)
        }
    }
}

fn step_members(steps: &[Step]) -> (TokenStream, TokenStream) {
    let fields = steps.iter().map(|step| {
        let name = id(step.ident.snake());
        let wire = step.ident.wire();
        let rename = types::serde_attributes(&step.ident, false);
        let docs = doc(&format!("What the step `{wire}` answered."));
        let ty = statement::answer_type(&step.result.answer);
        quote!(#docs #rename pub #name: #ty)
    });
    let rows = steps.iter().map(|step| {
        statement::own_row(
            &step.result.answer,
            &format!("A row of the step `{}`.", step.ident.wire()),
        )
    });
    (quote!(#(#fields,)*), quote!(#(#rows)*))
}

fn handler(tool: &Tool, plan: &Plan, shared: bool) -> TokenStream {
    let running = limits::running(tool, shared);
    let description = doc(&sentence(&tool.description));
    let worded = tool.errors.iter().map(|error| {
        let kind = kind(error.kind);
        let message = &error.message;
        let suggestions = &error.suggestions;
        quote!(.worded(crate::runtime::failure::Kind::#kind, #message, &[#(#suggestions),*]))
    });
    let worded: Vec<TokenStream> = worded.collect();
    let ran = resilience::ran(tool.repeat);
    let (limit, more) = resilience::limit(tool.repeat);
    let run = if worded.is_empty() {
        quote!(#ran?)
    } else {
        quote!(#ran.map_err(|failure| failure #(#worded)*)?)
    };
    let result = match plan {
        Plan::Single { result, .. } | Plan::Sorted { result, .. } | Plan::Paged { result, .. } => {
            Some(result)
        }
        Plan::Steps(_) => None,
    };
    let (shown, answer) = match result {
        Some(result) => content::answer(result),
        None => (quote!(), quote!(answer::json(&output))),
    };
    let hidden = match plan {
        Plan::Single { result, .. } | Plan::Sorted { result, .. } | Plan::Paged { result, .. } => {
            let member = id(result.member.snake());
            masks::hide(&result.answer, &quote!(output.#member))
        }
        Plan::Steps(steps) => {
            let hidden = steps.iter().filter_map(|step| {
                let member = id(step.ident.snake());
                masks::hide(&step.result.answer, &quote!(output.#member))
            });
            Some(quote!(#(#hidden)*))
        }
    };
    let looks = masks::looks(&plan.masks());
    let output = if plan.masks().is_empty() { quote!(output) } else { quote!(mut output) };
    let body = match plan {
        Plan::Single { statement, result } => {
            let query = statement::query(&quote!(SQL), statement);
            answered(&query, statement.effect, result, &limit, tool.tells_progress())
        }
        Plan::Sorted { orders, result } => match orders.first() {
            Some(order) => {
                let text = quote!(ORDERS[params.sort as usize]);
                let query = statement::query(&text, &order.statement);
                answered(&query, Effect::default(), result, &limit, tool.tells_progress())
            }
            None => quote!(),
        },
        Plan::Paged { orders, result, .. } => page(tool, orders, result, &limit),
        Plan::Steps(steps) => transaction(tool, plan.effect(), steps, &limit),
    };
    let call = cache::around(
        tool,
        quote! {
            #running
            let #output = #run;
            #hidden
            #answer
        },
    );
    let read = claims::read(&tool.params);
    let caller = claims::param(tool.reads_claims());
    let question = tool.confirm.is_some().then(|| {
        quote! {
            #[doc = " What a person is asked before a call with these arguments."]
            pub fn question(#caller arguments: input::Arguments) -> Result<String, Failure> {
                let params = #read;
                CONFIRM.render(&params)
            }
        }
    });
    // Of two references the answer holds both.
    let called = match tool.takes_caller() {
        true => quote! {
            pub fn call<'c>(
                shared: &'c Shared,
                caller: &'c auth::Caller,
                arguments: input::Arguments,
            ) -> answer::Call<'c>
        },
        false => quote! {
            pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_>
        },
    };
    let uses_params = body.to_string().contains("params");
    let params_name = if uses_params { quote!(params) } else { quote!(_params) };
    quote! {
        #shown
        #question

        #description
        #called {
            Box::pin(async move {
                let params = #read;
                #looks
                #call
            })
        }

        #[doc = " Runs the statements."]
        pub async fn run(shared: &Shared, #params_name: &Params #more) -> Result<Output, Failure> {
            #body
        }
    }
}

fn kind(kind: ErrorKind) -> proc_macro2::Ident {
    let name = match kind {
        ErrorKind::RecordNotFound => "RecordNotFound",
        ErrorKind::UniqueConstraintViolation => "UniqueConstraintViolation",
        ErrorKind::ForeignKeyViolation => "ForeignKeyViolation",
        ErrorKind::NotNullViolation => "NotNullViolation",
        ErrorKind::CheckViolation => "CheckViolation",
        ErrorKind::SerializationFailure => "SerializationFailure",
        ErrorKind::Deadlock => "Deadlock",
        ErrorKind::Timeout => "Timeout",
        ErrorKind::ResultTooLarge => "ResultTooLarge",
    };
    id(name)
}

/// One statement from the connection to the output.
fn answered(
    query: &TokenStream,
    effect: Effect,
    result: &ResultShape,
    limit: &TokenStream,
    told: bool,
) -> TokenStream {
    let writes = effect != Effect::default();
    let (session, commit) = if writes {
        (quote!(shared.database.write(#limit)), quote!(session.commit().await?;))
    } else {
        (quote!(shared.database.read(#limit)), quote!())
    };
    let fetched = fetched(result, told);
    let made = made(result, &quote!());
    quote! {
        let statement = #query;
        let mut session = #session.await?;
        #fetched
        #commit
        Ok(#made)
    }
}

/// Fetches the answer of `statement` into a variable named after its member; clients may be told of
/// its rows on the way.
pub(super) fn fetched(result: &ResultShape, told: bool) -> TokenStream {
    let member = statement::local(&result.member);
    let (variables, fetch) = match &result.answer {
        Answer::Many(row) if result.bounded() => {
            let reader = statement::row_reader(row);
            let limit = |bound: Option<u64>| match bound {
                Some(bound) => {
                    let literal = proc_macro2::Literal::u64_unsuffixed(bound);
                    quote!(#literal)
                }
                None => quote!(usize::MAX),
            };
            let (rows, bytes) = (limit(result.max_rows), limit(result.max_bytes));
            let fetch = quote!(session.bounded(statement, #rows, #bytes, #reader));
            (quote!((#member, truncated)), fetch)
        }
        answer => (quote!(#member), statement::fetch(answer, &quote!(statement))),
    };
    awaited(&variables, &fetch, told)
}

/// Waits for a statement, of whose rows clients may be told on the way.
fn awaited(variables: &TokenStream, fetch: &TokenStream, told: bool) -> TokenStream {
    match told {
        true => quote! {
            let reading = #fetch;
            let #variables = progress::rows(reading).await?;
        },
        false => quote!(let #variables = #fetch.await?;),
    }
}

/// `Output { … }` out of the variables that hold its parts.
pub(super) fn made(result: &ResultShape, more: &TokenStream) -> TokenStream {
    let member = statement::local(&result.member);
    let count = result.count.then(|| match &result.answer {
        Answer::Many(_) => quote!(count: #member.len(),),
        Answer::Optional(_) => quote!(count: usize::from(#member.is_some()),),
        Answer::One(_) | Answer::Scalar(_) | Answer::Affected | Answer::InsertedId => {
            quote!(count: 1,)
        }
    });
    let echoes = result.echo.iter().map(|echo| {
        let name = id(echo.ident.snake());
        match &echo.source {
            EchoSource::Param(param) => {
                let value = copied(param);
                quote!(#name: #value,)
            }
            EchoSource::Params { ident, params } => {
                let ty = id(ident.pascal());
                let members = params.iter().map(|param| {
                    let field = id(param.ident.snake());
                    let value = copied(param);
                    quote!(#field: #value)
                });
                quote!(#name: #ty { #(#members,)* },)
            }
        }
    });
    let truncated = result.bounded().then(|| quote!(truncated,));
    let field = id(result.member.snake());
    let value = if field == member { quote!(#field) } else { quote!(#field: #member) };
    quote!(Output { #count #value, #(#echoes)* #more #truncated })
}

fn copied(param: &Param) -> TokenStream {
    let field = id(param.ident.snake());
    if types::is_copy(&param.ty) { quote!(params.#field) } else { quote!(params.#field.clone()) }
}

fn page(
    tool: &Tool,
    orders: &[PageOrder],
    result: &ResultShape,
    limit: &TokenStream,
) -> TokenStream {
    let Some(order) = orders.first() else { return quote!() };
    let pages =
        if order.choice.is_some() { quote!(&ORDERS[params.sort as usize]) } else { quote!(&PAGES) };
    let name = tool.ident.wire();
    let first = statement::query(&quote!(pages.first), &order.first);
    let next = {
        let query = statement::page_query(&quote!(pages.next), &order.next);
        quote!(position.bind_to(#query).bind(params.page_size + 1))
    };
    let member = statement::local(&result.member);
    let reader = match &result.answer {
        Answer::Many(row) => statement::row_reader(row),
        Answer::One(_)
        | Answer::Optional(_)
        | Answer::Scalar(_)
        | Answer::Affected
        | Answer::InsertedId => unreachable!("a page is a list"),
    };
    let fetch = quote!(session.page(statement, params.page_size, pages.keys, #reader));
    let fetched = awaited(&quote!((#member, end)), &fetch, tool.tells_progress());
    let made = made(result, &quote!(next_cursor,));
    quote! {
        let question = cursor::question(#name, params)?;
        let position = match &params.cursor {
            Some(cursor) => Some(cursor::position(&shared.signer, &question, cursor)?),
            None => None,
        };
        let pages = #pages;
        let statement = match &position {
            None => #first,
            Some(position) => #next,
        };
        let mut session = shared.database.read(#limit).await?;
        #fetched
        let next_cursor = end.map(|end| cursor::sign(&shared.signer, &question, end));
        Ok(#made)
    }
}

fn transaction(tool: &Tool, effect: Effect, steps: &[Step], limit: &TokenStream) -> TokenStream {
    let isolation = tool.isolation.map(|isolation| {
        let level = id(match isolation {
            Isolation::ReadCommitted => "ReadCommitted",
            Isolation::RepeatableRead => "RepeatableRead",
            Isolation::Serializable => "Serializable",
        });
        quote!(crate::runtime::database::Isolation::#level)
    });
    let open = match (effect == Effect::default(), isolation) {
        (true, None) => quote!(snapshot(#limit)),
        (true, Some(isolation)) => quote!(snapshot_at(#limit, #isolation)),
        (false, None) => quote!(write(#limit)),
        (false, Some(isolation)) => quote!(write_at(#limit, #isolation)),
    };
    let count = steps.len();
    let lines = steps.iter().enumerate().map(|(index, step)| {
        let name = statement::local(&step.ident);
        let done = proc_macro2::Literal::usize_unsuffixed(index + 1);
        let of = proc_macro2::Literal::usize_unsuffixed(count);
        let wire = step.ident.wire();
        let sql = format_ident!("{}_SQL", step.ident.shouting());
        let query = statement::query(&quote!(#sql), &step.statement);
        let fetch = statement::fetch(&step.result.answer, &query);
        quote! {
            let #name = #fetch.await?;
            progress::step(#done, #of, #wire);
        }
    });
    let members = steps.iter().map(|step| {
        let field = id(step.ident.snake());
        let name = statement::local(&step.ident);
        if field == name { quote!(#field) } else { quote!(#field: #name) }
    });
    quote! {
        let mut session = shared.database.#open.await?;
        #(#lines)*
        session.commit().await?;
        Ok(Output { #(#members,)* })
    }
}
