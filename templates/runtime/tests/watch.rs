//! Subscriptions: who hears of what, and what becomes of it when something goes wrong.

use std::cell::Cell;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use mcpgen_runtime::database::{Database, Settings};
use mcpgen_runtime::failure::{Failure, Kind};
use mcpgen_runtime::watch::{self, MOST_OF_A_CLIENT, Watch, Watches};
use rmcp::model::{
    ServerCapabilities, ServerConfig, SubscribeRequestParams, SubscriptionFilter,
    UnsubscribeRequestParams,
};
use rmcp::service::{RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt as _};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use tokio::io::{
    AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf,
};
use tokio_util::sync::CancellationToken;

const SECOND: Duration = Duration::from_secs(1);
const OFTEN: Duration = Duration::from_millis(20);

thread_local! {
    /// What a look sees; nothing when it fails.
    static STATE: Cell<Option<u64>> = const { Cell::new(Some(0)) };
    /// How often somebody looked.
    static LOOKS: Cell<u32> = const { Cell::new(0) };
}

/// `state://…` is what [`STATE`] says.
fn find(_database: &Arc<Database>, uri: &str) -> Result<Watch, Failure> {
    #[cfg(feature = "postgres")]
    if let Some(found) = channel::find(uri) {
        return found;
    }
    if !uri.starts_with("state://") {
        return Err(watch::unwatched());
    }
    Ok(Watch::poll(OFTEN, || {
        LOOKS.set(LOOKS.get() + 1);
        let seen = STATE.get().ok_or_else(|| Failure::new(Kind::ConnectionError, "away"));
        std::future::ready(seen)
    }))
}

#[derive(Clone)]
struct Server(watch::Client);

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder();
        ServerConfig::new(capabilities.enable_resources().enable_resources_subscribe().build())
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        Some(self.0.granted(requested))
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        self.0.listen(&context).await
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.0.subscribe(&request.uri, &context).await
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.0.unsubscribe(&request.uri);
        Ok(())
    }
}

/// A database that the engine of these tests reaches.
fn settings(url: String) -> Settings {
    Settings {
        url,
        max_connections: 4,
        min_connections: 0,
        acquire_timeout: 5 * SECOND,
        idle_timeout: 60 * SECOND,
        #[cfg(not(feature = "sqlite"))]
        statement_timeout: 20 * SECOND,
        #[cfg(not(feature = "sqlite"))]
        statements: 20,
        #[cfg(not(feature = "sqlite"))]
        breaker: mcpgen_runtime::breaker::Rule { failures: 1000, open: SECOND },
        #[cfg(feature = "mysql")]
        flavour: mcpgen_runtime::database::Flavour::MariaDb,
    }
}

/// The database of these tests; none where no server is named.
fn database() -> Option<Arc<Database>> {
    #[cfg(feature = "sqlite")]
    let url = {
        let path = std::env::temp_dir().join(format!("mcpgen-watch-{}.db", std::process::id()));
        std::fs::OpenOptions::new().append(true).create(true).open(&path).expect("a file");
        Some(format!("sqlite:{}", path.display()))
    };
    #[cfg(feature = "postgres")]
    let url = std::env::var("TEST_POSTGRES_URL").ok();
    #[cfg(feature = "mysql")]
    let url = std::env::var("TEST_MYSQL_URL").ok();
    if url.is_none() {
        let _ = writeln!(std::io::stderr(), "skipped: no server is named for tests");
    }
    Some(Arc::new(Database::connect(settings(url?)).expect("a URL")))
}

fn watches() -> Option<Arc<Watches>> {
    let watches = Watches::new(
        database()?,
        find,
        #[cfg(feature = "postgres")]
        channel::NAMES,
    );
    Some(watches)
}

struct Client {
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    writer: WriteHalf<DuplexStream>,
}

impl Client {
    async fn of(watches: &Arc<Watches>) -> Self {
        Self::slow(watches, 64 * 1024).await
    }

    /// A client that takes so many bytes before it reads.
    async fn slow(watches: &Arc<Watches>, room: usize) -> Self {
        let server = Server(watch::Client::of(Arc::clone(watches)));
        let (near, far) = tokio::io::duplex(room);
        tokio::spawn(async move {
            if let Ok(running) = server.serve(far).await {
                let _ = running.waiting().await;
            }
        });
        let (reader, writer) = tokio::io::split(near);
        Self { lines: BufReader::new(reader).lines(), writer }
    }

    async fn initialized(mut self) -> Self {
        let client = json!({ "name": "test", "version": "1" });
        let params =
            json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client });
        self.ask("initialize", params).await;
        self.say(json!({ "method": "notifications/initialized" })).await;
        self
    }

    async fn say(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        self.writer.write_all(format!("{message}\n").as_bytes()).await.expect("the server reads");
    }

    async fn hear(&mut self) -> Value {
        let line = tokio::time::timeout(10 * SECOND, self.lines.next_line()).await;
        let line = line.expect("in time").expect("the server writes").expect("a line");
        serde_json::from_str(&line).expect("JSON")
    }

    async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.say(json!({ "id": 1, "method": method, "params": params })).await;
        loop {
            let heard = self.hear().await;
            if heard.get("id").is_some() {
                return heard;
            }
        }
    }

    async fn subscribe(&mut self, uri: &str) -> Value {
        self.ask("resources/subscribe", json!({ "uri": uri })).await
    }

    /// Opens a stream; what is heard first is what is granted.
    async fn listen(&mut self, uris: &[&str]) -> Value {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let params = json!({ "_meta": meta, "notifications": { "resourceSubscriptions": uris } });
        self.say(json!({ "id": 7, "method": "subscriptions/listen", "params": params })).await;
        self.hear().await["params"]["notifications"].clone()
    }

    /// The URI that the client hears of next.
    async fn update(&mut self) -> String {
        let heard = self.hear().await;
        assert_eq!(heard["method"], "notifications/resources/updated", "{heard}");
        heard["params"]["uri"].as_str().expect("a URI").to_owned()
    }

    /// What is heard from now on until it is quiet.
    async fn rest(&mut self) -> Vec<String> {
        let mut heard = Vec::new();
        while let Ok(line) = tokio::time::timeout(SECOND / 3, self.lines.next_line()).await {
            let line = line.expect("the server writes").expect("a line");
            let told: Value = serde_json::from_str(&line).expect("JSON");
            heard.push(told["params"]["uri"].as_str().expect("a URI").to_owned());
        }
        heard
    }
}

async fn until(what: impl Fn() -> bool) {
    let waits = async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(10 * SECOND, waits).await.expect("in time");
}

#[tokio::test]
async fn one_look_is_for_all_who_are_subscribed_and_for_nobody_else() {
    let Some(watches) = watches() else { return };
    let mut old = Client::of(&watches).await.initialized().await;
    let mut new = Client::of(&watches).await;
    assert!(old.subscribe("state://a").await["result"].is_object());
    assert_eq!(
        new.listen(&["state://a", "nothing://b"]).await,
        json!({ "resourceSubscriptions": ["state://a"] })
    );
    watches.look().await;
    assert_eq!(watches.watched(), 1);
    assert_eq!((old.rest().await, new.rest().await), (vec![], vec![]));
    STATE.set(Some(1));
    assert_eq!(
        (old.update().await, new.update().await),
        ("state://a".to_owned(), "state://a".to_owned())
    );
    // The one ends its stream, the other is gone without a word.
    new.say(json!({ "method": "notifications/cancelled", "params": { "requestId": 7 } })).await;
    STATE.set(Some(2));
    assert_eq!(old.update().await, "state://a");
    assert_eq!(new.rest().await, Vec::<String>::new());
    drop(old);
    until(|| watches.watched() == 0).await;
    tokio::time::sleep(3 * OFTEN).await;
    let looks = LOOKS.get();
    tokio::time::sleep(5 * OFTEN).await;
    assert_eq!(LOOKS.get(), looks, "nobody is subscribed");
}

#[tokio::test]
async fn a_client_that_unsubscribed_hears_nothing_and_others_do() {
    let Some(watches) = watches() else { return };
    let mut client = Client::of(&watches).await.initialized().await;
    for uri in ["state://a", "state://b", "state://a"] {
        assert!(client.subscribe(uri).await["result"].is_object());
    }
    client.ask("resources/unsubscribe", json!({ "uri": "state://a" })).await;
    client.ask("resources/unsubscribe", json!({ "uri": "state://never" })).await;
    assert_eq!(watches.watched(), 1);
    STATE.set(Some(1));
    assert_eq!(client.update().await, "state://b");
    assert_eq!(client.rest().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_slow_client_hears_of_many_changes_once_and_holds_up_nobody() {
    let Some(watches) = watches() else { return };
    let mut slow = Client::slow(&watches, 256).await.initialized().await;
    let mut quick = Client::of(&watches).await.initialized().await;
    slow.subscribe("state://a").await;
    quick.subscribe("state://a").await;
    for state in 1..=50 {
        STATE.set(Some(state));
        assert_eq!(quick.update().await, "state://a");
    }
    // Those that were on the way when the client stopped to read, and one for all the others.
    let heard = slow.rest().await.len();
    assert!((1..10).contains(&heard), "{heard}");
}

#[tokio::test]
async fn what_could_not_be_seen_is_told_as_a_change() {
    let Some(watches) = watches() else { return };
    let mut client = Client::of(&watches).await.initialized().await;
    STATE.set(None);
    client.subscribe("state://a").await;
    assert_eq!(client.rest().await, Vec::<String>::new());
    STATE.set(Some(1));
    assert_eq!(client.update().await, "state://a");
    // What is as it was before the database went away has not changed.
    STATE.set(None);
    tokio::time::sleep(5 * OFTEN).await;
    STATE.set(Some(1));
    assert_eq!(client.rest().await, Vec::<String>::new());
    STATE.set(None);
    tokio::time::sleep(5 * OFTEN).await;
    STATE.set(Some(2));
    assert_eq!(client.update().await, "state://a");
}

#[tokio::test]
async fn subscriptions_are_bounded() {
    let Some(watches) = watches() else { return };
    let mut client = Client::of(&watches).await.initialized().await;
    for n in 0..MOST_OF_A_CLIENT {
        assert!(client.subscribe(&format!("state://{n}")).await["result"].is_object());
    }
    let refused = client.subscribe("state://more").await;
    assert!(
        refused["error"]["message"].as_str().expect("words").contains("at most 100"),
        "{refused}"
    );
    client.ask("resources/unsubscribe", json!({ "uri": "state://0" })).await;
    assert!(client.subscribe("state://more").await["result"].is_object());
    let long = format!("state://{}", "x".repeat(3000));
    for uri in ["nothing://here", &long] {
        let refused = client.subscribe(uri).await;
        assert!(matches!(refused["error"]["code"].as_i64(), Some(-32002 | -32602)), "{refused}");
    }
    let uris: Vec<String> = (0..=MOST_OF_A_CLIENT).map(|n| format!("state://{n}")).collect();
    let mut other = Client::of(&watches).await;
    other.listen(&uris.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let refused = other.hear().await;
    assert!(
        refused["error"]["message"].as_str().expect("words").contains("at most 100"),
        "{refused}"
    );
    drop((client, other));
    until(|| watches.watched() == 0).await;
}

#[tokio::test]
async fn streams_end_when_the_server_ends() {
    let Some(watches) = watches() else { return };
    let stop = CancellationToken::new();
    watches.end_at(stop.clone());
    let mut client = Client::of(&watches).await;
    client.listen(&["state://a"]).await;
    stop.cancel();
    let last = client.hear().await;
    assert_eq!((last["id"].as_i64(), last["result"].is_object()), (Some(7), true), "{last}");
    until(|| watches.watched() == 0).await;
}

/// Answers are told apart by what they hold, and by nothing else.
#[tokio::test]
async fn digests_are_those_of_answers() {
    let Some(database) = database() else { return };
    let digest = async |sql: &str| {
        let mut session = database.read(5 * SECOND).await.expect("a session");
        session.digest(sqlx::query(AssertSqlSafe(sql.to_owned()))).await.expect("a digest")
    };
    let answers = [
        "SELECT 1",
        "SELECT 2",
        "SELECT 1, NULL",
        "SELECT NULL, 1",
        "SELECT 'a', 'bc'",
        "SELECT 'ab', 'c'",
        "SELECT ''",
        "SELECT NULL",
        "SELECT 1 WHERE 1 = 0",
        "SELECT 'a' UNION ALL SELECT 'b'",
        "SELECT 'b' UNION ALL SELECT 'a'",
        "SELECT 1.5",
        "SELECT 1.25",
    ];
    let mut digests = Vec::new();
    for sql in answers {
        let found = digest(sql).await;
        assert_eq!(found, digest(sql).await, "{sql}");
        digests.push(found);
    }
    let distinct: std::collections::BTreeSet<u64> = digests.iter().copied().collect();
    assert_eq!(distinct.len(), answers.len(), "{digests:?}");
}

#[cfg(feature = "postgres")]
mod channel {
    use serde::Serialize;
    use sqlx::{Connection as _, Executor as _, PgConnection};

    use super::*;

    pub(super) const NAMES: &[&str] = &["mcpgen_all", "mcpgen_one", "mcpgen_two"];

    /// `all://`, `one://ID` and `two://SHOP/ID`, on channels of their own.
    pub(super) fn find(uri: &str) -> Option<Result<Watch, Failure>> {
        #[derive(Serialize)]
        struct One<'u> {
            id: &'u str,
        }
        #[derive(Serialize)]
        struct Two<'u> {
            shop: &'u str,
            id: i64,
        }
        if uri == "all://" {
            return Some(Watch::channel("mcpgen_all", &()));
        }
        if let Some(id) = uri.strip_prefix("one://") {
            return Some(Watch::channel("mcpgen_one", &One { id }));
        }
        let (shop, id) = uri.strip_prefix("two://")?.split_once('/')?;
        let id = id.parse().ok()?;
        Some(Watch::channel("mcpgen_two", &Two { shop, id }))
    }

    /// A listener that is ended is told of everything: no other test shall have one then.
    static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

    const URIS: &[&str] =
        &["all://", "one://5", "one://a b", "two://x/5", "two://x/6", "two://y/5"];

    #[tokio::test]
    async fn payloads_say_which_uris_changed() {
        let Some(watches) = watches() else { return };
        let _alone = ALONE.lock().await;
        let url = std::env::var("TEST_POSTGRES_URL").expect("it is there");
        let mut other = PgConnection::connect(&url).await.expect("the server answers");
        let mut client = Client::of(&watches).await.initialized().await;
        for uri in URIS {
            assert!(client.subscribe(uri).await["result"].is_object());
        }
        assert_eq!(client.rest().await, Vec::<String>::new());
        let cases: &[(&str, &str, &[&str])] = &[
            ("mcpgen_all", "", &["all://"]),
            ("mcpgen_all", "whatever", &["all://"]),
            ("mcpgen_all", "{\"id\": 1}", &["all://"]),
            ("mcpgen_one", "", &["one://5", "one://a b"]),
            ("mcpgen_one", "5", &["one://5"]),
            ("mcpgen_one", "\"5\"", &["one://5"]),
            ("mcpgen_one", "{\"id\": 5}", &["one://5"]),
            ("mcpgen_one", "a b", &["one://a b"]),
            ("mcpgen_one", "6", &[]),
            ("mcpgen_one", "{}", &["one://5", "one://a b"]),
            ("mcpgen_two", "{\"shop\": \"x\"}", &["two://x/5", "two://x/6"]),
            ("mcpgen_two", "{\"shop\": \"x\", \"id\": \"5\", \"more\": 1}", &["two://x/5"]),
            ("mcpgen_two", "{\"id\": 5}", &["two://x/5", "two://y/5"]),
            ("mcpgen_two", "5", &["two://x/5", "two://x/6", "two://y/5"]),
            ("mcpgen_else", "", &[]),
        ];
        for (channel, payload, expected) in cases {
            let notify = sqlx::query("SELECT pg_notify($1, $2)").bind(channel).bind(payload);
            other.execute(notify).await.expect("it runs");
            let mut heard = client.rest().await;
            heard.sort_unstable();
            assert_eq!(heard, *expected, "{channel}: {payload}");
        }
    }

    #[tokio::test]
    async fn what_was_missed_while_nobody_listened_is_told() {
        let Some(watches) = watches() else { return };
        let _alone = ALONE.lock().await;
        let url = std::env::var("TEST_POSTGRES_URL").expect("it is there");
        let mut other = PgConnection::connect(&url).await.expect("the server answers");
        let mut client = Client::of(&watches).await.initialized().await;
        client.subscribe("one://5").await;
        client.subscribe("state://a").await;
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE query LIKE 'LISTEN \"mcpgen_all\"%'";
        other.execute(end).await.expect("it runs");
        assert_eq!(client.update().await, "one://5");
        other.execute("NOTIFY mcpgen_one, '5'").await.expect("it runs");
        assert_eq!(client.update().await, "one://5");
        assert_eq!(client.rest().await, Vec::<String>::new());
    }
}
