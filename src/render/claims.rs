//! Callers, for whatever reads claims of them.

use proc_macro2::TokenStream;
use quote::quote;

use super::print::id;
use super::{statement, types};
use crate::ir::{Param, Server};

/// What of a server must know who calls.
#[derive(Clone, Copy)]
pub(super) struct Takes {
    pub(super) tools: bool,
    pub(super) questions: bool,
    pub(super) resources: bool,
    pub(super) prompts: bool,
    pub(super) completions: bool,
}

impl Takes {
    pub(super) fn of(server: &Server) -> Self {
        Self {
            tools: server.tools.iter().any(|tool| tool.takes_caller()),
            questions: server.tools.iter().any(|it| it.confirm.is_some() && it.reads_claims()),
            resources: server.resources.iter().any(|resource| resource.takes_caller()),
            prompts: server.prompts.iter().any(|prompt| prompt.takes_caller()),
            completions: server.completes_for_callers(),
        }
    }
}

/// The caller among the params of a function.
pub(super) fn param(there: bool) -> Option<TokenStream> {
    there.then(|| quote!(caller: &auth::Caller,))
}

/// The caller as an argument.
pub(super) fn argument(there: bool) -> Option<TokenStream> {
    there.then(|| quote!(caller,))
}

/// The caller of a request as an argument.
pub(super) fn given(there: bool) -> Option<TokenStream> {
    there.then(|| quote!(&caller,))
}

/// Reads the params out of `arguments`.
pub(super) fn read(params: &[Param]) -> TokenStream {
    match params.iter().all(Param::is_argument) {
        true => quote!(Params::read(arguments).map_err(input::refuse)?),
        false => quote!(Params::read(caller, arguments)?),
    }
}

/// Reads the claims of the caller, each into a variable; what is not there ends the function.
pub(super) fn lines(params: &[Param]) -> TokenStream {
    let lines = params.iter().filter_map(|param| {
        let claim = param.claim.as_ref()?;
        let name = statement::local(&param.ident);
        let read = types::read_closure(param, types::Home::Module);
        Some(quote!(let #name = caller.claim(#claim, #read)?;))
    });
    quote!(#(#lines)*)
}

/// A field that holds a claim.
pub(super) fn member(param: &Param) -> TokenStream {
    let (field, name) = (id(param.ident.snake()), statement::local(&param.ident));
    if field == name { quote!(#field) } else { quote!(#field: #name) }
}
