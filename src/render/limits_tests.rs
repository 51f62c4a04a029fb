//! `tests/server/limits.rs`: what is too much is refused, and what is not is answered.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print;
use super::tests::Given;
use crate::ir::{Server, Tool};

/// The most requests of a test.
const MOST: u32 = 50;

/// The tests of a server with limits.
pub(super) fn module(server: &Server) -> String {
    let Given { fixture, otherwise, .. } = Given::of(server);
    let subjects = subjects(server);
    let rates = subjects.iter().map(|subject| {
        let name = format_ident!("more_than_{}_is_refused", subject.name);
        let held = format_ident!("{}_holds", subject.name);
        let docs = format!(
            " {} is let through, and one more is refused until its time has come.",
            subject.burst
        );
        let held_docs =
            format!(" However many {} come, so many are taken as the limit says.", subject.what);
        let sent = proc_macro2::Literal::usize_unsuffixed(subject.sent);
        let send = &subject.send;
        let tool = match &subject.tool {
            Some(tool) => quote!(Some(#tool)),
            None => quote!(None),
        };
        quote! {
            #[doc = #docs]
            #[tokio::test]
            async fn #name() {
                let rates = slow(#tool);
                let #fixture = Fixture::limited(&[], rates).await #otherwise;
                for _ in 0..rates[0].burst {
                    assert_eq!(#send, None);
                }
                let wait = #send.expect("one more than the burst is refused");
                assert!((1..=4).contains(&wait), "{wait}");
                tokio::time::sleep(Duration::from_secs(wait)).await;
                assert_eq!(#send, None);
            }

            #[doc = #held_docs]
            #[tokio::test]
            async fn #held() {
                let rates = of(#tool);
                let #fixture = Fixture::limited(&[], rates).await #otherwise;
                let begun = Instant::now();
                let mut taken = 0;
                for _ in 0..#sent {
                    taken += u32::from(#send.is_none());
                }
                let interval = rates[0].per.as_secs_f64() / f64::from(rates[0].requests);
                let more = (begun.elapsed().as_secs_f64() / interval).floor();
                assert!(f64::from(taken) <= f64::from(rates[0].burst) + more, "{taken}");
                assert!(taken >= rates[0].burst.min(#sent), "{taken}");
            }
        }
    });
    let rates: Vec<TokenStream> = rates.collect();
    let helpers = (!rates.is_empty()).then(|| helpers(&subjects));
    let calls = server.tools.iter().filter(|tool| tool.concurrency.is_some());
    let calls = calls.map(|tool| running(tool, &fixture, &otherwise));
    let calls: Vec<TokenStream> = calls.collect();
    print::file_with("What is too much is refused.", quote!(#(#rates)* #(#calls)* #helpers), NAMES)
}

const NAMES: &[(&str, &str)] = &[
    ("Duration", "std::time"),
    ("Fixture", "crate::support"),
    ("Instant", "std::time"),
    ("MOST", "crate::subject::limits"),
    ("Most", "crate::subject::runtime::concurrency"),
    ("RATES", "crate::subject::limits"),
    ("Rate", "crate::subject::runtime::rate"),
    ("json", "serde_json"),
    ("support", "crate"),
];

/// What a limit is tested with.
struct Subject {
    /// Its name among the tests.
    name: String,
    /// The tool whose limit it is.
    tool: Option<String>,
    what: String,
    burst: String,
    /// How many requests are sent at most.
    sent: usize,
    /// A request: after how many seconds it may come again, where it is refused.
    send: TokenStream,
    reads: bool,
}

fn subjects(server: &Server) -> Vec<Subject> {
    let plain = |tool: &&Tool| tool.confirm.is_none() && tool.ask.is_empty();
    let any = server.tools.iter().find(plain);
    let subject = |name: String, tool: Option<&Tool>, of: Option<&Tool>, burst: u32| {
        let what = match of {
            Some(tool) => format!("calls of `{}`", tool.ident.wire()),
            None => "requests".to_owned(),
        };
        let (send, reads) = match (tool, server.resources.is_empty()) {
            (Some(tool), _) => {
                let wire = tool.ident.wire();
                (quote!(called(&server, #wire).await), false)
            }
            (None, false) => (quote!(asked(server.read("nothing://here").await)), true),
            (None, true) => (quote!(asked(server.prompt("no_such_prompt", json!({})).await)), true),
        };
        Subject {
            name,
            tool: of.map(|tool| tool.ident.wire().to_owned()),
            what,
            burst: if burst == 1 { "One request".to_owned() } else { "A burst".to_owned() },
            sent: burst.saturating_add(10).min(MOST) as usize,
            send,
            reads,
        }
    };
    let of_server = server
        .rate_limit
        .map(|rate| subject("the_limit_of_the_server".to_owned(), any, None, rate.burst));
    let of_tools = server.tools.iter().filter(plain).filter_map(|tool| {
        let name = format!("the_limit_of_{}", tool.ident.snake().trim_end_matches('_'));
        Some(subject(name, Some(tool), Some(tool), tool.rate_limit?.burst))
    });
    of_server.into_iter().chain(of_tools).collect()
}

/// What the tests of rates have in common.
fn helpers(subjects: &[Subject]) -> TokenStream {
    let called = subjects.iter().any(|subject| !subject.reads).then(|| {
        quote! {
            #[doc = " Calls a tool, whatever it says to having no arguments: after how many seconds it may be called"]
            #[doc = " again, where there were too many calls."]
            async fn called(server: &Fixture, tool: &str) -> Option<u64> {
                let result = server.call(tool, json!({})).await;
                let (kind, message) = support::error(&result)?;
                let refusal = result.structured_content.as_ref().filter(|_| kind == "RATE_LIMITED")?;
                assert_eq!(refusal["retryable"], true, "{message}");
                Some(refusal["retry_after"].as_u64().expect("seconds"))
            }
        }
    });
    let asked = subjects.iter().any(|subject| subject.reads).then(|| {
        quote! {
            #[doc = " After how many seconds what was asked for may be asked for again, where there was too much."]
            fn asked<T>(answer: Result<T, rmcp::ErrorData>) -> Option<u64> {
                let refusal = answer.err()?.data?;
                (refusal["type"] == "RATE_LIMITED").then(|| refusal["retry_after"].as_u64().expect("seconds"))
            }
        }
    });
    quote! {
        #called

        #asked

        #[doc = " The limit of a tool, or of the server, alone."]
        fn of(tool: Option<&str>) -> &'static [Rate] {
            let rate = RATES.iter().find(|rate| rate.tool == tool).expect("a limit");
            std::slice::from_ref(rate)
        }

        #[doc = " The same with four seconds between requests, so that a test is faster than the limit, and a short"]
        #[doc = " burst."]
        fn slow(tool: Option<&str>) -> &'static [Rate] {
            let rate = of(tool)[0];
            let burst = rate.burst.min(5);
            Box::leak(Box::new([Rate { requests: 15, per: Duration::from_secs(60), burst, ..rate }]))
        }
    }
}

/// The test of a tool of whose calls only some may run.
fn running(tool: &Tool, fixture: &TokenStream, otherwise: &TokenStream) -> TokenStream {
    let wire = tool.ident.wire();
    let arguments = crate::ir::sample_arguments(tool).unwrap_or_default();
    let arguments = super::types::json_value(&arguments.into());
    let name =
        format_ident!("no_more_of_{}_run_than_may", tool.ident.snake().trim_end_matches('_'));
    quote! {
        #[doc = " A call is refused where as many run as may."]
        #[tokio::test]
        async fn #name() {
            let none: Vec<Most> = MOST.iter().map(|most| Most { calls: 0, ..*most }).collect();
            let #fixture = Fixture::full(crate::SEED, &none).await #otherwise;
            let result = server.call(#wire, #arguments).await;
            let (kind, message) = support::error(&result).expect("no call may run");
            assert_eq!(kind, "RATE_LIMITED", "{message}");
            let refusal = result.structured_content.expect("structured content");
            assert_eq!((&refusal["retryable"], &refusal["retry_after"]), (&json!(true), &json!(1)));
        }
    }
}
