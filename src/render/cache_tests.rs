//! `tests/server/caches.rs`: what is kept is answered without the database, until a tool ends it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print::{self, doc};
use super::tests::{Sample, arguments, detoured, own_seed, seeds};
use super::types;
use crate::ir::{Answer, Backend, Engine, Plan, Server, Tool};

/// The tests of a server with caches.
pub(super) fn module(server: &Server) -> String {
    let kept: Vec<(&Tool, Sample)> = server
        .tools
        .iter()
        .filter(|tool| tool.cache.is_some())
        .filter_map(|tool| Some((tool, answered(server, tool)?)))
        .collect();
    let keeps = kept.iter().map(|(tool, sample)| match tool.cache {
        Some(cache) if cache.per_client => keeps_apart(server, tool, sample),
        _ => keeps(server, tool, sample),
    });
    let ends = server.tools.iter().filter_map(|tool| ends(server, tool, &kept));
    print::file_with(
        "What is kept is answered without the database, until a tool ends it.",
        quote!(#(#keeps)* #(#ends)*),
        &[super::tests::NAMES, &[("Scratch", "crate::scratch")]].concat(),
    )
}

/// Arguments with which a tool is known to answer.
fn answered(server: &Server, tool: &Tool) -> Option<Sample> {
    let Backend::Sql(plan) = &tool.backend;
    let never_fails = match plan {
        Plan::Single { result, .. } | Plan::Sorted { result, .. } | Plan::Paged { result, .. } => {
            matches!(result.answer, Answer::Many(_) | Answer::Optional(_))
        }
        Plan::Steps(_) => false,
    };
    arguments(server, tool).filter(|sample| sample.case.is_some() || never_fails)
}

/// A server whose database can be taken away.
fn fixture(server: &Server, sample: &Sample) -> TokenStream {
    detoured(server, &seeds(server, sample.case.as_ref(), "../"))
}

fn keeps(server: &Server, tool: &Tool, sample: &Sample) -> TokenStream {
    let (name, test) = (
        tool.ident.wire(),
        format_ident!("{}_keeps_answers", tool.ident.snake().trim_end_matches('_')),
    );
    let docs = doc(&format!("`{name}` gives the same answer again, without the database."));
    let arguments = types::json_value(&sample.arguments);
    let fixture = fixture(server, sample);
    quote! {
        #docs
        #[tokio::test]
        async fn #test() {
            #fixture
            let first = server.call(#name, #arguments).await;
            assert_ne!(first.is_error, Some(true), "{first:?}");
            server.scratch.take_away().await;
            let second = server.call(#name, #arguments).await;
            assert_eq!(second, first);
        }
    }
}

/// Of two clients of one server.
fn keeps_apart(server: &Server, tool: &Tool, sample: &Sample) -> TokenStream {
    let name = tool.ident.wire();
    let test = format_ident!("{}_keeps_answers_apart", tool.ident.snake().trim_end_matches('_'));
    let docs = format!(
        "`{name}` gives the same answer again, without the database, to the client who asked."
    );
    let docs = doc(&docs);
    let arguments = types::json_value(&sample.arguments);
    let seeds = seeds(server, sample.case.as_ref(), "../");
    let scratch = match server.database.engine {
        Engine::Sqlite if !server.shared => quote!(let scratch = Scratch::new(#seeds).await;),
        Engine::Sqlite => {
            quote!(let Some(scratch) = Scratch::new(#seeds).await else { return };)
        }
        Engine::Postgres | Engine::Mysql => quote! {
            let Some(mut scratch) = Scratch::new(#seeds).await else { return };
            scratch.detour().await;
        },
    };
    quote! {
        #docs
        #[tokio::test]
        async fn #test() {
            #scratch
            let (mut server, another) = Fixture::with_another(scratch).await;
            let first = server.call(#name, #arguments).await;
            assert_ne!(first.is_error, Some(true), "{first:?}");
            server.scratch.take_away().await;
            let second = server.call(#name, #arguments).await;
            assert_eq!(second, first);
            let result = support::call_as(&another, #name, #arguments).await;
            let kind = support::error(&result).map(|(kind, _)| kind);
            assert_eq!(kind.as_deref(), Some("CONNECTION_ERROR"));
        }
    }
}

fn ends(server: &Server, tool: &Tool, kept: &[(&Tool, Sample)]) -> Option<TokenStream> {
    let ended = kept.iter().filter(|(other, sample)| {
        tool.invalidates.contains(&other.ident) && own_seed(server, sample.case.as_ref()).is_none()
    });
    let ended = ended.map(|(other, sample)| {
        let (name, arguments) = (other.ident.wire(), types::json_value(&sample.arguments));
        quote!((#name, #arguments))
    });
    let ended: Vec<TokenStream> = ended.collect();
    let sample = arguments(server, tool).filter(|sample| sample.case.is_some())?;
    if ended.is_empty() {
        return None;
    }
    let (name, test) = (
        tool.ident.wire(),
        format_ident!("{}_ends_answers", tool.ident.snake().trim_end_matches('_')),
    );
    let docs = doc(&format!("Behind `{name}`, what was kept is asked for anew."));
    let arguments = types::json_value(&sample.arguments);
    let fixture = fixture(server, &sample);
    Some(quote! {
        #docs
        #[tokio::test]
        async fn #test() {
            #fixture
            let kept = [#(#ended),*];
            for (tool, arguments) in kept.clone() {
                let result = server.call(tool, arguments).await;
                assert_ne!(result.is_error, Some(true), "{tool}: {result:?}");
            }
            let result = server.call(#name, #arguments).await;
            assert_ne!(result.is_error, Some(true), "{result:?}");
            server.scratch.take_away().await;
            for (tool, arguments) in kept {
                let result = server.call(tool, arguments).await;
                let kind = support::error(&result).map(|(kind, _)| kind);
                assert_eq!(kind.as_deref(), Some("CONNECTION_ERROR"), "{tool}");
            }
        }
    })
}
