//! Tokens that are signed: JWTs of an issuer that tells where its keys lie (OpenID Connect Discovery,
//! RFC 8414).

use std::str::FromStr as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::signature::{Error as SignatureError, Verifier};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, Header, Validation, decode,
    decode_header,
};
use reqwest::header::{CACHE_CONTROL, HeaderMap};
use reqwest::{Client, Url};
use ring::signature as ring;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::claims::{Claims, Refused};
use super::token;

/// Whose tokens are taken, and which.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The issuer, as its tokens and its metadata name it.
    pub issuer: String,
    /// For whom tokens must be: what this server is called.
    pub audience: String,
    /// How tokens may be signed: `RS256`, `ES256` and the like.
    pub algorithms: &'static [&'static str],
    /// By how much clocks may be wrong.
    pub skew: Duration,
}

/// Somebody whose signature is taken.
#[derive(Debug)]
pub struct Issuer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    url: Url,
    algorithms: Vec<Algorithm>,
    client: Client,
    keys: RwLock<Option<Arc<Keys>>>,
    /// When the issuer was asked last. Whoever holds this is asking.
    asked: Mutex<Option<Instant>>,
    /// Whether it did not answer then.
    away: AtomicBool,
}

/// How long keys are good that the issuer does not say it of; and the least and the most of it.
const FRESH: Duration = Duration::from_secs(10 * 60);
const FRESH_LEAST: Duration = Duration::from_secs(60);
const FRESH_MOST: Duration = Duration::from_secs(60 * 60);

/// How much longer they are, while the issuer does not answer.
const GRACE: Duration = Duration::from_secs(60 * 60);

/// The least time between two questions to the issuer: tokens with made-up keys cost it no more.
const PAUSE: Duration = Duration::from_secs(10);

impl Issuer {
    /// An issuer, which is asked for its keys when the first token comes.
    ///
    /// # Errors
    /// The issuer is no https URL (http only for loopback), an algorithm is unknown or symmetric.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let url = token::url(&settings.issuer)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err("the URL of an issuer has neither a query nor a fragment".to_owned());
        }
        let algorithms = settings.algorithms.iter().map(|name| match Algorithm::from_str(name) {
            Ok(algorithm) if algorithm.family() != AlgorithmFamily::Hmac => Ok(algorithm),
            Ok(_) => Err(format!("{name} is symmetric: whoever can verify could sign as well")),
            Err(_) => Err(format!("{name:?} is no algorithm for signatures that is known here")),
        });
        let algorithms = algorithms.collect::<Result<_, _>>()?;
        let client = token::client(&url)?;
        // Somebody may have installed another one, which does the same.
        let _ = PROVIDER.install_default();
        let (keys, asked, away) = Default::default();
        Ok(Self(Arc::new(Inner { settings, url, algorithms, client, keys, asked, away })))
    }

    /// What a token of the issuer says, if it is good, and for this server.
    ///
    /// # Errors
    /// It is not, or nobody can tell.
    pub async fn claims(&self, token: &str) -> Result<Claims, Refused> {
        token::look(token)?;
        let unread = |_| Refused::Invalid("the token is no signed JWT");
        let header = decode_header(token).map_err(unread)?;
        if !self.0.algorithms.contains(&header.alg) {
            return Err(Refused::Invalid(
                "the token is signed with an algorithm that is not taken",
            ));
        }
        if header.crit.is_some() {
            return Err(Refused::Invalid("the token asks for more than is known here"));
        }
        if is_other(&header) {
            return Err(Refused::Invalid("this is no access token"));
        }
        let key = self.key(&header).await?;
        // What the claims must be is checked below, the same for all tokens.
        let mut signature = Validation::new(header.alg);
        signature.required_spec_claims.clear();
        (signature.validate_exp, signature.validate_aud) = (false, false);
        let claims = match decode::<Claims>(token, &key, &signature) {
            Ok(token) => token.claims,
            Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => {
                return Err(Refused::Invalid("the signature of the token is wrong"));
            }
            Err(_) => return Err(Refused::Invalid("the token is no signed JWT")),
        };
        if claims.get("iss").and_then(Value::as_str) != Some(&self.0.settings.issuer) {
            return Err(Refused::Invalid("the token is of another issuer"));
        }
        if !claims.contains_key("exp") {
            return Err(Refused::Invalid("the token does not say when it expires"));
        }
        token::timely(&claims, self.0.settings.skew)?;
        token::is_for(&claims, &self.0.settings.audience)?;
        Ok(claims)
    }

    /// The key that a token is signed with; the issuer is asked if it is not known.
    async fn key(&self, header: &Header) -> Result<DecodingKey, Refused> {
        let now = Instant::now();
        if let Some(keys) = self.0.keys().filter(|keys| now < keys.fresh)
            && let Some(key) = keys.find(header)?
        {
            return Ok(key);
        }
        // A task of its own: a client that goes away breaks off nothing that others wait for.
        let inner = Arc::clone(&self.0);
        let renewal = tokio::spawn(async move { inner.renew().await });
        let usable = || self.0.keys().filter(|keys| now < keys.fresh + GRACE);
        let find = |keys: Option<Arc<Keys>>| keys.map_or(Ok(None), |keys| keys.find(header));
        // An issuer that was away may be so still, which nobody waits for whose key is known.
        if self.0.away.load(Ordering::Relaxed)
            && let Some(key) = find(usable())?
        {
            return Ok(key);
        }
        let answered = renewal.await.unwrap_or(false);
        match find(usable())? {
            Some(key) => Ok(key),
            None if answered => Err(Refused::Invalid("the issuer has no such key")),
            None => Err(Refused::Unavailable),
        }
    }
}

/// Whether a token says that it is something else (RFC 8725): a logout token, a token of DPoP.
fn is_other(header: &Header) -> bool {
    let kind = header.typ.as_deref().unwrap_or_default().to_ascii_lowercase();
    kind.ends_with("+jwt") && !kind.ends_with("at+jwt")
}

impl Inner {
    fn keys(&self) -> Option<Arc<Keys>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the issuer for its keys, unless that was just done, and says whether it answered.
    async fn renew(&self) -> bool {
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|when| when.elapsed() < PAUSE) {
            return !self.away.load(Ordering::Relaxed);
        }
        *asked = Some(Instant::now());
        let found = timeout(token::PATIENCE, self.ask()).await;
        let found = found.unwrap_or_else(|_| Err("it does not answer in time".to_owned()));
        self.away.store(found.is_err(), Ordering::Relaxed);
        match found {
            Ok(keys) => {
                let keys = Some(Arc::new(keys));
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
                true
            }
            Err(reason) => {
                let issuer = &self.settings.issuer;
                tracing::warn!("the keys of the issuer {issuer} cannot be had: {reason}");
                false
            }
        }
    }

    async fn ask(&self) -> Result<Keys, String> {
        let at = token::url(&self.metadata().await?.jwks_uri)?;
        // What an issuer elsewhere says leads to nothing on this machine.
        if at.scheme() == "http" && self.url.scheme() != "http" {
            return Err("its keys lie on this machine, and it does not".to_owned());
        }
        let answer = token::ask(self.client.get(at)).await?;
        let JwkSet { keys } = token::said(&answer)?;
        let fresh = Instant::now() + fresh(answer.headers());
        Ok(Keys { found: keys.iter().filter_map(Key::new).collect(), fresh })
    }

    async fn metadata(&self) -> Result<Metadata, String> {
        let mut said = None;
        for at in places(&self.url) {
            let answer = token::ask(self.client.get(at)).await?;
            let missing = answer.status().is_client_error();
            said = Some(token::said::<Metadata>(&answer));
            if !missing {
                break;
            }
        }
        let metadata = said.unwrap_or_else(|| Err("it has no metadata".to_owned()))?;
        match metadata.issuer == self.settings.issuer {
            true => Ok(metadata),
            false => Err("its metadata is of another issuer".to_owned()),
        }
    }
}

/// Where the metadata of an issuer may lie: as OpenID Connect has it, as RFC 8414 has it, and as
/// RFC 8414 has it for OpenID Connect.
fn places(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let mut places = vec![
        format!("{path}/.well-known/openid-configuration"),
        format!("/.well-known/oauth-authorization-server{path}"),
    ];
    if !path.is_empty() {
        places.push(format!("/.well-known/openid-configuration{path}"));
    }
    let at = |path: String| {
        let mut url = issuer.clone();
        url.set_path(&path);
        url
    };
    places.into_iter().map(at).collect()
}

/// How long an answer is good.
fn fresh(headers: &HeaderMap) -> Duration {
    let told = headers.get(CACHE_CONTROL).and_then(|value| value.to_str().ok());
    let mut parts = told.unwrap_or_default().split(',').map(str::trim);
    let seconds = parts.find_map(|part| part.strip_prefix("max-age=")?.parse().ok());
    seconds.map_or(FRESH, Duration::from_secs).clamp(FRESH_LEAST, FRESH_MOST)
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

/// Each key is read by itself: one that cannot be read does not take the others with it.
#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<Value>,
}

#[derive(Debug)]
struct Keys {
    found: Vec<Key>,
    fresh: Instant,
}

impl Keys {
    /// The one key that fits.
    fn find(&self, header: &Header) -> Result<Option<DecodingKey>, Refused> {
        let mut fitting = self.found.iter().filter(|key| key.fits(header));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(Some(key.key.clone())),
            (None, _) => Ok(None),
            _ => Err(Refused::Invalid("the token does not say which key it is signed with")),
        }
    }
}

#[derive(Debug)]
struct Key {
    jwk: Jwk,
    key: DecodingKey,
}

impl Key {
    /// A key that signatures can be verified with.
    fn new(json: &Value) -> Option<Self> {
        let jwk = Jwk::deserialize(json).ok()?;
        let common = &jwk.common;
        let signs = common.public_key_use.as_ref().is_none_or(|it| *it == PublicKeyUse::Signature);
        let verifies = |operations: &Vec<_>| operations.contains(&KeyOperations::Verify);
        let verifies = common.key_operations.as_ref().is_none_or(verifies);
        let key = DecodingKey::from_jwk(&jwk).ok()?;
        (signs && verifies).then_some(Self { jwk, key })
    }

    /// Whether a token can be signed with this key: it is what the token names, and made for the
    /// algorithm, so that no key is taken for another kind of it.
    fn fits(&self, header: &Header) -> bool {
        let kind = match &self.jwk.algorithm {
            AlgorithmParameters::RSA(_) => header.alg.family() == AlgorithmFamily::Rsa,
            AlgorithmParameters::EllipticCurve(key) => match key.curve {
                EllipticCurve::P256 => header.alg == Algorithm::ES256,
                EllipticCurve::P384 => header.alg == Algorithm::ES384,
                _ => false,
            },
            AlgorithmParameters::OctetKeyPair(key) => {
                key.curve == EllipticCurve::Ed25519 && header.alg == Algorithm::EdDSA
            }
            _ => false,
        };
        let made_for = self.jwk.common.key_algorithm;
        kind && made_for.is_none_or(|made_for| made_for.to_string() == format!("{:?}", header.alg))
            && (header.kid.is_none() || header.kid == self.jwk.common.key_id)
    }
}

/// Verifies with ring, which TLS brings along. Nothing is signed, and no key is taken apart.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
    verifier_factory: |algorithm, key| {
        let verifier = Signature { algorithm: *algorithm, key: key.clone() };
        Ok(Box::new(verifier) as Box<dyn JwtVerifier>)
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct Signature {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl JwtVerifier for Signature {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Signature {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        use DecodingKeyKind::{RsaModulusExponent, SecretOrDer};

        let verified = match (self.algorithm, self.key.kind()) {
            (Algorithm::ES256, SecretOrDer(key)) => {
                ring::UnparsedPublicKey::new(&ring::ECDSA_P256_SHA256_FIXED, key)
                    .verify(message, signature)
            }
            (Algorithm::ES384, SecretOrDer(key)) => {
                ring::UnparsedPublicKey::new(&ring::ECDSA_P384_SHA384_FIXED, key)
                    .verify(message, signature)
            }
            (Algorithm::EdDSA, SecretOrDer(key)) => {
                ring::UnparsedPublicKey::new(&ring::ED25519, key).verify(message, signature)
            }
            (algorithm, RsaModulusExponent { n, e }) => {
                let parameters = match algorithm {
                    Algorithm::RS256 => &ring::RSA_PKCS1_2048_8192_SHA256,
                    Algorithm::RS384 => &ring::RSA_PKCS1_2048_8192_SHA384,
                    Algorithm::RS512 => &ring::RSA_PKCS1_2048_8192_SHA512,
                    Algorithm::PS256 => &ring::RSA_PSS_2048_8192_SHA256,
                    Algorithm::PS384 => &ring::RSA_PSS_2048_8192_SHA384,
                    Algorithm::PS512 => &ring::RSA_PSS_2048_8192_SHA512,
                    _ => return Err(SignatureError::new()),
                };
                // Some issuers write the zero that a signed number would have in front.
                let n = n.strip_prefix(&[0]).unwrap_or(n);
                ring::RsaPublicKeyComponents { n, e }.verify(parameters, message, signature)
            }
            _ => return Err(SignatureError::new()),
        };
        verified.map_err(|_| SignatureError::new())
    }
}
