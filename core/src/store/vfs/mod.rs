//! The files under a durable store, as few verbs as it needs, so that a disk can be played by a test: torn writes, lost writes, full disks.
//!
//! Names are relative to the database's directory, folders separated by `/`.

mod disk;
mod handles;
mod lock;
mod overlay;
#[cfg(test)]
pub(crate) mod scratch;
// Public where the feature makes it so.
#[cfg(any(test, feature = "simulation"))]
#[allow(unreachable_pub)]
pub(crate) mod simulated;

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

pub(crate) use disk::{DiskVfs, make_directory, sync_directory};
pub(crate) use lock::{LOCK_FILE, Lock, LockError};
pub(crate) use overlay::Overlay;

/// How a file is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Opened {
    /// It must exist, and is opened for reading and writing.
    Existing,
    /// It must exist, and is opened for reading alone: it may lie where nobody can write.
    Reading,
    /// It must not exist.
    New,
}

/// A directory.
pub(crate) trait Vfs: Send + Sync + fmt::Debug {
    /// Opens a file.
    fn open(&self, name: &str, how: Opened) -> io::Result<Arc<dyn VfsFile>>;

    /// Names of the files and folders in a folder, without the folder's own name, in order; `""` is the directory itself.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;

    /// Makes a folder in the directory, if it is not there.
    fn create_folder(&self, name: &str) -> io::Result<()>;

    /// Gives a file a new name, replacing the file that had it. Safe after [`Vfs::sync_folder`].
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Gives a file the same name in another directory of the operating system, beside the one it has here. Safe when the folder there is.
    fn link(&self, name: &str, _directory: &Path) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, format!("{name} cannot have two names")))
    }

    /// Removes a file. Whoever has it open reads on.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes the names in a folder safe: new, renamed and removed files.
    fn sync_folder(&self, folder: &str) -> io::Result<()>;
}

/// An open file.
pub(crate) trait VfsFile: Send + Sync + fmt::Debug {
    /// Length in bytes.
    fn len(&self) -> io::Result<u64>;

    /// Fills `buffer` from a place; `UnexpectedEof` where the file is too short.
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()>;

    /// Writes all of `bytes` at a place, growing the file where needed. Safe after [`VfsFile::sync`].
    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()>;

    /// Makes the file at least `len` bytes long and reserves their space on the disk, so that a full disk is met here and not by a write.
    /// New bytes are zero. On file systems that cannot reserve, only the length is set.
    fn allocate(&self, len: u64) -> io::Result<()>;

    /// Cuts or grows the file.
    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Makes everything written so far safe: data and length.
    fn sync(&self) -> io::Result<()>;
}
