//! A crate changes at once: the new one is put together beside the old one, and their folders change
//! places.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{MANIFEST, manifest};
use crate::tree::FileTree;

/// Writes the tree, if folders can change places here; says whether they could.
pub(super) fn write(
    tree: &FileTree,
    known: &BTreeMap<String, String>,
    changed: &[(&str, &[u8])],
    folder: &Path,
) -> io::Result<bool> {
    let Some((parent, name)) = place(folder) else { return Ok(false) };
    fs::create_dir_all(&parent)?;
    let fresh = parent.join(format!(".{name}.mcpgen"));
    if fresh.exists() {
        clear(&fresh, folder)?;
    }
    fs::create_dir(&fresh)?;
    let written = assemble(tree, known, changed, folder, &fresh);
    let exchanged = written.and_then(|()| {
        if folder.exists() {
            change_places(&fresh, folder)
        } else {
            fs::rename(&fresh, folder).map(|()| true)
        }
    });
    match exchanged {
        Ok(true) if fresh.exists() => clear(&fresh, folder)?,
        Ok(true) => {}
        Ok(false) => fs::remove_dir_all(&fresh)?,
        Err(error) => {
            // The error that was there first is the one to hear of.
            let _ = fs::remove_dir_all(&fresh);
            return Err(error);
        }
    }
    exchanged
}

/// The folder's own parent and name; none when it is a link, or when this process stands in it.
fn place(folder: &Path) -> Option<(PathBuf, String)> {
    if folder.is_symlink() {
        return None;
    }
    let whole = std::path::absolute(folder).ok()?;
    if std::env::current_dir().is_ok_and(|here| here.starts_with(&whole)) {
        return None;
    }
    let name = whole.file_name()?.to_string_lossy().into_owned();
    Some((whole.parent()?.to_owned(), name))
}

/// Puts the new crate together: what is the same, and what is not mcpgen's, is linked.
fn assemble(
    tree: &FileTree,
    known: &BTreeMap<String, String>,
    changed: &[(&str, &[u8])],
    folder: &Path,
    fresh: &Path,
) -> io::Result<()> {
    let new: BTreeSet<&str> = changed.iter().map(|(path, _)| *path).collect();
    let ours = |name: &str| {
        let inside = format!("{name}/");
        tree.iter()
            .map(|(path, _)| path)
            .chain(known.keys().map(String::as_str))
            .any(|path| path.starts_with(&inside))
    };
    let mut folders = vec![String::new()];
    while let Some(inner) = folders.pop() {
        let entries = match fs::read_dir(folder.join(&inner)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if inner.is_empty() { name.clone() } else { format!("{inner}/{name}") };
            if entry.file_type()?.is_dir() {
                // Folders without a file of mcpgen's move as they are, after the exchange.
                if !inner.is_empty() || ours(&name) {
                    folders.push(path);
                }
                continue;
            }
            let stays = match tree.get(&path) {
                Some(_) => !new.contains(path.as_str()),
                None => !known.contains_key(&path),
            };
            if stays {
                link(&entry.path(), &fresh.join(&path))?;
            }
        }
    }
    let (list, files): (Vec<_>, Vec<_>) = changed.iter().partition(|(path, _)| *path == MANIFEST);
    for (path, bytes) in files.into_iter().chain(list) {
        let target = fresh.join(path);
        fs::create_dir_all(target.parent().unwrap_or(fresh))?;
        fs::write(target, bytes)?;
    }
    Ok(())
}

fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
}

/// Exchanges two folders in one step of the system; false where it cannot.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn change_places(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok())
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn change_places(_one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Removes the old crate, or what a killed run left. Folders that are not mcpgen's go back first.
fn clear(old: &Path, folder: &Path) -> io::Result<()> {
    let known = manifest(old);
    // Without its list it is half of a new crate, which holds nothing of anybody's.
    if !known.is_empty() {
        for entry in fs::read_dir(old)? {
            let entry = entry?;
            let inside = format!("{}/", entry.file_name().to_string_lossy());
            let target = folder.join(entry.file_name());
            let ours = known.keys().any(|path| path.starts_with(&inside));
            if entry.file_type()?.is_dir() && !ours && !target.exists() {
                fs::rename(entry.path(), target)?;
            }
        }
    }
    fs::remove_dir_all(old)
}
