//! Writing a crate, and comparing one with what it should be.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

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

/// What mcpgen wrote into a folder, by path, with digests.
fn manifest(folder: &Path) -> BTreeMap<String, String> {
    fs::read(folder.join(MANIFEST))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
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
///
/// Every file is written beside its place and moved there, so that no file is ever half written;
/// the list of files goes last, so that a killed run is finished by the next one. Files that are
/// the same already are not touched. Returns how many files changed.
///
/// # Errors
/// The folder cannot be written.
pub fn write(tree: &FileTree, folder: &Path) -> io::Result<usize> {
    let known = manifest(folder);
    fs::create_dir_all(folder)?;
    // First everything that can fail for want of room or rights, then the moves.
    let staging = Staging::new(folder)?;
    let mut moves: Vec<(PathBuf, PathBuf)> = Vec::new();
    for (path, bytes) in tree.iter().filter(|(path, _)| *path != MANIFEST) {
        let target = folder.join(path);
        if read(&target)?.as_deref() != Some(bytes) {
            moves.push((staging.add(moves.len(), bytes)?, target));
        }
    }
    if let Some(bytes) = tree.get(MANIFEST)
        && read(&folder.join(MANIFEST))?.as_deref() != Some(bytes)
    {
        moves.push((staging.add(moves.len(), bytes)?, folder.join(MANIFEST)));
    }
    for (_, target) in &moves {
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
    }
    let mut changed = moves.len();
    let last = moves.pop();
    for (from, to) in moves {
        fs::rename(from, to)?;
    }
    for path in known.keys().filter(|path| tree.get(path).is_none()) {
        let target = folder.join(path);
        if target.exists() {
            fs::remove_file(&target)?;
            changed += 1;
            remove_empty_parents(&target, folder);
        }
    }
    if let Some((from, to)) = last {
        fs::rename(from, to)?;
    }
    Ok(changed)
}

/// A folder beside the files that are written, gone when it is dropped.
struct Staging(PathBuf);

impl Staging {
    fn new(folder: &Path) -> io::Result<Self> {
        let path = folder.join(".mcpgen-staging");
        // What a killed run left behind.
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir(&path)?;
        Ok(Self(path))
    }

    fn add(&self, index: usize, bytes: &[u8]) -> io::Result<PathBuf> {
        let path = self.0.join(index.to_string());
        let mut file = fs::File::create(&path)?;
        file.write_all(bytes)?;
        file.sync_data()?;
        Ok(path)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // Nothing depends on it: the next run removes what is left.
        let _ = fs::remove_dir_all(&self.0);
    }
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
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_data()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
