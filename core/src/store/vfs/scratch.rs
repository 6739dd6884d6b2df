//! A directory for one test, gone when the test ends.

use std::path::Path;

use tempfile::TempDir;

/// A new empty directory, removed on drop.
#[derive(Debug)]
pub(crate) struct Scratch(TempDir);

impl Scratch {
    /// The name shows in its path.
    pub(crate) fn new(name: &str) -> Scratch {
        let made = tempfile::Builder::new().prefix(&format!("streamtable-{name}-")).tempdir();
        Scratch(made.expect("a scratch directory"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}
