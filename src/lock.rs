//! The committed facts and contract of one spec: `users.lock.json` beside `users.yaml`.
//!
//! With a lock that is up to date no database is asked, so that the same spec
//! gives the same bytes on any machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::database::facts::Facts;
use crate::ir::{self, Backend};

/// Version of the lock's format and of what facts mean. A lock of another version is stale.
const FORMAT: u32 = 5;

/// A lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// Version of the format.
    format: u32,
    /// The engine that was asked.
    engine: String,
    /// SHA-256 of the migrations, names and texts, in hex.
    migrations: String,
    /// What the database said.
    facts: Facts,
    /// What clients rely on.
    contract: Contract,
}

/// What clients rely on. A change here is a change for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contract {
    /// SHA-256 of each tool's schemas, in hex.
    tools: BTreeMap<String, ToolContract>,
    /// URI of each resource.
    resources: BTreeMap<String, String>,
    /// Arguments of each prompt; those that may be left out end with `?`.
    prompts: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ToolContract {
    input: String,
    output: String,
}

impl Lock {
    /// The lock of a server.
    #[must_use]
    pub fn new(server: &ir::Server, facts: &Facts) -> Self {
        let tools = server.tools.iter().map(|tool| {
            let Backend::Sql(plan) = &tool.backend;
            let contract = ToolContract {
                input: digest([ir::input_schema(&tool.params, tool.unknown).to_string()]),
                output: digest([ir::output_schema(plan, false).to_string()]),
            };
            (tool.ident.wire().to_owned(), contract)
        });
        let resources = server
            .resources
            .iter()
            .map(|resource| (resource.ident.wire().to_owned(), resource.uri_text()));
        let prompts = server.prompts.iter().map(|prompt| {
            let argument = |param: &ir::Param| {
                let mark = if matches!(param.presence, ir::Presence::Required) { "" } else { "?" };
                format!("{}{mark}", param.ident.wire())
            };
            (prompt.ident.wire().to_owned(), prompt.params.iter().map(argument).collect())
        });
        Self {
            format: FORMAT,
            engine: server.database.engine.name().to_owned(),
            migrations: migrations_digest(
                server.database.migrations.iter().map(|m| (m.name.as_str(), m.sql.as_str())),
            ),
            facts: facts.clone(),
            contract: Contract {
                tools: tools.collect(),
                resources: resources.collect(),
                prompts: prompts.collect(),
            },
        }
    }

    /// Reads a lock; none when the text is no lock of this version.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|lock: &Self| lock.format == FORMAT)
    }

    /// The lock's text.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("maps with string keys");
        text.push('\n');
        text
    }

    /// The facts, if the database would say the same again: the same migrations, and the same
    /// statements by place and digest.
    #[must_use]
    pub fn current_facts<'s>(
        &self,
        engine: ir::Engine,
        migrations: impl Iterator<Item = (&'s str, &'s str)>,
        statements: impl ExactSizeIterator<Item = (&'s str, &'s str)>,
    ) -> Option<&Facts> {
        let known = &self.facts.statements;
        let same = self.engine == engine.name()
            && self.migrations == migrations_digest(migrations)
            && known.len() == statements.len()
            && statements.into_iter().all(|(place, digest)| {
                known.get(place).is_some_and(|facts| facts.digest == digest)
            });
        same.then_some(&self.facts)
    }
}

/// SHA-256 over texts, in hex; each text is closed by a zero byte.
#[must_use]
pub fn digest(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.as_ref().as_bytes());
        hasher.update([0]);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn migrations_digest<'s>(migrations: impl Iterator<Item = (&'s str, &'s str)>) -> String {
    digest(migrations.flat_map(|(name, sql)| [name, sql]))
}

/// SHA-256 of bytes, in hex.
#[must_use]
pub fn digest_bytes(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
