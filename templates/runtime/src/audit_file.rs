//! A file of lines that is moved aside when it is full, and of which there are so many.
//!
//! Libraries for this pass over what fails, or cannot say it; here whoever writes must know.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file, and those that were full: `audit.jsonl`, `audit.jsonl.1`, the newest first.
#[derive(Debug)]
pub struct Rotated {
    path: PathBuf,
    /// None where it could not be opened again.
    file: Option<File>,
    length: u64,
    /// How long it may become.
    most: u64,
    /// How many that were full are kept.
    kept: u32,
}

impl Rotated {
    /// Goes on with the file, or makes it, for its owner alone. No other process may write it.
    ///
    /// # Errors
    /// It cannot be opened, or another process writes it.
    pub fn open(path: impl Into<PathBuf>, most: u64, kept: u32) -> io::Result<Self> {
        let path = path.into();
        let failed =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let file = opened(&path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut rotated = Self { file: Some(file), length, most, kept, path: path.clone() };
        rotated.mend().map_err(failed)?;
        Ok(rotated)
    }

    /// Ends a line that a process before this one did not end.
    fn mend(&mut self) -> io::Result<()> {
        let whole =
            std::fs::read(&self.path).map(|text| text.is_empty() || text.ends_with(b"\n"))?;
        if !whole && let Some(file) = &mut self.file {
            file.write_all(b"\n")?;
            self.length += 1;
        }
        Ok(())
    }

    /// Moves the files by one, and begins anew.
    fn rotate(&mut self) -> io::Result<()> {
        if let Some(file) = self.file.take() {
            file.sync_data()?;
        }
        let numbered = |n: u32| match n {
            0 => self.path.clone(),
            n => PathBuf::from(format!("{}.{n}", self.path.display())),
        };
        match self.kept {
            0 => std::fs::remove_file(&self.path)?,
            kept => {
                for n in (0..kept).rev() {
                    match std::fs::rename(numbered(n), numbered(n + 1)) {
                        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                        _ => {}
                    }
                }
            }
        }
        self.length = 0;
        Ok(())
    }
}

fn opened(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(io::Error::new(io::ErrorKind::WouldBlock, "another process writes it"))
        }
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

impl Write for Rotated {
    /// Takes a line, all of it or nothing.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.length > 0 && self.length + line.len() as u64 > self.most {
            self.rotate()?;
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let file = opened(&self.path)?;
                self.length = file.metadata()?.len();
                none.insert(file)
            }
        };
        if let Err(error) = file.write_all(line) {
            // A part of a line would be in front of the next one.
            file.set_len(self.length)?;
            return Err(error);
        }
        self.length += line.len() as u64;
        Ok(line.len())
    }

    /// What was written outlives the machine.
    fn flush(&mut self) -> io::Result<()> {
        self.file.as_ref().map_or(Ok(()), File::sync_data)
    }
}
