//! Tokens of a certified OpenID provider: `tests/e2e/oidc.sh` starts it, and then these tests.

use std::time::Duration;

use mcpgen_runtime::claims::Refused::{self, Invalid, Unavailable};
use mcpgen_runtime::introspection::{self, Introspection};
use mcpgen_runtime::jwt::{self, Issuer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const AUDIENCE: &str = "https://mcp.example/mcp";
const ALGORITHMS: &[&str] = &["RS256", "PS256", "ES256", "EdDSA"];

fn at() -> String {
    std::env::var("MCPGEN_TEST_ISSUER").expect("tests/e2e/oidc.sh runs this")
}

/// What the provider does for tests.
async fn get(path: &str) -> String {
    let told = std::env::var("MCPGEN_TEST_TOLD").expect("tests/e2e/oidc.sh runs this");
    let host = told.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!("GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(" 200 "), "{path}: {answer}");
    body.to_owned()
}

/// Lets time pass.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

async fn token(kind: &str) -> String {
    get(&format!("token/{kind}")).await
}

fn issuer(issuer: String) -> Issuer {
    let (audience, skew) = (AUDIENCE.to_owned(), Duration::ZERO);
    Issuer::new(jwt::Settings { issuer, audience, algorithms: ALGORITHMS, skew }).unwrap()
}

fn introspection(issuer: &str, cache: u64) -> Introspection {
    Introspection::new(introspection::Settings {
        url: format!("{issuer}/token/introspection"),
        client_id: "mcp-server".to_owned(),
        client_secret: "s:e%c/r+e t".to_owned(),
        audience: AUDIENCE.to_owned(),
        cache: Duration::from_secs(cache),
    })
    .unwrap()
}

const NO_KEY: Refused = Invalid("the issuer has no such key");

#[tokio::test]
async fn signed_tokens() {
    let issuer = issuer(at());
    for kind in ["good", "ps256", "es256", "eddsa"] {
        let claims = issuer.claims(&token(kind).await).await.expect(kind);
        assert_eq!(claims["aud"], AUDIENCE, "{kind}");
        assert_eq!(claims["client_id"], "mcp-client", "{kind}");
        assert_eq!(claims["scope"], "users:read", "{kind}");
    }
    for (kind, because) in [
        ("expired", "the token has expired"),
        ("wrong-audience", "the token is not for this server"),
        ("wrong-issuer", "the token is of another issuer"),
        ("none", "the token is no signed JWT"),
        ("confused", "the token is signed with an algorithm that is not taken"),
        ("tampered", "the signature of the token is wrong"),
        ("opaque", "the token is no signed JWT"),
    ] {
        assert_eq!(issuer.claims(&token(kind).await).await, Err(Invalid(because)), "{kind}");
    }

    // Other keys: what they sign is good at once, and what the old ones signed no longer.
    let old = token("good").await;
    issuer.claims(&old).await.expect("it is good");
    get("rotate").await;
    let new = token("good").await;
    pass(Duration::from_secs(11)).await;
    issuer.claims(&new).await.expect("the new key is found");
    assert_eq!(issuer.claims(&old).await, Err(NO_KEY));
}

#[tokio::test]
async fn opaque_tokens() {
    let (exact, remembers) = (introspection(&at(), 0), introspection(&at(), 30));
    let opaque = token("opaque").await;
    for asked in [&exact, &remembers] {
        let claims = asked.claims(&opaque).await.expect("it is good");
        assert_eq!(claims["aud"], AUDIENCE);
        assert_eq!(claims["client_id"], "mcp-client");
        assert_eq!(claims["scope"], "users:read");
    }
    get(&format!("revoke/{opaque}")).await;
    let inactive = Invalid("the token is not active");
    assert_eq!(exact.claims(&opaque).await, Err(inactive), "it is revoked");
    remembers.claims(&opaque).await.expect("it is remembered");
    pass(Duration::from_secs(31)).await;
    assert_eq!(remembers.claims(&opaque).await, Err(inactive));

    let other = Invalid("the token is not for this server");
    assert_eq!(exact.claims(&token("opaque-wrong-audience").await).await, Err(other));
    assert_eq!(exact.claims(&token("opaque-expired").await).await, Err(inactive));
    assert_eq!(exact.claims("made-up").await, Err(inactive));
}

#[tokio::test]
async fn nobody_is_taken_for_the_issuer() {
    let good = token("good").await;
    let unknown = issuer(get("unknown").await);
    assert_eq!(unknown.claims(&good).await, Err(Unavailable), "its certificate is unknown");
    let elsewhere = introspection(&at().replace("localhost", "127.0.0.1"), 0);
    assert_eq!(elsewhere.claims(&good).await, Err(Unavailable), "its certificate is of another");
}
