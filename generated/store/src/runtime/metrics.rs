//! What Prometheus is told: calls of tools, errors, connections, the pools, and the process.
//!
//! Labels are names of the spec and words of this crate, so that no client can make new series.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Instant;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, prometheus_text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use rmcp::model::CallToolResponse;
use rmcp::model::ErrorData;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

use super::database::Database;
use super::handle::kind;

/// The type of what [`Metrics::text`] writes.
pub const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// Upper bounds of times, in seconds.
const BUCKETS: [f64; 13] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0];

/// A histogram of times.
pub fn times() -> Histogram {
    Histogram::new(BUCKETS)
}

/// What tells a series from others of the same metric.
type Labels = [(&'static str, Cow<'static, str>); 2];

/// What is counted of a server.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    connections: Gauge,
    errors: Family<Labels, Counter>,
    durations: Family<Labels, Histogram, fn() -> Histogram>,
    tools: HashMap<String, Tool>,
}

impl Metrics {
    /// The metrics of a server with this database and these tools.
    pub fn new(
        database: &Arc<Database>,
        audit: &Arc<super::audit::Audit>,
        tools: &[rmcp::model::Tool],
    ) -> Arc<Self> {
        let mut registry = Registry::default();
        let connections = Gauge::default();
        registry.register(
            "mcp_active_connections",
            "Connections of clients that are open",
            connections.clone(),
        );
        let errors = Family::<Labels, Counter>::default();
        let help = "Requests that were answered with an error, by method and type";
        registry.register("mcp_errors", help, errors.clone());
        registry.register_collector(Box::new(Observed {
            database: Arc::clone(database),
            audit: Arc::clone(audit),
        }));
        let durations =
            Family::<Labels, Histogram, _>::new_with_constructor(times as fn() -> Histogram);
        let tools = {
            let executions = Family::<Labels, Counter>::default();
            registry.register(
                "mcp_tool_executions",
                "Calls of tools that came to an end",
                executions.clone(),
            );
            registry.register(
                "mcp_tool_execution_duration_seconds",
                "How long calls of tools took, without the time in which a person was asked",
                durations.clone(),
            );
            let tool = |tool: &rmcp::model::Tool| {
                (tool.name.to_string(), Tool::new(&tool.name, &executions))
            };
            tools.iter().map(tool).collect()
        };
        Arc::new(Self {
            registry,
            connections,
            errors,
            durations,
            tools,
        })
    }

    /// Everything in the text format of Prometheus, with so many connections open.
    ///
    /// # Errors
    /// What is counted cannot be written.
    pub fn text(&self, connections: usize) -> Result<String, fmt::Error> {
        self.connections.set(i64::try_from(connections).unwrap_or(i64::MAX));
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// What a request is answered with, whose error counts.
    pub async fn answered<T>(
        &self,
        method: &'static str,
        answer: impl Future<Output = Result<T, ErrorData>>,
    ) -> Result<T, ErrorData> {
        let answer = answer.await;
        if let Err(error) = &answer {
            self.failed(method, kind(error));
        }
        answer
    }

    fn failed(&self, method: &'static str, kind: Cow<'static, str>) {
        let labels = [("method", method.into()), ("error_type", kind)];
        self.errors.get_or_create(&labels).inc();
    }

    /// A call of a tool that begins. Where there is none of this name, nothing counts but the error.
    pub fn execution(&self, tool: &str) -> Execution<'_> {
        let tool = self.tools.get_key_value(tool);
        Execution { metrics: self, tool, begun: OnceLock::new(), status: OnceLock::new() }
    }
}

/// How a call of a tool ended.
#[derive(Debug, Clone, Copy)]
enum Status {
    Success,
    Error,
    /// The client called it off, or went away.
    Cancelled,
}

const STATUSES: &[Status] = &[
    Status::Success,
    Status::Error,
    Status::Cancelled,
];

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Cancelled => "cancelled",
        }
    }
}

fn labels(tool: &str, status: Status) -> Labels {
    [("tool_name", tool.to_owned().into()), ("status", status.word().into())]
}

/// What counts the calls of a tool, by status. The counters are there from the beginning, so that a
/// first error is seen as one more; the histograms, which are long, from the first call on.
#[derive(Debug)]
struct Tool {
    executions: Vec<Counter>,
    durations: Vec<OnceLock<Histogram>>,
}

impl Tool {
    fn new(name: &str, executions: &Family<Labels, Counter>) -> Self {
        let counter = |status: &Status| executions.get_or_create_owned(&labels(name, *status));
        Self {
            executions: STATUSES.iter().map(counter).collect(),
            durations: STATUSES.iter().map(|_| OnceLock::new()).collect(),
        }
    }
}

/// A call of a tool. It counts once, when this is dropped: as cancelled, unless it was answered.
#[derive(Debug)]
pub struct Execution<'m> {
    metrics: &'m Metrics,
    tool: Option<(&'m String, &'m Tool)>,
    begun: OnceLock<Instant>,
    status: OnceLock<Status>,
}

impl Execution<'_> {
    /// Nobody is asked any more: its time runs from now on.
    pub fn begins(&self) {
        self.begun.get_or_init(Instant::now);
    }

    /// What the call is answered with.
    pub async fn of(
        &self,
        answer: impl Future<Output = Result<CallToolResponse, ErrorData>>,
    ) -> Result<CallToolResponse, ErrorData> {
        // On the heap, as where a request is handled: each layer would have a copy of it on the stack.
        let answer = Box::pin(answer).await;
        let (status, kind) = match &answer {
            Ok(CallToolResponse::Complete(result)) if result.is_error == Some(true) => {
                let kind = result.structured_content.as_ref().and_then(|it| it["type"].as_str());
                (Status::Error, Some(kind.unwrap_or("UNKNOWN_ERROR").to_owned().into()))
            }
            Ok(_) => (Status::Success, None),
            Err(error) => match kind(error) {
                kind if kind == super::handle::CANCELLED => (Status::Cancelled, None),
                kind => (Status::Error, Some(kind)),
            },
        };
        if let Some(kind) = kind {
            self.metrics.failed("tools/call", kind);
        }
        self.status.get_or_init(|| status);
        answer
    }
}

impl Drop for Execution<'_> {
    fn drop(&mut self) {
        let Some((name, tool)) = self.tool else { return };
        let status = *self.status.get_or_init(|| Status::Cancelled);
        tool.executions[status as usize].inc();
        if let Some(begun) = self.begun.get() {
            let new = || self.metrics.durations.get_or_create_owned(&labels(name, status));
            let duration = tool.durations[status as usize].get_or_init(new);
            duration.observe(begun.elapsed().as_secs_f64());
        }
    }
}

impl Observed {
    /// In which of its states the breaker is, and how often it came to each.
    fn encode_breaker(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        use super::breaker::STATES;
        let breaker = self.database.breaker();
        let (now, counts) = (breaker.state().name(), breaker.transitions());
        let help = "Whether the breaker of the database is in a state, 1 or 0.";
        let gauge = ConstGauge::new(0_u64).metric_type();
        let mut states = encoder.encode_descriptor("mcp_db_breaker_state", help, None, gauge)?;
        for state in STATES {
            let is = ConstGauge::new(u64::from(state == now));
            is.encode(states.encode_family(&[("state", state)])?)?;
        }
        let help = "How often the breaker of the database came to a state.";
        let counter = MetricType::Counter;
        let mut changes =
            encoder.encode_descriptor("mcp_db_breaker_transitions", help, None, counter)?;
        for (state, count) in STATES.into_iter().zip(counts) {
            ConstCounter::new(count).encode(changes.encode_family(&[("state", state)])?)?;
        }
        Ok(())
    }
}

/// What is looked at when it is asked for.
#[derive(Debug)]
struct Observed {
    database: Arc<Database>,
    audit: Arc<super::audit::Audit>,
}

impl Collector for Observed {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        {
            let lost = ConstCounter::new(self.audit.lost());
            let help = "Lines of the audit that were lost.";
            let kind = lost.metric_type();
            lost.encode(encoder.encode_descriptor("mcp_audit_failures", help, None, kind)?)?;
        }
        let pools = self.database.pool_use();
        let help = "Connections of the database, by pool and state.";
        let gauge = ConstGauge::new(0_u64).metric_type();
        let mut open = encoder.encode_descriptor("mcp_db_pool_connections", help, None, gauge)?;
        for pool in &pools {
            for (state, count) in [("in_use", pool.in_use), ("idle", pool.idle)] {
                let labels = [("pool", pool.name), ("state", state)];
                ConstGauge::new(count).encode(open.encode_family(&labels)?)?;
            }
        }
        let help = "The most connections of the database, by pool.";
        let mut most =
            encoder.encode_descriptor("mcp_db_pool_max_connections", help, None, gauge)?;
        for pool in &pools {
            ConstGauge::new(pool.most).encode(most.encode_family(&[("pool", pool.name)])?)?;
        }
        let help = "How long requests waited for a connection of the database.";
        let times = MetricType::Histogram;
        let mut waits = encoder.encode_descriptor("mcp_db_pool_wait_seconds", help, None, times)?;
        for pool in &pools {
            pool.wait.encode(waits.encode_family(&[("pool", pool.name)])?)?;
        }
        self.encode_breaker(&mut encoder)?;
        // What the system does not say is not there.
        let Some(process) = Process::now() else { return Ok(()) };
        let seconds = ConstCounter::new(process.cpu_seconds);
        let help = "Time of the processors that was used, in seconds.";
        let encoded =
            encoder.encode_descriptor("process_cpu_seconds", help, None, seconds.metric_type())?;
        seconds.encode(encoded)?;
        for (name, help, value) in [
            ("process_resident_memory_bytes", "Memory in use, in bytes.", process.memory),
            ("process_start_time_seconds", "When the process began, since 1970.", process.began),
        ] {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}

/// A pool of the database.
#[derive(Debug)]
pub struct PoolUse {
    /// What its connections are for.
    pub name: &'static str,
    /// Connections that somebody uses.
    pub in_use: u64,
    /// Connections that wait for somebody.
    pub idle: u64,
    /// The most that there can be.
    pub most: u64,
    /// How long requests waited for one.
    pub wait: Histogram,
}

/// What the system says of this process.
#[derive(Debug, Clone, Copy)]
pub struct Process {
    /// Time of the processors.
    pub cpu_seconds: f64,
    /// Memory that is in use, in bytes.
    pub memory: u64,
    /// When it began, in seconds since 1970.
    pub began: u64,
}

impl Process {
    /// How it is now; none where the system does not say.
    pub fn now() -> Option<Self> {
        let id = Pid::from_u32(std::process::id());
        let mut system = System::new();
        let what = ProcessRefreshKind::nothing().with_cpu().with_memory().without_tasks();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[id]), false, what);
        let process = system.process(id)?;
        Some(Self {
            cpu_seconds: std::time::Duration::from_millis(process.accumulated_cpu_time())
                .as_secs_f64(),
            memory: process.memory(),
            began: process.start_time(),
        })
    }
}
