//! Signed tokens: what is taken, and all that is not.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use mcpgen_runtime::claims::Refused::{self, Invalid, Unavailable};
use mcpgen_runtime::jwt::{Issuer, Settings};
use serde_json::{Value, json};
use sha2::Sha256;

use super::issuer::{AUDIENCE, KEYS, Key, OAUTH, OPENID, Page, Site, message, now, pass};

const MINUTE: Duration = Duration::from_secs(60);
const NO_KEY: Refused = Invalid("the issuer has no such key");
const WRONG: Refused = Invalid("the signature of the token is wrong");
const UNREAD: Refused = Invalid("the token is no signed JWT");
const ALGORITHM: Refused = Invalid("the token is signed with an algorithm that is not taken");

async fn refused(issuer: &Issuer, token: &str) -> Refused {
    issuer.claims(token).await.expect_err("the token is taken")
}

#[tokio::test]
async fn good_tokens_of_every_algorithm_are_taken() {
    let keys =
        [Key::rs256("a"), Key::ps256("b"), Key::es256("c"), Key::es384("d"), Key::ed25519("e")];
    let site = Site::new(&keys.iter().collect::<Vec<_>>()).await;
    let issuer = site.issuer();
    for key in &keys {
        let good = site.good();
        let claims = issuer.claims(&key.sign(&good)).await.expect(key.algorithm);
        assert_eq!(Value::Object(claims), good, "{}", key.algorithm);
    }
    assert_eq!((site.asked(OPENID), site.asked(KEYS)), (1, 1), "it is asked once");
    let several = site.but("aud", json!(["https://other.example", AUDIENCE]));
    issuer.claims(&keys[2].sign(&several)).await.expect("one audience of several");
    for kind in [json!("JWT"), json!("application/at+jwt"), json!("AT+JWT")] {
        let mut header = keys[2].header();
        header["typ"] = kind.clone();
        let token = keys[2].sign_as(&header, &site.good());
        issuer.claims(&token).await.unwrap_or_else(|_| panic!("{kind}"));
    }
}

#[tokio::test]
async fn claims_must_be_right() {
    let key = Key::es256("a");
    let site = Site::new(&[&key]).await;
    let issuer = site.issuer();
    let now = now();
    let not_for = Invalid("the token is not for this server");
    let other_issuer = Invalid("the token is of another issuer");
    let expired = Invalid("the token has expired");
    let early = Invalid("the token is not good yet");
    let future = Invalid("the token was issued in the future");
    let no_number = Invalid("a time is no number");
    let cases = [
        (site.but("exp", json!(now - 31)), expired),
        (site.but("exp", json!(0)), expired),
        (site.but("exp", json!(-1.5)), expired),
        (site.but("exp", json!("never")), no_number),
        (site.but("exp", Value::Null), no_number),
        (site.without("exp"), Invalid("the token does not say when it expires")),
        (site.but("nbf", json!(now + 40)), early),
        (site.but("nbf", json!(true)), no_number),
        (site.but("iat", json!(now + 40)), future),
        (site.but("aud", json!("https://other.example")), not_for),
        (site.but("aud", json!(format!("{AUDIENCE}/"))), not_for),
        (site.but("aud", json!(["https://other.example"])), not_for),
        (site.but("aud", json!([[AUDIENCE]])), not_for),
        (site.but("aud", json!({AUDIENCE: AUDIENCE})), not_for),
        (site.but("aud", json!([])), not_for),
        (site.but("aud", Value::Null), not_for),
        (site.without("aud"), not_for),
        (site.but("iss", json!("https://other.example")), other_issuer),
        (site.but("iss", json!(format!("{}/", site.origin))), other_issuer),
        (site.but("iss", json!([site.origin])), other_issuer),
        (site.without("iss"), other_issuer),
        (
            site.but("cnf", json!({"jkt": "of a key"})),
            Invalid("the token is bound to a key, and no bearer token"),
        ),
    ];
    for (claims, because) in cases {
        assert_eq!(refused(&issuer, &key.sign(&claims)).await, because, "{claims}");
    }
    // Within the skew, clocks may be wrong.
    for (name, at) in [("exp", now - 20), ("nbf", now + 20), ("iat", now + 20)] {
        let token = key.sign(&site.but(name, json!(at)));
        issuer.claims(&token).await.unwrap_or_else(|_| panic!("{name} within the skew"));
    }
    let exact = Issuer::new(Settings { skew: Duration::ZERO, ..site.settings() }).unwrap();
    assert_eq!(refused(&exact, &key.sign(&site.but("exp", json!(now - 1)))).await, expired);
    assert_eq!(refused(&exact, &key.sign(&site.but("nbf", json!(now + 20)))).await, early);
}

#[tokio::test]
async fn nothing_but_a_signature_of_the_issuer_counts() {
    let (rsa, ec) = (Key::rs256("rsa"), Key::es256("ec"));
    let site = Site::new(&[&rsa, &ec]).await;
    let issuer = site.issuer();
    let good = site.good();
    let token = ec.sign(&good);
    issuer.claims(&token).await.expect("it is good");

    // `alg: none`, in all spellings, with and without a signature.
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let unsigned = message(&json!({"alg": none, "kid": "ec"}), &good);
        for token in [format!("{unsigned}."), unsigned.clone(), format!("{unsigned}.AAAA")] {
            assert_eq!(refused(&issuer, &token).await, UNREAD, "{none:?}");
        }
    }

    // A public key is no secret: HS256 with any form of it.
    let der = [&[0x30, 0x82][..], &rsa.public()].concat();
    let forms = [rsa.public(), ec.public(), der, ec.jwk().to_string().into(), Vec::new()];
    for secret in forms {
        for id in ["rsa", "ec"] {
            let message = message(&json!({"alg": "HS256", "kid": id}), &good);
            let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
            mac.update(message.as_bytes());
            let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
            assert_eq!(refused(&issuer, &format!("{message}.{signature}")).await, ALGORITHM);
        }
    }

    // A key of one kind as one of another.
    for (key, algorithm) in [(&rsa, "ES256"), (&ec, "RS256"), (&rsa, "PS256"), (&ec, "ES384")] {
        let mut header = key.header();
        header["alg"] = algorithm.into();
        assert_eq!(refused(&issuer, &key.sign_as(&header, &good)).await, NO_KEY, "{algorithm}");
    }

    // A key that the token brings along.
    let stranger = Key::es256("ec");
    let mut header = stranger.header();
    header["jwk"] = stranger.jwk();
    header["jku"] = format!("{}/stranger", site.origin).into();
    site.put("/stranger", Page::json(&json!({"keys": [stranger.jwk()]})));
    assert_eq!(refused(&issuer, &stranger.sign_as(&header, &good)).await, WRONG);
    assert_eq!(site.asked("/stranger"), 0, "a token does not say where keys lie");

    // Another text, another signature, half of one, none.
    let (head, signature) = token.rsplit_once('.').unwrap();
    let other = message(&ec.header(), &site.but("sub", json!("root")));
    let half = &signature[..signature.len() / 2 - 3];
    for token in [format!("{other}.{signature}"), format!("{head}.{half}"), format!("{head}.")] {
        assert_eq!(refused(&issuer, &token).await, WRONG, "{token}");
    }
    let foreign = rsa.sign(&good);
    let foreign = foreign.rsplit_once('.').unwrap().1;
    assert_eq!(refused(&issuer, &format!("{head}.{foreign}")).await, WRONG);
}

#[tokio::test]
async fn headers_must_be_right() {
    let key = Key::es256("a");
    let site = Site::new(&[&key]).await;
    let issuer = site.issuer();
    let with = |name: &str, value: Value| {
        let mut header = key.header();
        header[name] = value;
        key.sign_as(&header, &site.good())
    };
    let critical = Invalid("the token asks for more than is known here");
    assert_eq!(refused(&issuer, &with("crit", json!(["exp"]))).await, critical);
    assert_eq!(refused(&issuer, &with("crit", json!([]))).await, critical);
    let other = Invalid("this is no access token");
    for kind in ["logout+jwt", "DPoP+JWT", "application/secevent+jwt"] {
        assert_eq!(refused(&issuer, &with("typ", json!(kind))).await, other, "{kind}");
    }
    // Asymmetric, but not on the list.
    let only = Settings { algorithms: &["RS256"], ..site.settings() };
    assert_eq!(refused(&Issuer::new(only).unwrap(), &key.sign(&site.good())).await, ALGORITHM);
}

#[tokio::test]
async fn garbage_is_refused_and_asks_nobody() {
    let site = Site::new(&[]).await;
    let issuer = site.issuer();
    let none = Invalid("this is no bearer token");
    for token in ["", " ", "====", "a b", "a\r\nb", "\u{e4}", "a=b", "{}", "a,b", "\0"] {
        assert_eq!(refused(&issuer, token).await, none, "{token:?}");
    }
    for token in ["a", "a.b", "a.b.c", "..", "...", "a.b.c.d.e", "e30.e30.e30", "bnVsbA.e30.e30"] {
        assert_eq!(refused(&issuer, token).await, UNREAD, "{token:?}");
    }
    let long = Invalid("the token is too long");
    assert_eq!(refused(&issuer, &"a".repeat(16 * 1024 + 1)).await, long);
    assert_eq!(refused(&issuer, &"a".repeat(16 * 1024)).await, UNREAD);
    assert_eq!(site.came(), []);
}

#[tokio::test]
async fn an_unknown_key_is_asked_for_once() {
    let (key, stranger) = (Key::es256("a"), Key::es256("unknown"));
    let site = Site::new(&[&key]).await;
    let issuer = site.issuer();
    issuer.claims(&key.sign(&site.good())).await.expect("it is good");
    assert_eq!(site.asked(KEYS), 1);
    pass(MINUTE / 4).await;
    for _ in 0..50 {
        assert_eq!(refused(&issuer, &stranger.sign(&site.good())).await, NO_KEY);
    }
    assert_eq!(site.asked(KEYS), 2, "made-up keys cost one question in ten seconds");
    issuer.claims(&key.sign(&site.good())).await.expect("nobody is kept out by that");
    pass(MINUTE / 4).await;
    assert_eq!(refused(&issuer, &stranger.sign(&site.good())).await, NO_KEY);
    assert_eq!(site.asked(KEYS), 3);
}

#[tokio::test]
async fn keys_that_change_are_found_and_forgotten() {
    let (old, new) = (Key::es256("old"), Key::es256("new"));
    let site = Site::new(&[&old]).await;
    let issuer = site.issuer();
    let (first, second) = (old.sign(&site.good()), new.sign(&site.good()));
    issuer.claims(&first).await.expect("the key is there");
    site.keys(&[&new]);
    issuer.claims(&first).await.expect("it is remembered");
    pass(MINUTE / 4).await;
    issuer.claims(&second).await.expect("the new key is found at once");
    assert_eq!(refused(&issuer, &first).await, NO_KEY, "the old one is gone");
    assert_eq!(site.asked(KEYS), 2);
}

#[tokio::test]
async fn keys_are_good_for_as_long_as_the_issuer_says() {
    let key = Key::es256("a");
    for (told, minutes) in [
        (None, 10),
        (Some("public, max-age=300"), 5),
        (Some("max-age=0"), 1),
        (Some("no-store"), 10),
        (Some("max-age=99999999"), 60),
        (Some("max-age=soon"), 10),
    ] {
        let site = Site::new(&[&key]).await;
        let mut page = Page::json(&json!({"keys": [key.jwk()]}));
        if let Some(told) = told {
            page = page.with("cache-control", told);
        }
        site.put(KEYS, page);
        let issuer = site.issuer();
        let token = key.sign(&site.good());
        issuer.claims(&token).await.expect("it is good");
        pass(MINUTE * minutes - MINUTE / 4).await;
        issuer.claims(&token).await.expect("it is good");
        assert_eq!(site.asked(KEYS), 1, "{told:?} is asked too early");
        pass(MINUTE / 2).await;
        issuer.claims(&token).await.expect("it is good");
        assert_eq!(site.asked(KEYS), 2, "{told:?} is asked too late");
    }
}

#[tokio::test]
async fn many_at_once_ask_once_and_nobody_breaks_it_off() {
    let key = Key::es256("a");
    let site = Site::new(&[&key]).await;
    let late = Duration::from_millis(200);
    site.put(KEYS, Page { late, ..Page::json(&json!({"keys": [key.jwk()]})) });
    let issuer = site.issuer();
    let token = key.sign(&site.good());
    // The first goes away before the answer is there.
    let gone = tokio::time::timeout(late / 4, issuer.claims(&token)).await;
    assert!(gone.is_err(), "it waits for the keys");
    let all = futures_util::future::join_all((0..20).map(|_| issuer.claims(&token))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!((site.asked(OPENID), site.asked(KEYS)), (1, 1));
}

#[tokio::test]
async fn an_issuer_that_is_away_is_not_asked_all_the_time() {
    let key = Key::es256("a");
    let site = Site::new(&[&key]).await;
    site.put(KEYS, Page::status(503));
    let issuer = site.issuer();
    let token = key.sign(&site.good());
    for _ in 0..5 {
        assert_eq!(refused(&issuer, &token).await, Unavailable);
    }
    assert_eq!(site.asked(KEYS), 1);
    site.keys(&[&key]);
    pass(MINUTE / 4).await;
    issuer.claims(&token).await.expect("it is back");

    // Keys outlive the issuer, for a while.
    site.put(OPENID, Page::status(500));
    pass(MINUTE * 11).await;
    issuer.claims(&token).await.expect("the keys are remembered");
    assert_eq!(refused(&issuer, &Key::es256("b").sign(&site.good())).await, Unavailable);
    site.put(OPENID, Page { late: MINUTE, ..Page::status(500) });
    pass(MINUTE * 58).await;
    let began = std::time::Instant::now();
    issuer.claims(&token).await.expect("the keys are remembered");
    assert!(began.elapsed() < Duration::from_secs(1), "nobody waits for who is away");
    site.put(OPENID, Page::status(500));
    pass(MINUTE * 2).await;
    assert_eq!(refused(&issuer, &token).await, Unavailable);

    // Nobody listens at all.
    let nobody = Settings { issuer: "http://127.0.0.1:1".to_owned(), ..site.settings() };
    assert_eq!(refused(&Issuer::new(nobody).unwrap(), &token).await, Unavailable);
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_is_not_waited_for() {
    let key = Key::es256("a");
    let site = Site::new(&[&key]).await;
    site.put(OPENID, Page { late: MINUTE, ..Page::json(&site.metadata()) });
    let issuer = site.issuer();
    let token = key.sign(&site.good());
    let began = std::time::Instant::now();
    assert_eq!(refused(&issuer, &token).await, Unavailable);
    assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
}

#[tokio::test]
async fn answers_that_are_no_good_are_not_taken() {
    let key = Key::es256("a");
    let site = Site::new(&[&key]).await;
    let token = key.sign(&site.good());
    let metadata = |name: &str, value: Value| {
        let mut metadata = site.metadata();
        metadata[name] = value;
        (OPENID, Page::json(&metadata))
    };
    let keys = json!({"keys": [key.jwk()]});
    let elsewhere = Site::new(&[&key]).await;
    let large = format!("{{\"keys\": [{}], \"pad\": {:?}}}", key.jwk(), "x".repeat(1 << 20));
    let moved = |path| Page::status(302).with("location", format!("{}{path}", elsewhere.origin));
    let cases = [
        metadata("issuer", json!("https://other.example")),
        metadata("issuer", json!(format!("{}/", site.origin))),
        metadata("issuer", Value::Null),
        metadata("jwks_uri", json!("http://issuer.example/keys")),
        metadata("jwks_uri", json!("file:///etc/passwd")),
        metadata("jwks_uri", json!("/keys")),
        metadata("jwks_uri", Value::Null),
        (OPENID, Page::text("<html>")),
        (OPENID, Page::status(204)),
        (OPENID, moved(OPENID)),
        (KEYS, moved(KEYS)),
        (KEYS, Page::text(&large)),
        (KEYS, Page::text("<html>")),
        (KEYS, Page::json(&json!([key.jwk()]))),
        (KEYS, Page { status: 404, ..Page::json(&keys) }),
    ];
    for (number, (path, page)) in cases.into_iter().enumerate() {
        site.put(OPENID, Page::json(&site.metadata()));
        site.put(KEYS, Page::json(&keys));
        site.issuer().claims(&token).await.expect("it is good");
        site.put(path, page);
        assert_eq!(refused(&site.issuer(), &token).await, Unavailable, "case {number} at {path}");
    }
    assert_eq!(elsewhere.came(), [], "nobody is sent elsewhere");
}

#[tokio::test]
async fn keys_that_are_no_good_are_passed_over() {
    let key = Key::es256("a");
    let site = Site::new(&[&key]).await;
    let token = key.sign(&site.good());
    let but = |name: &str, value: Value| {
        let mut jwk = key.jwk();
        jwk[name] = value;
        jwk
    };
    let odd = [
        but("use", json!("enc")),
        but("alg", json!("ES384")),
        but("alg", json!("ECDH-ES")),
        but("crv", json!("P-384")),
        but("key_ops", json!(["sign"])),
        but("kid", json!("b")),
        but("x", json!("?")),
        but("kty", json!("XY")),
        json!({"kty": "oct", "kid": "a", "k": "c2VjcmV0"}),
        json!(7),
    ];
    for jwk in &odd {
        site.put(KEYS, Page::json(&json!({"keys": [jwk]})));
        assert_eq!(refused(&site.issuer(), &token).await, NO_KEY, "{jwk}");
    }
    let mut all = odd.to_vec();
    all.push(key.jwk());
    site.put(KEYS, Page::json(&json!({"keys": all})));
    site.issuer().claims(&token).await.expect("the good one among them");
}

#[tokio::test]
async fn a_token_without_a_key_id_fits_one_key_or_none() {
    let (key, other) = (Key::es256("a").nameless(), Key::es256("b"));
    let site = Site::new(&[&key, &Key::rs256("c"), &Key::es384("d")]).await;
    let token = key.sign(&site.good());
    site.issuer().claims(&token).await.expect("one key fits");
    site.keys(&[&key, &other]);
    let ambiguous = Invalid("the token does not say which key it is signed with");
    assert_eq!(refused(&site.issuer(), &token).await, ambiguous);
    site.keys(&[&Key::rs256("c")]);
    assert_eq!(refused(&site.issuer(), &token).await, NO_KEY);
}

#[tokio::test]
async fn metadata_is_found_in_all_places() {
    let key = Key::es256("a");
    let at = [
        ("", vec![OPENID.to_owned(), OAUTH.to_owned()]),
        ("/", vec![OPENID.to_owned(), OAUTH.to_owned()]),
        (
            "/tenant/one",
            vec![
                format!("/tenant/one{OPENID}"),
                format!("{OAUTH}/tenant/one"),
                format!("{OPENID}/tenant/one"),
            ],
        ),
    ];
    for (path, places) in at {
        for place in &places {
            let site = Site::empty().await;
            let name = format!("{}{path}", site.origin);
            let mut metadata = site.metadata();
            metadata["issuer"] = json!(name);
            site.put(place, Page::json(&metadata));
            site.keys(&[&key]);
            let issuer = Issuer::new(Settings { issuer: name.clone(), ..site.settings() }).unwrap();
            let token = key.sign(&site.but("iss", json!(name)));
            issuer.claims(&token).await.unwrap_or_else(|_| panic!("{name} at {place}"));
            let came: Vec<_> = site.came().into_iter().map(|(path, ..)| path).collect();
            let tried = places.iter().position(|it| it == place).unwrap();
            assert_eq!(came[..=tried], places[..=tried], "in this order");
        }
    }
}

#[test]
fn settings_must_be_right() {
    let issuer = |issuer: &str, algorithms| {
        let audience = AUDIENCE.to_owned();
        let skew = Duration::ZERO;
        Issuer::new(Settings { issuer: issuer.to_owned(), audience, algorithms, skew })
    };
    for good in
        ["https://issuer.example", "https://a.example/b", "http://localhost:1", "http://[::1]/a"]
    {
        issuer(good, &["RS256"]).expect(good);
    }
    for bad in [
        "",
        "issuer.example",
        "http://issuer.example",
        "http://localhost.example",
        "http://10.0.0.1",
        "ftp://issuer.example",
        "https://name:password@issuer.example",
        "https://issuer.example?tenant=1",
        "https://issuer.example#here",
    ] {
        issuer(bad, &["RS256"]).expect_err(bad);
    }
    for bad in ["HS256", "HS512", "none", "rs256", "ES512", ""] {
        let list: &'static [&'static str] = Box::leak(Box::new(["RS256", bad]));
        let error = issuer("https://issuer.example", list).expect_err(bad);
        assert!(error.contains(bad), "{error}");
    }
}
