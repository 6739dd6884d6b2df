//! One process, and one handle in it, has a database open at a time.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::disk::about;
use crate::clock::{Millis, label};

/// The file in the database's directory that is locked. It stays when the lock is let go: a file that comes and goes could be locked twice.
pub(crate) const LOCK_FILE: &str = "LOCK";

/// The lock of a database's directory, held until dropped or until the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    /// The process that took it.
    process: u32,
}

/// Why there is no lock.
#[derive(Debug)]
pub(crate) enum LockError {
    /// Another handle has it, in this process or another one.
    Held {
        /// The locked file.
        path: PathBuf,
        /// What the holder says about itself: `pid 1234, node, since 2026-11-20T22:18:40.000Z`; none where the system lets nobody read a locked file.
        holder: Option<String>,
    },
    /// There is no lock file, nor can one be made: the directory is missing, a file, or not ours to write. The kind tells which.
    Io(io::Error),
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LockError::Held { path, holder: Some(holder) } => {
                write!(f, "{} is held by {holder}", path.display())
            }
            LockError::Held { path, holder: None } => {
                write!(f, "{} is held by another process", path.display())
            }
            LockError::Io(e) => e.fmt(f),
        }
    }
}

impl Lock {
    /// Takes the lock of a directory that exists. `now` is told to those who come later.
    ///
    /// # Errors
    /// [`LockError::Held`] at once, without waiting; [`LockError::Io`] with `NotFound` (no such directory), `NotADirectory` (a file, on
    /// Unix), `PermissionDenied` or `ReadOnlyFilesystem`, `Unsupported` (a file system without locks), and what else the system says.
    pub(crate) fn take(directory: &Path, now: Millis) -> Result<Lock, LockError> {
        let path = directory.join(LOCK_FILE);
        let failed = |verb: &'static str| {
            let path = &path;
            move |e| LockError::Io(about(verb, path)(e))
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed("open"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Held { holder: holder(&mut file), path });
            }
            Err(TryLockError::Error(e)) => return Err(failed("lock")(e)),
        }
        let process = std::process::id();
        let line = format!("pid {process}, {}, since {}Z\n", program(), label(now));
        // Written over the last holder's line and cut after it: on a full disk this needs no new space.
        file.write_all(line.as_bytes()).map_err(failed("write"))?;
        file.set_len(line.len() as u64).map_err(failed("cut"))?;
        Ok(Lock { file, process })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A forked child has a copy of this value and of the open file; the lock is its parent's.
        if self.process == std::process::id() {
            // By name, because closing lets go only when no forked child has the file open. Failing that, closing is all there is.
            drop(self.file.unlock());
        }
    }
}

/// The holder's line. Unreadable, it is not known; that it is held is.
fn holder(file: &mut File) -> Option<String> {
    let mut line = String::new();
    file.rewind().ok()?;
    file.take(1024).read_to_string(&mut line).ok()?;
    let line = line.lines().next()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

/// The name of the running program, as people know it: `node`, `python3`.
fn program() -> String {
    let path = std::env::current_exe().ok();
    let name = path.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "unknown program".to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::ErrorKind;

    use super::super::scratch::Scratch;
    use super::*;

    const NOW: Millis = 1_795_213_120_000;

    fn failure(directory: &Path) -> io::Error {
        match Lock::take(directory, NOW) {
            Err(LockError::Io(e)) => e,
            other => panic!("expected a failure: {other:?}"),
        }
    }

    #[test]
    fn the_second_handle_is_refused_and_told_who_has_the_first() {
        let scratch = Scratch::new("lock-held");
        let lock = Lock::take(scratch.path(), NOW).unwrap();
        let refused = Lock::take(scratch.path(), NOW + 1).unwrap_err();
        let LockError::Held { path, holder } = &refused else { panic!("{refused:?}") };
        assert_eq!(path, &scratch.path().join(LOCK_FILE));
        if cfg!(unix) {
            let pid = std::process::id();
            let expected = format!("pid {pid}, {}, since 2026-11-20T22:18:40.000Z", program());
            assert_eq!(holder.as_deref(), Some(expected.as_str()));
            assert!(refused.to_string().ends_with(&format!("LOCK is held by {expected}")), "{refused}");
        }
        drop(lock);
        drop(Lock::take(scratch.path(), NOW).unwrap());
    }

    #[test]
    fn a_longer_line_of_an_earlier_holder_is_gone() {
        let scratch = Scratch::new("lock-line");
        fs::write(scratch.path().join(LOCK_FILE), "x".repeat(500)).unwrap();
        let lock = Lock::take(scratch.path(), NOW).unwrap();
        drop(lock);
        let text = fs::read_to_string(scratch.path().join(LOCK_FILE)).unwrap();
        assert!(text.ends_with("Z\n") && !text.contains("xx"), "{text}");
    }

    #[test]
    fn failures_are_told_apart_and_name_the_path() {
        let scratch = Scratch::new("lock-failures");
        let missing = failure(&scratch.path().join("missing"));
        assert_eq!(missing.kind(), ErrorKind::NotFound);
        assert!(missing.to_string().contains("missing"), "{missing}");
        if cfg!(unix) {
            fs::write(scratch.path().join("file"), "").unwrap();
            assert_eq!(failure(&scratch.path().join("file")).kind(), ErrorKind::NotADirectory);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_without_permission_is_refused() {
        use std::os::unix::fs::PermissionsExt;

        let scratch = Scratch::new("lock-permission");
        let closed = scratch.path().join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
        // The administrator is refused nothing, and then there is nothing to test.
        if fs::write(closed.join("probe"), "").is_err() {
            let refused = failure(&closed);
            assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
            assert!(refused.to_string().contains("closed"), "{refused}");
        }
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    }
}
