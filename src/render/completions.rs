//! `completions.rs`: values for arguments of prompts and of resource templates.

use std::collections::BTreeSet;
use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{claims, print, statement, tools, types};
use crate::ir::{Completion, CompletionFrom, Ident, Kind, Param, Server};

/// Whether a server completes anything.
pub(super) fn any(server: &Server) -> bool {
    all(server).next().is_some()
}

/// Each completion with the arguments' owner: whether it is a prompt, its key, its name for clients.
fn all(server: &Server) -> impl Iterator<Item = (bool, &Ident, String, &Completion)> {
    let prompts = server.prompts.iter().flat_map(|prompt| {
        let name = prompt.ident.wire().to_owned();
        prompt
            .completions
            .iter()
            .map(move |completion| (true, &prompt.ident, name.clone(), completion))
    });
    let resources = server.resources.iter().flat_map(|resource| {
        let uri = resource.uri_text();
        resource
            .completions
            .iter()
            .map(move |completion| (false, &resource.ident, uri.clone(), completion))
    });
    prompts.chain(resources)
}

/// The test that asks for each of them, with the other arguments as well.
pub(super) fn tests(
    server: &Server,
    fixture: &TokenStream,
    otherwise: &TokenStream,
) -> TokenStream {
    let asked = all(server).map(|(prompt, _, name, completion)| {
        let param = completion.param.wire();
        let kind = if prompt { "prompt" } else { "resource" };
        let simple = format_ident!("complete_{kind}_simple");
        let values = quote!(server.client.#simple(#name, #param, "").await.expect("values"));
        match &completion.from {
            CompletionFrom::Choices(choices) => {
                let choices = choices.iter().take(100);
                quote!(assert_eq!(#values, [#(#choices),*]);)
            }
            CompletionFrom::Sql { others, .. } => {
                let others: Vec<&Param> = others.iter().filter(|it| it.is_argument()).collect();
                let pairs = others.iter().filter_map(|other| {
                    let (name, sample) = (other.ident.wire(), crate::ir::sample(other)?);
                    let sample = sample.as_str().map_or_else(|| sample.to_string(), str::to_owned);
                    Some(quote!((#name.to_owned(), #sample.to_owned())))
                });
                let full = format_ident!("complete_{kind}_argument");
                let within = (!others.is_empty()).then(|| {
                    quote! {
                        let others = std::collections::HashMap::from([#(#pairs),*]);
                        let context = rmcp::model::CompletionContext::with_arguments(others);
                        let found = server.client.#full(#name, #param, "", Some(context)).await;
                        assert!(found.expect("values").values.len() <= 100);
                    }
                });
                quote!(assert!(#values.len() <= 100); #within)
            }
        }
    });
    quote! {
        #[doc = " Every argument that is completed has values, with the other arguments and without."]
        #[tokio::test]
        async fn arguments_are_completed() {
            let #fixture = Fixture::new(crate::SEED).await #otherwise;
            #(#asked)*
        }
    }
}

/// Whether a completion looks at other arguments.
pub(super) fn any_contextual(server: &Server) -> bool {
    all(server).any(|(.., completion)| completion.from.others().iter().any(Param::is_argument))
}

/// The file.
pub(super) fn module(server: &Server, timeout: Duration) -> String {
    let mut taken = BTreeSet::new();
    let mut statements: Vec<TokenStream> = Vec::new();
    let mut arms: Vec<TokenStream> = Vec::new();
    for (prompt, owner, name, completion) in all(server) {
        let param = completion.param.wire();
        let owner_kind =
            if prompt { quote!(Owner::Prompt(#name)) } else { quote!(Owner::Resource(#name)) };
        let values = match &completion.from {
            CompletionFrom::Choices(values) => {
                quote!(answer::starting_with(&[#(#values),*], prefix))
            }
            CompletionFrom::Sql { statement, others } => {
                let text = sql_name(&mut taken, owner, &completion.param);
                let docs = format!("Values for `{param}` of `{name}`.");
                statements.push(statement::item(&text.to_string(), &docs, statement));
                let query = statement::query(&quote!(#text), statement);
                let others = self::others(prompt, owner, others);
                quote! {{
                    #others
                    let mut session = shared.database.read(TIMEOUT).await?;
                    let reader = |row: &Row| decode::text(row, 0);
                    session.bounded(#query, answer::COMPLETIONS, usize::MAX, reader).await?
                }}
            }
        };
        arms.push(quote!((#owner_kind, #param) => #values));
    }
    let asks = !statements.is_empty();
    let timeout = asks.then(|| {
        let duration = tools::duration(timeout);
        quote! {
            #[doc = " How long a statement may take."]
            const TIMEOUT: Duration = #duration;
        }
    });
    let shared = if asks { quote!(shared) } else { quote!(_shared) };
    let caller = claims::param(server.completes_for_callers());
    let arguments = any_contextual(server).then(|| quote!(arguments: input::Arguments,));
    print::file(
        "Values for arguments of prompts and of resource templates.",
        quote! {
            #(#statements)*
            #timeout

            #[doc = " Whose argument is completed."]
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum Owner<'a> {
                #[doc = " The prompt of this name."]
                Prompt(&'a str),
                #[doc = " The resource template with this URI."]
                Resource(&'a str),
            }

            #[doc = " Values that begin with what was typed so far, at most 100."]
            pub async fn complete(
                #shared: &Shared,
                #caller
                owner: Owner<'_>,
                argument: &str,
                prefix: &str,
                #arguments
            ) -> Result<answer::Completions, Failure> {
                Ok(match (owner, argument) {
                    #(#arms,)*
                    _ => return Err(Failure::new(
                        crate::runtime::failure::Kind::InvalidArguments,
                        "There is nothing to complete for this argument.",
                    )),
                })
            }
        },
    )
}

/// The name of a statement's constant. A prompt and a resource may be called alike.
fn sql_name(taken: &mut BTreeSet<String>, owner: &Ident, param: &Ident) -> proc_macro2::Ident {
    let stem = format!("{}_{}", owner.shouting(), param.shouting());
    let mut name = format!("{stem}_SQL");
    let mut n = 2;
    while !taken.insert(name.clone()) {
        name = format!("{stem}_{n}_SQL");
        n += 1;
    }
    print::id(&name)
}

/// Reads the other arguments that a statement binds into `params`.
fn others(prompt: bool, owner: &Ident, others: &[Param]) -> TokenStream {
    if others.is_empty() {
        return quote!();
    }
    let module = print::id(owner.snake());
    let section = if prompt { quote!(prompts) } else { quote!(resources) };
    let uses = others.iter().filter_map(|param| match &param.ty.kind {
        Kind::Choice(choice) => {
            let name = print::id(choice.ident.pascal());
            Some(quote!(use crate::#section::#module::#name;))
        }
        _ => None,
    });
    let fields = others.iter().map(|param| {
        let name = print::id(param.ident.snake());
        let ty = types::field_type(param);
        quote!(#name: #ty)
    });
    let (lines, _) = types::reading(others, types::Home::Module);
    let made = others.iter().map(|param| {
        if !param.is_argument() {
            return claims::member(param);
        }
        let (field, name) = (print::id(param.ident.snake()), statement::local(&param.ident));
        quote!(#field: #name.flatten())
    });
    let fields_of = others
        .iter()
        .any(Param::is_argument)
        .then(|| quote!(let mut fields = input::Fields::of(arguments, input::Unknown::Ignore);));
    quote! {
        #(#uses)*
        #[doc = " The other arguments. One that cannot be read is as good as none."]
        struct Params { #(#fields,)* }
        #fields_of
        #lines
        let params = Params { #(#made,)* };
    }
}
