//! Answers what the conformance suite of the Model Context Protocol asks. An MCP server that mcpgen
//! wrote out of `conformance.yaml`; change the spec and build it again.

pub mod completions;
pub mod prompts;
pub mod resources;
pub mod runtime;
pub mod server;
pub mod tools;
