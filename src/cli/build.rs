//! `mcpgen build` and `mcpgen check`.

use std::io;
use std::path::{Path, PathBuf};

use crate::compile::{self, Outcome, Output};
use crate::diagnostic::closest;
use crate::ir::{self, Engine};
use crate::render;
use crate::write::{self, Conflict, DifferenceKind};

use super::args;
use super::report::Report;
use super::{FAILED, OK, WRONG};

/// Writes, or compares, the crate of each spec.
pub(super) fn build(options: &args::Build, report: &mut Report) -> u8 {
    let specs = match specs(&options.specs) {
        Ok(specs) => specs,
        Err((message, help)) => {
            report.error(&message, &help);
            return FAILED;
        }
    };
    if options.out.is_some() && specs.len() != 1 {
        report.error(
            &format!("--out takes one spec, and there are {}", specs.len()),
            "name one spec",
        );
        return FAILED;
    }
    if let Some(help) = same_output(&specs) {
        report.error("two specs would write the same crate", &help);
        return FAILED;
    }
    let mut worst = OK;
    for (index, spec) in specs.iter().enumerate() {
        report.progress(index, specs.len(), &shown(spec));
        let folder = options.out.clone().unwrap_or_else(|| default_output(spec));
        let code = match compiled(spec, &options.databases.urls, report) {
            Err(code) => code,
            Ok(output) if options.check => compare(spec, &output, &folder, report),
            Ok(output) => write_out(spec, &output, &folder, options.force, report),
        };
        worst = worst.max(code);
    }
    worst
}

/// Says what is wrong with each spec.
pub(super) fn check(options: &args::Check, report: &mut Report) -> u8 {
    let specs = match specs(&options.specs) {
        Ok(specs) => specs,
        Err((message, help)) => {
            report.error(&message, &help);
            return FAILED;
        }
    };
    let mut worst = OK;
    for (index, spec) in specs.iter().enumerate() {
        report.progress(index, specs.len(), &shown(spec));
        match compiled(spec, &options.databases.urls, report) {
            Err(code) => worst = worst.max(code),
            Ok(output) => {
                let lock = if output.lock_is_current {
                    ""
                } else {
                    "; its lock is stale: run `mcpgen build`"
                };
                report.done(&format!("{}: no errors{lock}", shown(spec)));
            }
        }
    }
    worst
}

/// Prints the role that the server of a spec needs.
pub(super) fn grants(options: &args::Grants, report: &mut Report) -> u8 {
    // It stands in strings of SQL, and in a body between dollars.
    let odd = |c: char| c.is_control() || matches!(c, '$' | '\\');
    if let Some(role) = options.role.as_deref().filter(|role| role.is_empty() || role.contains(odd))
    {
        report.error(
            &format!("`{}` cannot name a role", role.escape_debug()),
            "leave out `$`, `\\` and what cannot be seen",
        );
        return FAILED;
    }
    let output = match compiled(&options.spec, &options.databases.urls, report) {
        Ok(output) => output,
        Err(code) => return code,
    };
    let server = &output.server;
    let role = options.role.as_deref().unwrap_or(server.name.wire());
    if let Some(sql) = render::grants::sql(server, role) {
        return super::print(&sql);
    }
    let (message, help) = match server.database.engine {
        Engine::Sqlite => (
            "SQLite has no roles: who may open the file may do everything",
            "let nobody but the server's user open the file, and its folder",
        ),
        Engine::Postgres | Engine::Mysql if server.database.migrations.is_empty() => (
            "what the server needs is not known: mcpgen makes no role in a live database",
            "write the schema as `migrations`; it is then asked in a scratch database",
        ),
        Engine::Postgres => (
            "what the server needs is not known: who asked the database may not make roles",
            "remove the lock, and name a user with CREATEROLE in --database-url",
        ),
        Engine::Mysql => (
            "what the server needs is not known: who asked the database may not make users",
            "remove the lock, and name a user with CREATE USER and GRANT OPTION in --database-url",
        ),
    };
    report.error(message, help);
    FAILED
}

/// Compiles a spec and says what is wrong; the exit code where something is.
fn compiled(spec: &Path, urls: &[String], report: &mut Report) -> Result<Output, u8> {
    let shown = shown(spec);
    let outcome = compile::compile(spec, &shown, urls).map_err(|error| {
        report.error(
            &format!("`{shown}` cannot be read: {error}"),
            "name a spec file or a folder of them",
        );
        FAILED
    })?;
    let Outcome { sources, mut diagnostics, output } = outcome;
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| label.span));
    diagnostics.dedup();
    report.diagnostics(&diagnostics, &sources);
    output.ok_or_else(|| {
        let count = diagnostics.len();
        let plural = if count == 1 { "" } else { "s" };
        report.done(&format!("{shown}: {count} error{plural}"));
        WRONG
    })
}

fn write_out(spec: &Path, output: &Output, folder: &Path, force: bool, report: &mut Report) -> u8 {
    let tree = write::with_manifest(&render::render(&output.server));
    let result = write::conflicts(&tree, folder).and_then(|conflicts| {
        if !conflicts.is_empty() && !force {
            for conflict in &conflicts {
                let (message, help) = match conflict {
                    Conflict::Foreign(path) => (
                        format!(
                            "mcpgen did not write {}, and would now",
                            shown(&folder.join(path))
                        ),
                        "move it away, or overwrite it with --force",
                    ),
                    Conflict::Edited(path) => (
                        format!("{} was edited after mcpgen wrote it", shown(&folder.join(path))),
                        "change the spec instead; --force overwrites the edit",
                    ),
                };
                report.error(&message, help);
            }
            return Ok(None);
        }
        let changed = write::write(&tree, folder)?;
        if !output.lock_is_current {
            write::replace(&output.lock_path, output.lock.as_bytes())?;
            report.detail(&format!("wrote {}", shown(&output.lock_path)));
        }
        Ok(Some(changed))
    });
    match result {
        Ok(Some(_)) if !output.lock_is_current && unknown_grants(&output.server) => {
            report.done(&format!(
                "{}: wrote {}; its grants are not known, since the database's user may make no roles",
                shown(spec),
                shown(folder)
            ));
            OK
        }
        Ok(Some(0)) => {
            report.done(&format!("{}: {} is up to date", shown(spec), shown(folder)));
            OK
        }
        Ok(Some(changed)) => {
            let plural = if changed == 1 { "" } else { "s" };
            report.done(&format!(
                "{}: wrote {changed} file{plural} to {}",
                shown(spec),
                shown(folder)
            ));
            OK
        }
        Ok(None) => WRONG,
        Err(error) => failed(folder, &error, report),
    }
}

/// Whether nobody could be asked what the server must be allowed to do, and somebody else could.
fn unknown_grants(server: &ir::Server) -> bool {
    let database = &server.database;
    database.engine != Engine::Sqlite
        && !database.migrations.is_empty()
        && database.grants.is_none()
}

fn compare(spec: &Path, output: &Output, folder: &Path, report: &mut Report) -> u8 {
    let tree = write::with_manifest(&render::render(&output.server));
    let differences = match write::check(&tree, folder) {
        Ok(differences) => differences,
        Err(error) => return failed(folder, &error, report),
    };
    let mut count = differences.len();
    for difference in &differences {
        let path = shown(&folder.join(&difference.path));
        match &difference.kind {
            DifferenceKind::Missing => report.stale("missing", &path, ""),
            DifferenceKind::Extra => report.stale("extra", &path, ""),
            DifferenceKind::Changed(diff) => report.stale("changed", &path, diff),
        }
    }
    if !output.lock_is_current {
        count += 1;
        report.stale("stale lock", &shown(&output.lock_path), "");
    }
    if count == 0 {
        report.done(&format!("{}: {} is up to date", shown(spec), shown(folder)));
        return OK;
    }
    let mut again = format!("mcpgen build {}", shown(spec));
    if folder != default_output(spec) {
        again = format!("{again} --out {}", shown(folder));
    }
    let extra =
        differences.iter().filter(|difference| difference.kind == DifferenceKind::Extra).count();
    // What mcpgen wrote once it removes itself; what it did not, it leaves alone.
    let again = match extra {
        0 => format!("run `{again}` and commit what it writes"),
        n if n == count => "delete what is extra, or move it out of the crate".to_owned(),
        _ => format!("run `{again}`, delete what is still extra, and commit"),
    };
    let files = if count == 1 { "1 file is".to_owned() } else { format!("{count} files are") };
    report.error(&format!("{files} not what {} says", shown(spec)), &again);
    WRONG
}

fn failed(folder: &Path, error: &io::Error, report: &mut Report) -> u8 {
    report.error(&format!("{}: {error}", shown(folder)), "check the folder and its permissions");
    FAILED
}

/// The spec files behind what was typed: folders give the specs in them.
fn specs(given: &[PathBuf]) -> Result<Vec<PathBuf>, (String, String)> {
    let mut specs = Vec::new();
    for path in given {
        if !path.is_dir() {
            if !path.exists() {
                return Err((format!("there is no `{}`", shown(path)), near(path)));
            }
            specs.push(path.clone());
            continue;
        }
        let before = specs.len();
        let entries = std::fs::read_dir(path).map_err(|error| {
            (format!("{}: {error}", shown(path)), "check its permissions".to_owned())
        })?;
        specs.extend(entries.flatten().map(|entry| entry.path()).filter(|path| is_spec(path)));
        specs[before..].sort();
        if specs.len() == before {
            let help = "name a spec, or write one with `mcpgen init`".to_owned();
            return Err((format!("`{}` holds no spec", shown(path)), help));
        }
    }
    Ok(specs)
}

/// A YAML file with a line that starts with `mcpgen:`.
fn is_spec(path: &Path) -> bool {
    let yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    // A file that is no text is left for `build FILE` to complain about.
    yaml && std::fs::read(path).is_ok_and(|bytes| {
        String::from_utf8_lossy(&bytes)
            .lines()
            .any(|line| line.trim_start_matches('\u{feff}').starts_with("mcpgen:"))
    })
}

fn near(path: &Path) -> String {
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match closest(&name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{}`?", shown(&folder.join(near))),
        None => "write a spec to start from with `mcpgen init`".to_owned(),
    }
}

/// `generated/users` beside the folder of `specs/users.yaml`.
fn default_output(spec: &Path) -> PathBuf {
    let folder = spec.parent().unwrap_or(Path::new(""));
    let project = if folder.as_os_str().is_empty() {
        Path::new("..")
    } else {
        folder.parent().unwrap_or(Path::new(""))
    };
    project.join("generated").join(spec.file_stem().unwrap_or_default())
}

fn same_output(specs: &[PathBuf]) -> Option<String> {
    let mut outputs: Vec<(PathBuf, &PathBuf)> = specs
        .iter()
        .map(|spec| (std::path::absolute(default_output(spec)).unwrap_or_default(), spec))
        .collect();
    outputs.sort();
    let twice = outputs.windows(2).find(|pair| pair[0].0 == pair[1].0)?;
    Some(format!(
        "build `{}` and `{}` on their own, with --out",
        shown(twice[0].1),
        shown(twice[1].1)
    ))
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
