//! Products, suppliers and stock movements of a small shop. An MCP server that mcpgen wrote out of
//! `stock.yaml`; change the spec and build it again.

pub mod caches;
pub mod completions;
pub mod prompts;
pub mod resources;
pub mod rows;
pub mod runtime;
pub mod server;
pub mod tools;
pub mod types;
