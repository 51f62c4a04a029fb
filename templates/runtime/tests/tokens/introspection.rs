//! Opaque tokens: what is asked, what is believed, and for how long.

use std::time::Duration;

use mcpgen_runtime::claims::Refused::{self, Invalid, Unavailable};
use mcpgen_runtime::introspection::{Introspection, Settings};
use serde_json::{Value, json};

use super::issuer::{AUDIENCE, Page, Site, now, pass};

const AT: &str = "/introspect";
const TOKEN: &str = "opaque-Token_1~+/==";
const INACTIVE: Refused = Invalid("the token is not active");

fn settings(site: &Site, cache: u64) -> Settings {
    Settings {
        url: format!("{}{AT}", site.origin),
        client_id: "mcp server".to_owned(),
        client_secret: "s:e%c/r+e t".to_owned(),
        audience: AUDIENCE.to_owned(),
        cache: Duration::from_secs(cache),
    }
}

fn introspection(site: &Site, cache: u64) -> Introspection {
    Introspection::new(settings(site, cache)).unwrap()
}

fn active() -> Value {
    json!({"active": true, "aud": AUDIENCE, "sub": "somebody", "scope": "read", "exp": now() + 60})
}

fn but(name: &str, value: Value) -> Value {
    let mut answer = active();
    answer[name] = value;
    answer
}

#[tokio::test]
async fn it_asks_as_the_standard_says() {
    let site = Site::empty().await;
    let answer = active();
    site.put(AT, Page::json(&answer));
    let claims = introspection(&site, 0).claims(TOKEN).await.expect("it is good");
    assert_eq!(Value::Object(claims), answer);
    let [(_, authorization, body)] = &site.came()[..] else { panic!("{:?}", site.came()) };
    // "mcp+server:s%3Ae%25c%2Fr%2Be+t"
    assert_eq!(authorization, "Basic bWNwK3NlcnZlcjpzJTNBZSUyNWMlMkZyJTJCZSt0");
    assert_eq!(body, "token=opaque-Token_1%7E%2B%2F%3D%3D&token_type_hint=access_token");
}

#[tokio::test]
async fn answers_must_be_right() {
    let site = Site::empty().await;
    let asked = introspection(&site, 60);
    let not_for = Invalid("the token is not for this server");
    let without = |name: &str| {
        let mut answer = active();
        answer.as_object_mut().unwrap().remove(name);
        answer
    };
    for (answer, because) in [
        (json!({"active": false}), INACTIVE),
        (json!({}), INACTIVE),
        (but("active", json!("true")), INACTIVE),
        (but("active", json!(1)), INACTIVE),
        (but("exp", json!(now() - 60)), Invalid("the token has expired")),
        (but("exp", json!("soon")), Invalid("a time is no number")),
        (but("nbf", json!(now() + 60)), Invalid("the token is not good yet")),
        (but("aud", json!("https://other.example")), not_for),
        (but("aud", json!(["https://other.example"])), not_for),
        (without("aud"), not_for),
        (but("cnf", json!({})), Invalid("the token is bound to a key, and no bearer token")),
    ] {
        site.put(AT, Page::json(&answer));
        assert_eq!(asked.claims(TOKEN).await, Err(because), "{answer}");
    }
    for answer in [but("aud", json!(["https://other.example", AUDIENCE])), without("exp")] {
        site.put(AT, Page::json(&answer));
        introspection(&site, 60).claims(TOKEN).await.unwrap_or_else(|_| panic!("{answer}"));
    }
}

#[tokio::test]
async fn without_an_answer_nobody_can_tell() {
    let site = Site::empty().await;
    let elsewhere = Site::empty().await;
    elsewhere.put(AT, Page::json(&active()));
    let large = but("pad", json!("x".repeat(1 << 20)));
    for page in [
        Page::status(401),
        Page::status(404),
        Page::status(500),
        Page { status: 201, ..Page::json(&active()) },
        Page::status(307).with("location", format!("{}{AT}", elsewhere.origin)),
        Page::text("active"),
        Page::text("[true]"),
        Page::text(""),
        Page::json(&large),
    ] {
        let status = page.status;
        site.put(AT, page);
        assert_eq!(introspection(&site, 0).claims(TOKEN).await, Err(Unavailable), "{status}");
    }
    assert_eq!(elsewhere.came(), [], "no token is sent elsewhere");
    let nobody = Settings { url: "http://127.0.0.1:1/".to_owned(), ..settings(&site, 0) };
    assert_eq!(Introspection::new(nobody).unwrap().claims(TOKEN).await, Err(Unavailable));
}

#[tokio::test]
async fn answers_are_remembered_for_a_while() {
    let site = Site::empty().await;
    site.put(AT, Page::json(&active()));
    let (remembers, does_not) = (introspection(&site, 30), introspection(&site, 0));
    for _ in 0..3 {
        remembers.claims(TOKEN).await.expect("it is good");
    }
    assert_eq!(site.asked(AT), 1);
    for _ in 0..3 {
        does_not.claims(TOKEN).await.expect("it is good");
    }
    assert_eq!(site.asked(AT), 4);
    remembers.claims("another").await.expect("it is good");
    assert_eq!(site.asked(AT), 5, "each token is asked for");

    // Revoked: known at once, or when the answer is old.
    site.put(AT, Page::json(&json!({"active": false})));
    assert_eq!(does_not.claims(TOKEN).await, Err(INACTIVE));
    remembers.claims(TOKEN).await.expect("it is remembered");
    pass(Duration::from_secs(31)).await;
    assert_eq!(remembers.claims(TOKEN).await, Err(INACTIVE));
    site.put(AT, Page::json(&active()));
    remembers.claims(TOKEN).await.expect("a no is not remembered");
}

#[tokio::test]
async fn no_answer_outlives_its_token() {
    let site = Site::empty().await;
    site.put(AT, Page::json(&but("exp", json!(now() + 10))));
    let asked = introspection(&site, 3600);
    asked.claims(TOKEN).await.expect("it is good");
    pass(Duration::from_secs(11)).await;
    asked.claims(TOKEN).await.expect("the clock of the test stands still");
    assert_eq!(site.asked(AT), 2);
    // Over, and good only by the skew: not remembered at all.
    site.put(AT, Page::json(&but("exp", json!(now() - 10))));
    for _ in 0..2 {
        asked.claims("other").await.expect("clocks may be wrong");
    }
    assert_eq!(site.asked(AT), 4);
}

#[tokio::test]
async fn what_is_remembered_has_an_end() {
    let site = Site::empty().await;
    site.put(AT, Page::json(&active()));
    let asked = introspection(&site, 30);
    for number in 0..1025 {
        asked.claims(&format!("token{number}")).await.expect("it is good");
    }
    assert_eq!(site.asked(AT), 1025);
    asked.claims("token1024").await.expect("it is good");
    assert_eq!(site.asked(AT), 1025, "the last is remembered");
    asked.claims("token0").await.expect("it is good");
    assert_eq!(site.asked(AT), 1026, "the first is not");
}

#[test]
fn settings_must_be_right() {
    let at = |url: &str| {
        let settings = Settings {
            url: url.to_owned(),
            client_id: "mcp".to_owned(),
            client_secret: "hidden".to_owned(),
            audience: AUDIENCE.to_owned(),
            cache: Duration::ZERO,
        };
        Introspection::new(settings)
    };
    let good = at("https://issuer.example/introspect?tenant=1").expect("a good one");
    assert!(!format!("{good:?}").contains("hidden"), "{good:?}");
    for bad in ["http://issuer.example/", "issuer.example", "https://a:b@issuer.example/"] {
        at(bad).expect_err(bad);
    }
}

/// So many tokens that nobody knows, at once.
async fn at_once(asked: &Introspection, tokens: &[String]) -> Vec<Result<(), Refused>> {
    let ask = |token| async move { asked.claims(token).await.map(drop) };
    futures_util::future::join_all(tokens.iter().map(|token| ask(token))).await
}

#[tokio::test]
async fn only_so_many_questions_are_open() {
    let site = Site::empty().await;
    site.put(AT, Page { late: Duration::from_millis(300), ..Page::json(&active()) });
    let asked = introspection(&site, 60);
    let tokens: Vec<String> = (0..100).map(|number| format!("token-{number}")).collect();
    let (answers, open) = tokio::join!(at_once(&asked, &tokens), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        site.asked(AT)
    });
    assert_eq!(open, 32);
    assert!(answers.iter().all(Result::is_ok), "all of them in their turn");
    assert_eq!(site.asked(AT), 100);
    // One token that many show: who had to wait hears what the others were told.
    let same = vec!["the same".to_owned(); 100];
    assert!(at_once(&asked, &same).await.iter().all(Result::is_ok));
    assert_eq!(site.asked(AT), 132);
    // Nobody waits for longer than for an answer.
    site.put(AT, Page { late: Duration::from_secs(60), ..Page::json(&active()) });
    let begun = std::time::Instant::now();
    let tokens: Vec<String> = (0..40).map(|number| format!("late-{number}")).collect();
    let answers = at_once(&asked, &tokens).await;
    assert!(answers.iter().all(|answer| *answer == Err(Unavailable)), "{answers:?}");
    assert!(begun.elapsed() < Duration::from_secs(7), "{:?}", begun.elapsed());
}
