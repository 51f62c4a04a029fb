//! Find and create users of the example application. An MCP server that mcpgen wrote out of
//! `users.yaml`; change the spec and build it again.

pub mod access;
pub mod audited;
pub mod caches;
pub mod completions;
pub mod limits;
pub mod prompts;
pub mod resources;
pub mod rows;
pub mod runtime;
pub mod server;
pub mod tools;
pub mod types;
