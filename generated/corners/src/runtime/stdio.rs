//! MCP over standard input and output: a message a line.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::model::{
    ClientJsonRpcMessage, ClientNotification, ClientRequest, ErrorCode, GetMeta as _, JsonRpcError,
    ProtocolVersion, RequestId, ServerJsonRpcMessage,
};
use rmcp::service::ServerInitializeError;
use rmcp::transport::Transport;
use rmcp::transport::io::stdio_pipes;
use rmcp::{RoleServer, ServerHandler, ServiceExt};
use serde::Serialize;
use tokio::io::BufReader;
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt,
};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::jsonrpc::{self, Came};

/// Requests that run at one time. The rest waits, most of it in the pipe, so that memory stays flat
/// however many come at once.
const RUNNING: u32 = 256;

/// The most bytes that are read ahead of what runs: more than a pipe holds, so that its end is seen
/// while requests wait.
const AHEAD: usize = 1024 * 1024;

/// How long answers may stand still once the input has ended.
const GRACE: Duration = Duration::from_secs(5);

/// How long requests that are under way may take to end after a stop.
const LEAVE: Duration = Duration::from_secs(30);

/// The most bytes that go out at a time: slow readers are known from those that read nothing.
const PIECE: usize = 16 * 1024;

/// Serves one client until its input ends, or until `stop`, and then until the requests that were read
/// are answered, for at most 30 seconds. `max_bytes` is the longest line.
///
/// # Errors
/// The handshake failed. Input that ends is no error, wherever it ends, nor is a client that is gone.
pub async fn serve<S: ServerHandler>(
    server: S,
    max_bytes: usize,
    stop: CancellationToken,
) -> Result<(), Box<dyn std::error::Error>> {
    let (input, output) = stdio_pipes();
    until(server, input, output, max_bytes, stop).await
}

/// Serves one client over a pair of streams until its input ends.
///
/// # Errors
/// The handshake failed. Input that ends is no error, wherever it ends, nor is a client that is gone.
pub async fn over<S, R, W>(
    server: S,
    input: R,
    output: W,
    max_bytes: usize,
) -> Result<(), Box<dyn std::error::Error>>
where
    S: ServerHandler,
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    until(server, input, output, max_bytes, CancellationToken::new()).await
}

/// Serves one client over a pair of streams until its input ends, or until `stop`.
async fn until<S, R, W>(
    server: S,
    input: R,
    output: W,
    max_bytes: usize,
    stop: CancellationToken,
) -> Result<(), Box<dyn std::error::Error>>
where
    S: ServerHandler,
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let revisions = server.supported_protocol_versions();
    let lines = Lines::new(input, output, max_bytes, revisions, stop);
    let left = lines.out.left.clone();
    tokio::select! {
        ended = session(server, lines) => ended,
        () = left.cancelled() => Ok(()),
    }
}

/// The handshake, and everything after it.
async fn session<S, W>(server: S, lines: Lines<W>) -> Result<(), Box<dyn std::error::Error>>
where
    S: ServerHandler,
    W: AsyncWrite + Send + Unpin + 'static,
{
    match server.serve(lines).await {
        Ok(running) => {
            running.waiting().await?;
            Ok(())
        }
        // The client is gone before it said anything, or before it was answered.
        Err(
            ServerInitializeError::ConnectionClosed(_)
            | ServerInitializeError::TransportError { .. },
        ) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Messages in lines. Tasks read them, so that reading them can be called off at any point.
struct Lines<W> {
    messages: mpsc::Receiver<ClientJsonRpcMessage>,
    out: Arc<Out<W>>,
    _readers: JoinSet<()>,
}

impl<W: AsyncWrite + Send + Unpin + 'static> Lines<W> {
    fn new<R>(
        input: R,
        output: W,
        max_bytes: usize,
        revisions: Cow<'static, [ProtocolVersion]>,
        stop: CancellationToken,
    ) -> Self
    where
        R: AsyncRead + Send + Unpin + 'static,
    {
        let out = Arc::new(Out {
            stream: tokio::sync::Mutex::new(output),
            running: Mutex::default(),
            places: Arc::new(Semaphore::new(RUNNING as usize)),
            moved: Notify::new(),
            ended: CancellationToken::new(),
            gone: CancellationToken::new(),
            left: CancellationToken::new(),
        });
        let (sender, messages) = mpsc::channel(1);
        let (ahead, filling) = tokio::io::simplex(AHEAD);
        let reader = Reader {
            input: BufReader::new(ahead),
            max_bytes,
            revisions,
            begun: false,
            batches: false,
            out: Arc::clone(&out),
            sender,
            stop,
        };
        let mut readers = JoinSet::new();
        readers.spawn(fill(filling, input, out.ended.clone()));
        readers.spawn(reader.run());
        Self { messages, out, _readers: readers }
    }
}

impl<W: AsyncWrite + Send + Unpin + 'static> Transport<RoleServer> for Lines<W> {
    type Error = io::Error;

    fn send(
        &mut self,
        message: ServerJsonRpcMessage,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let out = Arc::clone(&self.out);
        async move {
            // The id is free before the client can read the answer, its place is when it has gone out.
            let place = match &message {
                ServerJsonRpcMessage::Response(response) => out.done(&response.id),
                ServerJsonRpcMessage::Error(JsonRpcError { id: Some(id), .. }) => out.done(id),
                _ => None,
            };
            out.write(&message, place.is_some()).await
        }
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        self.messages.recv().await
    }

    async fn close(&mut self) -> io::Result<()> {
        self.messages.close();
        self.out.stream.lock().await.shutdown().await
    }
}

/// The way to the client, and what is still to be answered.
struct Out<W> {
    stream: tokio::sync::Mutex<W>,
    running: Mutex<HashMap<RequestId, OwnedSemaphorePermit>>,
    places: Arc<Semaphore>,
    /// A piece of an answer has gone out.
    moved: Notify,
    /// The input has ended, though not all of it may run yet.
    ended: CancellationToken,
    /// Nobody reads any more.
    gone: CancellationToken,
    /// The input has ended, and nobody takes the answers.
    left: CancellationToken,
}

impl<W: AsyncWrite + Unpin> Out<W> {
    async fn write<T: Serialize>(&self, message: &T, is_answer: bool) -> io::Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        let mut stream = self.stream.lock().await;
        let written = async {
            for piece in line.chunks(PIECE) {
                stream.write_all(piece).await?;
                stream.flush().await?;
                if is_answer {
                    self.moved.notify_one();
                }
            }
            Ok(())
        };
        written.await.inspect_err(|_: &io::Error| self.gone.cancel())
    }

    /// Says what was wrong with a message. A client that is gone is noticed by the reader.
    async fn refuse(&self, error: &JsonRpcError) {
        if let Err(error) = self.write(error, true).await {
            tracing::debug!(%error, "nobody reads the answers");
        }
    }

    /// Takes a place for a request; none where one with its id is running.
    async fn begin(&self, id: &RequestId) -> Option<()> {
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.contains_key(id) {
            return None;
        }
        running.insert(id.clone(), place);
        Some(())
    }

    /// Waits for the answers to what was read: rmcp gives those that are not written yet no more than a
    /// few seconds, however well they are read.
    async fn answered(&self) {
        drop(self.places.acquire_many(RUNNING).await);
    }

    /// Ends when the input has, and the answers stand still.
    async fn stalled(&self) {
        self.ended.cancelled().await;
        while timeout(GRACE, self.moved.notified()).await.is_ok() {}
    }

    /// The place of a request that is answered or called off.
    fn done(&self, id: &RequestId) -> Option<OwnedSemaphorePermit> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(id)
    }
}

/// Reads ahead of what runs, and says when the input has ended.
async fn fill<R, A>(mut ahead: A, mut input: R, ended: CancellationToken)
where
    R: AsyncRead + Unpin,
    A: AsyncWrite + Unpin,
{
    if let Err(error) = tokio::io::copy(&mut input, &mut ahead).await {
        tracing::warn!(%error, "the input cannot be read");
    }
    ended.cancel();
    // It takes no more, and does not fail.
    let _ = ahead.shutdown().await;
}

struct Reader<R, W> {
    input: BufReader<R>,
    max_bytes: usize,
    /// What the server speaks.
    revisions: Cow<'static, [ProtocolVersion]>,
    /// Whether the opening is over: a notification or a response can mean nothing before, and rmcp
    /// would end over it.
    begun: bool,
    /// Whether the client speaks a revision that has batches. It need not wait for the answer to
    /// `initialize` before it sends one.
    batches: bool,
    out: Arc<Out<W>>,
    sender: mpsc::Sender<ClientJsonRpcMessage>,
    /// Nothing more is read from then on.
    stop: CancellationToken,
}

/// Nobody takes messages any more.
struct Ended;

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Reader<R, W> {
    async fn run(mut self) {
        let (out, stop) = (Arc::clone(&self.out), self.stop.clone());
        let late = async {
            stop.cancelled().await;
            tokio::time::sleep(LEAVE).await;
        };
        let all = async {
            self.read().await;
            out.answered().await;
        };
        tokio::select! {
            () = all => {}
            () = out.gone.cancelled() => {}
            () = out.stalled() => out.left.cancel(),
            () = late => out.left.cancel(),
        }
    }

    async fn read(&mut self) {
        let mut line = Vec::new();
        loop {
            line.clear();
            line.shrink_to(64 * 1024);
            // A message that was read whole is not called off: it would leave its place taken.
            let next = next_line(&mut self.input, self.max_bytes, &mut line);
            let Some(next) = self.stop.run_until_cancelled(next).await else { return };
            match next {
                Ok(Line::Whole) => {
                    if self.line(line.trim_ascii()).await.is_err() {
                        return;
                    }
                }
                Ok(Line::TooLong) => {
                    let message = format!("a message has at most {} bytes", self.max_bytes);
                    let error = jsonrpc::error(None, ErrorCode::INVALID_REQUEST, message);
                    self.out.refuse(&error).await;
                }
                Ok(Line::None) | Err(_) => return,
            }
        }
    }

    async fn line(&mut self, line: &[u8]) -> Result<(), Ended> {
        if line.is_empty() {
            return Ok(());
        }
        match jsonrpc::look(line) {
            Ok(Came::One(id)) => self.message(line, id).await?,
            Ok(Came::Batch(messages)) => {
                if !self.batches || messages.len() > jsonrpc::BATCH {
                    self.out.refuse(&jsonrpc::no_batch()).await;
                    return Ok(());
                }
                for message in messages {
                    let line = message.to_string();
                    match jsonrpc::look(line.as_bytes()) {
                        Ok(Came::One(id)) if message["method"] == "initialize" => {
                            let message = "initialize is no part of a batch";
                            let error = jsonrpc::error(id, ErrorCode::INVALID_REQUEST, message);
                            self.out.refuse(&error).await;
                        }
                        Ok(Came::One(id)) => self.message(line.as_bytes(), id).await?,
                        Ok(Came::Batch(_)) => self.out.refuse(&jsonrpc::unread(None)).await,
                        Err(error) => self.out.refuse(&error).await,
                    }
                }
            }
            Err(error) => self.out.refuse(&error).await,
        }
        Ok(())
    }

    /// Passes a message on. A request waits for a place.
    async fn message(&mut self, line: &[u8], id: Option<RequestId>) -> Result<(), Ended> {
        let mended = match jsonrpc::mended(line) {
            Ok(mended) => mended,
            Err(error) => {
                self.out.refuse(&error).await;
                return Ok(());
            }
        };
        let line = mended.as_deref().unwrap_or(line);
        let Ok(message) = serde_json::from_slice::<ClientJsonRpcMessage>(line) else {
            self.out.refuse(&jsonrpc::unread(id)).await;
            return Ok(());
        };
        match &message {
            ClientJsonRpcMessage::Request(request) => {
                if self.out.begin(&request.id).await.is_none() {
                    let message = "a request with this id is running";
                    let error = jsonrpc::error(id, ErrorCode::INVALID_REQUEST, message);
                    self.out.refuse(&error).await;
                    return Ok(());
                }
                self.begun |= self.begins(&request.request);
                if let ClientRequest::InitializeRequest(hello) = &request.request {
                    let asked = &hello.params.protocol_version;
                    let old = asked.as_str() <= ProtocolVersion::V_2025_03_26.as_str();
                    self.batches = old && self.revisions.contains(asked);
                }
            }
            _ if !self.begun => return Ok(()),
            ClientJsonRpcMessage::Notification(notification) => {
                // What is cancelled is not answered.
                if let ClientNotification::CancelledNotification(cancelled) =
                    &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    drop(self.out.done(id));
                }
            }
            ClientJsonRpcMessage::Response(_) | ClientJsonRpcMessage::Error(_) => {}
        }
        self.sender.send(message).await.map_err(|_| Ended)
    }

    /// Whether the opening is over with a request: it is `initialize`, or says itself all that a server
    /// needs to know. Whatever else comes first rmcp answers, and goes on waiting for one of these.
    fn begins(&self, request: &ClientRequest) -> bool {
        match request {
            ClientRequest::InitializeRequest(_) => true,
            ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_) => false,
            other => {
                let meta = other.get_meta();
                let whole = meta.missing_required_keys(&ProtocolVersion::V_2026_07_28).is_empty();
                let spoken = |revision| self.revisions.contains(&revision);
                whole && meta.protocol_version().is_some_and(spoken)
            }
        }
    }
}

enum Line {
    Whole,
    TooLong,
    None,
}

/// The next line, of which no more than `max` bytes are kept; the last may end without a break.
async fn next_line<R>(input: &mut R, max: usize, line: &mut Vec<u8>) -> io::Result<Line>
where
    R: AsyncBufRead + Unpin,
{
    let read = input.take(max as u64 + 1).read_until(b'\n', line).await?;
    if read <= max || line.ends_with(b"\n") {
        return Ok(if read == 0 { Line::None } else { Line::Whole });
    }
    loop {
        let rest = input.fill_buf().await?;
        let end = rest.iter().position(|byte| *byte == b'\n');
        let (passed, over) =
            (end.map_or(rest.len(), |at| at + 1), end.is_some() || rest.is_empty());
        input.consume(passed);
        if over {
            return Ok(Line::TooLong);
        }
    }
}
