//! `completions.rs`: values for arguments of prompts and of resource templates.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{print, statement, tools};
use crate::ir::{Completion, CompletionFrom, Ident, Server};

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

/// The file.
pub(super) fn module(server: &Server, timeout: Duration) -> String {
    let named = |owner: &Ident, param: &Ident| {
        format_ident!("{}_{}_SQL", owner.shouting(), param.shouting())
    };
    let mut asks = false;
    let statements: Vec<TokenStream> = all(server)
        .filter_map(|(_, owner, name, completion)| {
            let CompletionFrom::Sql(sql) = &completion.from else { return None };
            asks = true;
            let docs = format!("Values for `{}` of `{name}`.", completion.param.wire());
            Some(statement::item(&named(owner, &completion.param).to_string(), &docs, sql))
        })
        .collect();
    let arms = all(server).map(|(prompt, owner, name, completion)| {
        let param = completion.param.wire();
        let owner_kind =
            if prompt { quote!(Owner::Prompt(#name)) } else { quote!(Owner::Resource(#name)) };
        let values = match &completion.from {
            CompletionFrom::Choices(values) => {
                quote!(answer::starting_with(&[#(#values),*], prefix))
            }
            CompletionFrom::Sql(sql) => {
                let text = named(owner, &completion.param);
                let query = statement::query(&quote!(#text), sql);
                quote! {{
                    let mut session = shared.database.read(TIMEOUT).await?;
                    let reader = |row: &Row| decode::text(row, 0);
                    session.bounded(#query, answer::COMPLETIONS, usize::MAX, reader).await?
                }}
            }
        };
        quote!((#owner_kind, #param) => #values)
    });
    let timeout = asks.then(|| {
        let duration = tools::duration(timeout);
        quote! {
            #[doc = " How long a statement may take."]
            const TIMEOUT: Duration = #duration;
        }
    });
    let shared = if asks { quote!(shared) } else { quote!(_shared) };
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
                owner: Owner<'_>,
                argument: &str,
                prefix: &str,
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
