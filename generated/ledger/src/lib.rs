//! Accounts, journal, periods, budgets and reports of a small company. An MCP server that mcpgen
//! wrote out of `ledger.yaml`; change the spec and build it again.

pub mod completions;
pub mod limits;
pub mod prompts;
pub mod resources;
pub mod rows;
pub mod runtime;
pub mod server;
pub mod tools;
pub mod types;
