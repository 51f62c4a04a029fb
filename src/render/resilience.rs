//! How often the statements of a tool run, and when calls fail at once.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::tools::duration;
use crate::ir::{Breaker, Repeat};

/// `RETRY`, where a call is run again wherever that is safe.
pub(super) fn policy(repeat: Repeat) -> Option<TokenStream> {
    let Repeat::Safe(retry) = repeat else { return None };
    let attempts = Literal::u32_unsuffixed(retry.attempts);
    let (backoff, maximum) = (duration(retry.backoff), duration(retry.maximum));
    Some(quote! {
        #[doc = " How often the statements run where nothing of them was kept."]
        const RETRY: retry::Policy =
            retry::Policy { attempts: #attempts, backoff: #backoff, maximum: #maximum };
    })
}

/// The statements, as often as they run. A run gets the time that is left.
pub(super) fn ran(repeat: Repeat) -> TokenStream {
    match repeat {
        Repeat::Never => quote!(run(shared, &params).await),
        Repeat::Conflicts => {
            quote!(retry::transaction(TIMEOUT, |left| run(shared, &params, left)).await)
        }
        Repeat::Safe(_) => quote!(RETRY.run(TIMEOUT, |left| run(shared, &params, left)).await),
    }
}

/// The time that a run gets, and where it comes from.
pub(super) fn limit(repeat: Repeat) -> (TokenStream, TokenStream) {
    match repeat {
        Repeat::Never => (quote!(TIMEOUT), quote!()),
        Repeat::Conflicts | Repeat::Safe(_) => (quote!(left), quote!(, left: Duration)),
    }
}

/// The breaker among the settings of the database.
pub(super) fn breaker(breaker: Option<Breaker>) -> Option<TokenStream> {
    let Breaker { failures, open } = breaker?;
    let (failures, open) = (Literal::u32_unsuffixed(failures), duration(open));
    Some(quote! {
        breaker: crate::runtime::breaker::Rule { failures: #failures, open: #open },
    })
}
