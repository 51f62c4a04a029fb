//! Saying things: diagnostics in the format that was asked for, and the rest to stderr.

use std::io::{IsTerminal, Write as _};

use crate::diagnostic::{Diagnostic, human, machine};
use crate::source::SourceMap;

use super::args::{Colour, Format, Output};

/// Where everything that is said goes through.
pub(super) struct Report {
    format: Format,
    style: human::Style,
    quiet: bool,
    verbose: bool,
    /// Whether a progress line can be drawn, and whether one is.
    progress: bool,
    drawn: bool,
}

impl Report {
    pub(super) fn new(output: &Output) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = match output.color {
            Colour::Auto => terminal && !no_colour,
            Colour::Always => true,
            Colour::Never => false,
        };
        let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let seen = || terminal_size::terminal_size_of(std::io::stderr());
        let width = told.or_else(|| seen().map(|(width, _)| usize::from(width.0)));
        Self {
            format: output.format,
            style: human::Style { colour, width: width.unwrap_or(100).clamp(40, 400) },
            quiet: output.quiet,
            verbose: output.verbose,
            progress: terminal && !output.quiet && output.format == Format::Human,
            drawn: false,
        }
    }

    /// Diagnostics of one spec, in this order.
    pub(super) fn diagnostics(&mut self, diagnostics: &[Diagnostic], sources: &SourceMap) {
        for diagnostic in diagnostics {
            match self.format {
                Format::Human => {
                    let text = human::render(diagnostic, sources, self.style);
                    self.line(&format!("{text}\n"));
                }
                Format::Json => out(&machine::json_line(diagnostic, sources)),
                Format::Github => out(&machine::github_annotation(diagnostic, sources)),
            }
        }
    }

    /// Something that went wrong outside of a spec's text.
    pub(super) fn error(&mut self, message: &str, help: &str) {
        match self.format {
            Format::Human => self.line(&format!("error: {message}\n  = help: {help}")),
            Format::Json => {
                let object =
                    serde_json::json!({ "severity": "error", "message": message, "help": help });
                out(&object.to_string());
            }
            Format::Github => out(&format!("::error ::{message} ({help})")),
        }
    }

    /// A committed file that is not what its spec says, with a unified diff where there is one.
    /// It goes to stdout: a diff is what `--check` is asked for.
    pub(super) fn stale(&mut self, what: &str, path: &str, diff: &str) {
        if std::mem::take(&mut self.drawn) {
            eprint!("\r\x1b[K");
        }
        match self.format {
            Format::Human => out(format!("{what}: {path}\n{diff}").trim_end()),
            Format::Json => out(&serde_json::json!({
                "severity": "error", "message": what, "file": path, "diff": diff,
            })
            .to_string()),
            Format::Github => out(&format!("::error file={path}::{what}: build the spec again")),
        }
    }

    /// What was done.
    pub(super) fn done(&mut self, message: &str) {
        if !self.quiet {
            self.line(message);
        }
    }

    /// What is done on the way.
    pub(super) fn detail(&mut self, message: &str) {
        if self.verbose {
            self.line(message);
        }
    }

    /// How far it is, redrawn in place; only on a terminal.
    pub(super) fn progress(&mut self, done: usize, all: usize, what: &str) {
        if self.progress && all > 3 {
            eprint!("\r\x1b[K[{done}/{all}] {what}");
            self.drawn = true;
        }
    }

    fn line(&mut self, text: &str) {
        if std::mem::take(&mut self.drawn) {
            eprint!("\r\x1b[K");
        }
        eprintln!("{text}");
    }
}

/// What programs read goes to stdout.
fn out(line: &str) {
    // A reader that went away is no failure.
    let _ = writeln!(std::io::stdout(), "{line}");
}
