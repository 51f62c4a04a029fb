//! mcpgen compiles a YAML spec into a Rust MCP server.

use std::process::ExitCode;

fn main() -> ExitCode {
    mcpgen::cli::run()
}
