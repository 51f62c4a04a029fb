//! No token is written to a log, whatever happens to it.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mcpgen_runtime::introspection::{Introspection, Settings};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use super::issuer::{AUDIENCE, KEYS, Key, OPENID, Page, Site};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_token_is_written_to_a_log() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    // For the whole process: what threads of other tests found out of a place that logs is cached.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let key = Key::es256("a");
    let site = Site::new(&[&key]).await;
    let token = key.sign(&site.good());
    site.issuer().claims(&token).await.expect("it is good");
    site.issuer().claims(&key.sign(&site.but("exp", json!(0)))).await.expect_err("it is over");
    for (path, page) in [(KEYS, Page::text(&token)), (OPENID, Page::status(500))] {
        site.put(path, page);
        site.issuer().claims(&token).await.expect_err("the issuer is broken");
    }
    let at = "/introspect";
    let asked = Introspection::new(Settings {
        url: format!("{}{at}", site.origin),
        client_id: "mcp".to_owned(),
        client_secret: "hidden-secret".to_owned(),
        audience: AUDIENCE.to_owned(),
        cache: Duration::ZERO,
    })
    .unwrap();
    for page in [Page::json(&json!({"active": false})), Page::text(&token), Page::status(500)] {
        site.put(at, page);
        asked.claims(&token).await.expect_err("it is no good");
    }

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for told in [
        format!("the keys of the issuer {} cannot be had", site.origin),
        format!("{}{at} cannot be asked about tokens", site.origin),
    ] {
        assert!(log.contains(&told), "failures are told: {log}");
    }
    // `mcp:hidden-secret` in Base64.
    for secret in token.split('.').chain(["hidden-secret", "bWNwOmhpZGRlbi1zZWNyZXQ"]) {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}
