//! corners. An MCP server that mcpgen wrote out of `corners.yaml`; change the spec and build it
//! again.

pub mod completions;
pub mod prompts;
pub mod resources;
pub mod runtime;
pub mod server;
pub mod tools;
pub mod types;
