//! The server as mcpgen understood it: valid by construction.
//!
//! No serde, no places, nothing unresolved. Whoever holds a [`Server`] can
//! render it without an error; every rule that could fail has run in
//! `lower`. Lists keep the order of the spec.

mod access;
mod audit;
mod cache;
mod claims;
mod constraint;
mod content;
mod grants;
mod ident;
mod json_schema;
mod limits;
mod mask;
mod resilience;
mod result;
mod sample;
mod tenant;
mod types;

pub use access::{Access, Auth, Introspection, Jwt, Scope};
pub use audit::{Audit, AuditSink, Shown as Written};
pub use cache::Cache;
pub use constraint::{Constraint, Scalar, TextFormat};
pub use content::{Block, BlockKind, Bytes, Icon, Shown, Table};
pub use grants::{Grant, Grants};
pub use ident::{BARE_NAMES, Ident, IdentProblem};
pub use json_schema::{form_schema, input_schema, output_schema, param_schema, plan_schema};
pub use limits::{Concurrency, Rate, RateKey};
pub use mask::{Mask, MaskKind, seen};
pub use resilience::{Breaker, Repeat, Retry};
pub use result::{Answer, Column, Echo, EchoSource, JsonShape, ResultShape, Row, RowUse, WireForm};
pub use sample::{Edge, edges, sample, sample_arguments, unreadable};
pub use tenant::Tenant;
pub use types::{
    Choice, ChoiceType, Clamp, Kind, NamedType, ObjectType, Param, Presence, Type, UnknownRule,
};

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::database::facts::{Effect, Flavour};
use crate::sql::{Style, Template};

/// A complete server.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// Name of the server, of its crate and of its binary.
    pub name: Ident,
    /// Name for people.
    pub title: Option<String>,
    /// Version, as in Cargo.
    pub version: String,
    /// One sentence.
    pub description: Option<String>,
    /// What a model should know first.
    pub instructions: Option<String>,
    /// How long clients may keep the lists.
    pub client_cache: ClientCache,
    /// Whether clients that ask for it hear what happens in their calls; there is a tool then.
    pub logging: bool,
    /// What those who run the server can see of it.
    pub observability: Observability,
    /// Pictures of the server.
    pub icons: Vec<Icon>,
    /// What is said where the server is published; nothing where it is not.
    pub publish: Option<Publish>,
    /// Name of the spec file without folders: `users.yaml`.
    pub spec: String,
    /// How callers are known; nothing where anybody may call.
    pub auth: Option<Auth>,
    /// What is written of calls; nothing where nothing is.
    pub audit: Option<Audit>,
    /// The database.
    pub database: Database,
    /// Whether replicas share a Redis; something uses it then.
    pub shared: bool,
    /// How many requests are answered; nothing where all of them are.
    pub rate_limit: Option<Rate>,
    /// Named types that something uses.
    pub types: Vec<Arc<NamedType>>,
    /// Shared rows that something uses.
    pub rows: Vec<Arc<Row>>,
    /// Tools.
    pub tools: Vec<Tool>,
    /// Resources, fixed and templated.
    pub resources: Vec<Resource>,
    /// Prompts.
    pub prompts: Vec<Prompt>,
    /// Tests.
    pub tests: Tests,
}

impl Server {
    /// Whether clients can subscribe to a resource.
    #[must_use]
    pub fn watches(&self) -> bool {
        self.resources.iter().any(|resource| resource.watch.is_some())
    }
}

/// What those who run a server can see of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Observability {
    /// It has metrics for Prometheus.
    pub metrics: bool,
    /// It tells OpenTelemetry what it does, where it is configured to.
    pub otlp: bool,
    /// How the log is written where nobody says it; none where it is text and nothing else.
    pub logs: Option<LogFormat>,
    /// What is asked of it for management can have a port of its own.
    pub management_port: bool,
}

/// How a log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object a line.
    Json,
}

/// How long clients may keep what they were told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientCache {
    /// How long.
    pub ttl: Duration,
    /// Whether it is the same for all users.
    pub public: bool,
}

/// What is said where the server is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// The publisher's name in the MCP registry.
    pub namespace: String,
    /// Who publishes it.
    pub author: String,
    /// Where its source is.
    pub repository: Option<String>,
    /// The image without a tag.
    pub image: Option<String>,
    /// Where it is served for everybody.
    pub url: Option<String>,
}

/// The database and how to reach it.
#[derive(Debug, Clone, PartialEq)]
pub struct Database {
    /// The engine.
    pub engine: Engine,
    /// Migrations in order; copied into the crate.
    pub migrations: Vec<Migration>,
    /// Most connections that read.
    pub pool_max: u32,
    /// Connections kept open.
    pub pool_min: u32,
    /// How long a call waits for a connection.
    pub acquire_timeout: Duration,
    /// How long an unused connection lives.
    pub idle_timeout: Duration,
    /// How long one statement may run.
    pub statement_timeout: Duration,
    /// When calls fail at once because the database is away; none where each of them tries.
    pub breaker: Option<Breaker>,
    /// Which of the servers that speak MySQL's protocol the statements were checked against.
    pub flavour: Option<Flavour>,
    /// What the role of the server must be allowed to do, where that is known.
    pub grants: Option<Grants>,
    /// Tenants that share it, where they do.
    pub tenant: Option<Tenant>,
}

/// How well the transactions of a call are kept apart from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// A statement sees what was committed before it began.
    ReadCommitted,
    /// All statements see what was committed before the first began.
    RepeatableRead,
    /// As if transactions ran one after the other.
    Serializable,
}

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite 3, embedded.
    Sqlite,
    /// PostgreSQL 12 and later.
    Postgres,
    /// MySQL 8, or MariaDB 10.6 and later.
    Mysql,
}

impl Engine {
    /// Its name in a spec, in a lock, and as a feature of the runtime.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
        }
    }
}

/// A migration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// File name: `0001_users.sql`.
    pub name: String,
    /// Its text.
    pub sql: String,
}

/// A tool.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// Its name; the module's name in Rust.
    pub ident: Ident,
    /// Name for people.
    pub title: Option<String>,
    /// What it does, with what `require` says added.
    pub description: String,
    /// Arguments, `sort`, `cursor` and `page_size` among them where the tool has them.
    pub params: Vec<Param>,
    /// What to do with arguments that are not declared.
    pub unknown: UnknownRule,
    /// Which params go together.
    pub require: Vec<Requirement>,
    /// Where the answer comes from. SQL is the only backend there is.
    pub backend: Backend,
    /// How long the call may take.
    pub timeout: Duration,
    /// When a call is run again.
    pub repeat: Repeat,
    /// How many calls are answered, beside the limit of the server.
    pub rate_limit: Option<Rate>,
    /// How many calls may run at the same time.
    pub concurrency: Option<Concurrency>,
    /// Isolation of the transaction; none where the database's default will do.
    pub isolation: Option<Isolation>,
    /// What a person is asked before the call: a minijinja template, checked. Its variables are the
    /// params.
    pub confirm: Option<String>,
    /// Forms for params that a client leaves out.
    pub ask: Vec<Form>,
    /// Who may call it.
    pub access: Access,
    /// How its answers are kept; it only reads then.
    pub cache: Option<Cache>,
    /// Tools whose kept answers it ends, each of which has a cache; it writes then.
    pub invalidates: Vec<Ident>,
    /// What to say for a type of error.
    pub errors: Vec<ErrorText>,
    /// Hints for clients.
    pub hints: Hints,
    /// Pictures of the tool.
    pub icons: Vec<Icon>,
}

/// What a person is asked for at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Its key among the requests for input.
    pub name: String,
    /// What the person reads.
    pub message: String,
    /// The params, as they are in the tool or prompt.
    pub params: Vec<Param>,
}

/// Whether a person is asked for a param, so that a client may leave it out.
#[must_use]
pub fn is_asked(forms: &[Form], param: &Param) -> bool {
    forms.iter().flat_map(|form| &form.params).any(|asked| asked.ident == param.ident)
}

/// Where a tool's answer comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Backend {
    /// Statements.
    Sql(Plan),
}

/// How a tool's statements run.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// One statement.
    Single {
        /// The statement.
        statement: Statement,
        /// What it answers.
        result: ResultShape,
    },
    /// One statement in several orders; the `sort` param chooses.
    Sorted {
        /// One for each value of `sort`, in the order of its choices.
        orders: Vec<Order>,
        /// What it answers.
        result: ResultShape,
    },
    /// One statement page by page; `sort` chooses where there is one.
    Paged {
        /// One for each value of `sort`, or a single one without a value.
        orders: Vec<PageOrder>,
        /// Most rows of a page.
        maximum: u32,
        /// What it answers; `next_cursor` is added to it.
        result: ResultShape,
    },
    /// Statements in one transaction.
    Steps(Vec<Step>),
}

impl Server {
    /// Whether a tool asks a person before it runs.
    #[must_use]
    pub fn confirms(&self) -> bool {
        self.tools.iter().any(|tool| tool.confirm.is_some())
    }

    /// Whether a person is asked for anything.
    #[must_use]
    pub fn elicits(&self) -> bool {
        self.confirms() || self.tools_ask() || self.prompts_ask()
    }

    /// Whether a tool asks a person for params.
    #[must_use]
    pub fn tools_ask(&self) -> bool {
        self.tools.iter().any(|tool| !tool.ask.is_empty())
    }

    /// Whether a prompt asks a person for params.
    #[must_use]
    pub fn prompts_ask(&self) -> bool {
        self.prompts.iter().any(|prompt| !prompt.ask.is_empty())
    }
}

/// Rows that a client hears of at a time: `ROWS` in `templates/runtime/src/progress.rs`.
pub(crate) const ROWS_TOLD: u64 = 1000;

impl Tool {
    /// Whether clients can hear how far a call has come: of each step, or of rows where there can be
    /// so many.
    #[must_use]
    pub fn tells_progress(&self) -> bool {
        let Backend::Sql(plan) = &self.backend;
        let most = match plan {
            Plan::Steps(_) => return true,
            Plan::Single { result, .. } | Plan::Sorted { result, .. } => match &result.answer {
                Answer::Many(_) => result.max_rows,
                Answer::One(_)
                | Answer::Optional(_)
                | Answer::Scalar(_)
                | Answer::Affected
                | Answer::InsertedId => return false,
            },
            Plan::Paged { maximum, .. } => Some((*maximum).into()),
        };
        most.is_none_or(|most| most >= ROWS_TOLD)
    }
}

impl Plan {
    /// What the plan does as a whole.
    #[must_use]
    pub fn effect(&self) -> Effect {
        let union = |a: Effect, b: Effect| Effect {
            inserts: a.inserts || b.inserts,
            updates: a.updates || b.updates,
            deletes: a.deletes || b.deletes,
            locks: a.locks || b.locks,
        };
        match self {
            Self::Single { statement, .. } => statement.effect,
            Self::Sorted { .. } | Self::Paged { .. } => Effect::default(),
            Self::Steps(steps) => {
                steps.iter().map(|step| step.statement.effect).fold(Effect::default(), union)
            }
        }
    }
}

/// One order of a sorted statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The value of `sort`: `created_at` or `-created_at`.
    pub choice: String,
    /// The statement in this order.
    pub statement: Statement,
}

/// One order of a paged statement.
#[derive(Debug, Clone, PartialEq)]
pub struct PageOrder {
    /// The value of `sort`; none where the tool has no `sort`.
    pub choice: Option<String>,
    /// The first page.
    pub first: Statement,
    /// A page after a cursor.
    pub next: Statement,
    /// The columns whose values make the cursor, in the order of the cursor's values:
    /// name and position in the result.
    pub cursor: Vec<(String, usize)>,
}

/// One statement of a transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its name; its member in the result.
    pub ident: Ident,
    /// The statement.
    pub statement: Statement,
    /// What it answers.
    pub result: ResultShape,
}

/// A statement with everything that it binds.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The text in pieces.
    pub template: Template,
    /// How its placeholders are written.
    pub style: Style,
    /// Every binding once, in the order of its first appearance.
    pub binds: Vec<Bind>,
    /// What it does.
    pub effect: Effect,
}

/// What a binding is bound to.
#[derive(Debug, Clone, PartialEq)]
pub struct Bind {
    /// The dotted name as it stands in the statement: `filters.role`.
    pub name: String,
    /// Where the value comes from.
    pub from: BindFrom,
    /// Whether it stands for a list (`IN (:ids)`).
    pub list: bool,
    /// The database's name of its type, where the database says it: `integer`, `text[]`.
    pub wire: Option<String>,
}

/// Where a bound value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum BindFrom {
    /// A param, or a property of one.
    Param {
        /// The way to it: every param from the outermost to the one that is bound.
        path: Vec<Param>,
    },
    /// A column of an earlier step's row.
    Step {
        /// The step.
        step: Ident,
        /// The column.
        column: Box<Column>,
    },
    /// The number of the row that an earlier step inserted.
    InsertedId {
        /// The step.
        step: Ident,
    },
    /// What a client typed so far, of a completion.
    Prefix,
    /// A value of the cursor, by its place in `PageOrder::cursor`.
    Cursor(usize),
    /// The most rows to fetch: `page_size` and one more.
    PageLimit,
}

/// Params that go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The rule.
    pub rule: RequireRule,
    /// The params, at least two.
    pub params: Vec<Ident>,
}

/// A rule over a group of params.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequireRule {
    /// Exactly one is given.
    OneOf,
    /// At least one is given.
    AnyOf,
    /// All are given, or none.
    AllOrNone,
    /// None or one is given.
    AtMostOne,
}

/// What to say for a type of error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorText {
    /// The type: `UNIQUE_CONSTRAINT_VIOLATION`.
    pub kind: ErrorKind,
    /// One sentence.
    pub message: String,
    /// What to try instead.
    pub suggestions: Vec<String>,
}

/// The types of error that a statement can end with and a spec can word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    /// No row where one must be.
    RecordNotFound,
    /// A value that must be unique is there already.
    UniqueConstraintViolation,
    /// A row that is referred to does not exist, or is still referred to.
    ForeignKeyViolation,
    /// NULL where a value must be.
    NotNullViolation,
    /// A CHECK constraint refused the row.
    CheckViolation,
    /// Another transaction changed what this one read, again and again.
    SerializationFailure,
    /// Transactions waited for each other, again and again.
    Deadlock,
    /// The statement took too long.
    Timeout,
    /// More rows than the form takes.
    ResultTooLarge,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::RecordNotFound,
        Self::UniqueConstraintViolation,
        Self::ForeignKeyViolation,
        Self::NotNullViolation,
        Self::CheckViolation,
        Self::SerializationFailure,
        Self::Deadlock,
        Self::Timeout,
        Self::ResultTooLarge,
    ];

    /// The type as a client sees it.
    #[must_use]
    pub fn wire(self) -> &'static str {
        match self {
            Self::RecordNotFound => "RECORD_NOT_FOUND",
            Self::UniqueConstraintViolation => "UNIQUE_CONSTRAINT_VIOLATION",
            Self::ForeignKeyViolation => "FOREIGN_KEY_VIOLATION",
            Self::NotNullViolation => "NOT_NULL_VIOLATION",
            Self::CheckViolation => "CHECK_VIOLATION",
            Self::SerializationFailure => "SERIALIZATION_FAILURE",
            Self::Deadlock => "DEADLOCK",
            Self::Timeout => "TIMEOUT",
            Self::ResultTooLarge => "RESULT_TOO_LARGE",
        }
    }
}

/// Hints for clients (MCP tool annotations).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hints {
    /// The tool changes nothing.
    pub read_only: bool,
    /// The tool may change or delete what is there.
    pub destructive: bool,
    /// Calling it again with the same arguments changes nothing more.
    pub idempotent: bool,
    /// The tool reaches beyond the database.
    pub open_world: bool,
}

/// A resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Its key in the spec; the module's name in Rust.
    pub ident: Ident,
    /// Its URI in parts; without a param it is a fixed resource.
    pub uri: Vec<UriPart>,
    /// Its name.
    pub name: String,
    /// Name for people.
    pub title: Option<String>,
    /// What it holds.
    pub description: Option<String>,
    /// MIME type.
    pub mime_type: String,
    /// One param for each placeholder of the URI.
    pub params: Vec<Param>,
    /// How each param is completed, where it is.
    pub completions: Vec<Completion>,
    /// What is read.
    pub content: ResourceContent,
    /// How changes are seen; none where clients cannot subscribe.
    pub watch: Option<Watch>,
    /// Who may read it.
    pub access: Access,
    /// Whom it is for; empty where the spec does not say.
    pub audience: Vec<Role>,
    /// 0 (optional) to 1 (required).
    pub priority: Option<f64>,
    /// How long clients may keep it.
    pub client_cache: ClientCache,
    /// Pictures of the resource.
    pub icons: Vec<Icon>,
}

impl Resource {
    /// The URI as clients see it: `users://{id}`.
    #[must_use]
    pub fn uri_text(&self) -> String {
        self.uri
            .iter()
            .map(|part| match part {
                UriPart::Literal(text) => text.clone(),
                UriPart::Param(ident) => format!("{{{}}}", ident.wire()),
            })
            .collect()
    }

    /// Whether the URI has placeholders.
    #[must_use]
    pub fn templated(&self) -> bool {
        self.uri.iter().any(|part| matches!(part, UriPart::Param(_)))
    }
}

/// How changes of a resource are seen.
#[derive(Debug, Clone, PartialEq)]
pub enum Watch {
    /// The database notifies a channel.
    Channel(String),
    /// A statement answers something else.
    Poll {
        /// The statement; it only reads.
        statement: Statement,
        /// How often it is asked.
        every: Duration,
    },
}

/// A part of a URI. Two params never touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UriPart {
    /// Text.
    Literal(String),
    /// A placeholder; percent-encoded, without `/`.
    Param(Ident),
}

/// What a resource answers with.
#[derive(Debug, Clone, PartialEq)]
pub enum ResourceContent {
    /// Text from the spec.
    Text(String),
    /// A file that is copied into the crate.
    File(EmbeddedFile),
    /// Rows as JSON.
    Rows {
        /// The statement; it only reads.
        statement: Statement,
        /// The shape of the JSON.
        result: Box<ResultShape>,
    },
    /// One row's column, as bytes.
    Blob {
        /// The statement; it only reads.
        statement: Statement,
        /// Position of the column.
        column: usize,
        /// Whether the column can be NULL; a NULL is RECORD_NOT_FOUND.
        nullable: bool,
    },
    /// A table, described as JSON.
    Table(Value),
}

/// A file that is copied into the crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedFile {
    /// Name in the crate's `files` folder.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether it is served as text (it is UTF-8 and its MIME type is textual).
    pub text: bool,
}

/// How a param is completed.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// The param.
    pub param: Ident,
    /// Where the values come from.
    pub from: CompletionFrom,
}

/// Where completions come from.
#[derive(Debug, Clone, PartialEq)]
pub enum CompletionFrom {
    /// The values of an enum.
    Choices(Vec<String>),
    /// The first column of a statement that reads and binds `:prefix`.
    Sql {
        /// The statement.
        statement: Statement,
        /// The other arguments that it binds; each is NULL, or its clause left out, as long as the
        /// client has none.
        others: Vec<Param>,
    },
}

/// A prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// Its name; the module's name in Rust.
    pub ident: Ident,
    /// Name for people.
    pub title: Option<String>,
    /// What it asks for.
    pub description: Option<String>,
    /// Arguments.
    pub params: Vec<Param>,
    /// Forms for params that a client leaves out.
    pub ask: Vec<Form>,
    /// How each param is completed, where it is.
    pub completions: Vec<Completion>,
    /// Statements whose rows the templates use.
    pub queries: Vec<PromptQuery>,
    /// Messages in order.
    pub messages: Vec<Message>,
    /// Who may get it.
    pub access: Access,
    /// Pictures of the prompt.
    pub icons: Vec<Icon>,
}

/// A statement of a prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct PromptQuery {
    /// Its name in templates.
    pub ident: Ident,
    /// The statement; it only reads.
    pub statement: Statement,
    /// What it answers. Its member is named like the query.
    pub result: ResultShape,
}

/// One message of a prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: Content,
}

/// Who speaks, or whom something is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// Content of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A minijinja template, checked. Its variables are the params and the queries.
    Template(String),
    /// An image.
    Image {
        /// The file.
        file: EmbeddedFile,
        /// Its MIME type.
        mime_type: String,
    },
    /// A fixed resource of this server with text or a file.
    Resource(Ident),
}

/// Tests that the spec asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tests {
    /// SQL that runs before each case.
    pub seed: Option<String>,
    /// What the token of a caller says where a case does not say it: a value for each claim.
    pub claims: Map<String, Value>,
    /// The claim of a caller of another tenant, where tenants share the database.
    pub other_tenant: Option<Value>,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One test.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its name; the function's name in Rust.
    pub ident: Ident,
    /// The name as written.
    pub name: String,
    /// SQL that runs after the common seed.
    pub seed: Option<String>,
    /// Who does it; without, somebody who may do everything.
    pub caller: Option<Identity>,
    /// What is done, one after the other, in one database.
    pub actions: Vec<Action>,
    /// URIs that a client is subscribed to meanwhile, and whether it hears of a change.
    pub updates: Vec<(String, bool)>,
}

/// Who a test is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// A caller who is not known.
    Nobody,
    /// A caller with these scopes.
    Known {
        /// What it may do.
        scopes: Vec<String>,
        /// What its token says; none where it is what `Tests::claims` has.
        claims: Option<Map<String, Value>>,
    },
}

/// One action of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// What is asked for.
    pub ask: Ask,
    /// What is expected.
    pub expect: Expect,
}

/// What a test asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// A tool's answer.
    Call {
        /// The tool.
        tool: Ident,
        /// Its arguments.
        with: Value,
        /// What the client says when the tool asks.
        reply: Option<Reply>,
    },
    /// A resource.
    Read {
        /// The URI.
        uri: String,
    },
    /// A prompt.
    Prompt {
        /// The prompt.
        prompt: Ident,
        /// Its arguments.
        with: Value,
        /// What the client says when the prompt asks.
        reply: Option<Reply>,
    },
}

/// What a client says when it is to ask a person.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// The person accepts.
    Accept,
    /// The person declines.
    Decline,
    /// The person dismisses the question.
    Cancel,
    /// The client cannot ask.
    Unsupported,
    /// To each form its own, by a param that no other form has: what is filled in, `decline` or
    /// `cancel`.
    Forms(Value),
}

/// What a test expects.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expect {
    /// A subset of the result.
    pub subset: Option<Value>,
    /// A part of the text.
    pub text: Option<String>,
    /// A subset of the blocks.
    pub content: Option<Value>,
    /// An error: its type and a part of its message.
    pub error: Option<(String, Option<String>)>,
}
