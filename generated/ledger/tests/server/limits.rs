//! What is too much is refused.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::subject::limits::{MOST, RATES};
use crate::subject::runtime::concurrency::Most;
use crate::subject::runtime::rate::Rate;
use crate::support;
use crate::support::Fixture;

/// A burst is let through, and one more is refused until its time has come.
#[tokio::test]
async fn more_than_the_limit_of_the_server_is_refused() {
    let rates = slow(None);
    let Some(server) = Fixture::limited(&[], rates).await else { return };
    for _ in 0..rates[0].burst {
        assert_eq!(called(& server, "open_account"). await, None);
    }
    let wait = called(&server, "open_account")
        .await
        .expect("one more than the burst is refused");
    assert!((1..= 4).contains(& wait), "{wait}");
    tokio::time::sleep(Duration::from_secs(wait)).await;
    assert_eq!(called(& server, "open_account"). await, None);
}

/// However many requests come, so many are taken as the limit says.
#[tokio::test]
async fn the_limit_of_the_server_holds() {
    let rates = of(None);
    let Some(server) = Fixture::limited(&[], rates).await else { return };
    let begun = Instant::now();
    let mut taken = 0;
    for _ in 0..50 {
        taken += u32::from(called(&server, "open_account").await.is_none());
    }
    let interval = rates[0].per.as_secs_f64() / f64::from(rates[0].requests);
    let more = (begun.elapsed().as_secs_f64() / interval).floor();
    assert!(f64::from(taken) <= f64::from(rates[0].burst) + more, "{taken}");
    assert!(taken >= rates[0].burst.min(50), "{taken}");
}

/// A burst is let through, and one more is refused until its time has come.
#[tokio::test]
async fn more_than_the_limit_of_search_postings_is_refused() {
    let rates = slow(Some("search_postings"));
    let Some(server) = Fixture::limited(&[], rates).await else { return };
    for _ in 0..rates[0].burst {
        assert_eq!(called(& server, "search_postings"). await, None);
    }
    let wait = called(&server, "search_postings")
        .await
        .expect("one more than the burst is refused");
    assert!((1..= 4).contains(& wait), "{wait}");
    tokio::time::sleep(Duration::from_secs(wait)).await;
    assert_eq!(called(& server, "search_postings"). await, None);
}

/// However many calls of `search_postings` come, so many are taken as the limit says.
#[tokio::test]
async fn the_limit_of_search_postings_holds() {
    let rates = of(Some("search_postings"));
    let Some(server) = Fixture::limited(&[], rates).await else { return };
    let begun = Instant::now();
    let mut taken = 0;
    for _ in 0..50 {
        taken += u32::from(called(&server, "search_postings").await.is_none());
    }
    let interval = rates[0].per.as_secs_f64() / f64::from(rates[0].requests);
    let more = (begun.elapsed().as_secs_f64() / interval).floor();
    assert!(f64::from(taken) <= f64::from(rates[0].burst) + more, "{taken}");
    assert!(taken >= rates[0].burst.min(50), "{taken}");
}

/// A call is refused where as many run as may.
#[tokio::test]
async fn no_more_of_year_report_run_than_may() {
    let none: Vec<Most> = MOST.iter().map(|most| Most { calls: 0, ..*most }).collect();
    let Some(server) = Fixture::full(crate::SEED, &none).await else { return };
    let result = server.call("year_report", json!({ "year": 2000 })).await;
    let (kind, message) = support::error(&result).expect("no call may run");
    assert_eq!(kind, "RATE_LIMITED", "{message}");
    let refusal = result.structured_content.expect("structured content");
    assert_eq!(
        (& refusal["retryable"], & refusal["retry_after"]), (& json!(true), & json!(1))
    );
}

/// Calls a tool, whatever it says to having no arguments: after how many seconds it may be called
/// again, where there were too many calls.
async fn called(server: &Fixture, tool: &str) -> Option<u64> {
    let result = server.call(tool, json!({})).await;
    let (kind, message) = support::error(&result)?;
    let refusal = result.structured_content.as_ref().filter(|_| kind == "RATE_LIMITED")?;
    assert_eq!(refusal["retryable"], true, "{message}");
    Some(refusal["retry_after"].as_u64().expect("seconds"))
}

/// The limit of a tool, or of the server, alone.
fn of(tool: Option<&str>) -> &'static [Rate] {
    let rate = RATES.iter().find(|rate| rate.tool == tool).expect("a limit");
    std::slice::from_ref(rate)
}

/// The same with four seconds between requests, so that a test is faster than the limit, and a short
/// burst.
fn slow(tool: Option<&str>) -> &'static [Rate] {
    let rate = of(tool)[0];
    let burst = rate.burst.min(5);
    Box::leak(
        Box::new([
            Rate {
                requests: 15,
                per: Duration::from_secs(60),
                burst,
                ..rate
            },
        ]),
    )
}
