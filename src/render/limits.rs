//! How much clients may ask: `limits.rs`, and where it is looked at.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::handlers::{Has, refused};
use super::print::{self, id};
use super::tools;
use crate::ir::{Concurrency, Rate, RateKey, Server, Tool};

/// `limits.rs`.
pub(super) fn module(server: &Server) -> String {
    let shared = server.shared;
    let rates: Vec<TokenStream> =
        rates(server).map(|(tool, rate)| self::rate(tool, &rate, shared)).collect();
    let rates = (!rates.is_empty()).then(|| {
        quote! {
            #[doc = " How many requests are answered."]
            pub static RATES: &[Rate] = &[#(#rates),*];
        }
    });
    let most: Vec<TokenStream> =
        calls(server).map(|(tool, most)| self::most(tool, most, shared)).collect();
    let most = (!most.is_empty()).then(|| {
        quote! {
            #[doc = " How many calls of a tool may run at the same time."]
            pub static MOST: &[Most] = &[#(#most),*];
        }
    });
    let names = &[
        ("Most", "crate::runtime::concurrency"),
        ("Rate", "crate::runtime::rate"),
        ("rate", "crate::runtime"),
    ];
    print::file_with("How much clients may ask.", quote!(#rates #most), names)
}

/// The limits of requests: that of all, and those of tools.
fn rates(server: &Server) -> impl Iterator<Item = (Option<&str>, Rate)> {
    let of_tools = server.tools.iter();
    let of_tools = of_tools.filter_map(|tool| Some((Some(tool.ident.wire()), tool.rate_limit?)));
    server.rate_limit.map(|rate| (None, rate)).into_iter().chain(of_tools)
}

/// The limits of calls that run, by tool.
fn calls(server: &Server) -> impl Iterator<Item = (&str, Concurrency)> {
    server.tools.iter().filter_map(|tool| Some((tool.ident.wire(), tool.concurrency?)))
}

fn rate(tool: Option<&str>, rate: &Rate, shared: bool) -> TokenStream {
    let tool = match tool {
        Some(tool) => quote!(Some(#tool)),
        None => quote!(None),
    };
    let requests = proc_macro2::Literal::u32_unsuffixed(rate.requests);
    let burst = proc_macro2::Literal::u32_unsuffixed(rate.burst);
    let per = tools::duration(rate.per);
    let key = id(match rate.key {
        RateKey::Client => "by_client",
        RateKey::Address => "by_address",
        RateKey::Tool => "by_tool",
    });
    let open = rate.open;
    let open = shared.then(|| quote!(open: #open,));
    quote!(Rate { tool: #tool, requests: #requests, per: #per, burst: #burst, key: rate::#key, #open })
}

fn most(tool: &str, most: Concurrency, shared: bool) -> TokenStream {
    let calls = proc_macro2::Literal::u32_unsuffixed(most.calls);
    let open = most.open;
    let open = shared.then(|| quote!(open: #open,));
    quote!(Most { tool: #tool, calls: #calls, #open })
}

/// What counts in `server.rs`: fields of what handlers share, parameters of a new server, what is made
/// of them, and what is given to the fields.
#[derive(Default)]
pub(super) struct Counting {
    pub(super) fields: TokenStream,
    pub(super) parameters: TokenStream,
    pub(super) made: TokenStream,
    pub(super) given: TokenStream,
}

pub(super) fn counting(server: &Server) -> Counting {
    let redis = server.shared.then(|| quote!(, redis));
    let metrics = server.observability.metrics.then(|| quote!(, &metrics));
    let mut counting = Counting::default();
    if server.shared {
        counting.parameters.extend(quote!(, redis: &Arc<Redis>));
    }
    if server.counts_requests() {
        let tools = server
            .rates()
            .any(|rate| rate.key == RateKey::Tool)
            .then(|| quote!(, &descriptors.tools));
        counting.parameters.extend(quote!(, rates: &'static [Rate]));
        counting.made.extend(quote!(let rates = Rates::new(rates #tools #redis #metrics);));
        counting.given.extend(quote!(rates,));
        counting.fields.extend(quote! {
            #[doc = " How many requests came."]
            rates: Rates,
        });
    }
    if server.counts_calls() {
        counting.parameters.extend(quote!(, most: &[Most]));
        counting.made.extend(quote!(let calls = Calls::new(most #redis #metrics);));
        counting.given.extend(quote!(calls,));
        counting.fields.extend(quote! {
            #[doc = " How many calls run."]
            pub calls: Calls,
        });
    }
    counting
}

/// Refuses a call of a tool where there are too many requests.
pub(super) fn admitted_call(has: Has) -> Option<TokenStream> {
    let known = known(has);
    let refused = refused(&quote!(failure));
    has.rates.then(|| {
        quote! {
            let admitted = self.0.rates.admit("tools/call", Some(&request.name) #known);
            if let Err(failure) = admitted.await {
                #refused
            }
        }
    })
}

/// Refuses another request where there are too many.
pub(super) fn admitted(has: Has, method: &str) -> Option<TokenStream> {
    let known = known(has);
    has.rates.then(|| quote!(self.0.rates.admit(#method, None #known).await?;))
}

/// What is known of who asks, as far as limits look at it.
fn known(has: Has) -> TokenStream {
    let context = has.counts_by_address.then(|| quote!(, &context));
    let caller = has.auth.then(|| quote!(, &caller));
    quote!(#context #caller)
}

/// Every limit, for people: what it is about, the most, and what happens while Redis does not answer.
pub(super) fn for_people(server: &Server) -> Vec<BTreeMap<&'static str, String>> {
    let line = |what: String, most: String, away: &str| {
        BTreeMap::from([("what", what), ("most", most), ("away", away.to_owned())])
    };
    let rates = rates(server).map(|(tool, rate)| {
        let what = tool.map_or("requests".to_owned(), |tool| format!("calls of `{tool}`"));
        let period = match rate.per.as_secs() {
            1 => "second",
            60 => "minute",
            _ => "hour",
        };
        let whose = match rate.key {
            RateKey::Client => "client",
            RateKey::Address => "address",
            RateKey::Tool if tool.is_some() => "",
            RateKey::Tool => "tool",
        };
        let whose = if whose.is_empty() { String::new() } else { format!(" for each {whose}") };
        let (requests, burst) = (rate.requests, rate.burst);
        let most = format!("{requests} a {period}{whose}, {burst} at once");
        line(what, most, if rate.open { "answered" } else { "refused" })
    });
    let calls = calls(server).map(|(tool, concurrency)| {
        let away = if concurrency.open { "so many in each replica" } else { "refused" };
        let what = format!("calls of `{tool}` that run");
        line(what, concurrency.calls.to_string(), away)
    });
    rates.chain(calls).collect()
}

/// Takes one of the places of a tool until the call has ended.
pub(super) fn running(tool: &Tool, shared: bool) -> Option<TokenStream> {
    let name = tool.ident.wire();
    let awaited = shared.then(|| quote!(.await));
    tool.concurrency.map(|_| quote!(let _running = shared.calls.begin(#name) #awaited?;))
}
