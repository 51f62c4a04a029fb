//! Kept answers: `caches.rs`, and what stands around a call whose answer is kept or ends others.

use proc_macro2::TokenStream;
use quote::quote;

use super::print::{self, doc, id};
use super::tools::duration;
use super::{masks, types};
use crate::ir::{Backend, Plan, Server, Tool};

/// `caches.rs`.
pub(super) fn module(server: &Server) -> String {
    let caches: Vec<_> =
        server.tools.iter().filter_map(|tool| Some((tool, tool.cache.as_ref()?))).collect();
    let fields = caches.iter().map(|(tool, _)| {
        let docs = doc(&format!("Answers of `{}`.", tool.ident.wire()));
        let name = id(tool.ident.snake());
        quote!(#docs pub #name: Arc<Cache>)
    });
    let made = caches.iter().map(|(tool, cache)| {
        let (name, wire) = (id(tool.ident.snake()), tool.ident.wire());
        let redis = server.shared.then(|| quote!(, redis));
        let ttl = duration(cache.ttl);
        let maximum = proc_macro2::Literal::u32_unsuffixed(cache.maximum);
        quote!(#name: Cache::new(#wire, #ttl, #maximum #redis))
    });
    let redis = server.shared.then(|| quote!(redis: &Arc<Redis>));
    let all = caches.iter().map(|(tool, _)| {
        let name = id(tool.ident.snake());
        quote!(Arc::clone(&self.#name))
    });
    print::file_with(
        "What tools have answered, kept for a while.",
        quote! {
            #[doc = " The answers of each tool that keeps some."]
            #[derive(Debug)]
            pub struct Caches { #(#fields,)* }

            impl Caches {
                #[doc = " Those of a server that has answered nothing yet."]
                pub fn empty(#redis) -> Self {
                    Self { #(#made,)* }
                }

                #[doc = " All of them."]
                pub fn all(&self) -> Vec<Arc<Cache>> {
                    vec![#(#all),*]
                }
            }
        },
        &[("Cache", "crate::runtime::cache"), ("Redis", "crate::runtime::shared")],
    )
}

/// The body of a call behind its params, with what keeps its answer or ends others.
pub(super) fn around(tool: &Tool, body: TokenStream) -> TokenStream {
    if tool.cache.is_some() {
        let name = id(tool.ident.snake());
        let key = key(tool);
        return quote! {
            let key = cache::key(#key)?;
            let call = async { #body };
            shared.caches.#name.answer(&key, TIMEOUT, call).await
        };
    }
    if tool.invalidates.is_empty() {
        return body;
    }
    let caches = tool.invalidates.iter().map(|ident| {
        let name = id(ident.snake());
        quote!(&shared.caches.#name)
    });
    quote! {
        let call = async { #body };
        cache::changing(&[#(#caches),*], TIMEOUT, call).await
    }
}

/// What an answer depends on: who asks, where each client has answers of its own, and the arguments
/// as they were read.
fn key(tool: &Tool) -> TokenStream {
    let mut parts = Vec::new();
    if tool.cache.is_some_and(|cache| cache.per_client) {
        parts.push(quote!(caller.client()));
    }
    parts.push(quote!(&params));
    // Nobody is shown what another one may see.
    parts.extend(masks::sees_of(&tool.masks()));
    // A question leaves out what changes from page to page.
    if matches!(tool.backend, Backend::Sql(Plan::Paged { .. })) {
        parts.push(quote!(&params.cursor));
        parts.push(quote!(params.page_size));
    }
    // Two layers of `Option` are one null in JSON, and mean two things.
    for param in tool.params.iter().filter(|param| types::layers(param) > 1) {
        let name = id(param.ident.snake());
        parts.push(quote!(params.#name.is_some()));
    }
    match parts.as_slice() {
        [params] => params.clone(),
        parts => quote!(&(#(#parts),*)),
    }
}
