//! What hides columns from callers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print::id;
use crate::ir::{Answer, Column, Mask, MaskKind, Row, seen};

/// `mask` of a row that has something to hide.
pub(super) fn of_row(row: &Row) -> Option<TokenStream> {
    let masks = row.masks();
    if masks.is_empty() {
        return None;
    }
    let sees = seen(&masks).into_iter().map(|scopes| {
        let name = sees(scopes);
        quote!(#name: bool,)
    });
    let signer = hashes(&masks).then(|| quote!(signer: &crate::runtime::secret::Signer,));
    let lines = row.columns.iter().filter_map(|column| {
        let field = id(column.ident.snake());
        hidden(column, &quote!(self.#field), &quote!(signer))
    });
    Some(quote! {
        #[doc = " Hides what not everybody may see."]
        pub fn mask(&mut self, #(#sees)* #signer) {
            #(#lines)*
        }
    })
}

/// What hides a column at a place.
fn hidden(column: &Column, place: &TokenStream, signer: &TokenStream) -> Option<TokenStream> {
    let mask = column.mask.as_ref()?;
    let text = |call: &dyn Fn(TokenStream) -> TokenStream| match column.nullable {
        true => {
            let call = call(quote!(text));
            quote!(if let Some(text) = &mut #place { #call })
        }
        false => call(quote!(&mut #place)),
    };
    let line = match mask.kind {
        MaskKind::Email => text(&|it| quote!(mask::email(#it);)),
        MaskKind::Last4 => text(&|it| quote!(mask::last4(#it);)),
        MaskKind::Hash => text(&|it| quote!(mask::hash(#it, #signer);)),
        MaskKind::Null => quote!(#place = None;),
    };
    if mask.unless.is_empty() {
        return Some(line);
    }
    let sees = sees(&mask.unless);
    Some(quote!(if !#sees { #line }))
}

/// Finds out which masks fall for the caller.
pub(super) fn looks(masks: &[&Mask]) -> TokenStream {
    let lines = seen(masks).into_iter().map(|scopes| {
        let name = sees(scopes);
        quote!(let #name = caller.has(auth::Needs::Scopes(&[#(#scopes),*])).is_ok();)
    });
    quote!(#(#lines)*)
}

/// Which masks fall for the caller, as [`looks`] found out.
pub(super) fn sees_of(masks: &[&Mask]) -> impl Iterator<Item = TokenStream> {
    seen(masks).into_iter().map(|scopes| {
        let name = sees(scopes);
        quote!(#name)
    })
}

/// Hides what an answer at a place must not show.
pub(super) fn hide(answer: &Answer, place: &TokenStream) -> Option<TokenStream> {
    let masks = answer.masks();
    if masks.is_empty() {
        return None;
    }
    let signer = quote!(&shared.signer);
    let sees = seen(&masks).into_iter().map(|scopes| {
        let name = sees(scopes);
        quote!(#name,)
    });
    let given = hashes(&masks).then(|| quote!(#signer));
    let call = quote!(row.mask(#(#sees)* #given););
    match answer {
        Answer::One(_) => {
            let call = call.to_string().replacen("row", &place.to_string(), 1);
            call.parse().ok()
        }
        Answer::Optional(_) => Some(quote!(if let Some(row) = &mut #place { #call })),
        Answer::Many(_) => Some(quote!(for row in &mut #place { #call })),
        Answer::Scalar(column) => hidden(column, place, &signer),
        Answer::Affected | Answer::InsertedId => None,
    }
}

fn hashes(masks: &[&Mask]) -> bool {
    masks.iter().any(|mask| mask.kind == MaskKind::Hash)
}

/// Whether the caller has scopes, as a variable: `sees_users_admin`. No other scopes have the same.
fn sees(scopes: &[String]) -> proc_macro2::Ident {
    let words = scopes.join("_and_").replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == ':';
    let alone = |scope: &String| {
        scope.chars().all(plain) && scope.split(':').all(|word| !word.is_empty() && word != "and")
    };
    match scopes.iter().all(alone) {
        true => format_ident!("sees_{words}"),
        false => {
            let words: Vec<&str> = words.split('_').filter(|word| !word.is_empty()).collect();
            let digest = crate::lock::digest(scopes.iter().map(String::as_str));
            format_ident!("sees_{}_{}", words.join("_").to_ascii_lowercase(), &digest[..8])
        }
    }
}
