//! The YAML language as Rust types: what a person wrote, nothing resolved.
//!
//! These types are the one source of `specs/mcpgen.schema.json`. Maps keep the
//! order of the file, because lists that a client sees keep it too.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Number, Value};

mod audit;
mod auth;
mod cache;
mod limits;
mod mask;
mod resilience;
mod tenant;
mod tests;

pub use self::audit::{Audit, AuditSink, AuditStream, AuditTable};
pub use self::auth::{Algorithm, ApiKeys, Auth, Introspection, Jwt, Scope, ScopeShape};
pub use self::cache::{Cache, KeptFor};
pub use self::limits::{
    Concurrency, ConcurrencyShape, LimitKey, OnError, Period, RateLimit, Shared,
};
pub use self::mask::{Mask, MaskKind, MaskUnless};
pub use self::resilience::{Breaker, Retry};
pub use self::tenant::Tenant;
pub use self::tests::{
    Action, Answer, Case, ExpectedError, Filled, Identity, Known, Nobody, Refusal, Reply, Tests,
    Unable,
};

/// A whole spec file.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecDocument {
    /// Version of the spec language: 1.
    #[schemars(range(min = 1, max = 1))]
    pub mcpgen: u32,
    /// What the server says about itself.
    pub server: Server,
    /// The database that every statement is checked against.
    pub database: Database,
    /// What those who run the server can see of it.
    pub observability: Option<Observability>,
    /// Where replicas share what they count and keep. Default: each has its own.
    pub shared: Option<Shared>,
    /// How many requests are answered. Default: all of them.
    pub rate_limit: Option<RateLimit>,
    /// Named types that params and columns share.
    #[serde(default)]
    pub types: IndexMap<String, Param>,
    /// Result shapes that several tools share; a Rust struct each.
    #[serde(default)]
    pub rows: IndexMap<String, IndexMap<String, Column>>,
    /// Tools, in the order that clients see.
    #[serde(default)]
    pub tools: IndexMap<String, Tool>,
    /// Resources, in the order that clients see.
    #[serde(default)]
    pub resources: IndexMap<String, Resource>,
    /// Prompts, in the order that clients see.
    #[serde(default)]
    pub prompts: IndexMap<String, Prompt>,
    /// Who may call. With it, every tool, resource and prompt says what it asks of its callers.
    pub auth: Option<Auth>,
    /// What is written of every call.
    pub audit: Option<Audit>,
    /// Tests of the generated crate.
    #[serde(default)]
    pub tests: Tests,
}

/// What the server says about itself.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Name of the server, of its crate and of its binary: lower case letters, digits, `-` and `_`.
    pub name: String,
    /// Name for people.
    pub title: Option<String>,
    /// Version of the server, as in Cargo: `1.0.0`.
    pub version: String,
    /// One sentence.
    pub description: Option<String>,
    /// What a model should know before it uses the tools.
    pub instructions: Option<String>,
    /// How long clients may keep the lists of tools, resources and prompts. Default an hour, by anyone.
    pub client_cache: Option<ClientCache>,
    /// Whether clients that ask for it hear of the beginning, the steps and the end of their calls, as
    /// log messages of the protocol.
    #[serde(default)]
    pub logging: bool,
    /// Pictures that clients show for the server.
    #[serde(default)]
    pub icons: Vec<Icon>,
    /// What is said where the server is published: makes `server.json` and `mcpb/manifest.json`.
    pub publish: Option<Publish>,
}

/// How long a client may keep what it was told, and who else may have it.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientCache {
    /// How long it may be kept.
    pub ttl: Duration,
    /// `public` may be shared between users, `private` may not. Default `private`.
    pub scope: Option<CacheScope>,
}

/// Who may have what a client keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CacheScope {
    /// Anyone.
    Public,
    /// The user who asked.
    Private,
}

/// What is said where the server is published.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// The publisher's name in the MCP registry, as a domain backwards: `io.github.acme`.
    pub namespace: String,
    /// Who publishes it.
    pub author: String,
    /// Where its source is, an `https:` URL.
    pub repository: Option<String>,
    /// The image that `Dockerfile` builds, without a tag: `ghcr.io/acme/users`.
    pub image: Option<String>,
    /// Where it is served for everybody, an `https:` URL.
    pub url: Option<String>,
}

/// What those who run the server can see of it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observability {
    /// Whether the server counts and times what it does, at `/metrics`, for Prometheus.
    #[serde(default)]
    pub metrics: bool,
    /// Whether traces and metrics leave by OTLP, where the standard variables of OpenTelemetry say so.
    #[serde(default)]
    pub otlp: bool,
    /// How the log is written unless `LOG_FORMAT` says otherwise.
    pub logs: Option<LogFormat>,
    /// Whether what those who run the server ask it can have a port of its own, `MANAGEMENT_BIND`.
    #[serde(default)]
    pub management_port: bool,
}

/// How a log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object a line.
    Json,
}

/// A picture that clients show. Exactly one of `src` and `file`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Icon {
    /// Where it is: an `https:` or a `data:` URI.
    pub src: Option<String>,
    /// A PNG, JPEG, WebP or SVG file, relative to the spec, that is embedded.
    pub file: Option<String>,
    /// MIME type of `src`.
    pub mime_type: Option<String>,
    /// Sizes that it is good for: `48x48`, or `any`.
    #[serde(default)]
    pub sizes: Vec<String>,
    /// The background that it is made for.
    pub theme: Option<Theme>,
}

/// A background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// A light one.
    Light,
    /// A dark one.
    Dark,
}

/// The database that every statement is checked against.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// The engine.
    pub engine: Engine,
    /// Folder of `NNNN_name.sql` files, relative to the spec. This or `schema`.
    pub migrations: Option<String>,
    /// `live`: the schema is that of a database that others migrate. This or `migrations`.
    pub schema: Option<Schema>,
    /// Connection pool for reads.
    #[serde(default)]
    pub pool: Pool,
    /// How long one statement may run. Default `30s`.
    pub statement_timeout: Option<Duration>,
    /// How often calls of tools are run where it is safe, for tools that do not say.
    pub retry: Option<Retry>,
    /// When calls fail at once because the database is away.
    pub breaker: Option<Breaker>,
    /// Tenants that share the database: every statement is bound to the caller's.
    pub tenant: Option<Tenant>,
}

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// SQLite 3, embedded.
    Sqlite,
    /// PostgreSQL 12 and later.
    Postgres,
    /// MySQL 8, or MariaDB 10.6 and later.
    Mysql,
}

impl From<Engine> for crate::ir::Engine {
    fn from(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::Sqlite,
            Engine::Postgres => Self::Postgres,
            Engine::Mysql => Self::Mysql,
        }
    }
}

/// Where the schema comes from, if not from migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Schema {
    /// A database that is there; it is asked and not changed.
    Live,
}

/// How well a transaction is kept apart from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Isolation {
    /// A statement sees what was committed before it began.
    #[serde(rename = "read committed")]
    ReadCommitted,
    /// All statements see what was committed before the first began.
    #[serde(rename = "repeatable read")]
    RepeatableRead,
    /// As if transactions ran one after the other.
    #[serde(rename = "serializable")]
    Serializable,
}

/// Sizes and times of the connection pool for reads.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Most connections. Default 20.
    #[schemars(range(min = 1, max = 10000))]
    pub max: Option<u32>,
    /// Connections kept open. Default 5, or `max` where that is less.
    pub min: Option<u32>,
    /// How long a call waits for a connection. Default `30s`.
    pub acquire_timeout: Option<Duration>,
    /// How long an unused connection above `min` lives. Default `10m`.
    pub idle_timeout: Option<Duration>,
}

/// A length of time: a whole number and `ms`, `s`, `m` or `h`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Duration(#[schemars(regex(pattern = r"^[0-9]{1,9}(ms|s|m|h)$"))] pub String);

/// A param, a property, a list's item or a named type: JSON Schema 2020-12 keywords and a few of our own.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// `string`, `integer`, `number`, `boolean`, `array`, `object`, or a name from `types`. A param
    /// may leave it out where the database says it.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// `date`, `time`, `date-time`, `uuid`, `email`, `uri`, `hostname`, `ipv4`, `ipv6`, `decimal`, `byte`, `json`, `duration`, `int32`, `int64`, `uint64`.
    pub format: Option<String>,
    /// Name for people.
    pub title: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// Values that show what is meant; each must be valid.
    #[serde(default)]
    pub examples: Vec<Value>,
    /// The values that are allowed, each with a title for people or none.
    #[serde(rename = "enum")]
    pub choices: Option<Choices>,
    /// Titles of an `enum`'s strings in the order of the list, which forms show in the way of the
    /// revisions before 2025-11-25, for clients that know no other.
    #[serde(rename = "enumNames")]
    pub choice_names: Option<Vec<String>>,
    /// The one value that is allowed.
    #[serde(rename = "const")]
    pub constant: Option<Value>,
    /// A regular expression that must be found in the string.
    pub pattern: Option<String>,
    /// Fewest characters.
    #[serde(rename = "minLength")]
    pub min_length: Option<u64>,
    /// Most characters.
    #[serde(rename = "maxLength")]
    pub max_length: Option<u64>,
    /// Least value.
    pub minimum: Option<Number>,
    /// Greatest value.
    pub maximum: Option<Number>,
    /// The value must be greater.
    #[serde(rename = "exclusiveMinimum")]
    pub exclusive_minimum: Option<Number>,
    /// The value must be less.
    #[serde(rename = "exclusiveMaximum")]
    pub exclusive_maximum: Option<Number>,
    /// The value must be a multiple.
    #[serde(rename = "multipleOf")]
    pub multiple_of: Option<Number>,
    /// What a list holds.
    pub items: Option<Box<Param>>,
    /// Fewest items.
    #[serde(rename = "minItems")]
    pub min_items: Option<u64>,
    /// Most items.
    #[serde(rename = "maxItems")]
    pub max_items: Option<u64>,
    /// No item twice.
    #[serde(rename = "uniqueItems")]
    pub unique_items: Option<bool>,
    /// What an object holds.
    pub properties: Option<IndexMap<String, Param>>,
    /// The value when the client gives none.
    #[serde(default, deserialize_with = "written")]
    pub default: Option<Value>,
    /// Whether the client may leave it out. Not together with `default`.
    #[serde(default)]
    pub optional: bool,
    /// Whether `null` is a value.
    #[serde(default)]
    pub nullable: bool,
    /// Pulls a number into range instead of refusing it.
    pub clamp: Option<Clamp>,
    /// What to do with properties that the object does not name. Default `refuse`.
    pub unknown: Option<Unknown>,
    /// The value comes in the header `Mcp-Param-…` of this name as well, over HTTP. Tools' params only.
    pub header: Option<String>,
    /// Whether its value stands in no log, no audit and no message.
    #[serde(default)]
    pub sensitive: bool,
    /// How values are completed: SQL with `:prefix`, first column. Resources' and prompts' params only.
    pub complete: Option<String>,
    /// The claim of the caller's token or key that the value is. Clients neither see nor give it.
    pub claim: Option<String>,
}

/// The values of an `enum`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Choices {
    /// The values alone.
    Plain(Vec<Value>),
    /// Strings, each with a title for people.
    Titled(IndexMap<String, String>),
}

/// The range that a number is pulled into.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clamp {
    /// Lesser values become this.
    pub minimum: Option<Number>,
    /// Greater values become this.
    pub maximum: Option<Number>,
}

/// What to do with an argument that is not declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unknown {
    /// Answer INVALID_ARGUMENTS and name it.
    Refuse,
    /// Drop it.
    Ignore,
}

/// What the database cannot say about a result column.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// `string`, `integer`, `number`, `boolean`, `array`, `object`, or a name from `types`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// As for params.
    pub format: Option<String>,
    /// Whether the column can be NULL.
    pub nullable: Option<bool>,
    /// What it means.
    pub description: Option<String>,
    /// What callers see in its place: `email`, `last4`, `hash` or `null`; or `{ as: …, unless: [SCOPE] }`.
    #[serde(default, deserialize_with = "masked")]
    pub mask: Option<Mask>,
}

/// A tool: arguments in, SQL, a typed result out.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Name for people.
    pub title: Option<String>,
    /// What it does, for the model.
    pub description: Option<String>,
    /// Arguments, in the order of the schema.
    #[serde(default)]
    pub params: IndexMap<String, Param>,
    /// What to do with arguments that are not declared. Default `refuse`.
    pub unknown: Option<Unknown>,
    /// Which params go together.
    pub require: Option<Require>,
    /// The statement. One of `sql`, `sql_file` and `steps`.
    pub sql: Option<String>,
    /// A file that holds the statement, relative to the spec.
    pub sql_file: Option<String>,
    /// Statements that run in one transaction, in this order.
    #[serde(default)]
    pub steps: IndexMap<String, Step>,
    /// Isolation of the transaction that `steps` are. Default: the database's own.
    pub isolation: Option<Isolation>,
    /// Columns that the client may sort by; the first, ascending, is the default.
    pub sort: Option<Vec<String>>,
    /// Keyset pagination.
    pub page: Option<Page>,
    /// Shape of the result.
    pub returns: Option<Returns>,
    /// How long the call may take. Default: `database.statement_timeout`.
    pub timeout: Option<Duration>,
    /// How often a call is run where it is safe. Default: `database.retry`.
    pub retry: Option<Retry>,
    /// How many calls are answered, beside the limit of the server.
    pub rate_limit: Option<RateLimit>,
    /// How many calls may run at the same time.
    pub concurrency: Option<Concurrency>,
    /// What a person is asked before the call runs: a template over the params.
    pub confirm: Option<String>,
    /// Forms that ask a person for params that the client leaves out, one after the other.
    #[serde(default)]
    pub ask: IndexMap<String, Asking>,
    /// How long its answers are kept. For a tool that only reads.
    pub cache: Option<Cache>,
    /// Tools whose kept answers end when it has written.
    #[schemars(length(min = 1))]
    pub invalidates: Option<Vec<String>>,
    /// What to say for a type of error.
    #[serde(default)]
    pub errors: IndexMap<String, ErrorText>,
    /// Hints for clients; only towards caution.
    pub annotations: Option<Annotations>,
    /// Scopes that a caller must have, all of them; with none, any caller who is known.
    pub scopes: Option<Vec<String>>,
    /// Whether anybody may call.
    #[serde(default)]
    pub public: bool,
    /// Pictures that clients show for the tool.
    #[serde(default)]
    pub icons: Vec<Icon>,
    /// `false` leaves the tool out of the server. Default `true`.
    pub enabled: Option<bool>,
}

/// What a person is asked for at a time.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// What the person reads.
    pub message: String,
    /// Names of params: texts, numbers, booleans, enums.
    #[schemars(length(min = 1))]
    pub params: Vec<String>,
}

/// Which params go together. A group is a list of names of params.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Require {
    /// Exactly one is given.
    pub one_of: Option<Vec<String>>,
    /// At least one is given.
    pub any_of: Option<Vec<String>>,
    /// All are given, or none.
    pub all_or_none: Option<Vec<String>>,
    /// None or one is given.
    pub at_most_one: Option<Vec<String>>,
}

impl From<Isolation> for crate::ir::Isolation {
    fn from(isolation: Isolation) -> Self {
        match isolation {
            Isolation::ReadCommitted => Self::ReadCommitted,
            Isolation::RepeatableRead => Self::RepeatableRead,
            Isolation::Serializable => Self::Serializable,
        }
    }
}

/// One statement of a transaction.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The statement.
    pub sql: Option<String>,
    /// A file that holds the statement, relative to the spec.
    pub sql_file: Option<String>,
    /// Shape of the step's member in the result. The member is named like the step.
    pub returns: Option<Returns>,
}

/// Keyset pagination.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Columns that make a row unique, NOT NULL, in the result.
    #[schemars(length(min = 1))]
    pub keys: Vec<String>,
    /// Rows of a page when the client does not say. Default 50.
    #[schemars(range(min = 1, max = 100000))]
    pub size: Option<u32>,
    /// Most rows of a page. Default 200, or `size` where that is more.
    #[schemars(range(min = 1, max = 100000))]
    pub maximum: Option<u32>,
}

/// Shape of a result: a form alone, or a form with a name and more.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Returns {
    /// The form alone; the member is called `row`, `rows`, `value` or `affected`.
    Form(Form),
    /// The form with a name and more.
    Shape(Box<ReturnsShape>),
}

/// How many rows a statement answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Exactly one row; none is RECORD_NOT_FOUND, two are an error.
    One,
    /// One row or null.
    Optional,
    /// Any number of rows.
    Many,
    /// One value: one row of one column.
    Scalar,
    /// How many rows were changed.
    Affected,
    /// The number that the database gave the row that was inserted. MySQL only.
    #[serde(rename = "inserted_id")]
    InsertedId,
}

/// A form with the name of its member and more. Exactly one of the six forms.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnsShape {
    /// Exactly one row, in a member of this name.
    pub one: Option<String>,
    /// One row or null, in a member of this name.
    pub optional: Option<String>,
    /// A list of rows, in a member of this name.
    pub many: Option<String>,
    /// One value, in a member of this name.
    pub scalar: Option<String>,
    /// How many rows were changed, in a member of this name.
    pub affected: Option<String>,
    /// The number of the row that was inserted, in a member of this name. MySQL only.
    pub inserted_id: Option<String>,
    /// A shape from `rows`.
    pub row: Option<String>,
    /// What the database cannot say about the columns. Not together with `row`.
    #[serde(default)]
    pub columns: IndexMap<String, Column>,
    /// Adds `count`, the number of rows in this answer. With `many` only.
    #[serde(default)]
    pub count: bool,
    /// Members that repeat arguments: a param, or a list of params as an object.
    #[serde(default)]
    pub echo: IndexMap<String, Echo>,
    /// A template that replaces the JSON text. One of `text`, `rows_as` and `content`.
    pub text: Option<String>,
    /// How the rows are written in the text. Default `json`.
    pub rows_as: Option<RowsAs>,
    /// Blocks of several kinds that replace the JSON text, in this order.
    #[schemars(length(min = 1))]
    pub content: Option<Vec<Block>>,
    /// Most rows; a longer result is cut and says `truncated: true`. With `many` only.
    #[schemars(range(min = 1))]
    pub max_rows: Option<u64>,
    /// Most bytes of rows as JSON; a longer result is cut and says `truncated: true`. With `many` only.
    #[schemars(range(min = 1))]
    pub max_bytes: Option<u64>,
}

/// How rows are written in the text of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RowsAs {
    /// The whole result as JSON.
    Json,
    /// A table of Markdown.
    Markdown,
    /// Comma-separated values with a header (RFC 4180).
    Csv,
}

/// A block of an answer. Exactly one of `text`, `image`, `audio`, `resource` and `link`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// A template with the members of the result; the block is there once. The other kinds are there
    /// once for each row.
    pub text: Option<String>,
    /// A column that holds the bytes of an image.
    pub image: Option<String>,
    /// A column that holds the bytes of a sound.
    pub audio: Option<String>,
    /// MIME type of `image` or `audio`; a template with the columns of the row.
    pub mime_type: Option<String>,
    /// A resource that is embedded.
    pub resource: Option<BlockResource>,
    /// A link to a resource.
    pub link: Option<BlockLink>,
    /// Whom the block is for and how much it matters.
    pub annotations: Option<ContentAnnotations>,
}

/// A resource that is embedded in an answer. Exactly one of `text` and `blob`. Texts are templates with
/// the columns of the row.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockResource {
    /// Its URI.
    pub uri: String,
    /// MIME type. Default `text/plain` or `application/octet-stream`.
    pub mime_type: Option<String>,
    /// What it holds, as text.
    pub text: Option<String>,
    /// A column that holds its bytes.
    pub blob: Option<String>,
}

/// A link to a resource. Texts are templates with the columns of the row.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockLink {
    /// The URI.
    pub uri: String,
    /// Name of the resource.
    pub name: String,
    /// Name for people.
    pub title: Option<String>,
    /// What it holds.
    pub description: Option<String>,
    /// MIME type.
    pub mime_type: Option<String>,
}

/// What a member repeats.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Echo {
    /// One param's value.
    Param(String),
    /// An object of several params' values.
    Params(Vec<String>),
}

/// What to say for a type of error.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorText {
    /// One sentence that a model can act on.
    pub message: String,
    /// What to try instead.
    #[serde(default)]
    pub suggestions: Vec<String>,
}

/// Hints for clients. They follow from the statements; here they can be set towards caution only.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Annotations {
    /// `false` only.
    pub read_only_hint: Option<bool>,
    /// `true` only.
    pub destructive_hint: Option<bool>,
    /// `false` only.
    pub idempotent_hint: Option<bool>,
    /// `true` only.
    pub open_world_hint: Option<bool>,
}

/// A resource: something a client can read by its URI.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The URI; with `{placeholders}` it is a resource template.
    pub uri: String,
    /// Name for people and clients. Default: the key.
    pub name: Option<String>,
    /// Longer name for people.
    pub title: Option<String>,
    /// What it holds.
    pub description: Option<String>,
    /// MIME type. Default by kind.
    pub mime_type: Option<String>,
    /// One param for each placeholder.
    #[serde(default)]
    pub params: IndexMap<String, Param>,
    /// The text itself. One of `text`, `file`, `sql`, `sql_file` and `table`.
    pub text: Option<String>,
    /// A file, relative to the spec, that is embedded in the server.
    pub file: Option<String>,
    /// A statement that reads.
    pub sql: Option<String>,
    /// A file that holds the statement, relative to the spec.
    pub sql_file: Option<String>,
    /// A table, described as JSON: columns, types, keys and indexes.
    pub table: Option<String>,
    /// Shape of the JSON of `sql`.
    pub returns: Option<Returns>,
    /// The column of `sql` whose bytes are the resource; exactly one row.
    pub blob: Option<String>,
    /// How changes are seen; clients can then subscribe. With `sql` only.
    pub watch: Option<Watch>,
    /// Whom it is for and how much it matters.
    pub annotations: Option<ContentAnnotations>,
    /// Scopes that a caller must have, all of them; with none, any caller who is known.
    pub scopes: Option<Vec<String>>,
    /// Whether anybody may read it.
    #[serde(default)]
    pub public: bool,
    /// Pictures that clients show for the resource.
    #[serde(default)]
    pub icons: Vec<Icon>,
    /// How long clients may keep it. Default: an hour and by anyone what is fixed, not at all what is
    /// read from the database.
    pub client_cache: Option<ClientCache>,
}

/// How changes of a resource are seen: `channel`, or `sql` with `every`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// A channel that the database notifies (`pg_notify`). PostgreSQL only.
    pub channel: Option<String>,
    /// A cheap statement that reads, whose answer is another one after a change.
    pub sql: Option<String>,
    /// How often it is asked while somebody is subscribed: `1s` to `1h`.
    pub every: Option<Duration>,
}

/// Whom a resource or a block of an answer is for and how much it matters.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentAnnotations {
    /// `user`, `assistant` or both.
    pub audience: Option<Vec<Audience>>,
    /// 0 (optional) to 1 (required).
    #[schemars(range(min = 0, max = 1))]
    pub priority: Option<f64>,
}

/// Whom something is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// A prompt: messages made from arguments and data.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    /// Name for people.
    pub title: Option<String>,
    /// What it asks for.
    pub description: Option<String>,
    /// Arguments; strings on the wire.
    #[serde(default)]
    pub params: IndexMap<String, Param>,
    /// Forms that ask a person for params that the client leaves out, one after the other.
    #[serde(default)]
    pub ask: IndexMap<String, Asking>,
    /// Read-only statements whose rows the templates use.
    #[serde(default)]
    pub data: IndexMap<String, DataQuery>,
    /// Messages in order.
    #[schemars(length(min = 1))]
    pub messages: Vec<Message>,
    /// Scopes that a caller must have, all of them; with none, any caller who is known.
    pub scopes: Option<Vec<String>>,
    /// Whether anybody may get it.
    #[serde(default)]
    pub public: bool,
    /// Pictures that clients show for the prompt.
    #[serde(default)]
    pub icons: Vec<Icon>,
}

/// A read-only statement of a prompt.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataQuery {
    /// The statement.
    pub sql: Option<String>,
    /// A file that holds the statement, relative to the spec.
    pub sql_file: Option<String>,
    /// Shape of the rows. Default `many`.
    pub returns: Option<Returns>,
}

/// One message of a prompt. Exactly one of `user` and `assistant`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// What the user says.
    pub user: Option<Content>,
    /// What the assistant says.
    pub assistant: Option<Content>,
}

/// Content of a message.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Content {
    /// A template.
    Text(String),
    /// A file's bytes or a resource of this server.
    Embedded(Embedded),
}

/// A file's bytes or a resource of this server. Exactly one of `image` and `resource`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Embedded {
    /// An image file (PNG, JPEG, GIF or WebP), relative to the spec.
    pub image: Option<String>,
    /// The name of a fixed resource with `text` or `file`.
    pub resource: Option<String>,
}

/// A value that was written, `null` among them.
fn written<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

/// A mask that was written, `null` among them.
fn masked<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Mask>, D::Error> {
    Mask::deserialize(value).map(Some)
}
