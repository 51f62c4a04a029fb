//! Files in memory.

use std::collections::BTreeMap;

/// Files by path, with `/` between folders. The order is that of the paths, so that the same
/// server gives the same bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileTree(BTreeMap<String, Vec<u8>>);

impl FileTree {
    /// Adds a file.
    ///
    /// # Panics
    /// When the path is there already: two renderers would fight over it.
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        let path = path.into();
        let before = self.0.insert(path.clone(), bytes.into());
        assert!(before.is_none(), "two files are called {path}");
    }

    /// Every file by path, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// One file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }
}
