//! Tickets of a helpdesk that several customers share. An MCP server that mcpgen wrote out of
//! `tickets.yaml`; change the spec and build it again.

pub mod access;
pub mod completions;
pub mod prompts;
pub mod resources;
pub mod rows;
pub mod runtime;
pub mod server;
pub mod tools;
pub mod types;
