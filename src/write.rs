//! Writing a crate, and comparing one with what it should be.

mod exchange;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use similar::TextDiff;

use crate::lock::digest_bytes;
use crate::tree::FileTree;

/// Name of the list of what mcpgen wrote, with the digest of each file. It tells files of mcpgen's
/// from files of people's.
pub const MANIFEST: &str = ".mcpgen.json";

/// What stands between mcpgen and writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// A file that mcpgen did not write stands where it would write one.
    Foreign(String),
    /// A file that mcpgen wrote has been edited since.
    Edited(String),
}

/// How a folder differs from what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Path in the folder.
    pub path: String,
    /// What is different.
    pub kind: DifferenceKind,
}

/// What is different about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DifferenceKind {
    /// It is not there.
    Missing,
    /// mcpgen wrote it once and would not any more.
    Extra,
    /// Its bytes differ; the diff is empty for files that are no text.
    Changed(String),
}

/// Adds the manifest to a tree.
#[must_use]
pub fn with_manifest(tree: &FileTree) -> FileTree {
    let digests: BTreeMap<&str, String> =
        tree.iter().map(|(path, bytes)| (path, digest_bytes(bytes))).collect();
    let mut text = serde_json::to_string_pretty(&digests).expect("a map of strings");
    text.push('\n');
    let mut whole = tree.clone();
    whole.add(MANIFEST, text);
    whole
}

/// What mcpgen wrote into a folder, by path, with digests. A path that leads out of the folder is
/// none of mcpgen's.
fn manifest(folder: &Path) -> BTreeMap<String, String> {
    let mut known: BTreeMap<String, String> = fs::read(folder.join(MANIFEST))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    known.retain(|path, _| {
        Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
    });
    known
}

/// What would be lost if the tree were written.
///
/// # Errors
/// The folder cannot be read.
pub fn conflicts(tree: &FileTree, folder: &Path) -> io::Result<Vec<Conflict>> {
    let known = manifest(folder);
    let mut conflicts = Vec::new();
    let paths = tree.iter().map(|(path, _)| path);
    let stale = known.keys().map(String::as_str).filter(|path| tree.get(path).is_none());
    for path in paths.chain(stale) {
        let Some(bytes) = read(&folder.join(path))? else { continue };
        if tree.get(path) == Some(bytes.as_slice()) {
            continue;
        }
        match known.get(path) {
            Some(digest) if *digest == digest_bytes(&bytes) => {}
            Some(_) => conflicts.push(Conflict::Edited(path.to_owned())),
            None if path == MANIFEST => {}
            None => conflicts.push(Conflict::Foreign(path.to_owned())),
        }
    }
    Ok(conflicts)
}

/// Writes a tree into a folder, and removes what mcpgen wrote there before and does not any more.
/// Files that are the same already are not touched. Returns how many files changed.
///
/// The new crate is put together beside the old one, and the two change places at once, so that
/// whoever looks, and whoever kills the run, finds one of them whole. Where folders cannot change
/// places (another system, a mount point, a shell that stands in the folder), files are moved one by
/// one, the list of files last, so that the next run finishes what a killed one began.
///
/// # Errors
/// The folder cannot be written.
pub fn write(tree: &FileTree, folder: &Path) -> io::Result<usize> {
    let known = manifest(folder);
    let mut changed: Vec<(&str, &[u8])> = Vec::new();
    for (path, bytes) in tree.iter() {
        if read(&folder.join(path))?.as_deref() != Some(bytes) {
            changed.push((path, bytes));
        }
    }
    let stale: Vec<&String> = known
        .keys()
        .filter(|path| tree.get(path).is_none() && folder.join(path).exists())
        .collect();
    let count = changed.len() + stale.len();
    if count > 0 && !exchange::write(tree, &known, &changed, folder)? {
        in_place(&changed, &stale, folder)?;
    }
    Ok(count)
}

/// Moves new files over old ones, each as a whole, and removes what is stale.
fn in_place(changed: &[(&str, &[u8])], stale: &[&String], folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // First everything that can fail for want of room or rights, then the moves.
    let mut moves: Vec<(tempfile::TempPath, PathBuf)> = Vec::new();
    let (list, files): (Vec<_>, Vec<_>) = changed.iter().partition(|(path, _)| *path == MANIFEST);
    for (path, bytes) in files.into_iter().chain(list) {
        let target = folder.join(path);
        let parent = target.parent().unwrap_or(folder);
        fs::create_dir_all(parent)?;
        moves.push((whole_file(parent, bytes)?, target));
    }
    for path in stale {
        let target = folder.join(path);
        fs::remove_file(&target)?;
        remove_empty_parents(&target, folder);
    }
    for (from, to) in moves {
        from.persist(to).map_err(|error| error.error)?;
    }
    Ok(())
}

fn remove_empty_parents(path: &Path, folder: &Path) {
    let mut parent = path.parent();
    while let Some(inner) = parent.filter(|inner| *inner != folder) {
        // A folder that is not empty stays.
        if fs::remove_dir(inner).is_err() {
            return;
        }
        parent = inner.parent();
    }
}

/// How a folder differs from a tree: in the order of paths.
///
/// # Errors
/// The folder cannot be read.
pub fn check(tree: &FileTree, folder: &Path) -> io::Result<Vec<Difference>> {
    let known = manifest(folder);
    let mut differences = Vec::new();
    for (path, wanted) in tree.iter() {
        let kind = match read(&folder.join(path))? {
            None => DifferenceKind::Missing,
            Some(found) if found == wanted => continue,
            // The list of files follows from the files.
            Some(_) if path == MANIFEST => DifferenceKind::Changed(String::new()),
            Some(found) => DifferenceKind::Changed(diff(path, &found, wanted)),
        };
        differences.push(Difference { path: path.to_owned(), kind });
    }
    for path in known.keys().filter(|path| tree.get(path).is_none()) {
        if folder.join(path).exists() {
            differences.push(Difference { path: path.clone(), kind: DifferenceKind::Extra });
        }
    }
    for path in foreign_sources(tree, folder, &known)? {
        differences.push(Difference { path, kind: DifferenceKind::Extra });
    }
    differences.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(differences)
}

/// Files under the folders that belong to mcpgen which it did not write: Cargo would build them.
fn foreign_sources(
    tree: &FileTree,
    folder: &Path,
    known: &BTreeMap<String, String>,
) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders: Vec<String> =
        ["src", "tests", "migrations"].map(str::to_owned).into_iter().collect();
    while let Some(inner) = folders.pop() {
        let entries = match fs::read_dir(folder.join(&inner)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let path = format!("{inner}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if tree.get(&path).is_none() && !known.contains_key(&path) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// A unified diff from what is there to what should be.
#[must_use]
pub fn diff(path: &str, found: &[u8], wanted: &[u8]) -> String {
    let (Ok(found), Ok(wanted)) = (std::str::from_utf8(found), std::str::from_utf8(wanted)) else {
        return String::new();
    };
    TextDiff::from_lines(found, wanted)
        .unified_diff()
        .context_radius(3)
        .header(&format!("{path} (committed)"), &format!("{path} (from the spec)"))
        .to_string()
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces one file as a whole.
///
/// # Errors
/// The file cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    whole_file(folder, bytes)?.persist(path).map_err(|error| error.error)
}

/// A file with these bytes beside its place, gone unless it is moved there.
fn whole_file(folder: &Path, bytes: &[u8]) -> io::Result<tempfile::TempPath> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    Ok(file.into_temp_path())
}
