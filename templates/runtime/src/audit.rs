//! A line for each call: when, who, from where, what, and how it ended.
//!
//! A call has its line when it ends, whichever way: answered, refused, called off, or left by its
//! client. Lines go through a bounded queue to whoever writes them, so that no call waits for that.
//! What does not fit is lost, counted, and said in the log.

use std::collections::HashMap;
use std::io;
#[cfg(feature = "audit-lines")]
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime};

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use rmcp::RoleServer;
#[cfg(feature = "tools")]
use rmcp::model::CallToolResponse;
use rmcp::model::{CompleteResult, CustomResult, ErrorData};
use rmcp::model::{GetPromptResponse, ReadResourceResponse};
use rmcp::service::RequestContext;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::{mpsc, oneshot};

use super::address::Address;
#[cfg(feature = "audit-required")]
use super::failure::{Failure, Kind};
use super::{failure, handle};

/// The most lines that wait to be written.
const WAITING: usize = 1024;

/// So many of them are kept for lines of changes, whoever asks for other things.
#[cfg(feature = "audit-required")]
const KEPT: usize = WAITING / 2;

/// The most characters of a name, a URI, or one argument.
const LONGEST: usize = 256;

/// How long the end of a server waits for calls, and then for their lines.
const LAST: Duration = Duration::from_secs(5);

/// How long a line may take to be written before the sink counts as one that takes none.
#[cfg(feature = "audit-required")]
const PATIENCE: Duration = Duration::from_secs(5);

tokio::task_local! {
    /// The call that runs in this task.
    static CURRENT: Arc<Call>;
}

/// What the spec says of lines.
#[cfg(feature = "audit-rules")]
#[derive(Debug)]
pub struct Rules {
    /// Whether a tool changes anything: it does not run unless its line will be taken.
    #[cfg(feature = "audit-required")]
    pub required: fn(tool: &str) -> bool,
    /// What is written of the arguments of a tool or a prompt.
    #[cfg(feature = "audit-arguments")]
    pub arguments: fn(method: &str, name: &str) -> Members,
    /// The statement that keeps a line.
    #[cfg(feature = "audit-table")]
    pub table: &'static str,
    /// The name of a resource whose URI holds what is not written.
    #[cfg(feature = "audit-uris")]
    pub uris: fn(uri: &str) -> Option<&'static str>,
}

/// What is written of named values. Others are not.
#[cfg(feature = "audit-arguments")]
pub type Members = &'static [(&'static str, Shown)];

/// What is written of a value.
#[cfg(feature = "audit-arguments")]
#[derive(Debug, Clone, Copy)]
pub enum Shown {
    /// The value, where it is a single one or a list of them.
    Whole,
    /// That it was there.
    Redacted,
    /// These members of an object, or of each in a list.
    Members(Members),
}

/// A line.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// When the call came.
    pub time: String,
    /// Who calls; null for somebody who is not known.
    pub client: Option<String>,
    /// From where, as far as trusted proxies say; null over stdio.
    pub address: Option<String>,
    /// `http` or `stdio`.
    pub transport: &'static str,
    /// What tells the client's session from others; not what opens it.
    pub session: Option<String>,
    /// The method; null where the request was refused before it was read.
    pub method: Option<String>,
    /// The tool, the prompt, or the URI.
    pub name: Option<String>,
    /// What was given.
    #[cfg(feature = "audit-arguments")]
    pub arguments: Option<Value>,
    /// How it ended.
    pub outcome: Outcome,
    /// The type of the error.
    pub error_type: Option<String>,
    /// Rows of the answer, or that were changed.
    pub rows: Option<u64>,
    /// Bytes of the answer as JSON.
    pub bytes: Option<u64>,
    /// How long it took.
    pub duration_ms: f64,
    /// The id that errors and the log have.
    pub request_id: String,
    /// The trace that the client named.
    pub trace_id: Option<String>,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was answered.
    Success,
    /// It was answered with an error.
    Error,
    /// The client called it off, or went away, or it took too long.
    Cancelled,
    /// The client was asked for something, and may call again with it.
    InputRequired,
    /// It was not let run.
    Refused,
}

#[cfg(feature = "audit-table")]
impl Outcome {
    /// As a line has it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Cancelled => "cancelled",
            Self::InputRequired => "input_required",
            Self::Refused => "refused",
        }
    }
}

/// The lines of a server.
#[derive(Debug)]
pub struct Audit {
    #[cfg(feature = "audit-rules")]
    rules: &'static Rules,
    sender: mpsc::Sender<Message>,
    queue: Mutex<Option<mpsc::Receiver<Message>>>,
    health: Arc<Health>,
    open: Mutex<HashMap<u64, Weak<Call>>>,
    calls: AtomicU64,
}

/// What goes through the queue.
#[derive(Debug)]
pub(super) enum Message {
    /// A line to write.
    Line(Box<Line>),
    /// Somebody waits until everything before this is written.
    Flush(oneshot::Sender<()>),
}

/// How writing goes.
#[derive(Debug)]
pub(super) struct Health {
    begun: Instant,
    /// The last line was not written.
    failing: AtomicBool,
    /// When the writing of a line began, in milliseconds and one; 0 while none is written.
    writing: AtomicU64,
    /// Lines that were lost.
    lost: AtomicU64,
}

impl Health {
    fn since(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether lines are written.
    #[cfg(feature = "audit-required")]
    fn is_good(&self) -> bool {
        let stuck = match self.writing.load(Ordering::Relaxed) {
            0 => false,
            since => u128::from(self.since() + 1 - since) > PATIENCE.as_millis(),
        };
        !stuck && !self.failing.load(Ordering::Relaxed)
    }

    pub(super) fn begins(&self) {
        self.writing.store(self.since() + 1, Ordering::Relaxed);
    }

    /// Nothing is written before whoever takes lines is there again.
    #[cfg(feature = "audit-table")]
    pub(super) fn waits(&self) {
        self.failing.store(true, Ordering::Relaxed);
    }

    /// A line was written, or lost.
    pub(super) fn ended(&self, failed: Option<&dyn std::fmt::Display>) {
        self.writing.store(0, Ordering::Relaxed);
        self.failing.store(failed.is_some(), Ordering::Relaxed);
        if let Some(why) = failed {
            self.lose(why);
        }
    }

    fn lose(&self, why: &dyn std::fmt::Display) {
        let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
        tracing::error!(%why, lost, "a line of the audit was lost");
    }
}

impl Audit {
    /// Lines that wait for whoever writes them.
    pub fn new(#[cfg(feature = "audit-rules")] rules: &'static Rules) -> Arc<Self> {
        let (sender, queue) = mpsc::channel(WAITING);
        Arc::new(Self {
            #[cfg(feature = "audit-rules")]
            rules,
            sender,
            queue: Mutex::new(Some(queue)),
            health: Arc::new(Health {
                begun: Instant::now(),
                failing: AtomicBool::new(false),
                writing: AtomicU64::new(0),
                lost: AtomicU64::new(0),
            }),
            open: Mutex::default(),
            calls: AtomicU64::new(0),
        })
    }

    /// Writes lines as JSON, each in one piece, from a thread of its own.
    #[cfg(feature = "audit-lines")]
    pub fn write_to(&self, mut out: impl Write + Send + 'static) {
        let Some(mut queue) = lock(&self.queue).take() else { return };
        let health = Arc::clone(&self.health);
        std::thread::spawn(move || {
            while let Some(message) = queue.blocking_recv() {
                health.begins();
                let written = match message {
                    Message::Line(line) => write(&line, &mut out),
                    Message::Flush(done) => {
                        let flushed = out.flush();
                        // Whoever waited may be gone.
                        let _ = done.send(());
                        flushed
                    }
                };
                // What comes at one time is kept at one time.
                let written = written.and_then(|()| match queue.is_empty() {
                    true => out.flush(),
                    false => Ok(()),
                });
                health.ended(written.as_ref().err().map(|error| error as _));
            }
        });
    }

    #[cfg(feature = "audit-table")]
    pub(super) fn take_queue(&self) -> Option<mpsc::Receiver<Message>> {
        lock(&self.queue).take()
    }

    #[cfg(feature = "audit-table")]
    pub(super) fn health(&self) -> Arc<Health> {
        Arc::clone(&self.health)
    }

    #[cfg(feature = "audit-table")]
    pub(super) fn rules(&self) -> &'static Rules {
        self.rules
    }

    /// Lines that were lost since the start.
    pub fn lost(&self) -> u64 {
        self.health.lost.load(Ordering::Relaxed)
    }

    /// A request that begins: the one that the front saw come, or one over stdio.
    pub fn begin(
        self: &Arc<Self>,
        context: &RequestContext<RoleServer>,
        client: Option<&str>,
        method: &str,
        name: &str,
    ) -> Entry {
        let parts = context.extensions.get::<Parts>();
        let came = parts.and_then(|parts| parts.extensions.get::<Arc<Call>>()).cloned();
        let call = came.unwrap_or_else(|| self.call(parts, Some(method), Some(name)));
        let mut known = lock(&call.known);
        known.taken = true;
        known.client = client.map(shortened);
        known.trace_id = handle::traceparent(context).and_then(trace_id);
        drop(known);
        Entry(call)
    }

    /// A call that came in over HTTP, if the message is one; noted in its parts.
    pub fn came(self: &Arc<Self>, parts: &mut Parts, bytes: &[u8]) -> Option<Arc<Call>> {
        if parts.extensions.get::<Arc<Call>>().is_some() {
            return None;
        }
        let (method, name) = asked(bytes)?;
        let call = self.call(Some(parts), Some(&method), name.as_deref());
        parts.extensions.insert(Arc::clone(&call));
        Some(call)
    }

    /// A request that was refused before it was read.
    #[cfg(feature = "auth")]
    pub fn refused(self: &Arc<Self>, parts: &Parts, status: StatusCode) {
        if parts.method == axum::http::Method::POST {
            self.call(Some(parts), None, None).end_with(status);
        }
    }

    fn call(
        self: &Arc<Self>,
        parts: Option<&Parts>,
        method: Option<&str>,
        name: Option<&str>,
    ) -> Arc<Call> {
        let session = parts.and_then(|parts| parts.headers.get("mcp-session-id"));
        // What opens a session is a secret of its client.
        let session = session.map(|id| {
            let digest = Sha256::digest(id.as_bytes());
            digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
        });
        #[cfg(feature = "audit-uris")]
        let name = match (method, name) {
            (Some("resources/read" | "completion/complete"), Some(uri)) => {
                Some((self.rules.uris)(uri).unwrap_or(uri))
            }
            _ => name,
        };
        let known = Known {
            #[cfg(feature = "auth")]
            client: parts
                .and_then(|parts| parts.extensions.get::<Arc<super::auth::Caller>>())
                .and_then(|caller| caller.client().map(shortened)),
            ..Known::default()
        };
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let call = Arc::new(Call {
            audit: Arc::clone(self),
            number,
            time: DateTime::<Utc>::from(SystemTime::now()),
            begun: Instant::now(),
            address: parts.and_then(|it| it.extensions.get::<Address>()).map(|it| it.0),
            transport: if parts.is_some() { "http" } else { "stdio" },
            session,
            method: method.map(str::to_owned),
            name: name.map(shortened),
            request_id: failure::call_id(),
            known: Mutex::new(known),
            ended: OnceLock::new(),
        });
        lock(&self.open).insert(number, Arc::downgrade(&call));
        call
    }

    /// Waits a moment for what still runs, and until the lines are written.
    pub async fn close(&self) {
        let settled = async {
            while !lock(&self.open).is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(LAST, settled).await.is_err() {
            let left: Vec<Weak<Call>> = lock(&self.open).values().cloned().collect();
            for call in left.iter().filter_map(Weak::upgrade) {
                call.end(Outcome::Cancelled, None, None);
            }
        }
        let flushed = async {
            let (done, flushed) = oneshot::channel();
            if self.sender.send(Message::Flush(done)).await.is_ok() {
                // Nobody writes, or everything is written.
                let _ = flushed.await;
            }
        };
        if tokio::time::timeout(LAST, flushed).await.is_err() {
            tracing::error!("the last lines of the audit were not written in time");
        }
    }
}

/// What a line says, in one piece.
#[cfg(feature = "audit-lines")]
fn write(line: &Line, out: &mut impl Write) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    out.write_all(&text)
}

/// A call until its line is written: when this is dropped, at the latest.
#[derive(Debug)]
pub struct Call {
    audit: Arc<Audit>,
    number: u64,
    time: DateTime<Utc>,
    begun: Instant,
    address: Option<std::net::IpAddr>,
    transport: &'static str,
    session: Option<String>,
    method: Option<String>,
    name: Option<String>,
    request_id: String,
    known: Mutex<Known>,
    ended: OnceLock<()>,
}

/// What becomes known of a call while it runs.
#[derive(Debug, Default)]
struct Known {
    /// A handler has it: it says how it ends.
    taken: bool,
    client: Option<String>,
    trace_id: Option<String>,
    rows: Option<u64>,
    #[cfg(feature = "audit-arguments")]
    arguments: Option<Value>,
    /// A place in the queue that nobody else gets.
    #[cfg(feature = "audit-required")]
    place: Option<mpsc::OwnedPermit<Message>>,
}

impl Drop for Call {
    fn drop(&mut self) {
        self.end(Outcome::Cancelled, None, None);
    }
}

impl Call {
    /// Ends it, unless it has ended.
    fn end(&self, outcome: Outcome, error_type: Option<String>, bytes: Option<u64>) {
        if self.ended.set(()).is_err() {
            return;
        }
        lock(&self.audit.open).remove(&self.number);
        let line = Message::Line(Box::new(self.line(outcome, error_type, bytes)));
        #[cfg(feature = "audit-required")]
        if let Some(place) = lock(&self.known).place.take() {
            place.send(line);
            return;
        }
        #[cfg(feature = "audit-required")]
        if self.audit.sender.capacity() <= KEPT {
            self.audit.health.lose(&"the lines before it are not written yet");
            return;
        }
        if let Err(error) = self.audit.sender.try_send(line) {
            self.audit.health.lose(match &error {
                mpsc::error::TrySendError::Full(_) => &"the lines before it are not written yet",
                mpsc::error::TrySendError::Closed(_) => &"nobody writes any more",
            });
        }
    }

    fn line(&self, outcome: Outcome, error_type: Option<String>, bytes: Option<u64>) -> Line {
        let known = lock(&self.known);
        Line {
            time: self.time.to_rfc3339_opts(SecondsFormat::Millis, true),
            client: known.client.clone(),
            address: self.address.map(|address| address.to_string()),
            transport: self.transport,
            session: self.session.clone(),
            method: self.method.clone(),
            name: self.name.clone(),
            #[cfg(feature = "audit-arguments")]
            arguments: known.arguments.clone(),
            outcome,
            error_type,
            rows: known.rows.filter(|_| outcome == Outcome::Success),
            bytes,
            duration_ms: (self.begun.elapsed().as_secs_f64() * 1e6).round() / 1e3,
            request_id: self.request_id.clone(),
            trace_id: known.trace_id.clone(),
        }
    }

    /// It has its line.
    #[cfg(all(feature = "audit-table", feature = "audit-required"))]
    pub(super) fn is_kept(&self) {
        if self.ended.set(()).is_ok() {
            lock(&self.audit.open).remove(&self.number);
            lock(&self.known).place = None;
        }
    }

    #[cfg(all(feature = "audit-table", feature = "audit-required"))]
    pub(super) fn rules(&self) -> &'static Rules {
        self.audit.rules
    }

    /// What the front answers with, where no handler has the call.
    pub fn answered(&self, response: &Response) {
        let kind = response.headers().get(CONTENT_TYPE);
        let streams = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        // The answer is still to come in a stream.
        if !(lock(&self.known).taken || response.status().is_success() && streams) {
            self.end_with(response.status());
        }
    }

    fn end_with(&self, status: StatusCode) {
        let (outcome, kind) = match status {
            StatusCode::UNAUTHORIZED => (Outcome::Refused, "UNAUTHENTICATED"),
            StatusCode::FORBIDDEN => (Outcome::Refused, "PERMISSION_DENIED"),
            StatusCode::TOO_MANY_REQUESTS => (Outcome::Refused, "RATE_LIMITED"),
            StatusCode::SERVICE_UNAVAILABLE => (Outcome::Refused, "UNAVAILABLE"),
            StatusCode::GATEWAY_TIMEOUT => (Outcome::Error, "TIMEOUT"),
            _ => (Outcome::Error, "INVALID_REQUEST"),
        };
        self.end(outcome, Some(kind.to_owned()), None);
    }
}

/// A call that a handler has.
#[derive(Debug)]
pub struct Entry(Arc<Call>);

impl Entry {
    /// What the call is given.
    #[cfg(feature = "audit-arguments")]
    pub fn given(&self, arguments: Option<&serde_json::Map<String, Value>>) {
        let Call { audit, method, name, .. } = &*self.0;
        let (method, name) = (method.as_deref(), name.as_deref());
        let shown = (audit.rules.arguments)(method.unwrap_or_default(), name.unwrap_or_default());
        lock(&self.0.known).arguments = arguments.map(|given| bounded(redacted(given, shown)));
    }

    /// Refuses what changes anything, unless its line has a place and the lines before it were
    /// written.
    ///
    /// # Errors
    /// It must not run.
    #[cfg(feature = "audit-required")]
    pub fn assured(&self) -> Result<(), Failure> {
        let Call { audit, name, known, .. } = &*self.0;
        if !(audit.rules.required)(name.as_deref().unwrap_or_default()) {
            return Ok(());
        }
        if audit.health.is_good()
            && let Ok(place) = audit.sender.clone().try_reserve_owned()
        {
            lock(known).place = Some(place);
            return Ok(());
        }
        Err(Failure::new(Kind::AuditUnavailable, UNAVAILABLE))
    }

    /// What the call is answered with.
    ///
    /// # Errors
    /// Those of the answer.
    pub async fn of<T: Answer>(
        &self,
        answer: impl Future<Output = Result<T, ErrorData>>,
    ) -> Result<T, ErrorData> {
        // The front has given it up.
        if self.0.ended.get().is_some() {
            return Err(handle::cancelled());
        }
        // On the heap, as where a request is handled: each layer would have a copy of it on the stack.
        let answer = Box::pin(CURRENT.scope(Arc::clone(&self.0), answer)).await;
        let (outcome, kind, bytes) = match &answer {
            Ok(answer) => {
                let (outcome, kind) = answer.outcome();
                (outcome, kind, answer.bytes())
            }
            Err(error) => {
                let kind = handle::kind(error);
                let outcome =
                    if kind == handle::CANCELLED { Outcome::Cancelled } else { of_kind(&kind) };
                (outcome, (outcome != Outcome::Cancelled).then(|| kind.into_owned()), None)
            }
        };
        self.0.end(outcome, kind, bytes);
        answer
    }
}

impl Drop for Entry {
    /// What is left without an answer has ended, whoever still holds its request.
    fn drop(&mut self) {
        self.0.end(Outcome::Cancelled, None, None);
    }
}

/// What a client hears when a change cannot be written down.
#[cfg(feature = "audit-required")]
pub(super) const UNAVAILABLE: &str =
    "Changes cannot be recorded at the moment, so nothing was changed; try again later.";

/// Whether an error of this type is one of what was not let run.
fn of_kind(kind: &str) -> Outcome {
    match kind {
        "PERMISSION_DENIED" | "UNAUTHENTICATED" | "RATE_LIMITED" | "AUDIT_UNAVAILABLE" => {
            Outcome::Refused
        }
        _ => Outcome::Error,
    }
}

/// What a call can be answered with.
pub trait Answer {
    /// How the call ended with it.
    fn outcome(&self) -> (Outcome, Option<String>) {
        (Outcome::Success, None)
    }

    /// How long it is as JSON.
    fn bytes(&self) -> Option<u64>;
}

#[cfg(feature = "tools")]
impl Answer for CallToolResponse {
    fn outcome(&self) -> (Outcome, Option<String>) {
        match self {
            Self::Complete(result) if result.is_error == Some(true) => {
                let kind = result.structured_content.as_ref().and_then(|it| it["type"].as_str());
                let kind = kind.unwrap_or("UNKNOWN_ERROR");
                (of_kind(kind), Some(kind.to_owned()))
            }
            Self::InputRequired(_) => (Outcome::InputRequired, None),
            _ => (Outcome::Success, None),
        }
    }

    fn bytes(&self) -> Option<u64> {
        match self {
            Self::Complete(result) => length(result),
            Self::InputRequired(result) => length(result),
            _ => None,
        }
    }
}

impl Answer for ReadResourceResponse {
    fn bytes(&self) -> Option<u64> {
        match self {
            Self::Complete(result) => length(result),
            _ => None,
        }
    }
}

impl Answer for GetPromptResponse {
    fn outcome(&self) -> (Outcome, Option<String>) {
        match self {
            Self::InputRequired(_) => (Outcome::InputRequired, None),
            _ => (Outcome::Success, None),
        }
    }

    fn bytes(&self) -> Option<u64> {
        match self {
            Self::Complete(result) => length(result),
            Self::InputRequired(result) => length(result),
            _ => None,
        }
    }
}

impl Answer for CompleteResult {
    fn bytes(&self) -> Option<u64> {
        length(self)
    }
}

impl Answer for CustomResult {
    fn bytes(&self) -> Option<u64> {
        length(self)
    }
}

/// How many bytes something has as JSON.
fn length(value: &impl Serialize) -> Option<u64> {
    struct Counter(u64);
    impl io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len() as u64;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    serde_json::to_writer(&mut counter, value).ok()?;
    Some(counter.0)
}

/// Counts rows of the call that runs.
#[cfg(feature = "session")]
pub(super) fn rows(count: usize) {
    let _ = CURRENT.try_with(|call| {
        *lock(&call.known).rows.get_or_insert_default() += count as u64;
    });
}

/// What was counted of the call that runs was undone.
#[cfg(all(
    any(feature = "retry", feature = "retry-policy"),
    any(feature = "mysql", feature = "postgres")
))]
pub(super) fn again() {
    let _ = CURRENT.try_with(|call| lock(&call.known).rows = None);
}

/// The call that runs, if it changes anything, and its line as one that succeeds.
#[cfg(all(feature = "audit-table", feature = "audit-required"))]
pub(super) fn changing() -> Option<(Arc<Call>, Line)> {
    let call = CURRENT.try_with(Arc::clone).ok()?;
    let changes = call.ended.get().is_none() && lock(&call.known).place.is_some();
    changes.then(|| {
        let line = call.line(Outcome::Success, None, None);
        (call, line)
    })
}

/// The id of the call that runs.
pub(super) fn request_id() -> Option<String> {
    CURRENT.try_with(|call| call.request_id.clone()).ok()
}

/// The trace of a `traceparent`.
fn trace_id(traceparent: &str) -> Option<String> {
    traceparent.split('-').nth(1).map(str::to_owned)
}

/// The methods that have lines.
pub fn is_call(method: &str) -> bool {
    matches!(method, "tools/call" | "resources/read" | "prompts/get" | "completion/complete")
}

/// What a call of a method is about, by its params: what the method itself looks at, and nothing else.
pub fn subject<'p>(method: &str, params: Option<&'p Value>) -> Option<&'p str> {
    let params = params?;
    let subject = match (method, params["ref"]["type"].as_str()) {
        ("resources/read", _) => &params["uri"],
        ("completion/complete", Some("ref/resource")) => &params["ref"]["uri"],
        ("completion/complete", _) => &params["ref"]["name"],
        _ => &params["name"],
    };
    subject.as_str()
}

/// The method of a message and what it is about, if it is a call.
fn asked(bytes: &[u8]) -> Option<(String, Option<String>)> {
    #[derive(serde::Deserialize)]
    struct Asked {
        method: String,
        #[serde(default)]
        params: Value,
    }
    let Asked { method, params } = serde_json::from_slice(bytes).ok()?;
    is_call(&method).then(|| {
        let name = subject(&method, Some(&params)).map(str::to_owned);
        (method, name)
    })
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// What stands for a value that is not written.
#[cfg(feature = "audit-arguments")]
const REDACTED: &str = "[redacted]";

/// The most items of a list that are written, and the most bytes of all arguments.
#[cfg(feature = "audit-arguments")]
const MOST: (usize, u64) = (32, 8 * 1024);

/// What is written of given values.
#[cfg(feature = "audit-arguments")]
fn redacted(given: &serde_json::Map<String, Value>, members: Members) -> Value {
    let shown =
        given.iter().map(|(name, value)| match members.iter().find(|(known, _)| known == name) {
            Some((_, shown)) => (name.clone(), shown.of(value)),
            None => (shortened(name), "[not declared]".into()),
        });
    Value::Object(shown.collect())
}

#[cfg(feature = "audit-arguments")]
impl Shown {
    fn of(&self, value: &Value) -> Value {
        match (self, value) {
            (_, Value::Null) => Value::Null,
            (Self::Redacted, _) => REDACTED.into(),
            (_, Value::Array(items)) => items.iter().take(MOST.0).map(|it| self.of(it)).collect(),
            (Self::Members(members), Value::Object(object)) => redacted(object, members),
            // It is read as the JSON that it holds.
            (Self::Members(_), Value::String(text)) => match serde_json::from_str(text) {
                Ok(inner @ (Value::Object(_) | Value::Array(_))) => self.of(&inner),
                _ => REDACTED.into(),
            },
            (Self::Whole, Value::String(text)) => shortened(text).into(),
            (Self::Whole, Value::Bool(_) | Value::Number(_)) => value.clone(),
            // What is not where it belongs may be anything.
            (Self::Members(_), _) | (Self::Whole, Value::Object(_)) => REDACTED.into(),
        }
    }
}

#[cfg(feature = "audit-arguments")]
fn bounded(arguments: Value) -> Value {
    match length(&arguments) {
        Some(length) if length <= MOST.1 => arguments,
        _ => "[too large]".into(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::subject;

    #[test]
    fn a_line_is_about_what_its_method_looks_at() {
        let params = json!({
            "name": "tool", "uri": "users://1",
            "ref": { "type": "ref/resource", "uri": "users://{id}", "name": "prompt" },
        });
        for (method, found) in [
            ("tools/call", "tool"),
            ("prompts/get", "tool"),
            ("resources/read", "users://1"),
            ("completion/complete", "users://{id}"),
        ] {
            assert_eq!(subject(method, Some(&params)), Some(found), "{method}");
        }
        let params = json!({ "name": "other", "ref": { "type": "ref/prompt", "name": "prompt" } });
        assert_eq!(subject("completion/complete", Some(&params)), Some("prompt"));
        assert_eq!(subject("resources/read", Some(&params)), None);
        assert_eq!(subject("tools/call", None), None);
    }
}
