//! What can be typed.

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Compiles a YAML spec of tools, resources and prompts over SQL into a Rust MCP server.
#[derive(Debug, Parser)]
#[command(
    name = "mcpgen",
    version,
    propagate_version = true,
    after_help = "Examples:\n  mcpgen init myserver                   write a spec and a migration to start from\n  mcpgen check specs/users.yaml          say everything that is wrong with a spec\n  mcpgen build specs/users.yaml          write the crate generated/users\n  mcpgen build --check                   in CI: is every committed crate up to date?\n\nExit codes:\n  0  everything is right\n  1  a spec is wrong, or what is committed is stale\n  2  the command cannot be carried out"
)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) output: Output,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// How to say things.
#[derive(Debug, clap::Args)]
pub(super) struct Output {
    /// How diagnostics are written
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto)]
    pub(super) color: Colour,
    /// Say nothing but what is wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say what is done
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    pub(super) verbose: bool,
}

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, with the text underlined
    Human,
    /// A JSON object a line
    Json,
    /// Annotations of GitHub Actions
    Github,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the crate of each spec
    #[command(
        after_help = "Examples:\n  mcpgen build specs/users.yaml\n  mcpgen build specs --check\n  mcpgen build specs/users.yaml --out ../server"
    )]
    Build(Build),
    /// Say everything that is wrong with each spec; write nothing
    #[command(
        after_help = "Examples:\n  mcpgen check\n  mcpgen check specs/users.yaml --format github"
    )]
    Check(Check),
    /// Print the JSON Schema of specs, for editors
    #[command(after_help = "Example:\n  mcpgen schema > specs/mcpgen.schema.json")]
    Schema,
    /// Write a spec that builds at once: one to start from, or one for a database that is there
    #[command(
        after_help = "Examples:\n  mcpgen init myserver && cd myserver && mcpgen build\n  mcpgen init shop --from postgres://reader@localhost/shop\n  mcpgen init shop --from sqlite:shop.db --tables customers,orders --write"
    )]
    Init(Init),
    /// Print the SQL that makes the role of a server, with the grants that its statements need
    #[command(
        after_help = "Examples:\n  mcpgen grants specs/store.yaml | psql shop\n  mcpgen grants specs/store.yaml --role store_reader"
    )]
    Grants(Grants),
    /// Print completions for a shell
    #[command(after_help = "Example:\n  mcpgen completions bash > /etc/bash_completion.d/mcpgen")]
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Build {
    /// Spec files, or folders of them
    #[arg(value_name = "SPEC|DIR", default_value = "specs")]
    pub(super) specs: Vec<PathBuf>,
    /// Folder of the crate, for a single spec [default: generated/NAME beside the specs' folder]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Write nothing; exit with 1 and a diff if a crate or a lock is not what its spec says
    #[arg(long)]
    pub(super) check: bool,
    /// Overwrite files of the crate that were edited or that mcpgen did not write
    #[arg(long, conflicts_with = "check")]
    pub(super) force: bool,
    #[command(flatten)]
    pub(super) databases: Databases,
}

/// Servers that may be asked about statements.
#[derive(Debug, clap::Args)]
pub(super) struct Databases {
    /// Server to check statements against, for PostgreSQL and MySQL when a lock is stale: mcpgen
    /// makes a scratch database of its own there and drops it again. The one of a spec's engine is
    /// taken; in the variable several stand with spaces between them
    #[arg(
        long = "database-url",
        value_name = "URL",
        env = "MCPGEN_DATABASE_URL",
        hide_env_values = true,
        value_delimiter = ' '
    )]
    pub(super) urls: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// Folder to write into; nothing in it is overwritten
    #[arg(default_value = ".")]
    pub(super) folder: PathBuf,
    /// Database to write tools for: postgres://…, mysql://…, mariadb://… or sqlite:FILE. It is read
    /// and not changed; the URL is kept nowhere
    #[arg(long, value_name = "URL")]
    pub(super) from: Option<String>,
    /// Tables and views to write tools for, with commas between them; in PostgreSQL also
    /// SCHEMA.TABLE [default: all of them]
    #[arg(long, value_name = "TABLES", value_delimiter = ',', requires = "from")]
    pub(super) tables: Vec<String>,
    /// Name of the spec and of the server [default: the name of the database]
    #[arg(long, requires = "from")]
    pub(super) name: Option<String>,
    /// Write tools that create, update and delete as well
    #[arg(long, requires = "from")]
    pub(super) write: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Grants {
    /// Spec file
    #[arg(value_name = "SPEC")]
    pub(super) spec: PathBuf,
    /// Name of the role, in MySQL of the user [default: the name of the server]
    #[arg(long, value_name = "NAME")]
    pub(super) role: Option<String>,
    #[command(flatten)]
    pub(super) databases: Databases,
}

#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Spec files, or folders of them
    #[arg(value_name = "SPEC|DIR", default_value = "specs")]
    pub(super) specs: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) databases: Databases,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Args::command().debug_assert();
    }
}
