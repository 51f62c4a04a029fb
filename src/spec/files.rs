//! The files that a spec names.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path};

use crate::diagnostic::{Code, Diagnostic, closest};
use crate::source::{FileId, SourceMap};

use super::Loaded;
use super::document::{Content, Icon, Message};
use super::load::text_file;

/// The largest file that a spec may name, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The files that a spec names, read.
#[derive(Debug, Default)]
pub struct Files {
    /// Migrations in the order of their names.
    pub migrations: Vec<MigrationFile>,
    texts: BTreeMap<String, FileId>,
    bytes: BTreeMap<String, Vec<u8>>,
    contents: BTreeMap<FileId, String>,
}

/// A migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationFile {
    /// File name: `0001_users.sql`.
    pub name: String,
    /// Its text.
    pub file: FileId,
}

impl Files {
    /// Reads every file that the spec names, relative to `folder`, bounded in size.
    #[must_use]
    pub fn read(
        loaded: &Loaded,
        folder: &Path,
        sources: &mut SourceMap,
    ) -> (Self, Vec<Diagnostic>) {
        let mut reader =
            Reader { loaded, folder, sources, files: Self::default(), diagnostics: Vec::new() };
        let document = &loaded.document;
        if let Some(folder) = &document.database.migrations {
            reader.migrations(folder);
        }
        reader.icons(&document.server.icons, &["server"]);
        for (name, tool) in &document.tools {
            reader.icons(&tool.icons, &["tools", name]);
            reader.text(tool.sql_file.as_deref(), &["tools", name, "sql_file"]);
            for (step, written) in &tool.steps {
                reader
                    .text(written.sql_file.as_deref(), &["tools", name, "steps", step, "sql_file"]);
            }
        }
        for (name, resource) in &document.resources {
            reader.icons(&resource.icons, &["resources", name]);
            reader.text(resource.sql_file.as_deref(), &["resources", name, "sql_file"]);
            reader.binary(resource.file.as_deref(), &["resources", name, "file"]);
        }
        for (name, prompt) in &document.prompts {
            reader.icons(&prompt.icons, &["prompts", name]);
            for (query, written) in &prompt.data {
                reader.text(
                    written.sql_file.as_deref(),
                    &["prompts", name, "data", query, "sql_file"],
                );
            }
            for (index, message) in prompt.messages.iter().enumerate() {
                let Message { user, assistant } = message;
                for (side, content) in [("user", user), ("assistant", assistant)] {
                    if let Some(Content::Embedded(embedded)) = content {
                        let index = index.to_string();
                        let at = ["prompts", name, "messages", &index, side, "image"];
                        reader.binary(embedded.image.as_deref(), &at);
                    }
                }
            }
        }
        reader.text(document.tests.seed.as_deref(), &["tests", "seed"]);
        for (index, case) in document.tests.cases.iter().enumerate() {
            reader.text(case.seed.as_deref(), &["tests", "cases", &index.to_string(), "seed"]);
        }
        (reader.files, reader.diagnostics)
    }

    /// A text file that could be read.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<FileId> {
        self.texts.get(path).copied()
    }

    /// The text of a file of this spec; empty for any other.
    #[must_use]
    pub fn text_of(&self, file: FileId) -> &str {
        self.contents.get(&file).map_or("", String::as_str)
    }

    /// The bytes of a file that is embedded.
    #[must_use]
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.bytes.get(path).map(Vec::as_slice)
    }
}

struct Reader<'a> {
    loaded: &'a Loaded,
    folder: &'a Path,
    sources: &'a mut SourceMap,
    files: Files,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn text(&mut self, path: Option<&str>, at: &[&str]) {
        let Some(path) = path.filter(|path| !self.files.texts.contains_key(*path)) else { return };
        if let Some(bytes) = self.load(path, at)
            && let Some(file) = self.add(path, bytes)
        {
            self.files.texts.insert(path.to_owned(), file);
        }
    }

    fn binary(&mut self, path: Option<&str>, at: &[&str]) {
        let Some(path) = path.filter(|path| !self.files.bytes.contains_key(*path)) else { return };
        if let Some(bytes) = self.load(path, at) {
            self.files.bytes.insert(path.to_owned(), bytes);
        }
    }

    fn icons(&mut self, icons: &[Icon], owner: &[&str]) {
        for (index, icon) in icons.iter().enumerate() {
            let index = index.to_string();
            self.binary(icon.file.as_deref(), &[owner, &["icons", &index, "file"]].concat());
        }
    }

    fn add(&mut self, path: &str, bytes: Vec<u8>) -> Option<FileId> {
        let shown = self.folder.join(path).to_string_lossy().replace('\\', "/");
        match text_file(self.sources, &shown, bytes, LARGEST) {
            Ok(file) => {
                let text = self.sources.file(file).text.clone();
                self.files.contents.insert(file, text);
                Some(file)
            }
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    fn load(&mut self, path: &str, at: &[&str]) -> Option<Vec<u8>> {
        let pointer = pointer(at);
        if !self.relative(path, &pointer) {
            return None;
        }
        let mut bytes = Vec::new();
        let read = File::open(self.folder.join(path))
            .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
        if let Err(error) = read {
            self.missing(path, &pointer, &error);
            return None;
        }
        if bytes.len() as u64 > LARGEST {
            let span = self.loaded.places.value(&pointer);
            let message = format!("`{path}` is larger than {} MiB", LARGEST / 1024 / 1024);
            self.diagnostics
                .push(Diagnostic::new(Code::TooLarge, span, message).help("make it smaller"));
            return None;
        }
        Some(bytes)
    }

    /// Only what lies beside the spec travels with it to another machine.
    fn relative(&mut self, path: &str, pointer: &str) -> bool {
        let inside = !path.is_empty()
            && Path::new(path).components().all(|part| {
                matches!(part, Component::Normal(_) | Component::CurDir | Component::ParentDir)
            });
        if !inside {
            let span = self.loaded.places.value(pointer);
            self.diagnostics.push(
                Diagnostic::new(Code::FileNotFound, span, "files are named relative to the spec")
                    .help("write a path like `users/api.md`"),
            );
        }
        inside
    }

    fn missing(&mut self, path: &str, pointer: &str, error: &std::io::Error) {
        let span = self.loaded.places.value(pointer);
        let full = self.folder.join(path);
        let parent = full.parent().unwrap_or(self.folder);
        let mut names: Vec<String> = std::fs::read_dir(parent)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        let wanted = full.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let help = match closest(&wanted, names.iter().map(String::as_str)) {
            Some(near) => {
                let folder =
                    path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
                format!("did you mean `{folder}{near}`?")
            }
            None => "paths are relative to the spec".to_owned(),
        };
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => format!("there is no file `{path}`"),
            std::io::ErrorKind::IsADirectory => format!("`{path}` is a folder"),
            _ => format!("`{path}` cannot be read: {error}"),
        };
        self.diagnostics.push(Diagnostic::new(Code::FileNotFound, span, why).help(help));
    }

    fn migrations(&mut self, path: &str) {
        let pointer = pointer(&["database", "migrations"]);
        if !self.relative(path, &pointer) {
            return;
        }
        let entries = match std::fs::read_dir(self.folder.join(path)) {
            Ok(entries) => entries,
            Err(error) => {
                self.missing(path, &pointer, &error);
                return;
            }
        };
        let mut names: Vec<String> = entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".sql"))
            .collect();
        names.sort();
        let span = self.loaded.places.value(&pointer);
        if names.is_empty() {
            self.diagnostics.push(
                Diagnostic::new(Code::FileNotFound, span, format!("`{path}` holds no migration"))
                    .help("add a file like `0001_create.sql`"),
            );
        }
        let mut versions: BTreeMap<u64, String> = BTreeMap::new();
        for name in names {
            let version = name.split_once('_').and_then(|(version, _)| version.parse::<u64>().ok());
            let Some(version) = version.filter(|_| !name.ends_with(".down.sql")) else {
                self.diagnostics.push(
                    Diagnostic::new(Code::Migration, span, format!("`{name}` is no name of a migration"))
                        .help("write a number, `_` and a name: `0002_add_email.sql`; there is only one direction"),
                );
                continue;
            };
            if let Some(other) = versions.insert(version, name.clone()) {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::Migration,
                        span,
                        format!("`{other}` and `{name}` have the same number"),
                    )
                    .help("renumber the later one"),
                );
            }
            let at = format!("{path}/{name}");
            if let Some(bytes) = self.load(&at, &["database", "migrations"])
                && let Some(file) = self.add(&at, bytes)
            {
                self.files.migrations.push(MigrationFile { name, file });
            }
        }
    }
}

fn pointer(at: &[&str]) -> String {
    at.iter().map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
}
