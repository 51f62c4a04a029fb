//! An issuer for tests: it answers what it is told to, signs what it is given, and counts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use mcpgen_runtime::jwt::{Issuer, Settings};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaEncoding, RsaKeyPair,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub const AUDIENCE: &str = "https://mcp.example/mcp";
pub const OPENID: &str = "/.well-known/openid-configuration";
pub const OAUTH: &str = "/.well-known/oauth-authorization-server";
pub const KEYS: &str = "/keys";

/// What a path answers.
#[derive(Clone)]
pub struct Page {
    pub status: u16,
    pub header: Option<(&'static str, String)>,
    pub body: Vec<u8>,
    pub late: Duration,
}

impl Page {
    pub fn json(body: &Value) -> Self {
        Self::text(&body.to_string())
    }

    pub fn text(body: &str) -> Self {
        Self { status: 200, header: None, body: body.into(), late: Duration::ZERO }
    }

    pub fn status(status: u16) -> Self {
        Self { status, ..Self::text("") }
    }

    pub fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        Self { header: Some((name, value.into())), ..self }
    }
}

/// What came: path, authorization, body.
pub type Came = (String, String, String);

#[derive(Default)]
struct Pages {
    answers: Mutex<HashMap<String, Page>>,
    came: Mutex<Vec<Came>>,
}

pub struct Site {
    pub origin: String,
    pages: Arc<Pages>,
    serving: JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Site {
    /// A site without pages.
    pub async fn empty() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let pages = Arc::<Pages>::default();
        let router = Router::new().fallback(answer).with_state(pages.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { origin, pages, serving }
    }

    /// An issuer with these keys.
    pub async fn new(keys: &[&Key]) -> Self {
        let site = Self::empty().await;
        site.put(OPENID, Page::json(&site.metadata()));
        site.keys(keys);
        site
    }

    pub fn metadata(&self) -> Value {
        json!({"issuer": self.origin, "jwks_uri": format!("{}{KEYS}", self.origin)})
    }

    pub fn keys(&self, keys: &[&Key]) {
        let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
        self.put(KEYS, Page::json(&json!({"keys": keys})));
    }

    pub fn put(&self, path: &str, page: Page) {
        self.pages.answers.lock().unwrap().insert(path.to_owned(), page);
    }

    pub fn came(&self) -> Vec<Came> {
        self.pages.came.lock().unwrap().clone()
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.came().iter().filter(|(came, ..)| came == path).count()
    }

    pub fn settings(&self) -> Settings {
        Settings {
            issuer: self.origin.clone(),
            audience: AUDIENCE.to_owned(),
            algorithms: &["RS256", "PS256", "ES256", "ES384", "EdDSA"],
            skew: Duration::from_secs(30),
        }
    }

    pub fn issuer(&self) -> Issuer {
        Issuer::new(self.settings()).unwrap()
    }

    /// What a good token says.
    pub fn good(&self) -> Value {
        let now = now();
        json!({
            "iss": self.origin, "aud": AUDIENCE, "sub": "somebody", "scope": "read write",
            "iat": now, "nbf": now, "exp": now + 300,
        })
    }

    /// A good token, but for this.
    pub fn but(&self, name: &str, value: Value) -> Value {
        let mut claims = self.good();
        claims[name] = value;
        claims
    }

    /// A good token without this.
    pub fn without(&self, name: &str) -> Value {
        let mut claims = self.good();
        claims.as_object_mut().unwrap().remove(name);
        claims
    }
}

async fn answer(State(pages): State<Arc<Pages>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let authorization = parts.headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap());
    let body = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
    let came = (path.clone(), authorization.unwrap_or_default().to_owned(), body);
    pages.came.lock().unwrap().push(came);
    let page = pages.answers.lock().unwrap().get(&path).cloned();
    let page = page.unwrap_or_else(|| Page::status(404));
    tokio::time::sleep(page.late).await;
    let mut response = Response::builder().status(page.status);
    if let Some((name, value)) = &page.header {
        response = response.header(*name, value);
    }
    response.body(Body::from(page.body)).unwrap()
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Lets time pass.
pub async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

enum Pair {
    Rsa(Box<RsaKeyPair>, &'static dyn RsaEncoding),
    Ec(EcdsaKeyPair, &'static str),
    Ed(Ed25519KeyPair),
}

/// A key of an issuer.
pub struct Key {
    id: Option<&'static str>,
    pub algorithm: &'static str,
    pair: Pair,
}

impl Key {
    /// The one RSA key: ring makes none.
    fn rsa(id: &'static str, algorithm: &'static str, padding: &'static dyn RsaEncoding) -> Self {
        let text: String = include_str!("rsa.b64").split_whitespace().collect();
        let pair = RsaKeyPair::from_pkcs8(&STANDARD.decode(text).unwrap()).unwrap();
        Self { id: Some(id), algorithm, pair: Pair::Rsa(Box::new(pair), padding) }
    }

    pub fn rs256(id: &'static str) -> Self {
        Self::rsa(id, "RS256", &RSA_PKCS1_SHA256)
    }

    pub fn ps256(id: &'static str) -> Self {
        Self::rsa(id, "PS256", &RSA_PSS_SHA256)
    }

    fn ec(
        id: &'static str,
        algorithm: &'static str,
        curve: &'static str,
        how: &'static EcdsaSigningAlgorithm,
    ) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(how, pkcs8.as_ref(), &random).unwrap();
        Self { id: Some(id), algorithm, pair: Pair::Ec(pair, curve) }
    }

    pub fn es256(id: &'static str) -> Self {
        Self::ec(id, "ES256", "P-256", &ECDSA_P256_SHA256_FIXED_SIGNING)
    }

    pub fn es384(id: &'static str) -> Self {
        Self::ec(id, "ES384", "P-384", &ECDSA_P384_SHA384_FIXED_SIGNING)
    }

    pub fn ed25519(id: &'static str) -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
        Self { id: Some(id), algorithm: "EdDSA", pair: Pair::Ed(pair) }
    }

    /// The same without a name.
    pub fn nameless(self) -> Self {
        Self { id: None, ..self }
    }

    /// The bytes of the public half.
    pub fn public(&self) -> Vec<u8> {
        match &self.pair {
            Pair::Rsa(pair, _) => pair.public().as_ref().to_vec(),
            Pair::Ec(pair, _) => pair.public_key().as_ref().to_vec(),
            Pair::Ed(pair) => pair.public_key().as_ref().to_vec(),
        }
    }

    pub fn jwk(&self) -> Value {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let public = self.public();
        let mut jwk = match &self.pair {
            Pair::Rsa(pair, _) => {
                let public = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({"kty": "RSA", "n": encode(&public.n), "e": encode(&public.e)})
            }
            Pair::Ec(_, curve) => {
                let (x, y) = public[1..].split_at((public.len() - 1) / 2);
                json!({"kty": "EC", "crv": curve, "x": encode(x), "y": encode(y)})
            }
            Pair::Ed(_) => json!({"kty": "OKP", "crv": "Ed25519", "x": encode(&public)}),
        };
        jwk["use"] = "sig".into();
        jwk["alg"] = self.algorithm.into();
        if let Some(id) = self.id {
            jwk["kid"] = id.into();
        }
        jwk
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(&self.header(), claims)
    }

    pub fn header(&self) -> Value {
        let mut header = json!({"typ": "at+jwt", "alg": self.algorithm});
        if let Some(id) = self.id {
            header["kid"] = id.into();
        }
        header
    }

    /// A token with any header.
    pub fn sign_as(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let bytes = message.as_bytes();
        let signature = match &self.pair {
            Pair::Rsa(pair, padding) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(*padding, &SystemRandom::new(), bytes, &mut signature).unwrap();
                signature
            }
            Pair::Ec(pair, _) => pair.sign(&SystemRandom::new(), bytes).unwrap().as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(bytes).as_ref().to_vec(),
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// What is signed of a token.
pub fn message(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", encode(header), encode(claims))
}
