//! Customers, catalogue, orders, payments and reviews of an online store. An MCP server that mcpgen
//! wrote out of `store.yaml`; change the spec and build it again.

pub mod audited;
pub mod completions;
pub mod prompts;
pub mod resources;
pub mod rows;
pub mod runtime;
pub mod server;
pub mod tools;
pub mod types;
