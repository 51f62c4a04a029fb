//! `mcpgen init`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::compile;
use crate::database::live::{self, Live};
use crate::import::{self, Wishes, Written};
use crate::write;

use super::args;
use super::report::Report;
use super::{FAILED, OK};

/// What is written, by path.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("specs/notes.yaml", include_str!("../../templates/init/notes.yaml")),
    ("specs/notes/migrations/0001_notes.sql", include_str!("../../templates/init/0001_notes.sql")),
    ("specs/notes/seed.sql", include_str!("../../templates/init/seed.sql")),
];

/// The schema of specs, which editors read.
const SCHEMA: &str = "specs/mcpgen.schema.json";

/// Writes a spec that builds at once. Nothing is overwritten.
pub(super) fn init(options: &args::Init, report: &mut Report) -> u8 {
    match &options.from {
        Some(url) => from(options, url, report),
        None => {
            let files = FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
            let schema = (SCHEMA.to_owned(), super::schema_text());
            write_files(
                &options.folder,
                &files.chain([schema]).collect::<Vec<_>>(),
                report,
                |report| {
                    next(&options.folder, report);
                    OK
                },
            )
        }
    }
}

/// Writes a spec for a database that is there, and its lock.
fn from(options: &args::Init, url: &str, report: &mut Report) -> u8 {
    let live = match live::read(url) {
        Ok(live) => live,
        Err((message, help)) => {
            report.error(&message, &help);
            return FAILED;
        }
    };
    let name = match &options.name {
        Some(name) if plain(name) => name.clone(),
        Some(name) => {
            let message = format!("`{name}` cannot name a server");
            report.error(
                &message,
                "start with a lower case letter; then lower case letters, digits, `-` and `_`",
            );
            return FAILED;
        }
        None => server_name(&live),
    };
    let wishes = Wishes { name: &name, tables: &options.tables, write: options.write };
    let written = match import::spec(&live, wishes) {
        Ok(written) => written,
        Err(problems) => {
            for (message, help) in problems {
                report.error(&message, &help);
            }
            return FAILED;
        }
    };
    let spec = format!("specs/{name}.yaml");
    let mut files = vec![(spec.clone(), written.spec.clone())];
    if let Some(migration) = &written.migration {
        files.push((format!("specs/{name}/migrations/0001_schema.sql"), migration.clone()));
    }
    // Specs in one folder share the schema.
    if !options.folder.join(SCHEMA).exists() {
        files.push((SCHEMA.to_owned(), super::schema_text()));
    }
    write_files(&options.folder, &files, report, |report| {
        let code = lock(&options.folder.join(&spec), url, report);
        if code == OK {
            finish(options, &written, report);
        }
        code
    })
}

/// Checks what was written, and writes the lock: with it no database is needed to build.
fn lock(spec: &Path, url: &str, report: &mut Report) -> u8 {
    let shown = spec.display().to_string();
    let compiled = compile::compile(spec, &shown, &[url.to_owned()]);
    let outcome = match compiled {
        Ok(outcome) => outcome,
        Err(error) => {
            report.error(&format!("{shown}: {error}"), "check the folder and its permissions");
            return FAILED;
        }
    };
    report.diagnostics(&outcome.diagnostics, &outcome.sources);
    let Some(output) = outcome.output else {
        report.error(
            &format!("{shown} is written, and is not right yet"),
            "mend what is named above, or leave the tables out with --tables; it is a fault of mcpgen",
        );
        return super::WRONG;
    };
    if let Err(error) = write::replace(&output.lock_path, output.lock.as_bytes()) {
        let shown = output.lock_path.display();
        report.error(&format!("{shown}: {error}"), "check the folder and its permissions");
        return FAILED;
    }
    report.done(&format!("wrote {}", output.lock_path.display()));
    OK
}

/// Says what there is, and what to do next.
fn finish(options: &args::Init, written: &Written, report: &mut Report) {
    let (tables, tools) = (written.tables, written.tools);
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let kind = if options.write { "" } else { " that read; --write adds those that write" };
    report.done(&format!(
        "{tools} tool{} for {tables} table{}{kind}",
        plural(tools),
        plural(tables)
    ));
    if tools > MANY {
        report.done(&format!("a model chooses badly among {tools} tools: name tables with --tables, or take tools out of the spec"));
    }
    next(&options.folder, report);
}

/// From so many tools on, models choose badly among them.
const MANY: usize = 60;

fn next(folder: &Path, report: &mut Report) {
    let enter = if folder == Path::new(".") {
        String::new()
    } else {
        format!("cd {} && ", folder.display())
    };
    report.done(&format!("next: {enter}mcpgen build"));
}

/// Writes files that are not there yet, and then goes on.
fn write_files(
    folder: &Path,
    files: &[(String, String)],
    report: &mut Report,
    then: impl FnOnce(&mut Report) -> u8,
) -> u8 {
    let targets: Vec<PathBuf> = files.iter().map(|(path, _)| folder.join(path)).collect();
    let taken: Vec<&PathBuf> = targets.iter().filter(|target| target.exists()).collect();
    for target in &taken {
        report.error(
            &format!("`{}` is there already", target.display()),
            "name another folder: `mcpgen init myserver`",
        );
    }
    if !taken.is_empty() {
        return FAILED;
    }
    for (target, (_, text)) in targets.iter().zip(files) {
        let written = target
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(target, text));
        if let Err(error) = written {
            report.error(
                &format!("{}: {error}", target.display()),
                "check the folder and its permissions",
            );
            return FAILED;
        }
        report.done(&format!("wrote {}", target.display()));
    }
    then(report)
}

/// Whether a server can have a name.
fn plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
}

/// The name of a server for a database.
fn server_name(live: &Live) -> String {
    let letters = live.name.to_lowercase();
    let letters = letters.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
    let joined: String = letters.collect();
    let name = joined.trim_start_matches(|c: char| !c.is_ascii_lowercase()).trim_end_matches('_');
    let short: String = name.chars().take(60).collect();
    if short.is_empty() { "server".to_owned() } else { short }
}
