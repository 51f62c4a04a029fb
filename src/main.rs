//! mcpgen compiles a YAML spec into a Rust MCP server.

fn main() {}
