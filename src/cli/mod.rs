//! The command line: the only place that prints.

mod args;
mod build;
mod init;
mod report;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Args, Command};
use report::Report;

/// Everything is right.
const OK: u8 = 0;
/// A spec is wrong, or what is committed is stale.
const WRONG: u8 = 1;
/// The command cannot be carried out: its arguments, or files that cannot be read or written.
const FAILED: u8 = 2;

/// Runs the program: arguments, a command, an exit code.
#[must_use]
pub fn run() -> ExitCode {
    let args = Args::parse();
    let mut report = Report::new(&args.output);
    let code = match args.command {
        Command::Build(options) => build::build(&options, &mut report),
        Command::Check(options) => build::check(&options, &mut report),
        Command::Grants(options) => build::grants(&options, &mut report),
        Command::Schema => print(&schema_text()),
        Command::Init(options) => init::init(&options, &mut report),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "mcpgen", &mut text);
            print(&String::from_utf8_lossy(&text))
        }
    };
    ExitCode::from(code)
}

/// The JSON Schema of a spec, as it is committed.
#[must_use]
pub fn schema_text() -> String {
    let mut text = serde_json::to_string_pretty(&crate::spec::schema::schema()).expect("a value");
    text.push('\n');
    text
}

fn print(text: &str) -> u8 {
    // A reader that went away, as `head` does, is no failure.
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => FAILED,
        Ok(()) | Err(_) => OK,
    }
}
