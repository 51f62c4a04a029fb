//! `mcpgen init`.

use std::fs;
use std::path::Path;

use super::report::Report;
use super::{FAILED, OK};

/// What is written, by path.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("specs/notes.yaml", include_str!("../../templates/init/notes.yaml")),
    ("specs/notes/migrations/0001_notes.sql", include_str!("../../templates/init/0001_notes.sql")),
    ("specs/notes/seed.sql", include_str!("../../templates/init/seed.sql")),
];

/// Writes a spec and a migration that build at once. Nothing is overwritten.
pub(super) fn init(folder: &Path, report: &mut Report) -> u8 {
    let schema = super::schema_text();
    let files = FILES.iter().copied().chain([("specs/mcpgen.schema.json", schema.as_str())]);
    let mut taken = false;
    for (path, _) in files.clone() {
        let target = folder.join(path);
        if target.exists() {
            report.error(
                &format!("`{}` is there already", target.display()),
                "name another folder: `mcpgen init myserver`",
            );
            taken = true;
        }
    }
    if taken {
        return FAILED;
    }
    for (path, text) in files {
        let target = folder.join(path);
        let written = target
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&target, text));
        if let Err(error) = written {
            report.error(
                &format!("{}: {error}", target.display()),
                "check the folder and its permissions",
            );
            return FAILED;
        }
        report.done(&format!("wrote {}", target.display()));
    }
    let enter = if folder == Path::new(".") {
        String::new()
    } else {
        format!("cd {} && ", folder.display())
    };
    report.done(&format!("next: {enter}mcpgen build"));
    OK
}
