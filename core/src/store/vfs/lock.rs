//! One process, and one handle in it, has a database open at a time.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::disk::{about, private};
use crate::clock::{Millis, label};

/// The file in the database's directory that is locked. It stays when the lock is let go: a file that comes and goes could be locked twice.
pub(crate) const LOCK_FILE: &str = "LOCK";

/// The lock of a database's directory, held until dropped or until the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    directory: PathBuf,
    /// The locked files, the lock file first.
    files: Vec<File>,
    /// Whether others may look, too.
    is_shared: bool,
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
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        private(&mut options);
        let mut file = take_named(&path, &options, File::try_lock)?;
        let process = std::process::id();
        let line = format!("pid {process}, {}, since {}Z\n", program(), label(now));
        // Written over the last holder's line and cut after it: on a full disk this needs no new space.
        file.write_all(line.as_bytes()).map_err(failed("write"))?;
        file.set_len(line.len() as u64).map_err(failed("cut"))?;
        Ok(Lock { directory: directory.to_owned(), files: vec![file], is_shared: false, process })
    }

    /// As [`Lock::take`], for one who changes nothing. Where nobody can write, several may look at once; none where there is no lock file
    /// either, as on a backup that nobody has opened.
    ///
    /// # Errors
    /// As [`Lock::take`].
    pub(crate) fn take_to_look(directory: &Path, now: Millis) -> Result<Option<Lock>, LockError> {
        match Lock::take(directory, now) {
            Err(LockError::Io(e))
                if matches!(
                    e.kind(),
                    io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
                ) =>
            {
                Lock::share(directory)
            }
            taken => taken.map(Some),
        }
    }

    fn share(directory: &Path) -> Result<Option<Lock>, LockError> {
        let mut options = OpenOptions::new();
        options.read(true);
        let (directory, process) = (directory.to_owned(), std::process::id());
        match take_named(&directory.join(LOCK_FILE), &options, File::try_lock_shared) {
            Ok(file) => Ok(Some(Lock { directory, files: vec![file], is_shared: true, process })),
            Err(held @ LockError::Held { .. }) => Err(held),
            // No such file, or a file system that locks nothing that cannot be written: nobody has it open for writing there.
            Err(LockError::Io(_)) => Ok(None),
        }
    }

    /// Locks another file of the directory, too, which is there as long as the database: the lock file may be removed by someone who takes
    /// it for a leftover, and a second process would then make and lock a new one. On Windows no one removes a file that is open.
    ///
    /// # Errors
    /// As [`Lock::take`].
    pub(crate) fn hold(&mut self, name: &str) -> Result<(), LockError> {
        if cfg!(windows) {
            return Ok(());
        }
        let mut options = OpenOptions::new();
        options.read(true).write(!self.is_shared);
        let lock = if self.is_shared { File::try_lock_shared } else { File::try_lock };
        match take_named(&self.directory.join(name), &options, lock) {
            Ok(file) => self.files.push(file),
            // What the file says is not about its holder.
            Err(LockError::Held { path, .. }) => return Err(LockError::Held { path, holder: None }),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Opens a file and locks it, so that the lock is on the file that has the name then.
fn take_named(
    path: &Path,
    options: &OpenOptions,
    lock: fn(&File) -> Result<(), TryLockError>,
) -> Result<File, LockError> {
    let failed = |verb: &'static str| move |e| LockError::Io(about(verb, path)(e));
    let mut options = options.clone();
    follow_no_link(&mut options);
    loop {
        let mut file = options.open(path).map_err(failed("open"))?;
        match lock(&file) {
            Ok(()) if is_named(&file, path).map_err(failed("look at"))? => return Ok(file),
            // Someone has removed or replaced it since it was opened.
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Held { holder: holder(&mut file), path: path.to_owned() });
            }
            Err(TryLockError::Error(e)) => return Err(failed("lock")(e)),
        }
    }
}

/// A link in the place of the file would have another file of the user written over.
#[cfg(unix)]
fn follow_no_link(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;

    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
}

#[cfg(not(unix))]
fn follow_no_link(_options: &mut OpenOptions) {}

/// Whether a path names this open file.
#[cfg(unix)]
fn is_named(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    let (ours, named) = (file.metadata()?, std::fs::symlink_metadata(path));
    match named {
        Ok(named) => Ok((ours.dev(), ours.ino()) == (named.dev(), named.ino())),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

#[cfg(not(unix))]
fn is_named(_file: &File, _path: &Path) -> io::Result<bool> {
    Ok(true)
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A forked child has a copy of this value and of the open files; the lock is its parent's.
        if self.process == std::process::id() {
            // By name, because closing lets go only when no forked child has the file open. Failing that, closing is all there is. The
            // lock file goes last: whoever has that then finds the others free.
            for file in self.files.iter().rev() {
                drop(file.unlock());
            }
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
    fn a_link_is_not_followed() {
        let scratch = Scratch::new("lock-link");
        let victim = scratch.path().join("victim");
        fs::write(&victim, "a letter of many words, none of which is to be lost").unwrap();
        std::os::unix::fs::symlink(&victim, scratch.path().join(LOCK_FILE)).unwrap();
        let before = fs::read(&victim).unwrap();
        assert!(failure(scratch.path()).to_string().contains("LOCK"));
        assert_eq!(fs::read(&victim).unwrap(), before);
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_file_that_is_removed_lets_nobody_in() {
        let scratch = Scratch::new("lock-removed");
        fs::write(scratch.path().join("format"), "").unwrap();
        let mut lock = Lock::take(scratch.path(), NOW).unwrap();
        lock.hold("format").unwrap();
        fs::remove_file(scratch.path().join(LOCK_FILE)).unwrap();
        let mut second = Lock::take(scratch.path(), NOW).unwrap();
        assert!(matches!(second.hold("format"), Err(LockError::Held { .. })));
        drop((lock, second));
        let mut third = Lock::take(scratch.path(), NOW).unwrap();
        third.hold("format").unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_that_cannot_be_written_is_looked_at_by_many() {
        let scratch = Scratch::new("lock-shared");
        assert!(Lock::share(scratch.path()).unwrap().is_none(), "nobody has opened it");
        drop(Lock::take(scratch.path(), NOW).unwrap());
        let (one, two) = (Lock::share(scratch.path()).unwrap(), Lock::share(scratch.path()).unwrap());
        assert!(one.is_some() && two.is_some());
        drop((one, two));
        let _writer = Lock::take(scratch.path(), NOW).unwrap();
        assert!(matches!(Lock::share(scratch.path()), Err(LockError::Held { .. })));
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
