//! What is written of every call.

use schemars::JsonSchema;
use serde::Deserialize;

/// A line for every call: when, who, from where, what, and how it ended.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// Where lines go. Default `stderr`.
    pub sink: Option<AuditSink>,
    /// Whether lines say what calls were given. Default `false`.
    #[serde(default)]
    pub arguments: bool,
    /// Names of params and properties whose values are left out.
    #[serde(default)]
    pub redact: Vec<String>,
    /// Whether a tool that changes anything is refused while its line could not be kept. Default `true`.
    pub required: Option<bool>,
}

/// Where lines go.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum AuditSink {
    /// A stream of lines.
    Stream(AuditStream),
    /// A table of the database.
    Table(AuditTable),
}

/// A stream of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AuditStream {
    /// Standard error, a JSON object a line.
    Stderr,
    /// The file of `AUDIT_FILE`, a JSON object a line.
    File,
}

/// A table of the database.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditTable {
    /// Its name.
    pub table: String,
}
