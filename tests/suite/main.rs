//! The tests of the compiler from outside: what it prints, what it writes, what it refuses.

mod cli;
mod database;
mod documents;
mod from;
mod grants;
mod servers;
mod specs;
mod statements;
mod ui;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the compiler in a folder.
fn mcpgen(folder: &Path, arguments: &[&str]) -> Output {
    mcpgen_with(folder, arguments, None)
}

/// Runs the compiler in a folder, with the URL of a server or without one.
fn mcpgen_with(folder: &Path, arguments: &[&str], url: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mcpgen"));
    command.args(arguments).current_dir(folder).env("COLUMNS", "100").env_remove("NO_COLOR");
    match url {
        Some(url) => command.env("MCPGEN_DATABASE_URL", url),
        None => command.env_remove("MCPGEN_DATABASE_URL"),
    };
    command.output().expect("the compiler runs")
}

/// The engines that are servers, as specs call them.
const ENGINES: [&str; 2] = ["postgres", "mysql"];

/// The server of an engine; where there is none a line says that nothing was tested.
fn server(engine: &str) -> Option<String> {
    let variable = format!("TEST_{}_URL", engine.to_uppercase());
    let url = std::env::var(&variable).ok();
    if url.is_none() {
        // Past the capture of output: a test that did nothing shall not look like one that passed.
        let said = writeln!(std::io::stderr(), "skipped: {variable} is not set");
        said.expect("standard error is open");
    }
    url
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Compares with a golden file, or renews it when `MCPGEN_BLESS` is set.
fn golden(path: &Path, found: &str) {
    if std::env::var_os("MCPGEN_BLESS").is_some() {
        std::fs::write(path, found).expect("the golden file is written");
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        expected == found,
        "{} is another one; MCPGEN_BLESS=1 renews it\n--- found\n{found}\n--- expected\n{expected}",
        path.display()
    );
}

/// A copy of a spec with everything beside it, in a folder of its own.
fn copy_of_specs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&root().join("specs"), &folder.path().join("specs"));
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path: PathBuf = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a copy");
        }
    }
}

/// Every file in a folder, by path.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("inside").to_owned();
                files.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    files
}
