//! What OpenTelemetry is told, by OTLP over HTTP: a span and a duration for each request and for each
//! statement, by its conventions for MCP and for databases. Its standard variables configure it;
//! while they name no endpoint, nothing is measured. No value of an argument or of a row leaves.

use std::borrow::Cow;
use std::collections::HashMap;
use std::error::Error;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::http::request::Parts;
use opentelemetry::metrics::{Histogram, MeterProvider as _};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{
    FutureExt as _, SpanKind, Status, TraceContextExt as _, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue, Value};
#[cfg(feature = "auth-token")]
use opentelemetry_otlp::WithHttpConfig as _;
use opentelemetry_otlp::{MetricExporter, SpanExporter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use rmcp::RoleServer;
#[cfg(feature = "tools")]
use rmcp::model::CallToolResult;
use rmcp::service::RequestContext;

use super::failure::Failure;

static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();

/// Where spans and durations go.
struct Telemetry {
    traces: SdkTracerProvider,
    metrics: SdkMeterProvider,
    tracer: SdkTracer,
    requests: Histogram<f64>,
    statements: Histogram<f64>,
}

/// Upper bounds of durations in seconds, as the conventions have them.
const REQUESTS: [f64; 14] =
    [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0];
const STATEMENTS: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0];

/// How long what was not sent yet may take to be sent at the end.
const PATIENCE: Duration = Duration::from_secs(5);

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether something of this kind, `TRACES` or `METRICS`, is to be sent.
fn is_wanted(signal: &str) -> bool {
    let endpoint = variable(&format!("OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"))
        .or_else(|| variable("OTEL_EXPORTER_OTLP_ENDPOINT"));
    let exporter = variable(&format!("OTEL_{signal}_EXPORTER"));
    endpoint.is_some() && exporter.is_none_or(|exporter| exporter != "none")
}

/// What sends something of this kind. Its library has TLS here for the sake of tokens, and without
/// this one the default of TLS, which an image without certificates does not let begin.
///
/// # Errors
/// TLS cannot be set up.
#[cfg(feature = "auth-token")]
fn client(signal: &str) -> Result<reqwest::blocking::Client, String> {
    let name = format!("OTEL_EXPORTER_OTLP_{signal}_TIMEOUT");
    let timeout = variable(&name).or_else(|| variable("OTEL_EXPORTER_OTLP_TIMEOUT"));
    let timeout = timeout.and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let client = reqwest::blocking::Client::builder()
        .tls_backend_preconfigured(super::token::tls()?)
        .timeout(Duration::from_millis(timeout));
    // It has a runtime of its own, which cannot begin within another.
    let built = std::thread::spawn(|| client.build()).join();
    let built = built.map_err(|_| "the client of OpenTelemetry panicked".to_owned())?;
    built.map_err(|error| error.to_string())
}

/// Starts telling, if the environment says where to: for a server of this name and version.
///
/// # Errors
/// The environment asks for what this server cannot do.
pub fn start(name: &'static str, version: &'static str) -> Result<(), Box<dyn Error>> {
    let (traced, measured) = (is_wanted("TRACES"), is_wanted("METRICS"));
    let disabled = variable("OTEL_SDK_DISABLED").is_some_and(|value| value == "true");
    if disabled || !traced && !measured {
        return Ok(());
    }
    for signal in ["", "TRACES_", "METRICS_"] {
        let name = format!("OTEL_EXPORTER_OTLP_{signal}PROTOCOL");
        if let Some(other) = variable(&name).filter(|it| it != "http/protobuf") {
            let spoken = "this server sends `http/protobuf` alone, most often to port 4318";
            return Err(format!("{name} is `{other}`: {spoken}").into());
        }
        let name = format!("OTEL_EXPORTER_OTLP_{signal}ENDPOINT");
        if variable(&name).is_some_and(|it| !it.starts_with("http://")) {
            let plain =
                "this server sends to `http://` alone: to a collector nearby, which passes it on";
            return Err(format!("{name}: {plain}").into());
        }
    }
    // The library that sends has TLS where another server, which is built beside this one, has tokens.
    #[cfg(not(feature = "auth-token"))]
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut resource =
        Resource::builder().with_attribute(KeyValue::new("service.version", version));
    let attributes = variable("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
    if variable("OTEL_SERVICE_NAME").is_none() && !attributes.contains("service.name=") {
        resource = resource.with_service_name(name);
    }
    let resource = resource.build();
    let mut traces = SdkTracerProvider::builder().with_resource(resource.clone());
    if traced {
        let exporter = SpanExporter::builder().with_http();
        #[cfg(feature = "auth-token")]
        let exporter = exporter.with_http_client(client("TRACES")?);
        traces = traces.with_batch_exporter(exporter.build()?);
    }
    let mut metrics = SdkMeterProvider::builder().with_resource(resource);
    if measured {
        let exporter = MetricExporter::builder().with_http();
        #[cfg(feature = "auth-token")]
        let exporter = exporter.with_http_client(client("METRICS")?);
        metrics = metrics.with_periodic_exporter(exporter.build()?);
    }
    let (traces, metrics) = (traces.build(), metrics.build());
    let meter = metrics.meter(name);
    let histogram = |name, bounds: &[f64]| {
        meter.f64_histogram(name).with_unit("s").with_boundaries(bounds.to_vec()).build()
    };
    let telemetry = Telemetry {
        tracer: traces.tracer(name),
        requests: histogram("mcp.server.operation.duration", &REQUESTS),
        statements: histogram("db.client.operation.duration", &STATEMENTS),
        traces,
        metrics,
    };
    TELEMETRY.get_or_init(|| telemetry);
    Ok(())
}

/// Sends what was not sent yet.
pub async fn stop() {
    let Some(telemetry) = TELEMETRY.get() else { return };
    let sent = tokio::task::spawn_blocking(|| {
        for sent in [
            telemetry.traces.shutdown_with_timeout(PATIENCE),
            telemetry.metrics.shutdown_with_timeout(PATIENCE),
        ] {
            if let Err(error) = sent {
                tracing::warn!(%error, "what OpenTelemetry should hear was not sent");
            }
        }
    });
    if let Err(error) = sent.await {
        tracing::warn!(%error, "what OpenTelemetry should hear was not sent");
    }
}

/// The type of an error by the conventions, and as clients see it.
type Wrong = (Cow<'static, str>, Cow<'static, str>);

/// What a request comes to.
pub trait Outcome {
    /// What is wrong with it, if anything.
    fn wrong(&self) -> Option<Wrong>;
}

/// The conventions have a type of their own for a tool that says that it failed.
#[cfg(feature = "tools")]
impl Outcome for CallToolResult {
    fn wrong(&self) -> Option<Wrong> {
        (self.is_error == Some(true)).then(|| {
            let kind = self.structured_content.as_ref().and_then(|it| it["type"].as_str());
            ("tool_error".into(), kind.unwrap_or_default().to_owned().into())
        })
    }
}

#[cfg(feature = "protocol-errors")]
impl<T> Outcome for Result<T, Failure> {
    fn wrong(&self) -> Option<Wrong> {
        self.as_ref().err().map(wrong)
    }
}

/// Where there may be nothing of the name that was asked for.
#[cfg(feature = "protocol-errors")]
impl<T: Outcome> Outcome for Option<T> {
    fn wrong(&self) -> Option<Wrong> {
        match self {
            Some(outcome) => outcome.wrong(),
            None => Some(("INVALID_PARAMS".into(), "INVALID_PARAMS".into())),
        }
    }
}

/// The kind of a failure. Its message may repeat what came.
fn wrong(failure: &Failure) -> Wrong {
    let word = serde_json::to_value(failure.kind).ok();
    let word = word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    (word.clone().into(), word.into())
}

/// A span that lasts until this is dropped, and its place in a histogram.
struct Measured {
    context: Context,
    begun: Instant,
    histogram: &'static Histogram<f64>,
    /// What the histogram is split by.
    attributes: Vec<KeyValue>,
    /// What is wrong; that it was cancelled, until it comes to anything.
    wrong: Option<Wrong>,
}

impl Drop for Measured {
    fn drop(&mut self) {
        if let Some((kind, description)) = self.wrong.take() {
            let kind = KeyValue::new("error.type", kind);
            self.context.span().set_attribute(kind.clone());
            self.context.span().set_status(Status::error(description));
            self.attributes.push(kind);
        }
        self.histogram.record(self.begun.elapsed().as_secs_f64(), &self.attributes);
        self.context.span().end();
    }
}

impl Measured {
    fn begin(
        telemetry: &'static Telemetry,
        parent: &Context,
        (name, kind): (String, SpanKind),
        histogram: &'static Histogram<f64>,
        (attributes, more): (Vec<KeyValue>, Vec<KeyValue>),
    ) -> Self {
        let all = attributes.iter().cloned().chain(more);
        let span = telemetry.tracer.span_builder(name).with_kind(kind).with_attributes(all);
        let context = parent.with_span(span.start_with_context(&telemetry.tracer, parent));
        let wrong = Some(("cancelled".into(), "CANCELLED".into()));
        Self { context, begun: Instant::now(), histogram, attributes, wrong }
    }
}

/// Answers a request within a span, whose parent is what the client names as its own. An answer that
/// is dropped was cancelled.
pub async fn request<T: Outcome>(
    context: &RequestContext<RoleServer>,
    method: &'static str,
    name: &str,
    answer: impl Future<Output = T>,
) -> T {
    // On the heap: each layer would have a copy of it on the stack.
    let answer = Box::pin(answer);
    let Some(telemetry) = TELEMETRY.get() else { return answer.await };
    let parts = context.extensions.get::<Parts>();
    let header = |name: &str| parts.and_then(|parts| parts.headers.get(name)?.to_str().ok());
    let mut attributes = vec![KeyValue::new("mcp.method.name", method)];
    let mut more = vec![
        KeyValue::new("jsonrpc.request.id", context.id.to_string()),
        KeyValue::new("network.transport", if parts.is_some() { "tcp" } else { "pipe" }),
    ];
    // A tool is one of the spec here; what else is asked for, clients may make up.
    let mut span = method.to_owned();
    match method {
        "tools/call" => {
            attributes.push(KeyValue::new("gen_ai.tool.name", name.to_owned()));
            more.push(KeyValue::new("gen_ai.operation.name", "execute_tool"));
            span = format!("{method} {name}");
        }
        "prompts/get" => more.push(KeyValue::new("gen_ai.prompt.name", name.to_owned())),
        "resources/read" => more.push(KeyValue::new("mcp.resource.uri", name.to_owned())),
        _ => {}
    }
    if let Some(revision) = context.protocol_version() {
        let revision = Value::from(revision.as_str().to_owned());
        more.push(KeyValue::new("mcp.protocol.version", revision));
    }
    if let Some(session) = header("mcp-session-id") {
        more.push(KeyValue::new("mcp.session.id", session.to_owned()));
    }
    let mut carrier = HashMap::new();
    if let Some(parent) = context.meta.get_traceparent() {
        carrier.insert("traceparent".to_owned(), parent.to_owned());
        let state = context.meta.get_tracestate().map(str::to_owned);
        carrier.extend(state.map(|state| ("tracestate".to_owned(), state)));
    } else {
        let both = ["traceparent", "tracestate"].map(|name| Some((name, header(name)?)));
        carrier.extend(both.into_iter().flatten().map(|(k, v)| (k.to_owned(), v.to_owned())));
    }
    let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
    let mut measured = Measured::begin(
        telemetry,
        &parent,
        (span, SpanKind::Server),
        &telemetry.requests,
        (attributes, more),
    );
    let answer = answer.with_context(measured.context.clone()).await;
    measured.wrong = answer.wrong();
    answer
}

/// Runs a statement within a span: what it does and to which table, and nothing that is bound to it.
pub async fn statement<T>(
    system: &'static str,
    text: &str,
    run: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let run = Box::pin(run);
    let Some(telemetry) = TELEMETRY.get() else { return run.await };
    let (operation, table) = summary(text);
    let summary = match table {
        Some(table) => format!("{operation} {table}"),
        None => operation.clone(),
    };
    let attributes = vec![
        KeyValue::new("db.system.name", system),
        KeyValue::new("db.operation.name", operation),
        KeyValue::new("db.query.summary", summary.clone()),
    ];
    let mut measured = Measured::begin(
        telemetry,
        &Context::current(),
        (summary, SpanKind::Client),
        &telemetry.statements,
        (attributes, Vec::new()),
    );
    let ran = run.with_context(measured.context.clone()).await;
    measured.wrong = ran.as_ref().err().map(wrong);
    ran
}

/// What a statement does, and the first table that it does it to.
fn summary(text: &str) -> (String, Option<String>) {
    const VERBS: [&str; 7] = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "CALL"];
    let words = words(text);
    // In front of it stand common table expressions at most.
    let verb = words.iter().position(|word| VERBS.contains(&&*word.to_ascii_uppercase()));
    let Some(verb) = verb else { return ("STATEMENT".to_owned(), None) };
    let operation = words[verb].to_ascii_uppercase();
    let before = match &*operation {
        "SELECT" | "DELETE" => Some("FROM"),
        "INSERT" | "REPLACE" | "MERGE" => Some("INTO"),
        _ => None,
    };
    let mut rest = words[verb + 1..].iter();
    let table = match before {
        Some(before) => {
            rest.by_ref().find(|word| word.eq_ignore_ascii_case(before)).and(rest.next())
        }
        None => rest.next(),
    };
    (operation, table.filter(|table| !table.is_empty()).cloned())
}

/// The words of a statement outside of parentheses; an empty one for what stands in them.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut depth) = (String::new(), 0_u32);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        match (character, next) {
            ('-', Some('-')) => {
                characters.by_ref().find(|c| *c == '\n');
            }
            ('/', Some('*')) => {
                let mut last = ' ';
                characters.by_ref().find(|c| std::mem::replace(&mut last, *c) == '*' && *c == '/');
            }
            ('\'', _) => {
                characters.by_ref().find(|c| *c == '\'');
            }
            ('(', _) => {
                if depth == 0 {
                    words.extend([std::mem::take(&mut word), String::new()]);
                }
                depth += 1;
            }
            (')', _) => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ('"' | '`', _) => {}
            _ if character.is_alphanumeric() || matches!(character, '_' | '.' | '$') => {
                word.push(character);
                continue;
            }
            _ => {}
        }
        if depth == 0 && !matches!(character, '"' | '`') && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    words.push(word);
    words
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn a_statement_is_told_by_its_verb_and_its_table() {
        for (text, operation, table) in [
            ("SELECT id, count(*) FROM users WHERE a = 'from x'", "SELECT", Some("users")),
            ("select 7", "SELECT", None),
            ("SELECT (SELECT 1 FROM a) FROM b", "SELECT", Some("b")),
            ("SELECT n FROM (SELECT 1 AS n FROM a) AS t", "SELECT", None),
            ("SELECT x -- FROM a\nFROM shop.b", "SELECT", Some("shop.b")),
            ("/* FROM a */ DELETE FROM \"b\" WHERE id = ?1", "DELETE", Some("b")),
            ("INSERT INTO `users`(email) VALUES (?)", "INSERT", Some("users")),
            ("UPDATE users SET name = $1", "UPDATE", Some("users")),
            ("WITH n AS (SELECT 1 FROM a) INSERT INTO b SELECT * FROM n", "INSERT", Some("b")),
            ("CALL refresh(1)", "CALL", Some("refresh")),
            ("VALUES (1)", "STATEMENT", None),
        ] {
            let found = summary(text);
            assert_eq!((&*found.0, found.1.as_deref()), (operation, table), "{text}");
        }
    }
}
